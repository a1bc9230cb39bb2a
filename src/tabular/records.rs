//! How large the sheets of an old Excel workbook are, before their cells are held: two cells at the
//! corners of a sheet would take as much memory as all between them.

use super::error::FileError;

/// How many cells a sheet may have between its first and its last.
const MOST_CELLS: u64 = 20_000_000;
/// How many sheets are looked at.
const MOST_SHEETS: usize = 1_000;
/// The length of a stream below which it is kept in small sectors.
const SMALL: usize = 4_096;
/// Numbers of sectors from here on are marks, such as that of the end of a chain.
const MARKS: u32 = 0xFFFF_FFFA;

/// Checks the sheets of a workbook.
///
/// # Errors
/// [`FileError::NotATable`] if it has no workbook in it, or one that is too large.
pub(super) fn check(bytes: &[u8]) -> Result<(), FileError> {
    let stream = Compound::open(bytes)
        .and_then(|compound| compound.workbook())
        .ok_or_else(|| {
            FileError::not_a_table(
                "an old Office document without a readable workbook; open it and save the sheet as CSV",
            )
        })?;
    let sheets = Records { rest: &stream }
        .take_while(|record| record.kind != END)
        .filter(|record| record.kind == SHEET);
    for sheet in sheets.take(MOST_SHEETS) {
        let Some(place) = u32_at(sheet.data, 0).and_then(|place| usize::try_from(place).ok())
        else {
            continue;
        };
        let rest = stream.get(place..).unwrap_or_default();
        if cells(rest) > MOST_CELLS {
            return Err(FileError::not_a_table(
                "an old Excel workbook (.xls) with more than 20 million cells; save the sheet as CSV",
            ));
        }
    }
    Ok(())
}

/// Begins a sheet or something within one.
const BEGIN: u16 = 0x0809;
/// Ends it.
const END: u16 = 0x000A;
/// Names a sheet and its place.
const SHEET: u16 = 0x0085;
/// States how many rows and columns a sheet has.
const DIMENSIONS: u16 = 0x0200;
/// Several numbers in one row.
const NUMBERS: u16 = 0x00BD;
/// A cell with its row and column.
const CELLS: [u16; 8] = [
    0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006, NUMBERS,
];

/// Returns how many cells a sheet has between its corners, or states that it has.
fn cells(sheet: &[u8]) -> u64 {
    let (mut corners, mut stated, mut depth) = (None::<Corners>, 0, 0_u32);
    for record in (Records { rest: sheet }) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            DIMENSIONS => stated = stated.max(dimensions(record.data)),
            kind if CELLS.contains(&kind) => {
                let Some((row, first)) = u16_at(record.data, 0).zip(u16_at(record.data, 2)) else {
                    continue;
                };
                let end = record.data.len().saturating_sub(2);
                let last = match kind {
                    NUMBERS => u16_at(record.data, end).unwrap_or(first).max(first),
                    _ => first,
                };
                corners
                    .get_or_insert_with(|| Corners::at(row, first))
                    .reach(row, first, last);
            }
            _ => {}
        }
    }
    corners.map_or(0, Corners::cells).max(stated)
}

/// Reads how many rows and columns a sheet states.
fn dimensions(data: &[u8]) -> u64 {
    let wide = |at| u32_at(data, at).map(u64::from);
    let narrow = |at| u16_at(data, at).map(u64::from);
    let ends = if data.len() >= 14 {
        [wide(0), wide(4), narrow(8), narrow(10)]
    } else {
        [narrow(0), narrow(2), narrow(4), narrow(6)]
    };
    let [Some(top), Some(bottom), Some(left), Some(right)] = ends else {
        return 0;
    };
    (bottom.saturating_sub(top) + 1).saturating_mul(right.saturating_sub(left) + 1)
}

/// The corners of the cells of a sheet.
#[derive(Clone, Copy)]
struct Corners {
    top: u16,
    bottom: u16,
    left: u16,
    right: u16,
}

impl Corners {
    const fn at(row: u16, column: u16) -> Self {
        Self {
            top: row,
            bottom: row,
            left: column,
            right: column,
        }
    }

    fn reach(&mut self, row: u16, first: u16, last: u16) {
        self.top = self.top.min(row);
        self.bottom = self.bottom.max(row);
        self.left = self.left.min(first);
        self.right = self.right.max(last);
    }

