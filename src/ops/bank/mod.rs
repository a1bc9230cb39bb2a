//! The bank side: the fund's accounts, their statements and lines, and what lines and payments have
//! to do with each other.

mod account;
mod bulk;
mod decide;
mod explain;
mod gather;
mod import;
mod reconcile;
mod remittance;
mod requests;
pub mod rule;
mod settle;
mod void;

use serde::Serialize;
use serde_json::json;

pub use account::{AccountChange, AccountProject, set};
pub use bulk::{
    DecidedLines, DecisionSource, LinePreview, VerbCount, decide as decide_lines, preview_decisions,
};
pub(super) use decide::end;
pub use decide::{confirm, match_line, reject, resolve, unmatch};
pub use explain::{Explanation, explain};
pub(super) use gather::details;
pub use import::{Destination, ImportInput, import};
pub use reconcile::reconcile;
pub use requests::{
    ConfirmRequest, MatchRequest, ResolveRequest, RuleRemovalRequest, RuleRequest, UnmatchRequest,
    VoidRequest,
};
pub use void::void as void_statement;

use super::{Error, Sink};
use crate::{
    domain::{
        Refused,
        account::{BankAccount, BankDetails},
        activity::{Activity, Concern, Fact},
        bank::{self, BankLine, FundAccount, ImportedStatement, ProposedLine},
        code::Code,
        currency::Currency,
        matching::Class,
        session::Session,
        time::Date,
        user::Act,
    },
    store::{AsOf, Done, Ledger, LineFilter, NewBankAccount, Noun, Request},
};

/// A bank account to be added.
#[derive(Clone, Debug, Serialize)]
pub struct AccountRequest {
    /// The code.
    pub code: Code,
    /// The bank and the account number.
    pub bank: BankDetails,
    /// The currency.
    pub currency: Currency,
    /// The project whose money it holds alone.
    pub project: Option<String>,
}

/// Which bank lines are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Standing so.
    pub class: Option<Class>,
    /// Booked on this day or later.
    pub from: Option<Date>,
    /// Booked on this day or earlier.
    pub to: Option<Date>,
}

/// Adds a bank account of the fund.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::Exists`], [`Refused::BankAccountKnown`],
/// [`Refused::BankProjectCurrency`], [`Refused::BadAccount`].
pub fn add(
    ledger: &mut Ledger,
    session: Session,
    input: &AccountRequest,
) -> Result<Done<FundAccount>, Error> {
    let request = Request {
        command: "bank add",
        activity: Activity::BankAccountAdded,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.bank_account_at(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::Record)?;
            if write.has_code(Noun::BankAccount, input.code.as_str())? {
                return Err(Refused::Exists {
                    noun: "bank account",
                    code: input.code.clone(),
                }
                .into());
            }
            input.bank.check(None).map_err(Refused::from)?;
            let incomplete =
                || crate::store::Error::bug("a bank account without a bank or a number");
            let bank: BankAccount = input.bank.account().ok_or_else(incomplete)?;
            if let Some(account) = write.same_bank_account(&bank, input.currency, None)? {
                return Err(Refused::BankAccountKnown { account }.into());
            }
            let project = input
                .project
                .as_deref()
                .map(|project| write.resolve(Noun::Project, project))
                .transpose()?;
            let project = project
                .map(|number| write.project(number, AsOf::Now))
                .transpose()?;
            if let Some(project) = &project {
                bank::must_fit(input.currency, project)?;
            }
            let concern = Concern {
                project: project.as_ref().map(|project| project.project.id),
                ..Concern::default()
            };
            let changes = json!({
                "account": input.code,
                "bank_name": bank.bank_name,
                "bank_code": bank.bank_code,
                "currency": input.currency,
                "project": project.as_ref().map(|project| &project.project.code),
            });
            let project = concern.project;
            let new = NewBankAccount {
                code: input.code.clone(),
                bank,
                currency: input.currency,
                project,
            };
            let number = write.insert_bank_account(&new)?;
            write.record(Fact::new(Activity::BankAccountAdded, changes).about(concern))?;
            Ok((number, write.bank_account(number)?))
        },
    )
}

/// Lists the bank accounts, in order of their codes.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn list(ledger: &mut Ledger, as_of: AsOf, each: Sink<'_, FundAccount>) -> Result<(), Error> {
    ledger.read(|tx| {
        tx.bank_accounts(as_of)?
            .into_iter()
            .try_for_each(|account| each(account).map_err(Error::Output))
    })
}

/// Reads one bank account.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<FundAccount, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::BankAccount, given)?;
        Ok(tx.bank_account(number)?)
    })
}

/// Checks whether an account has lines that no run of the reconciliation has seen.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn has_unseen_lines(ledger: &mut Ledger, given: &str) -> Result<bool, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::BankAccount, given)?;
        let account = tx.bank_account(number)?.account.id;
        Ok(tx.has_lines_after_last_run(account, AsOf::Now)?)
    })
}

/// Lists the statements of an account, in order of their numbers.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn statements(
    ledger: &mut Ledger,
    given: &str,
    as_of: AsOf,
    each: Sink<'_, ImportedStatement>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::BankAccount, given, as_of)?;
        let account = tx.bank_account(number)?.account.id;
        tx.all_statements(account, as_of)?
            .into_iter()
            .try_for_each(|statement| each(statement).map_err(Error::Output))
    })
}

/// Lists the lines for which a match is proposed, of an account or of all, by booking date and then by
/// number, with whom the ledger says they pay.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn proposals(
    ledger: &mut Ledger,
    given: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, ProposedLine>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let account = match given {
            Some(given) => {
                let number = tx.resolve_at(Noun::BankAccount, given, as_of)?;
                Some(tx.bank_account(number)?.account.id)
            }
            None => None,
        };
        let filter = LineFilter {
            account,
            class: Some(Class::Proposed),
            ..LineFilter::default()
        };
        let mut lines = Vec::new();
        tx.each_line(&filter, as_of, |line| {
            lines.push(line);
            Ok::<_, Error>(())
        })?;
        for line in lines {
            let mut payees = Vec::with_capacity(line.classification.payments.len());
            for (withdrawal, _) in &line.classification.payments {
                payees.push(tx.proposed_payee(*withdrawal, as_of)?);
            }
            each(ProposedLine { line, payees }).map_err(Error::Output)?;
        }
        Ok(())
    })
}

/// Lists the lines of an account, by booking date and then by number.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn lines(
    ledger: &mut Ledger,
    (given, filter): (&str, Filter),
    as_of: AsOf,
    each: Sink<'_, BankLine>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::BankAccount, given, as_of)?;
        let account = Some(tx.bank_account(number)?.account.id);
        let Filter { class, from, to } = filter;
        tx.each_line(
            &LineFilter {
                account,
                from,
                to,
                class,
            },
            as_of,
            |line| each(line).map_err(Error::Output),
        )
    })
}
