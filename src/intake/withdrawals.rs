//! Request files: `holder,amount[,bank_name,bank_code,account_number,account_name,notes]`.

use super::sheet::{Renames, Sheet, SheetColumns, SheetReader, bank_details};
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
pub fn withdrawals(bytes: &[u8]) -> Result<Sheet<RequestRow>, Vec<BadLine>> {
    Ok(
        SheetReader::open(bytes, &SHAPE, &Renames::new())?.rows(|line| {
            let holder = line.read("holder", words);
            let amount = line.read("amount", Amount::parse);
            let (bank, notes) = (bank_details(line), line.maybe("notes"));
            Some(RequestRow {
                line: line.number,
                holder: holder?,
                amount: amount?,
                bank: bank?,
                notes: notes?,
            })
        }),
    )
}