    fn cells(self) -> u64 {
        (u64::from(self.bottom - self.top) + 1) * (u64::from(self.right - self.left) + 1)
    }
}

/// The records of a stream.
struct Records<'s> {
    rest: &'s [u8],
}

/// A record.
struct Record<'s> {
    kind: u16,
    data: &'s [u8],
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let (kind, length) = (u16_at(self.rest, 0)?, usize::from(u16_at(self.rest, 2)?));
        let data = self.rest.get(4..4 + length)?;
        self.rest = self.rest.get(4 + length..).unwrap_or_default();
        Some(Record { kind, data })
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    bytes.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(u32::from_le_bytes)
}

/// A compound file: a small file system of sectors.
struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    /// The sector after each sector.
    chain: Vec<u32>,
    directory: u32,
    /// Where the table of the small sectors begins.
    small_chain: u32,
}

impl<'b> Compound<'b> {
    /// Reads the header and the table of sectors.
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
        let sector = 1_usize << shift;
        let mut compound = Self {
            bytes,
            sector,
            chain: Vec::new(),
            directory: u32_at(bytes, 48)?,
            small_chain: u32_at(bytes, 60)?,
        };
        let mut tables: Vec<u32> = (0..109)
            .filter_map(|at| u32_at(bytes, 76 + at * 4))
            .collect();
        let (mut next, mut seen) = (u32_at(bytes, 68)?, 0);
        while next < MARKS && seen <= bytes.len() / sector {
            let data = compound.sector(next)?;
            let last = sector - 4;
            tables.extend((0..last / 4).filter_map(|at| u32_at(data, at * 4)));
            next = u32_at(data, last)?;
            seen += 1;
        }
        for table in tables.into_iter().filter(|table| *table < MARKS) {
            let data = compound.sector(table)?;
            let numbers: Vec<u32> = (0..sector / 4)
                .filter_map(|at| u32_at(data, at * 4))
                .collect();
            compound.chain.extend(numbers);
        }
        Some(compound)
    }

    /// Returns a sector; the last one of a file may be cut off.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let from = usize::try_from(number)
            .ok()?
            .checked_add(1)?
            .checked_mul(self.sector)?;
        let to = from.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(from..to)
    }

    /// Reads a stream from its first sector on.
    fn stream(&self, first: u32) -> Option<Vec<u8>> {
        let (mut bytes, mut next) = (Vec::new(), first);
        while next < MARKS {
            bytes.extend_from_slice(self.sector(next)?);
            if bytes.len() > self.bytes.len() + self.sector {
                return None;
            }
            next = *self.chain.get(usize::try_from(next).ok()?)?;
        }
        Some(bytes)
    }

    /// Reads the stream of the workbook.
    fn workbook(&self) -> Option<Vec<u8>> {
        let directory = self.stream(self.directory)?;
        let entries = || directory.chunks_exact(128);
        let named = |wanted: &str| entries().find(|entry| name(entry).eq_ignore_ascii_case(wanted));
        let entry = named("Workbook").or_else(|| named("Book"))?;
        let (first, size) = (
            u32_at(entry, 116)?,
            usize::try_from(u32_at(entry, 120)?).ok()?,
        );
        let mut stream = if size < SMALL {
            let root = entries().next()?;
            self.small_stream(&self.stream(u32_at(root, 116)?)?, first)?
        } else {
            self.stream(first)?
        };
        stream.truncate(size);
        Some(stream)
    }

    /// Reads a stream of small sectors, which are in a stream of their own.
    fn small_stream(&self, sectors: &[u8], first: u32) -> Option<Vec<u8>> {
        let table = self.stream(self.small_chain)?;
        let (mut bytes, mut next) = (Vec::new(), first);
        while next < MARKS && bytes.len() <= SMALL {
            let number = usize::try_from(next).ok()?;
            let from = number.checked_mul(64)?;
            bytes.extend_from_slice(sectors.get(from..from.checked_add(64)?.min(sectors.len()))?);
            next = u32_at(&table, number.checked_mul(4)?)?;
        }
        Some(bytes)
    }
}

/// Returns the name of an entry of the directory.
fn name(entry: &[u8]) -> String {
    let length = u16_at(entry, 64).map_or(0, usize::from).min(64);
    let units = (0..length / 2).filter_map(|at| u16_at(entry, at * 2));
    char::decode_utf16(units.filter(|unit| *unit != 0))
        .map(|c| c.unwrap_or('?'))
        .collect()
}
