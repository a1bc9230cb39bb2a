//! The journal that a crash leaves next to a ledger. SQLite puts back its content, whatever
//! database it was written for, so it is looked at before a connection is made.
//!
//! # Source
//! <https://www.sqlite.org/fileformat2.html>, "The Rollback Journal" and "File change counter".

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// The place at which the first page counts the changes of the file, and the one at which it names its application.
const COUNTER: usize = 24;
const APPLICATION: usize = 68;

/// The header of a part of a journal.
struct Header {
    records: u32,
    nonce: u32,
    sector: u64,
    page: u64,
}

/// Returns whether a journal is another database's, or of another state of this one.
///
/// A change counts the file's changes up by one. A journal keeps the first page as it was before
/// its change, so its count is that of the ledger, or one less if the change had reached the
/// file. Every change of this program begins with the first page (`Ledger::begin`), so a journal that
/// has something to put back and not this page is none of its own. While another command writes, the
/// ledger's count may move on; then nothing is said.
pub(in crate::store) fn is_foreign(journal: &Path, ledger: &Path) -> std::io::Result<bool> {
    let before = first_bytes(ledger)?;
    let (page_size, first_page) = match kept_first_page(journal)? {
        Kept::Nothing => return Ok(false),
        Kept::Unproven => return Ok(first_bytes(ledger)? == before),
        Kept::FirstPage { size, page } => (size, page),
    };
    if first_bytes(ledger)? != before {
        return Ok(false);
    }
    // A page of 65,536 bytes is written as 1.
    let own_size = before
        .get(16..18)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u16::from_be_bytes)
        .unwrap_or_default();
    if page_size
        != if own_size == 1 {
            65_536
        } else {
            u64::from(own_size)
        }
    {
        return Ok(true);
    }
    let (counted, kept) = (number(&before, COUNTER), number(&first_page, COUNTER));
    let follows = kept == counted || kept.map(|kept| kept.wrapping_add(1)) == counted;
    Ok(!follows || number(&first_page, APPLICATION) != number(&before, APPLICATION))
}

fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(100);
    File::open(path)?.take(100).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u32::from_be_bytes)
}

/// What a journal keeps.
enum Kept {
    /// Nothing that would be put back, or it is not a journal.
    Nothing,
    /// The first page of the database, and the size of its pages.
    FirstPage { size: u64, page: Vec<u8> },
    /// Something, and not the first page in whole.
    Unproven,
}

/// Reads the first page of the database from a journal.
fn kept_first_page(journal: &Path) -> std::io::Result<Kept> {
    let mut file = match File::open(journal) {
        Ok(file) => file,
        // The command that wrote it has ended meanwhile.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::Nothing),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    let (mut at, mut size, mut keeps) = (0, None, false);
    while let Some(header) = header(&mut file, at)? {
        let page_size = *size.get_or_insert(header.page);
        at += header.sector;
        let mut left = header.records;
        keeps |= left > 0;
        while left > 0 && at + page_size + 8 <= length {
            left -= 1;
            let mut page = [0; 4];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut page)?;
            if u32::from_be_bytes(page) == 1 {
                let record = read(&mut file, page_size + 4)?;
                let (page, sum) = record.split_at(record.len() - 4);
                let whole = number(sum, 0) == Some(checksum(header.nonce, page));
                return Ok(if whole {
                    Kept::FirstPage {
                        size: page_size,
                        page: page.to_vec(),
                    }
                } else {
                    Kept::Unproven
                });
            }
            at += page_size + 8;
        }
        at = at.next_multiple_of(header.sector);
    }
    Ok(if keeps { Kept::Unproven } else { Kept::Nothing })
}

fn read(file: &mut File, length: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).ok() == Some(length) {
        Ok(bytes)
    } else {
        Err(std::io::ErrorKind::UnexpectedEof.into())
    }
}

/// Reads the header of a part, or nothing if there is none.
fn header(file: &mut File, at: u64) -> std::io::Result<Option<Header>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(28);
    file.take(28).read_to_end(&mut bytes)?;
    let valid = |size: &u32| size.is_power_of_two() && (32..=65_536).contains(size);
    let sizes = number(&bytes, 20)
        .filter(valid)
        .zip(number(&bytes, 24).filter(|size| valid(size) && *size >= 512));
    let counts = number(&bytes, 8).zip(number(&bytes, 12));
    Ok(counts.zip(sizes).filter(|_| bytes.starts_with(&MAGIC)).map(
        |((records, nonce), (sector, page))| Header {
            records,
            nonce,
            sector: u64::from(sector),
            page: u64::from(page),
        },
    ))
}

/// Adds every two hundredth byte, counted from the end, to the part's nonce.
fn checksum(nonce: u32, page: &[u8]) -> u32 {
    let mut at = page.len();
    let mut sum = nonce;
    while at > 200 {
        at -= 200;
        sum = sum.wrapping_add(page.get(at).copied().map_or(0, u32::from));
    }
    sum
}
