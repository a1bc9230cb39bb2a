//! Which bank line is which payment: decided where the evidence is unique both ways, proposed where
//! it is weaker, and never guessed. A pure function of what the bank says and what the ledger says.

mod accounts;
mod board;
mod by_name;
mod explain;
mod fees;
mod files;
mod first;
mod graph;
mod kind;
mod names;
mod node;
mod reference;
mod returns;
mod rules;
mod sums;
#[cfg(test)]
mod tests;
mod text;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use board::Board;
use reference::References;

use super::{
    account::AccountNumber,
    code::{self, FileNumber, LineNumber, PaymentNumber, WithdrawalNumber},
    currency::{self, Currency},
    quantity::Amount,
    signed::{self, Signed},
    statement::StatementLine,
    time::{self, Date},
};

/// A bank line as matching sees it. All lines of a run belong to one bank account, so they are in
/// one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number, shown as `L-000001`. It names the line; its order means nothing.
    pub number: LineNumber,
    /// The day on which the bank booked it.
    pub date: Date,
    /// The value date, where it is told.
    pub value_date: Option<Date>,
    /// Money in is positive, money out negative.
    pub amount: Signed,
    /// What the bank writes about it.
    pub description: String,
    /// The reference that the bank prints with it.
    pub reference: Option<String>,
    /// The bank's own id.
    pub bank_id: Option<String>,
    /// The end-to-end reference, where the format has a field for it.
    pub end_to_end: Option<String>,
    /// The other side's name, where the format has a field for it.
    pub counterparty_name: Option<String>,
    /// The other side's account, where the format has a field for it.
    pub counterparty_account: Option<String>,
    /// Whether the format marks it as the reversal of an earlier line.
    pub reversal: bool,
}

/// What the ledger expects to see on the bank: an approved withdrawal, or the payment that was
/// recorded for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The withdrawal; each has at most one payment, so it names the expectation.
    pub withdrawal: WithdrawalNumber,
    /// The payment, where it is recorded.
    pub payment: Option<PaymentNumber>,
    /// What was paid, or what was asked for where no payment is recorded yet.
    pub amount: Amount,
    /// The value date of the payment, the execution date of its payment file, or the day of the
    /// approval.
    pub date: Date,
    /// The reference of the recorded payment.
    pub reference: Option<String>,
    /// Every end-to-end reference that a payment file ever gave it, cancelled files too.
    pub end_to_end: Vec<String>,
    /// The account that the money goes to.
    pub account_number: AccountNumber,
    /// The holder's name and the name of the account.
    pub names: Vec<String>,
    /// The open payment file that it stands in.
    pub file: Option<FileNumber>,
    /// Whether the ledger says that the bank sent it back.
    pub returned: bool,
    /// Whether a decided link shows its return on the bank, on whichever account.
    pub return_linked: bool,
}

/// What lines are linked to, or what explains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The debit lines of payments.
    Payment,
    /// The credit line with which the bank sent payments back.
    Return,
    /// Explained by a user: bank charges.
    Charge,
    /// Explained by a user: interest.
    Interest,
    /// Explained by a user: money that was brought to the account or taken from it.
    Funding,
    /// Explained by a user: something else.
    Other,
}

/// How strong the evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// Our end-to-end reference, the recorded reference, or a bank session id; same amount; date
    /// within -1 … +10 days.
    #[serde(rename = "1")]
    Reference,
    /// One line is the exact total of a payment file or of its unmatched rest.
    #[serde(rename = "2")]
    FileTotal,
    /// The beneficiary's account number, the amount, the date within -1 … +5 days.
    #[serde(rename = "3")]
    Account,
    /// The amount, the date and the name.
    #[serde(rename = "4")]
    Name,
    /// A small exact sum with exactly one solution.
    #[serde(rename = "5")]
    Sum,
    /// A credit that reverses a matched debit.
    #[serde(rename = "6")]
    Reversal,
    /// A user said so.
    #[serde(rename = "manual")]
    Manual,
}

