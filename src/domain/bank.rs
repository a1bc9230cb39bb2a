//! The fund's own bank accounts, and the lines of their statements as the ledger keeps them.

use serde::{Deserialize, Serialize};

use super::{
    account::{AccountNumber, BankAccount},
    code::{
        Code, LineNumber, PaymentNumber, ProposalNumber, RemittanceNumber, StatementNumber,
        WithdrawalNumber,
    },
    currency::Currency,
    id::{
        AccountRef, BankAccountId, EventRef, LineId, ProjectId, ProjectRef, StatementId, UserRef,
    },
    masking::Place,
    matching::{Class, Line, LineKind, LinkKind, Tier},
    project::Project,
    quantity::Amount,
    refused::Refused,
    signed::Signed,
    statement::{FindingKind, StatementFinding, StatementFormat, StatementLine},
    status::Means,
    time::{Date, DayRange, Instant},
};

/// A bank account of the fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundAccount {
    /// The row number.
    pub number: i64,
    /// The id and code.
    pub account: AccountRef,
    /// The bank and the account number.
    pub bank: BankAccount,
    /// The currency; it never changes.
    pub currency: Currency,
    /// The one project whose money it holds, if it is one's alone.
    pub project: Option<ProjectRef>,
    /// Who added it.
    pub created_by: UserRef,
    /// When.
    pub created_at: Instant,
}

/// A statement as it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedStatement {
    /// The number, shown as `S-000001`.
    pub number: StatementNumber,
    /// The id.
    pub id: StatementId,
    /// The account.
    pub account: AccountRef,
    /// Its currency.
    pub currency: Currency,
    /// The SHA-256 hash of the file.
    pub file_hash: String,
    /// Its place among the statements of the file, counted from 1.
    pub position: u64,
    /// The family of the file.
    pub format: StatementFormat,
    /// How its bytes were read.
    pub encoding: String,
    /// The profile that was followed.
    pub profile: Option<String>,
    /// The bank's own number of it.
    pub reference: Option<String>,
    /// The balance before its lines.
    pub opening: Option<Signed>,
    /// The balance after them.
    pub closing: Option<Signed>,
    /// Whether the two and the lines add up, if both are known.
    pub balance_ok: Option<bool>,
    /// Whether its running balances follow from each other.
    pub balances_proven: bool,
    /// The first and the last day that it covers.
    pub dates: Option<DayRange>,
    /// Lines that were new.
    pub lines_new: u64,
    /// Lines that the ledger already had.
    pub lines_known: u64,
    /// Rows that were not booked lines.
    pub lines_skipped: u64,
    /// What went out by its lines, positive.
    pub debits: Signed,
    /// What came in by its lines.
    pub credits: Signed,
    /// What is odd about it.
    pub findings: Vec<StatementFinding>,
    /// Who imported it.
    pub imported_by: UserRef,
    /// When.
    pub imported_at: Instant,
    /// Who took it back, if somebody did.
    pub voided: Option<Voided>,
}

/// A statement was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// By whom.
    pub by: UserRef,
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

impl ImportedStatement {
    /// Checks whether two statements cover a day in common.
    pub fn shares_days_with(&self, other: &Self) -> bool {
        self.dates
            .zip(other.dates)
            .is_some_and(|(days, others)| days.first <= others.last && others.first <= days.last)
    }
}

/// A line of the bank as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    /// The number, shown as `L-000001`.
    pub number: LineNumber,
    /// The id.
    pub id: LineId,
    /// The account.
    pub account: AccountRef,
    /// Its currency.
    pub currency: Currency,
    /// The statement that brought it first.
    pub statement: StatementNumber,
    /// What the bank says.
    pub line: StatementLine,
    /// What it is about.
    pub kind: LineKind,
    /// Its class.
    pub classification: LineClassification,
    /// The account numbers in its texts that the ledger knows, which are hidden.
    pub known_accounts: Vec<String>,
    /// How account numbers in its reference are hidden.
    pub reference_place: Place,
}

impl From<&BankLine> for Line {
    fn from(line: &BankLine) -> Self {
        let said = line.line.clone();
        Self {
            number: line.number,
            date: said.booking_date,
            value_date: said.value_date,
            amount: said.amount,
            description: said.description,
            reference: said.reference,
            bank_id: said.bank_id,
            end_to_end: said.end_to_end,
            counterparty_name: said.counterparty_name,
            counterparty_account: said.counterparty_account,
            reversal: said.reversal,
        }
    }
}

