//! What a bank's statement says: its balances, its lines, and what is odd about it.

use serde::{Deserialize, Serialize};

use super::{
    currency::Currency,
    signed::Signed,
    time::{Date, DayRange},
};

/// The family of a statement file, found by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementFormat {
    /// Delimited text.
    Csv,
    /// OFX 1 (SGML) or 2 (XML).
    Ofx,
    /// ISO 20022 CAMT.053.
    Camt053,
    /// SWIFT MT940.
    Mt940,
    /// A sheet of a workbook: Excel or OpenDocument.
    Workbook,
}

/// A statement file that was read whole: one statement or more, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementFile {
    /// The family.
    pub format: StatementFormat,
    /// The encoding that the bytes were read with, as the Encoding Standard names it, such as
    /// `UTF-8`.
    pub encoding: &'static str,
    /// The profile that was followed, if one was.
    pub profile: Option<String>,
    /// What was decided if the file itself does not say it, such as the order of day and month:
    /// said to the user.
    pub decisions: Vec<String>,
    /// What the file proves, such as its decimal mark and its signs: shown by `bank profile test`.
    pub proofs: Vec<String>,
    /// The statements; never none.
    pub statements: Vec<Statement>,
}

/// One statement of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The bank's own number or id of the statement.
    pub reference: Option<String>,
    /// The account as the file names it: personal data, shown masked.
    pub account: Option<String>,
    /// The currency, if the file names it.
    pub currency: Option<Currency>,
    /// The balance before the first line.
    pub opening: Option<Balance>,
    /// The balance after the last line.
    pub closing: Option<Balance>,
    /// Whether opening + lines = closing; `None` if one of the two is not known.
    pub balance_ok: Option<bool>,
    /// Whether the running balances of the lines follow from each other, so that they distinguish equal
    /// lines.
    pub running_balance_proven: bool,
    /// The period that the file names, from and to.
    pub period: Option<DayRange>,
    /// The booked lines, in the order of time: the oldest first.
    pub lines: Vec<StatementLine>,
    /// Rows that are not booked lines: pending, failed.
    pub skipped: Vec<SkippedRow>,
    /// What is odd.
    pub findings: Vec<StatementFinding>,
}

/// A balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The amount; negative if the account is overdrawn.
    pub amount: Signed,
    /// The day at whose end it was the balance, if the file gives it.
    pub date: Option<Date>,
}

/// One booked line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The line of the file where it begins, counted from 1.
    pub place: u64,
    /// The day on which the bank booked it.
    pub booking_date: Date,
    /// The value date, if the bank gives one.
    pub value_date: Option<Date>,
    /// Money in is positive, money out negative; zero if the bank books a note.
    pub amount: Signed,
    /// The running balance after it, if the file has one.
    pub balance: Option<Signed>,
    /// What the bank writes about it, one line of text, runs of white space made one space.
    pub description: String,
    /// The reference that the bank prints with it, without placeholders such as `NONREF`.
    pub reference: Option<String>,
    /// The bank's own id of the line, only if it is unique in the file and no placeholder.
    pub bank_id: Option<String>,
    /// The end-to-end reference, if the format has a field for it; no placeholder.
    pub end_to_end: Option<String>,
    /// The other side's name, if the format has a field for it.
    pub counterparty_name: Option<String>,
    /// The other side's account, if the format has a field for it: personal data.
    pub counterparty_account: Option<String>,
    /// Whether the format marks it as the reversal of an earlier line.
    pub reversal: bool,
}

/// A row that is not a booked line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedRow {
    /// The line of the file.
    pub place: u64,
    /// Why it is none, such as `pending`.
    pub reason: String,
    /// Its amount, if it could be read.
    pub amount: Option<Signed>,
    /// What the bank writes about it.
    pub description: String,
}

/// Something odd about a statement; it is imported all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFinding {
    /// What kind.
    pub kind: FindingKind,
    /// The difference, if amounts do not add up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Signed>,
    /// The line of the file, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is odd, in words.
    pub detail: String,
}

/// The kinds of oddities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The balances and the lines do not add up.
    BalanceBreak,
    /// A balance is in another currency than the lines.
    BalanceCurrency,
    /// Days lie between this statement and the one before it, or the balances do not follow.
    Gap,
    /// It covers days that another statement covers too.
    Overlap,
    /// It names another account.
    AccountDiffers,
    /// A value date that no calendar has, such as 30 February of the banks' year, was read as the
    /// month's last day.
    ValueDate,
    /// The counts or sums that the file states are not those of its lines.
    Summary,
    /// Something else that a reader should know.
    Note,
}

impl StatementFormat {
    /// All families.
    pub const ALL: [Self; 5] = [
        Self::Csv,
        Self::Ofx,
        Self::Camt053,
        Self::Mt940,
        Self::Workbook,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ofx => "ofx",
            Self::Camt053 => "camt053",
            Self::Mt940 => "mt940",
            Self::Workbook => "workbook",
        }
    }
}

impl FindingKind {
    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BalanceBreak => "balance_break",
            Self::BalanceCurrency => "balance_currency",
            Self::Gap => "gap",
            Self::Overlap => "overlap",
            Self::AccountDiffers => "account_differs",
            Self::ValueDate => "value_date",
            Self::Summary => "summary",
            Self::Note => "note",
        }
    }
}

impl StatementFinding {
    /// Describes an oddity without a difference or a place.
    pub fn new(kind: FindingKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            difference: None,
            line: None,
            detail: detail.into(),
        }
    }
}

/// The sums of a statement's lines, both positive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineSums {
    /// What went out.
    pub debits: Signed,
    /// What came in.
    pub credits: Signed,
}

impl Statement {
    /// Adds up what went out and what came in, or `None` if the sums have too many digits.
    pub fn sums(&self) -> Option<LineSums> {
        let mut sums = LineSums::default();
        for line in &self.lines {
            if line.amount.is_negative() {
                sums.debits = sums.debits.checked_sub(line.amount)?;
            } else {
                sums.credits = sums.credits.checked_add(line.amount)?;
            }
        }
        Some(sums)
    }

    /// Returns the days from the first booking date to the last.
    pub fn dates(&self) -> Option<DayRange> {
        DayRange::of(self.lines.iter().map(|line| line.booking_date))
    }
}
