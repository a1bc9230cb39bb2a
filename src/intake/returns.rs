//! Files of payments that the bank sent back: `payment,date,reason`.

use std::collections::HashMap;

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetReader},
    sheet_file::SheetFile,
};
use crate::domain::{
    bad_line::BadLine,
    text::words,
    time::{Date, parse_date},
};

/// A row of a file of returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnRow {
    /// The number of the line.
    pub line: u64,
    /// The payment, as the file names it.
    pub payment: String,
    /// The bank's date of the return.
    pub date: Date,
    /// Why.
    pub reason: String,
}

const SHAPE: SheetColumns = SheetColumns {
    required: &["payment", "date", "reason"],
    optional: &[],
};

/// Reads a file of returns. Every payment must be on one line only.
///
/// # Errors
/// The bad lines, if the header is not that of a file of returns.
pub fn returns(file: &SheetFile) -> Result<Sheet<ReturnRow>, Vec<BadLine>> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    Ok(SheetReader::open(file, &SHAPE)?.rows(|line| {
        let payment = line.read("payment", words);
        let date = line.read("date", parse_date);
        let reason = line.read("reason", words);
        let (payment, date, reason) = (payment?, date?, reason?);
        if reason.trim().is_empty() {
            line.refuse("reason", "say why the bank sent it back".to_owned());
            return None;
        }
        if let Some(first) = seen.insert(payment.to_uppercase(), line.number) {
            line.refuse("payment", format!("`{payment}` is already on line {first}"));
            return None;
        }
        Some(ReturnRow {
            line: line.number,
            payment,
            date,
            reason,
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_returned_once_and_for_a_reason() {
        let file =
            b"payment,date,reason\nP-1,2026-01-31,closed\np-1,2026-01-31,closed\nP-2,2026-01-31,\n";
        let bad: Vec<String> = returns(&SheetFile::of(file))
            .unwrap()
            .bad
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(bad.len(), 2, "{bad:?}");
        assert_eq!(bad[0], "3: payment: `p-1` is already on line 2");
        assert!(bad[1].starts_with("4: reason"), "{bad:?}");
    }
}