/// A link that stands: confirmed or certain. It is never altered by a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub kind: LinkKind,
    /// Its lines.
    pub lines: Vec<LineNumber>,
    /// Its withdrawals; none where a user explained the lines.
    pub withdrawals: Vec<WithdrawalNumber>,
}

/// What a run sees.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The currency of the account.
    pub currency: Currency,
    /// The lines of the account.
    pub lines: &'a [Line],
    /// What the ledger expects.
    pub expected: &'a [Expected],
    /// What was linked before.
    pub decided: &'a [Link],
    /// What a user rejected: never proposed again.
    pub rejected: &'a [Link],
}

/// Whether a link may be made without a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// It is certain.
    Matched,
    /// A user must confirm it.
    Proposed,
}

/// A link that a run found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What it says.
    pub link: Link,
    /// How strong the evidence is.
    pub tier: Tier,
    /// Whether it may be made without a user.
    pub certainty: Certainty,
    /// What speaks for it, in words without account numbers.
    pub evidence: String,
}

/// What a line is about, by the bank's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A transfer itself.
    Principal,
    /// The bank's charge.
    Fee,
    /// Value added tax on a charge, withholding tax.
    Tax,
    /// Stamp duty and levies.
    Levy,
    /// Interest.
    Interest,
    /// The reversal of an earlier line.
    Reversal,
}

/// Where a line or a payment stands; each is in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// One line, one payment.
    Matched,
    /// Several lines or several payments, linked together.
    MatchedGroup,
    /// A user must confirm.
    Proposed,
    /// The evidence fits more than one way.
    Ambiguous,
    /// The same reference with another amount.
    AmountDiffers,
    /// The same reference and amount on a day outside the window.
    DateOutOfWindow,
    /// The ledger says paid, the bank does not.
    PaidNotOnBank,
    /// Money went out that the ledger knows nothing of.
    OnBankNotInLedger,
    /// Money came in that the ledger knows nothing of.
    UnexpectedCredit,
    /// The same payment stands on the bank more than once.
    DuplicatePayment,
    /// The bank sent it back, and the ledger says so.
    Returned,
    /// A reversal whose payment is not found.
    UnlinkedReversal,
    /// The bank's fees, taxes and levies.
    FeeTaxLevy,
    /// A user explained it.
    Resolved,
    /// Nothing is to be done yet: approved, and neither recorded as paid nor on the bank.
    Awaited,
}

/// Where one thing stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The class.
    pub class: Class,
    /// The lines that it concerns beside itself, in ascending order.
    pub lines: Vec<LineNumber>,
    /// The withdrawals that it concerns beside itself, in ascending order.
    pub withdrawals: Vec<WithdrawalNumber>,
    /// Why, in words without account numbers.
    pub detail: Option<String>,
}

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New links, certain ones and proposals, in a stable order.
    pub found: Vec<Match>,
    /// Every line: where it stands with the new links made.
    pub lines: BTreeMap<LineNumber, Classification>,
    /// Every expectation: where it stands with the new links made.
    pub expected: BTreeMap<WithdrawalNumber, Classification>,
}

/// One field that was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The field: `reference`, `amount`, `date`, `account`, `name`, `direction`, `file_total`,
    /// `sum`.
    pub field: &'static str,
    /// What the bank says.
    pub bank: String,
    /// What the ledger says.
    pub ledger: String,
    /// Whether they agree.
    pub agrees: bool,
}

/// An expectation that a line was held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// The payment, where it is recorded.
    pub payment: Option<PaymentNumber>,
    /// The strongest tier whose evidence it has, where it has any.
    pub tier: Option<Tier>,
    /// The fields.
    pub compared: Vec<Comparison>,
    /// Why it is or is not the one, in words.
    pub verdict: String,
}

