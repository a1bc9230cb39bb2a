//! Request files: `holder,amount[,bank_name,bank_code,account_number,account_name,notes]`.

use super::{BadLine, Reader, Renames, Shape, Sheet, bank_details};
use crate::domain::{account::BankDetails, quantity::Amount, text::words};

/// A row of a request file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// The line.
    pub line: u64,
    /// The holder, as the file names it.
    pub holder: String,
    /// What is asked for.
    pub amount: Amount,
    /// Bank details that go with this request.
    pub bank: BankDetails,
    /// Notes.
    pub notes: Option<String>,
}

const SHAPE: Shape = Shape {
    required: &["holder", "amount"],
    optional: &[
        "bank_name",
        "bank_code",
        "account_number",
        "account_name",
        "notes",
    ],
};

/// Reads a request file.
///
/// # Errors
/// A header that cannot be used.
pub fn withdrawals(bytes: &[u8]) -> Result<Sheet<RequestRow>, Vec<BadLine>> {
    Ok(Reader::open(bytes, &SHAPE, &Renames::new())?.rows(|line| {
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
    }))
}
