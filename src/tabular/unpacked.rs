//! How large a workbook is once it is unpacked, before anything of it is held.

use std::io::{BufReader, Cursor, Read};

use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use super::{content::WorkbookKind, error::FileError};

/// How many bytes a workbook may unpack to.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// How many bytes its shared texts, which are held, may have.
const MOST_SHARED: u64 = 256 * 1024 * 1024;
/// How many files it may have.
const MOST_FILES: usize = 10_000;
/// How many cells a sheet may have that is held as a whole.
const MOST_CELLS: u64 = 20_000_000;

/// Checks the size of a workbook.
///
/// # Errors
/// [`FileError::NotATable`] with the limit.
pub(super) fn check(bytes: &[u8], kind: WorkbookKind) -> Result<(), FileError> {
    match kind {
        WorkbookKind::Xlsx | WorkbookKind::Ods => archive(bytes, kind),
        WorkbookKind::Xls => super::records::check(bytes),
    }
}

fn too_large(kind: WorkbookKind, what: &str) -> FileError {
    let name = kind.name();
    FileError::not_a_table(format!(
        "{name} with {what}; save the sheet as CSV and split it"
    ))
}

fn archive(bytes: &[u8], kind: WorkbookKind) -> Result<(), FileError> {
    let damaged = || {
        FileError::not_a_table(format!(
            "{} that is damaged or cut off; save it again",
            kind.name()
        ))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_FILES {
        return Err(too_large(kind, "more than 10,000 files in it"));
    }
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        // What cannot be unpacked is refused by the reader, if it needs it.
        let Ok(file) = archive.by_index(at) else {
            continue;
        };
        let name = file
            .name()
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default();
        let (is_shared, is_content) = (
            name.ends_with("sharedStrings.xml"),
            kind == WorkbookKind::Ods && name == "content.xml",
        );
        let mut file = file.take(left + 1);
        let size = if is_content {
            cells(&mut file)?;
            left + 1 - file.limit()
        } else {
            std::io::copy(&mut file, &mut std::io::sink()).unwrap_or(0)
        };
        if size > left {
            return Err(too_large(kind, "more than 512 MB of content"));
        }
        if is_shared && size > MOST_SHARED {
            return Err(too_large(kind, "more than 256 MB of text"));
        }
        left -= size;
    }
    Ok(())
}

/// Counts the cells of an OpenDocument file: one cell or row may stand for many.
fn cells(source: &mut impl Read) -> Result<(), FileError> {
    let kind = WorkbookKind::Ods;
    let mut reader = Reader::from_reader(BufReader::new(source));
    let config = reader.config_mut();
    config.check_end_names = false;
    let (mut buffer, mut cells, mut in_row, mut rows) = (Vec::new(), 0_u64, 0_u64, 1_u64);
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(event) | Event::Empty(event)) => event,
            // The reader itself refuses what is not XML.
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => continue,
        };
        let repeated = |name: &str| -> u64 {
            let value = event
                .attributes()
                .flatten()
                .find(|attribute| attribute.key.as_ref().ends_with(name))
                .map(|attribute| attribute.value.into_owned());
            value.and_then(|value| value.parse().ok()).unwrap_or(1)
        };
        let name = event.local_name();
        match name.as_ref() {
            "table-row" => {
                cells = cells.saturating_add(in_row.saturating_mul(rows));
                (in_row, rows) = (0, repeated("number-rows-repeated").min(1_048_576));
            }
            "table-cell" | "covered-table-cell" => {
                let is_filled = event
                    .attributes()
                    .flatten()
                    .any(|attribute| attribute.key.as_ref().ends_with("value-type"));
                let count = repeated("number-columns-repeated").min(16_384);
                // Empty cells at the end of a row are not held.
                in_row = in_row.saturating_add(if is_filled { count } else { 1 });
            }
            _ => {}
        }
        if cells.saturating_add(in_row) > MOST_CELLS {
            return Err(too_large(kind, "more than 20 million cells"));
        }
    }
}
