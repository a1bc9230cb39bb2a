//! The reconciliation as a report: every line, payment and remittance in one class, and the proof
//! that nothing is missing.

use super::coverage::Span;
use crate::domain::{
    code::{Code, FileNumber, WithdrawalNumber},
    currency::Currency,
    id::{BankAccountId, EventId},
    quantity::Amount,
    signed::Signed,
    status::Means,
    time::Date,
};

/// An item of an exported payment file that no line shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentItem {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// The file.
    pub file: FileNumber,
    /// The holder's code.
    pub holder: Code,
    /// The event.
    pub event: EventId,
    /// The account that pays the file.
    pub account: BankAccountId,
    /// The amount.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
    /// When the bank was to pay.
    pub execution_date: Date,
    /// Why it is left.
    pub detail: Option<String>,
}

/// How old money is that the ledger says was paid and the bank does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Up to 1 day.
    UpTo1,
    /// 2 to 5 days.
    UpTo5,
    /// 6 to 30 days.
    UpTo30,
    /// More than 30 days.
    Older,
}

/// A class of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRow {
    /// The class; `balance_break` if it is not that of a line, a payment or a remittance.
    pub class: &'static str,
    /// The currency.
    pub currency: Currency,
    /// How many bank lines.
    pub lines: u64,
    /// Their sum.
    pub lines_total: Signed,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub payments_total: Signed,
    /// How many remittances of tax.
    pub remittances: u64,
    /// Their sum.
    pub remittances_total: Signed,
    /// How old the oldest is, in days.
    pub oldest_days: i64,
}

/// A line, a payment, a remittance or a balance that is still to be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// Its class.
    pub class: &'static str,
    /// Its name: `L-000001`, `P-000001`, `T-000001`, or the statement of a balance.
    pub name: String,
    /// The bank account, if it is known.
    pub account: Option<Code>,
    /// Its day.
    pub date: Date,
    /// How old it is, in days.
    pub age_days: i64,
    /// Its amount: money out is negative.
    pub amount: Signed,
    /// The currency.
    pub currency: Currency,
    /// What the bank writes, the holder, or the authority and the month.
    pub description: String,
    /// The names of what it is compared with.
    pub with: Vec<String>,
    /// Why it is not settled.
    pub detail: Option<String>,
}

/// The proof of an account: opening + lines = closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankProof {
    /// The account.
    pub account: Code,
    /// The currency.
    pub currency: Currency,
    /// What its statements say, if they have balances at all.
    pub span: Option<Span>,
    /// The sum of the lines of those days.
    pub lines: Signed,
    /// The bank's closing balance less opening and lines.
    pub difference: Option<Signed>,
}

/// The proof of the ledger's payments in a currency: payments = matched + returned + settled +
/// outstanding, remittances = matched + outstanding, and what is matched is on the bank with the
/// same sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerProof {
    /// The currency.
    pub currency: Currency,
    /// All payments.
    pub payments: Signed,
    /// Those that are matched.
    pub matched: Signed,
    /// Those that the bank sent back or never had.
    pub returned: Signed,
    /// Those that no bank line will ever show: settled by hand, or paid off the bank.
    pub settled: Signed,
    /// Those that are not settled.
    pub outstanding: Signed,
    /// All remittances of tax.
    pub remittances: Signed,
    /// Those that are matched.
    pub remittances_matched: Signed,
    /// Those that are not.
    pub remittances_outstanding: Signed,
    /// The bank lines that the matched and the returned payments and the matched remittances are
    /// linked to.
    pub on_bank: Signed,
    /// What is linked less what is on the bank: nothing.
    pub difference: Signed,
}

/// The payments and remittances of an age that the bank does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeTotal {
    /// The currency.
    pub currency: Currency,
    /// The age.
    pub age: Age,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub total: Signed,
    /// How many remittances.
    pub remittances: u64,
    /// Their sum.
    pub remittances_total: Signed,
}

/// The payments of some means that no bank line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeansTotal {
    /// The means.
    pub means: Means,
    /// The currency.
    pub currency: Currency,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub total: Signed,
}

/// The reconciliation as a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// The classes, by currency and in the order of the classes.
    pub classes: Vec<ClassRow>,
    /// The payments and remittances that the bank does not show, by currency and age.
    pub ages: Vec<AgeTotal>,
    /// The payments that no bank line shows, by means and currency.
    pub off_bank: Vec<MeansTotal>,
    /// What is still to be settled, by class and then by age.
    pub items: Vec<OpenItem>,
    /// The proof of each account.
    pub bank: Vec<BankProof>,
    /// The proof of each currency.
    pub ledger: Vec<LedgerProof>,
}

impl Age {
    /// All ages.
    pub const ALL: [Self; 4] = [Self::UpTo1, Self::UpTo5, Self::UpTo30, Self::Older];

    /// Shows the days.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpTo1 => "0-1",
            Self::UpTo5 => "2-5",
            Self::UpTo30 => "6-30",
            Self::Older => "30+",
        }
    }

    /// Returns the age of so many days.
    pub const fn of(days: i64) -> Self {
        match days {
            ..=1 => Self::UpTo1,
            2..=5 => Self::UpTo5,
            6..=30 => Self::UpTo30,
            31.. => Self::Older,
        }
    }
}
