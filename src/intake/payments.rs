//! Payment files: `withdrawal,reference,date[,amount,notes]`.

use std::collections::HashMap;

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetReader},
    sheet_file::SheetFile,
};
use crate::domain::{
    bad_line::BadLine,
    payment::PaymentInput,
    quantity::Amount,
    text::{self, words},
    time::parse_date,
};

/// A row of a payment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// The number of the line.
    pub line: u64,
    /// The withdrawal, as the file names it.
    pub withdrawal: String,
    /// What was paid.
    pub payment: PaymentInput,
}

/// What it means if several lines have one reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameReference {
    /// An error in the file.
    Refused,
    /// One transfer that pays several withdrawals.
    OneTransfer,
}

const SHAPE: SheetColumns = SheetColumns {
    required: &["withdrawal", "reference", "date"],
    optional: &["amount", "notes"],
};

/// Reads a payment file. Every reference must be on one line only, unless `same` says that it is one
/// transfer.
///
/// # Errors
/// The bad lines, if the header is not that of a payment file.
pub fn payments(file: &SheetFile, same: SameReference) -> Result<Sheet<PaymentRow>, Vec<BadLine>> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    Ok(SheetReader::open(file, &SHAPE)?.rows(|line| {
        let withdrawal = line.read("withdrawal", words);
        let reference = line.read("reference", text::reference);
        let date = line.read("date", parse_date);
        let amount = line.read_maybe_number("amount", Amount::parse);
        let notes = line.maybe("notes");
        let (withdrawal, reference, date, amount) = (withdrawal?, reference?, date?, amount?);
        let notes = notes?;
        if same == SameReference::Refused
            && let Some(first) = seen.insert(reference.clone(), line.number)
        {
            line.refuse(
                "reference",
                format!(
                    "`{reference}` is already on line {first}; if one transfer paid both, add `--one-transfer`"
                ),
            );
            return None;
        }
        Some(PaymentRow {
            line: line.number,
            withdrawal,
            payment: PaymentInput {
                reference,
                date,
                amount,
                notes,
                means: None,
            },
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reference_on_two_lines_is_refused_or_one_transfer() {
        let file = b"withdrawal,reference,date\nW-000001,R1,2026-01-31\nW-000002,R1,2026-01-31\n";
        let file = SheetFile::of(file);
        let read = payments(&file, SameReference::Refused).unwrap();
        assert_eq!(
            read.bad[0].to_string(),
            "3: reference: `R1` is already on line 2; if one transfer paid both, add `--one-transfer`"
        );
        let read = payments(&file, SameReference::OneTransfer).unwrap();
        assert_eq!((read.rows.len(), read.bad.len()), (2, 0));
    }
}
