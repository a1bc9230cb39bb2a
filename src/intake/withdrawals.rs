//! Request files: `holder,amount[,bank_name,bank_code,account_number,account_name,notes]`.

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetReader, bank_details},
    sheet_file::SheetFile,
};
use crate::domain::{account::BankDetails, bad_line::BadLine, quantity::Amount, text::words};

/// A row of a request file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// The number of the line.
    pub line: u64,
    /// The holder, as the file names it.
    pub holder: String,
    /// The amount to withdraw.
    pub amount: Amount,
    /// Bank details that go with this request.
    pub bank: BankDetails,
    /// Notes.
    pub notes: Option<String>,
}

const SHAPE: SheetColumns = SheetColumns {
    required: &["holder", "amount"],
    optional: &[
        "bank_name",
        "bank_code",
        "account_number",
        "account_name",
        "account_currency",
        "notes",
    ],
};

/// Reads a request file.
///
/// # Errors
/// The bad lines, if the header is not that of a request file.
pub fn withdrawals(file: &SheetFile) -> Result<Sheet<RequestRow>, Vec<BadLine>> {
    Ok(SheetReader::open(file, &SHAPE)?.rows(|line| {
        let holder = line.read("holder", words);
        let amount = line.read_number("amount", Amount::parse);
        let (bank, notes) = (bank_details(line), line.maybe("notes"));
        Some(RequestRow {
            line: line.number,
            holder: holder?,
            amount: amount?,
            bank: bank?,
            notes: notes?,
        })
    }))
}
