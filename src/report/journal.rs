//! The double-entry journal: transactions with named accounts, and the trial balance.

use std::fmt;

use super::{
    cell::{Cell, Pii},
    field::{Field, money, text},
    record::Table,
};
use crate::domain::{
    code::Code,
    currency::Currency,
    forward::ForwardKind,
    journal::{
        Account, BankEntry, Closing, Contra, Heading, JournalEntry, Piece, Posting, ProceedsEntry,
        ProceedsStep, ProceedsTurn, Release, Source, Step, TaxEntry,
    },
    signed::Signed,
    time::Date,
    trial::TrialRow,
};

/// One segment of an account's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A word of the chart of accounts.
    Word(&'static str),
    /// A code that a user chose.
    Code(Code),
}

/// The name of an account, from the class of accounts to the account itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Segment>);

/// A sum that an account is debited with, negative if it is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The account.
    pub account: Path,
    /// The sum.
    pub amount: Signed,
    /// Its currency.
    pub currency: Currency,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The date, in UTC, on which it was recorded.
    pub date: Date,
    /// The value date, if there is one.
    pub value_date: Option<Date>,
    /// The name of what it records: an event, a withdrawal, a payment, a bank line, a statement.
    pub code: String,
    /// What happened, in words.
    pub description: String,
    /// What it concerns: names and values.
    pub tags: Vec<(&'static str, String)>,
    /// The sides, which sum to zero.
    pub sides: Vec<Side>,
}

/// What the accounts of a holder must hold at the end of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balances {
    /// The date.
    pub date: Date,
    /// Whose accounts they are.
    pub description: String,
    /// The accounts and their balances.
    pub sides: Vec<Side>,
}

/// One item of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// What it is about.
    Heading(Heading),
    /// An account, and the date of its first use.
    Account(Path, Date),
    /// An entry.
    Transaction(Transaction),
    /// Balances that must hold.
    Balances(Balances),
}

/// The fields of the trial balance.
pub(super) const TRIAL_BALANCE: &[Field<TrialRow>] = &[
    text("account", "account", |row, _| {
        Cell::text(path(&row.account))
    }),
    text("currency", "currency", |row, _| Cell::text(row.currency)),
    money("debit", "debit", |row, _| {
        Cell::total(row.debit, row.currency)
    }),
    money("credit", "credit", |row, _| {
        Cell::total(row.credit, row.currency)
    }),
    money("balance", "balance", |row, _| {
        Cell::Money(row.balance, row.currency)
    }),
];

/// Writes it as hledger does, with colons between the segments.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { ":" } else { "" })?;
            match segment {
                Segment::Word(word) => f.write_str(word)?,
                Segment::Code(code) => f.write_str(code.as_str())?,
            }
        }
        Ok(())
    }
}

/// Returns the name of an account.
pub fn path(account: &Account) -> Path {
    use Segment::{Code, Word};
    let of_holders =
        |project: &crate::domain::code::Code, holder: Option<&crate::domain::code::Code>, word| {
            let mut segments = vec![Word("liabilities"), Word("holders"), Code(project.clone())];
            segments.extend(holder.cloned().map(Code));
            segments.push(Word(word));
            segments
        };
    Path(match account {
        Account::Bank(code) => vec![Word("assets"), Word("bank"), Code(code.clone())],
        Account::Unassigned => vec![Word("assets"), Word("unassigned payments")],
        Account::Suspense(code) => vec![Word("assets"), Word("suspense"), Code(code.clone())],
        Account::Available { project, holder } => of_holders(project, holder.as_ref(), "available"),
        Account::Pending { project, holder } => of_holders(project, holder.as_ref(), "pending"),
        Account::Forward { project, holder } => {
            of_holders(project, holder.as_ref(), "carried forward")
        }
        Account::Tax(authority) => vec![
            Word("liabilities"),
            Word("withholding tax"),
            Code(authority.clone()),
        ],
        Account::Distributions(project) => {
            vec![Word("equity"), Word("distributions"), Code(project.clone())]
        }
        Account::SetAside(project) => {
            vec![Word("equity"), Word("set aside"), Code(project.clone())]
        }
        Account::Reserves(project) => vec![Word("equity"), Word("reserves"), Code(project.clone())],
        Account::Funding => vec![Word("equity"), Word("funding")],
        Account::Opening => vec![Word("equity"), Word("opening balances")],
        Account::Other => vec![Word("equity"), Word("other")],
        Account::Proceeds(project) => vec![Word("income"), Word("proceeds"), Code(project.clone())],
        Account::Deductions { project, kind } => vec![
            Word("expenses"),
            Word("deductions"),
            Code(project.clone()),
            Word(kind.as_str()),
        ],
        Account::Interest => vec![Word("income"), Word("bank interest")],
        Account::WrittenOff(project) => {
            vec![Word("income"), Word("written off"), Code(project.clone())]
        }
        Account::Charges => vec![Word("expenses"), Word("bank charges")],
    })
}

