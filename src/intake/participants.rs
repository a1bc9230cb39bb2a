//! Lists of participants: `holder`.

use std::collections::HashMap;

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetReader},
    sheet_file::SheetFile,
};
use crate::domain::{bad_line::BadLine, text::words};

/// A row of a list of participants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParticipantRow {
    /// The number of the line.
    pub line: u64,
    /// The holder, as the file names it.
    pub holder: String,
}

const SHAPE: SheetColumns = SheetColumns {
    required: &["holder"],
    optional: &[],
};

/// Reads a list of participants. Every holder must be on one line only.
///
/// # Errors
/// The bad lines, if the header is not that of a list of participants.
pub fn participants(file: &SheetFile) -> Result<Sheet<ParticipantRow>, Vec<BadLine>> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    Ok(SheetReader::open(file, &SHAPE)?.rows(|line| {
        let holder = line.read("holder", words)?;
        if let Some(first) = seen.insert(holder.to_lowercase(), line.number) {
            let reason = format!("`{holder}` is already on line {first}");
            line.refuse("holder", reason);
            return None;
        }
        Some(ParticipantRow {
            line: line.number,
            holder,
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_double_and_every_empty_holder_is_named() {
        let sheet = participants(&SheetFile::of(b"holder\neze\n\"\"\nEZE\nmusa\n")).unwrap();
        let bad: Vec<String> = sheet.bad.iter().map(ToString::to_string).collect();
        assert_eq!(bad.len(), 2, "{bad:?}");
        assert!(bad[0].starts_with("3: holder"), "{bad:?}");
        assert_eq!(bad[1], "4: holder: `EZE` is already on line 2");
        assert_eq!(sheet.rows.len(), 2);
    }
}
