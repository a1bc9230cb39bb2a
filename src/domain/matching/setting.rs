//! What a run knows of an account next to its lines and to what is expected on it.

use std::collections::{BTreeMap, HashSet};

use crate::domain::{account::AccountNumber, code::FileNumber, time::Date};

/// What a run knows of an account next to its lines and to what is expected on it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The account's own number.
    pub number: AccountNumber,
    /// The account numbers of the ledger that are not ten digits: those are known by their form.
    pub known_numbers: HashSet<String>,
    /// The payment files whose items are expected on the account.
    pub files: BTreeMap<FileNumber, SentFile>,
}

/// A payment file as matching sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    /// The message id in the file.
    pub message_id: String,
    /// When the bank is to pay.
    pub execution_date: Date,
    /// Whether it left the ledger.
    pub sent: Sent,
}

/// Whether a payment file left the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It was exported.
    Exported,
    /// It was not.
    NotExported,
}

impl Setting {
    /// Knows the account's number and nothing else.
    pub fn new(number: AccountNumber) -> Self {
        Self {
            number,
            known_numbers: HashSet::new(),
            files: BTreeMap::new(),
        }
    }
}