/// Describes a piece of the journal, or returns `None` if more was paid than was requested, which
/// no ledger allows.
pub fn item(piece: Piece) -> Option<Item> {
    Some(match piece {
        Piece::Heading(heading) => Item::Heading(heading),
        Piece::Account(account, since) => Item::Account(path(&account), since),
        Piece::Entry(entry) => Item::Transaction(of_holder(&entry)?),
        Piece::Bank(entry) => Item::Transaction(of_bank(&entry)),
        Piece::Tax(entry) => Item::Transaction(of_tax(&entry)),
        Piece::Proceeds(entry) => Item::Transaction(of_proceeds(&entry)),
        Piece::Closing(closing, date) => Item::Balances(balances(&closing, date)),
    })
}

fn sides(postings: Vec<Posting>, currency: Currency) -> Vec<Side> {
    let side = |(account, amount): Posting| Side {
        account: path(&account),
        amount,
        currency,
    };
    postings.into_iter().map(side).collect()
}

fn of_holder(entry: &JournalEntry) -> Option<Transaction> {
    let mut tags = vec![
        ("event", entry.event.to_string()),
        ("holder", entry.holder.code.to_string()),
    ];
    let withdrawal = entry.withdrawal.map(|number| number.to_string());
    tags.extend(withdrawal.clone().map(|number| ("withdrawal", number)));
    let (code, value_date) = match &entry.step {
        Step::Allocated(_) => (entry.event.to_string(), entry.own_date),
        Step::Voided(_) | Step::Forward { .. } => (entry.event.to_string(), None),
        Step::Requested(_) | Step::Released(..) => {
            (withdrawal.unwrap_or_else(|| entry.event.to_string()), None)
        }
        Step::Paid {
            payment,
            value_date,
            ..
        }
        | Step::PaidBefore {
            payment,
            value_date,
            ..
        }
        | Step::Returned {
            payment,
            value_date,
            ..
        }
        | Step::ReturnTakenBack {
            payment,
            value_date,
            ..
        } => (payment.to_string(), Some(*value_date)),
    };
    tags.extend(given(&entry.step));
    let sides = sides(entry.postings()?, entry.currency);
    Some(Transaction {
        date: entry.at.date(),
        value_date,
        code,
        description: format!("{}: {}", entry.title, what(entry)),
        tags,
        sides,
    })
}

/// Says what a step does for its holder.
fn what(entry: &JournalEntry) -> String {
    let holder = &entry.holder.code;
    match &entry.step {
        Step::Allocated(_) => format!("allocated to {holder}"),
        Step::Voided(_) => format!("cancelled, no longer owed to {holder}"),
        Step::Requested(_) => format!("requested by {holder}"),
        Step::Released(_, Release::Rejected(_)) => format!("request of {holder} rejected"),
        Step::Released(_, Release::Cancelled) => format!("request of {holder} cancelled"),
        Step::Paid {
            requested, paid, ..
        } => {
            let part = if paid < requested { ", in part" } else { "" };
            format!("paid to {holder}{part}")
        }
        Step::PaidBefore { .. } => format!("paid to {holder} before this ledger"),
        Step::Returned { .. } => format!("payment to {holder} returned by the bank"),
        Step::ReturnTakenBack { .. } => format!("return of the payment to {holder} taken back"),
        Step::Forward { kind, .. } => match kind {
            ForwardKind::BroughtForward => format!("brought forward for {holder}"),
            ForwardKind::CarriedForward => format!("carried forward for {holder}"),
            ForwardKind::WrittenOff => format!("forward balance of {holder} written off"),
            ForwardKind::Released => format!("forward balance of {holder} released"),
            ForwardKind::BroughtForwardUndone => {
                format!("cancelled, no longer brought forward for {holder}")
            }
            ForwardKind::CarriedForwardUndone => {
                format!("cancelled, no longer carried forward for {holder}")
            }
        },
    }
}

