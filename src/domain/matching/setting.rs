//! What a run knows of an account next to its lines and to what is expected on it.

use std::collections::{BTreeMap, HashSet};

use super::bank_rule::BankRule;
use crate::domain::{account::AccountNumber, code::FileNumber, time::Date};

/// The days after the execution date on which the bank may still pay.
const AWAITED_DAYS: i64 = 3;

/// What a run knows of an account next to its lines and to what is expected on it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The account's own number.
    pub number: AccountNumber,
    /// The bank that has the account.
    pub bank: ChargingBank,
    /// The rules about its lines, those that were removed too, in the order in which they came.
    pub rules: Vec<BankRule>,
    /// The account numbers of the ledger that are not ten digits: those are known by their form.
    pub known_numbers: HashSet<String>,
    /// The payment files whose items are expected on the account.
    pub files: BTreeMap<FileNumber, SentFile>,
    /// The last day to which the account's statements cover without a gap.
    pub covered_to: Option<Date>,
    /// The day up to which ages count.
    pub day: Option<Date>,
}

/// A bank as the data about its charges knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChargingBank {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
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
            bank: ChargingBank::default(),
            rules: Vec::new(),
            known_numbers: HashSet::new(),
            files: BTreeMap::new(),
            covered_to: None,
            day: None,
        }
    }

    /// Returns the file and its execution date, if it went to the bank so long ago that its payments
    /// would be on the statements: the day is covered, and more than three days are over.
    pub(super) fn overdue(&self, file: FileNumber) -> Option<&SentFile> {
        let sent = self.files.get(&file)?;
        let date = sent.execution_date;
        let days = self.day?.signed_duration_since(date).num_days();
        let is_overdue =
            sent.sent == Sent::Exported && date <= self.covered_to? && days > AWAITED_DAYS;
        is_overdue.then_some(sent)
    }
}