/// The class of a line, by the match that holds it, by the last run, or by its kind alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineClassification {
    /// The class.
    pub class: Class,
    /// The link's strength, if a link holds it.
    pub tier: Option<Tier>,
    /// What the link says, if a link holds it.
    pub link_kind: Option<LinkKind>,
    /// The withdrawals and payments that it is linked to, or that it concerns.
    pub payments: Vec<(WithdrawalNumber, Option<PaymentNumber>)>,
    /// Other lines that it concerns.
    pub lines: Vec<LineNumber>,
    /// The remittances that it is linked to, or that it concerns.
    pub remittances: Vec<RemittanceNumber>,
    /// Why.
    pub detail: Option<String>,
    /// Since when, if a link or a run decided it.
    pub since: Option<Instant>,
    /// The rule of the account that explains it, by its proposal.
    pub rule: Option<ProposalNumber>,
}

/// A line with a proposal, and whom it pays or who sent it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedLine {
    /// The line.
    pub line: BankLine,
    /// The payees, in order of their withdrawals; none of a remittance of tax.
    pub payees: Vec<ProposedPayee>,
}

/// Whom a withdrawal pays, as a proposal is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedPayee {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// Its payment, if one is recorded.
    pub payment: Option<PaymentNumber>,
    /// The holder's code.
    pub holder: Code,
    /// The holder's name.
    pub holder_name: String,
    /// The account that a transfer goes to.
    pub account_number: Option<AccountNumber>,
    /// What was paid, or what was requested if no payment is recorded.
    pub amount: Amount,
    /// The value date of the payment, or the day of the approval.
    pub date: Date,
}

/// A payment, and its class on the bank side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassifiedPayment {
    /// The payment.
    pub payment: PaymentNumber,
    /// The withdrawal that it paid.
    pub withdrawal: WithdrawalNumber,
    /// The holder's code.
    pub holder: Code,
    /// The event.
    pub event: EventRef,
    /// The project.
    pub project: ProjectId,
    /// The account that must have paid it, by its link or its payment file.
    pub account: Option<BankAccountId>,
    /// The amount.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
    /// By what means it was paid.
    pub means: Means,
    /// The value date.
    pub date: Date,
    /// Its class.
    pub class: Class,
    /// The lines that it is linked to, or that it concerns.
    pub lines: Vec<LineNumber>,
    /// Why.
    pub detail: Option<String>,
}

impl BankLine {
    /// Returns the line as matching sees it.
    pub fn to_match(&self) -> Line {
        let line = &self.line;
        Line {
            number: self.number,
            date: line.booking_date,
            value_date: line.value_date,
            amount: line.amount,
            description: line.description.clone(),
            reference: line.reference.clone(),
            bank_id: line.bank_id.clone(),
            end_to_end: line.end_to_end.clone(),
            counterparty_name: line.counterparty_name.clone(),
            counterparty_account: line.counterparty_account.clone(),
            reversal: line.reversal,
        }
    }
}

impl ClassifiedPayment {
    /// Returns whether the payment belongs to an account of the fund: its link or its payment file
    /// says so; else its project's own accounts; else any account of no project.
    pub fn belongs_to(&self, account: &FundAccount, all: &[FundAccount]) -> bool {
        if let Some(paid_from) = self.account {
            return paid_from == account.account.id;
        }
        let owns = |account: &FundAccount| {
            account
                .project
                .as_ref()
                .is_some_and(|project| project.id == self.project)
        };
        let fits = |account: &FundAccount| account.currency == self.currency;
        fits(account)
            && (owns(account)
                || (account.project.is_none()
                    && !all.iter().any(|other| fits(other) && owns(other))))
    }
}

/// How a link ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// A user said no to the proposal.
    Rejected,
    /// A user took the match back.
    Unmatched,
    /// A later run no longer proposes it.
    Superseded,
}

impl Ending {
    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Unmatched => "unmatched",
            Self::Superseded => "superseded",
        }
    }
}

/// The largest charge, in ten-millionths, that is taken for one before a run has proven it.
const LARGEST_FEE: i128 = 100_000_000_000;

