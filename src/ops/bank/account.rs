//! A bank account of the fund that changes.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        bank::{self, FundAccount},
        session::Session,
        user::Act,
    },
    ops::Error,
    store::{AsOf, BankAccountChange, Done, Ledger, Noun, Request, WriteTx},
};

/// A change of a bank account, as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct AccountChange {
    /// The account.
    pub account: String,
    /// The name of the bank.
    pub bank_name: Option<String>,
    /// Whose money it holds.
    pub project: Option<AccountProject>,
}

/// Whose money a bank account holds.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountProject {
    /// That of any project.
    Any,
    /// That of this project alone.
    Of(String),
}

/// Changes the bank's name or the project of a bank account. Its number and currency never change.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::BankAccountKnown`], [`Refused::BankProjectCurrency`];
/// [`Refused::BankProject`] if it pays the money of another project.
pub fn set(
    ledger: &mut Ledger,
    session: Session,
    input: &AccountChange,
) -> Result<Done<FundAccount>, Error> {
    let request = Request {
        command: "bank set",
        activity: Activity::BankAccountChanged,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.bank_account_at(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::BankAccount, &input.account)?;
            let before = write.bank_account(number)?;
            let after = changed(write, &before, input)?;
            if after == before {
                return Ok((number, before));
            }
            must_be_free(write, &before, &after)?;
            write.update_bank_account(&BankAccountChange {
                number,
                bank_name: after.bank.bank_name.clone(),
                project: after.project.as_ref().map(|project| project.id),
            })?;
            let code = |of: &FundAccount| of.project.as_ref().map(|project| project.code.clone());
            let changes = json!({
                "account": before.account.code,
                "bank_name": [before.bank.bank_name, after.bank.bank_name],
                "project": [code(&before), code(&after)],
            });
            let concern = Concern {
                project: after.project.as_ref().map(|project| project.id),
                ..Concern::default()
            };
            write.record(Fact::new(Activity::BankAccountChanged, changes).about(concern))?;
            Ok((number, write.bank_account(number)?))
        },
    )
}

/// Returns the account as it is to be.
fn changed(
    write: &mut WriteTx<'_>,
    before: &FundAccount,
    input: &AccountChange,
) -> Result<FundAccount, Error> {
    let mut after = before.clone();
    if let Some(name) = &input.bank_name {
        after.bank.bank_name.clone_from(name);
    }
    match &input.project {
        None => {}
        Some(AccountProject::Any) => after.project = None,
        Some(AccountProject::Of(given)) => {
            let project = write.resolve(Noun::Project, given)?;
            let project = write.project(project, AsOf::Now)?;
            bank::must_fit(before.currency, &project)?;
            after.project = Some(project.project);
        }
    }
    Ok(after)
}

/// Refuses an account that another one is already, or a project that it cannot be made that of.
fn must_be_free(
    write: &mut WriteTx<'_>,
    before: &FundAccount,
    after: &FundAccount,
) -> Result<(), Error> {
    let id = before.account.id;
    if let Some(account) = write.same_bank_account(&after.bank, after.currency, Some(id))? {
        return Err(Refused::BankAccountKnown { account }.into());
    }
    let own = after
        .project
        .as_ref()
        .filter(|_| after.project != before.project);
    let Some(own) = own else { return Ok(()) };
    match write.other_project_paid(id, own.id)? {
        Some(project) => Err(Refused::BankProject {
            account: before.account.code.clone(),
            own: own.code.clone(),
            project,
        }
        .into()),
        None => Ok(()),
    }
}
