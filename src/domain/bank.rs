//! The fund's own bank accounts, and the lines of their statements as the ledger keeps them.

use serde::{Deserialize, Serialize};

use super::{
    account::BankAccount,
    code::{Code, LineNumber, PaymentNumber, StatementNumber, WithdrawalNumber},
    currency::Currency,
    id::{AccountRef, BankAccountId, EventRef, LineId, ProjectId, ProjectRef, StatementId, UserRef},
    matching::{LineClass, LinkKind, Standing, Tier},
    project::Project,
    quantity::Amount,
    refused::Refused,
    signed::Signed,
    statement::{StatementFinding, StatementFormat, StatementLine},
    time::{Date, Instant},
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
    /// The one project whose money it holds, where it is one's alone.
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
    /// Whether the two and the lines add up, where both are known.
    pub balance_ok: Option<bool>,
    /// Whether its running balances follow from each other.
    pub balances_proven: bool,
    /// The first and the last day that it covers.
    pub dates: Option<(Date, Date)>,
    /// Lines that were new.
    pub lines_new: u64,
    /// Lines that stood in the ledger already.
    pub lines_known: u64,
    /// Rows that were no booked lines.
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
    pub class: LineClass,
    /// Where it stands.
    pub standing: LineStanding,
}

/// Where a line stands: by the link that holds it, by the last run, or by nothing yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineStanding {
    /// The class.
    pub standing: Standing,
    /// The link's strength, where a link holds it.
    pub tier: Option<Tier>,
    /// What the link says, where a link holds it.
    pub kind: Option<LinkKind>,
    /// The withdrawals and payments that it is linked to, or that it concerns.
    pub payments: Vec<(WithdrawalNumber, Option<PaymentNumber>)>,
    /// Other lines that it concerns.
    pub lines: Vec<LineNumber>,
    /// Why.
    pub detail: Option<String>,
    /// Since when, where a link or a run decided it.
    pub since: Option<Instant>,
}

/// A payment, and where it stands against the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentStanding {
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
    /// The value date.
    pub date: Date,
    /// Where it stands.
    pub standing: Standing,
    /// The lines that it is linked to, or that it concerns.
    pub lines: Vec<LineNumber>,
    /// Why.
    pub detail: Option<String>,
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

/// Tells where a line stands that no run has looked at: nothing is known of it but its sign and its words.
pub const fn unseen(amount: Signed, class: LineClass) -> Standing {
    match class {
        LineClass::Fee | LineClass::Tax | LineClass::Levy => Standing::FeeTaxLevy,
        LineClass::Reversal if !amount.is_negative() => Standing::UnlinkedReversal,
        LineClass::Principal | LineClass::Interest | LineClass::Reversal if amount.is_negative() => {
            Standing::OnBankNotInLedger
        }
        LineClass::Principal | LineClass::Interest | LineClass::Reversal => {
            if amount.is_zero() {
                Standing::Resolved
            } else {
                Standing::UnexpectedCredit
            }
        }
    }
}

impl FundAccount {
    /// Refuses a project whose money the account cannot pay.
    ///
    /// # Errors
    /// [`Refused::BankProject`], [`Refused::BankCurrency`].
    pub fn must_pay_for(&self, project: &ProjectRef, currency: Currency) -> Result<(), Refused> {
        if let Some(own) = self.project.as_ref().filter(|own| own.id != project.id) {
            let (account, own, project) = (self.account.code.clone(), own.code.clone(), project.code.clone());
            return Err(Refused::BankProject { account, own, project });
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
        Err(Refused::BankCurrency { account: self.account.code.clone(), own: self.currency, found: currency })
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
    Err(Refused::BankProjectCurrency { project: code, own: project.currency, found: currency })
}