/// Returns the class of a line that no run has looked at, by its sign and its words. A large debit
/// is not taken for a fee.
pub const fn class_before_run(amount: Signed, kind: LineKind) -> Class {
    match kind {
        _ if amount.is_zero() => Class::Resolved,
        LineKind::Fee | LineKind::Tax | LineKind::Levy
            if amount.is_negative() && amount.units() >= -LARGEST_FEE =>
        {
            Class::FeeTaxLevy
        }
        LineKind::Reversal => Class::UnlinkedReversal,
        LineKind::Fee
        | LineKind::Tax
        | LineKind::Levy
        | LineKind::Interest
        | LineKind::Principal
            if amount.is_negative() =>
        {
            Class::OnBankNotInLedger
        }
        LineKind::Fee
        | LineKind::Tax
        | LineKind::Levy
        | LineKind::Interest
        | LineKind::Principal => Class::UnexpectedCredit,
    }
}

impl FundAccount {
    /// Refuses a project whose money the account cannot pay.
    ///
    /// # Errors
    /// [`Refused::BankProject`], [`Refused::BankCurrency`].
    pub fn must_pay_for(&self, project: &ProjectRef, currency: Currency) -> Result<(), Refused> {
        if let Some(own) = self.project.as_ref().filter(|own| own.id != project.id) {
            let (account, own, project) = (
                self.account.code.clone(),
                own.code.clone(),
                project.code.clone(),
            );
            return Err(Refused::BankProject {
                account,
                own,
                project,
            });
        }
        self.must_be_in(currency)
    }

    /// Refuses another currency.
    ///
    /// # Errors
    /// [`Refused::BankCurrency`].
    pub fn must_be_in(&self, currency: Currency) -> Result<(), Refused> {
        if self.currency == currency {
            return Ok(());
        }
        Err(Refused::BankCurrency {
            account: self.account.code.clone(),
            own: self.currency,
            found: currency,
        })
    }
}

/// Refuses an account in another currency than its project's.
///
/// # Errors
/// [`Refused::BankProjectCurrency`].
pub fn must_fit(currency: Currency, project: &Project) -> Result<(), Refused> {
    if project.currency == currency {
        return Ok(());
    }
    let code = project.project.code.clone();
    Err(Refused::BankProjectCurrency {
        project: code,
        own: project.currency,
        found: currency,
    })
}

/// Returns the gaps and overlaps between a statement and those of its account that came before it.
pub fn neighbours(
    statement: &ImportedStatement,
    earlier: &[ImportedStatement],
) -> Vec<StatementFinding> {
    let Some(days) = statement.dates else {
        return Vec::new();
    };
    let dated = || {
        earlier
            .iter()
            .filter_map(|other| Some((other, other.dates?)))
    };
    let mut findings = Vec::new();
    let joins = |other: &ImportedStatement| {
        let meets = |end: Option<Signed>, start: Option<Signed>| end.is_some() && end == start;
        meets(other.closing, statement.opening) || meets(statement.closing, other.opening)
    };
    let mut overlaps = dated()
        .filter(|(other, seen)| seen.first <= days.last && days.first <= seen.last && !joins(other))
        .peekable();
    let overlapped = overlaps.peek().is_some();
    if let Some((first, _)) = overlaps.next() {
        let more = match overlaps.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let (new, known) = (statement.lines_new, statement.lines_known);
        let detail = format!(
            "it covers days of {}{more}: known lines: {known}, new lines: {new}",
            first.number
        );
        findings.push(StatementFinding::new(FindingKind::Overlap, detail));
    }
    let before = dated()
        .filter(|(_, seen)| seen.last <= days.first)
        .max_by_key(|(other, seen)| (seen.last, other.number));
    if let Some((before, seen)) = before.filter(|_| !overlapped) {
        let missing = days.first.signed_duration_since(seen.last).num_days() - 1;
        findings.extend(gap(statement, before, missing));
    }
    findings
}

fn gap(
    statement: &ImportedStatement,
    before: &ImportedStatement,
    missing_days: i64,
) -> Option<StatementFinding> {
    let number = before.number;
    if let Some((closing, opening)) = before.closing.zip(statement.opening) {
        let difference = opening
            .checked_sub(closing)
            .filter(|difference| !difference.is_zero())?;
        let decimals = statement.currency.decimals();
        let (closing, opening) = (closing.grouped(decimals), opening.grouped(decimals));
        let detail = format!(
            "it opens with {opening}, and {number}, the one before it, closed with {closing}"
        );
        return Some(StatementFinding {
            difference: Some(difference),
            ..StatementFinding::new(FindingKind::Gap, detail)
        });
    }
    (missing_days > 0).then(|| {
        let detail = format!("{missing_days} days lie between it and {number}, the one before it");
        StatementFinding::new(FindingKind::Gap, detail)
    })
}