/// Returns the reference and the reason that a step has.
fn given(step: &Step) -> Vec<(&'static str, String)> {
    match step {
        Step::Released(_, Release::Rejected(reason)) => vec![("reason", reason.clone())],
        Step::Paid { reference, .. } | Step::PaidBefore { reference, .. } => {
            vec![("reference", reference.clone())]
        }
        Step::Returned {
            reference, reason, ..
        }
        | Step::ReturnTakenBack {
            reference, reason, ..
        } => vec![("reference", reference.clone()), ("reason", reason.clone())],
        Step::Forward { reason, .. } => {
            let reason = reason.iter().cloned();
            reason.map(|reason| ("reason", reason)).collect()
        }
        Step::Allocated(_)
        | Step::Voided(_)
        | Step::Requested(_)
        | Step::Released(_, Release::Cancelled) => Vec::new(),
    }
}

fn of_tax(entry: &TaxEntry) -> Transaction {
    let mut tags = vec![
        ("authority", entry.authority.to_string()),
        ("reference", entry.reference.clone()),
    ];
    let reason = entry.reversed.clone();
    tags.extend(reason.map(|reason| ("reason", reason)));
    let what = match entry.reversed {
        None => "remitted to",
        Some(_) => "taken back, still owed to",
    };
    Transaction {
        date: entry.at.date(),
        value_date: Some(entry.payment_date),
        code: entry.remittance.to_string(),
        description: format!(
            "Withholding tax of {}: {what} {}",
            entry.period, entry.authority
        ),
        tags,
        sides: sides(entry.postings(), entry.currency),
    }
}

fn of_proceeds(entry: &ProceedsEntry) -> Transaction {
    let mut tags = vec![("event", entry.event.to_string())];
    let what = match &entry.step {
        ProceedsStep::Proceeds => "proceeds".to_owned(),
        ProceedsStep::Deduction(_, name) => {
            tags.push(("deduction", name.to_string()));
            format!("{name}, deducted")
        }
        ProceedsStep::Reserve(name) => {
            tags.push(("reserve", name.to_string()));
            format!("reserve {name}, set aside")
        }
        ProceedsStep::Release(name) => {
            tags.push(("reserve", name.to_string()));
            format!("reserve {name}, released")
        }
    };
    let undone = match entry.turn {
        ProceedsTurn::Approved => "",
        ProceedsTurn::Cancelled => ", undone: the event was cancelled",
    };
    Transaction {
        date: entry.at.date(),
        value_date: None,
        code: entry.event.to_string(),
        description: format!("{}: {what}{undone}", entry.title),
        tags,
        sides: sides(entry.postings(), entry.currency),
    }
}

fn of_bank(entry: &BankEntry) -> Transaction {
    let mut tags = vec![("account", entry.account.to_string())];
    let (code, description, value_date) = match &entry.source {
        Source::Opening { statement, date } => (
            statement.to_string(),
            format!("Opening balance of {}", entry.account),
            *date,
        ),
        Source::Line {
            number,
            value_date,
            description,
            reference,
            against,
        } => {
            let what = match against {
                Contra::Charges => "Bank charge",
                Contra::Interest => "Bank interest",
                Contra::Funding => "Funding",
                Contra::Other => "Other bank line",
                Contra::Suspense => "Unexplained bank line",
            };
            // Account numbers in them are hidden already, as in lists.
            tags.extend(
                reference
                    .as_ref()
                    .map(|reference| ("reference", reference.clone())),
            );
            (
                number.to_string(),
                format!("{what}: {description}"),
                *value_date,
            )
        }
    };
    let sides = sides(entry.postings(), entry.currency);
    Transaction {
        date: entry.at.date(),
        value_date: Some(value_date),
        code,
        description,
        tags,
        sides,
    }
}

fn balances(closing: &Closing, date: Date) -> Balances {
    let (project, holder) = (&closing.project, &closing.holder);
    let available = path(&Account::Available {
        project: project.clone(),
        holder: Some(holder.clone()),
    });
    let pending = path(&Account::Pending {
        project: project.clone(),
        holder: Some(holder.clone()),
    });
    let forward = path(&Account::Forward {
        project: project.clone(),
        holder: Some(holder.clone()),
    });
    // What is owed is on the credit side.
    let sides = closing.balances.iter().flat_map(|(currency, owed)| {
        // Most holders never have a forward balance, and no account for one.
        let kept = (!owed.forward.is_zero()).then_some((&forward, owed.forward));
        let owed = [(&available, owed.available), (&pending, owed.pending)];
        owed.into_iter().chain(kept).map(|(account, amount)| Side {
            account: account.clone(),
            amount: Signed::from(amount).negated(),
            currency: *currency,
        })
    });
    Balances {
        date,
        description: format!("Owed by {project} to {holder}, by its allocations"),
        sides: sides.collect(),
    }
}

/// Describes the trial balance.
pub fn trial_balance(rows: &[TrialRow]) -> Table {
    Table::of("trial_balance", TRIAL_BALANCE, rows, Pii::Masked)
}