/// Matches lines and expectations.
///
/// The result does not depend on the order of what it sees. Time n log n.
pub fn run(input: Input<'_>) -> Outcome {
    let mut board = Board::new(input);
    let references = References::of(board.expected.iter().map(|node| (node.id, node.expected)));
    board.read_debits_by_reference(&references);
    first::match_references(&board, &references);
    files::match_files(&board);
    accounts::match_accounts(&board);
    by_name::match_names(&board);
    sums::match_sums(&board);
    returns::match_returns(&board, &references);
    // There is one for each payment, and handing out takes room of its own.
    drop(references);
    board.outcome()
}

/// Tells what a line is about, by the bank's words.
pub fn kind_of(line: &Line) -> LineKind {
    kind::of_text(&line.description, line.amount, line.reversal)
}

/// Tells what a line of a statement is about that has no number yet.
pub fn kind_of_statement_line(line: &StatementLine) -> LineKind {
    kind::of_text(&line.description, line.amount, line.reversal)
}

/// Explains a line: every expectation that comes near it, field by field, the nearest first.
pub fn explain(input: Input<'_>, line: LineNumber) -> Vec<Alternative> {
    explain::explain(input, line)
}

impl LinkKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Payment,
        Self::Return,
        Self::Charge,
        Self::Interest,
        Self::Funding,
        Self::Other,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Return => "return",
            Self::Charge => "charge",
            Self::Interest => "interest",
            Self::Funding => "funding",
            Self::Other => "other",
        }
    }
}

impl Tier {
    /// All tiers, the strongest first.
    pub const ALL: [Self; 7] = [
        Self::Reference,
        Self::FileTotal,
        Self::Account,
        Self::Name,
        Self::Sum,
        Self::Reversal,
        Self::Manual,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "1",
            Self::FileTotal => "2",
            Self::Account => "3",
            Self::Name => "4",
            Self::Sum => "5",
            Self::Reversal => "6",
            Self::Manual => "manual",
        }
    }
}

impl LineKind {
    /// All classes.
    pub const ALL: [Self; 6] = [
        Self::Principal,
        Self::Fee,
        Self::Tax,
        Self::Levy,
        Self::Interest,
        Self::Reversal,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Fee => "fee",
            Self::Tax => "tax",
            Self::Levy => "levy",
            Self::Interest => "interest",
            Self::Reversal => "reversal",
        }
    }
}

impl Class {
    /// All, in the order of reports.
    pub const ALL: [Self; 15] = [
        Self::Matched,
        Self::MatchedGroup,
        Self::Proposed,
        Self::Ambiguous,
        Self::AmountDiffers,
        Self::DateOutOfWindow,
        Self::PaidNotOnBank,
        Self::OnBankNotInLedger,
        Self::UnexpectedCredit,
        Self::DuplicatePayment,
        Self::Returned,
        Self::UnlinkedReversal,
        Self::FeeTaxLevy,
        Self::Resolved,
        Self::Awaited,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::MatchedGroup => "matched_group",
            Self::Proposed => "proposed",
            Self::Ambiguous => "ambiguous",
            Self::AmountDiffers => "amount_differs",
            Self::DateOutOfWindow => "date_out_of_window",
            Self::PaidNotOnBank => "paid_not_on_bank",
            Self::OnBankNotInLedger => "on_bank_not_in_ledger",
            Self::UnexpectedCredit => "unexpected_credit",
            Self::DuplicatePayment => "duplicate_payment",
            Self::Returned => "returned",
            Self::UnlinkedReversal => "unlinked_reversal",
            Self::FeeTaxLevy => "fee_tax_levy",
            Self::Resolved => "resolved",
            Self::Awaited => "awaited",
        }
    }

    /// Tells whether something is still to be done.
    pub const fn is_left(self) -> bool {
        match self {
            Self::Matched
            | Self::MatchedGroup
            | Self::Returned
            | Self::FeeTaxLevy
            | Self::Resolved
            | Self::Awaited => false,
            Self::Proposed
            | Self::Ambiguous
            | Self::AmountDiffers
            | Self::DateOutOfWindow
            | Self::PaidNotOnBank
            | Self::OnBankNotInLedger
            | Self::UnexpectedCredit
            | Self::DuplicatePayment
            | Self::UnlinkedReversal => true,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
