//! The register of LP tokens: issue, transfer, redeem, import, read.

mod differences;
mod import;
mod made_codes;
mod undo;

pub use import::{Import, NewHolders, import};
pub use undo::{imports, undo};

use serde::Serialize;
use serde_json::json;

use super::{Error, Sink, named};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        allocation::percentages,
        id::HolderRef,
        project::Project,
        quantity::Tokens,
        session::Session,
        time::Date,
        token::{
            EntryKind, Parties, RegisterLine, TokenEntry, check_balances, check_entry, check_supply,
        },
        user::Act,
    },
    store::{self, AsOf, Done, EntrySource, Ledger, NewEntry, Noun, Request, WriteTx},
};

/// An entry as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// What it does.
    pub kind: EntryKind,
    /// The holder; of a transfer, who gives.
    pub holder: String,
    /// Who receives a transfer.
    pub to: Option<String>,
    /// How many tokens.
    pub tokens: Tokens,
    /// The project.
    pub project: String,
    /// From when it counts.
    pub date: Date,
    /// The reference.
    pub reference: Option<String>,
}

/// Records one entry.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::NoTokens`], [`Refused::SelfTransfer`],
/// [`Refused::NegativeBalance`], [`Refused::TokenReferenceUsed`], [`Refused::RegisterTooLarge`].
pub fn record(
    ledger: &mut Ledger,
    session: Session,
    input: &Input,
) -> Result<Done<TokenEntry>, Error> {
    let (command, activity) = match input.kind {
        EntryKind::Issue => ("token issue", Activity::TokensIssued),
        EntryKind::Transfer => ("token transfer", Activity::TokensTransferred),
        EntryKind::Redeem => ("token redeem", Activity::TokensRedeemed),
    };
    let request = Request {
        command,
        activity,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, _| Ok(tx.token_entry(number)?),
        |write| {
            write.actor.must(Act::Record)?;
            let project = project(write, &input.project)?;
            write.concern.project = Some(project.project.id);
            let holder = holder(write, &input.holder)?;
            let to = input
                .to
                .as_deref()
                .map(|to| self::holder(write, to))
                .transpose()?;
            let parties = match (input.kind, to) {
                (EntryKind::Issue, _) => Parties::Issue(holder),
                (EntryKind::Redeem, _) => Parties::Redeem(holder),
                (EntryKind::Transfer, Some(to)) => Parties::Transfer(holder, to),
                (EntryKind::Transfer, None) => {
                    return Err(crate::store::Error::bug("a transfer to nobody").into());
                }
            };
            check_entry(&parties, input.tokens)?;
            let entry = NewEntry {
                project: project.project.id,
                parties: &parties,
                tokens: input.tokens,
                effective_date: input.date,
                reference: input.reference.as_deref(),
                source: EntrySource::Command,
            };
            let number = insert(write, &project, &entry)?;
            check_giver(write, &project, &parties)?;
            add_to_supply(
                write,
                &project,
                std::iter::once((parties.kind(), input.tokens)),
            )?;
            let changes = json!({
                "project": project.project.code,
                "from": parties.from().map(|holder| &holder.code),
                "to": parties.to().map(|holder| &holder.code),
                "tokens": input.tokens,
                "date": input.date,
                "reference": input.reference,
            });
            write.record(Fact::new(activity, changes).about(write.concern))?;
            Ok((number, write.token_entry(number)?))
        },
    )
}

fn project(write: &mut WriteTx<'_>, given: &str) -> Result<Project, Error> {
    let number = write.resolve(Noun::Project, given)?;
    Ok(write.project(number, AsOf::Now)?)
}

fn holder(write: &mut WriteTx<'_>, given: &str) -> Result<HolderRef, Error> {
    let number = write.resolve(Noun::Holder, given)?;
    Ok(write.holder(number, AsOf::Now)?.holder)
}

fn insert(write: &mut WriteTx<'_>, project: &Project, entry: &NewEntry<'_>) -> Result<i64, Error> {
    if let Some(reference) = entry.reference
        && write.token_reference_used(project.project.id, reference)?
    {
        let (reference, project) = (reference.to_owned(), project.project.code.clone());
        return Err(Refused::TokenReferenceUsed { reference, project }.into());
    }
    Ok(write.insert_token_entry(entry)?)
}

/// Checks the one balance that an entry can make negative.
fn check_giver(
    write: &mut WriteTx<'_>,
    project: &Project,
    parties: &Parties<HolderRef>,
) -> Result<(), Error> {
    let Some(giver) = parties.from() else {
        return Ok(());
    };
    let flows = write.flows(project.project.id, giver.id)?;
    Ok(check_balances(&giver.code, flows)?)
}

/// Adds entries to what the project has issued and redeemed, and refuses more than decimal(20,7)
/// outstanding on any day.
fn add_to_supply(
    write: &mut WriteTx<'_>,
    project: &Project,
    entries: impl Iterator<Item = (EntryKind, Tokens)>,
) -> Result<(), Error> {
    let before = write.supply(project.project.id)?;
    let too_large = || store::Error::bug("the entries of a register add up to too much");
    let mut supply = before;
    for (kind, tokens) in entries {
        let sum = match kind {
            EntryKind::Issue => &mut supply.issued,
            EntryKind::Redeem => &mut supply.redeemed,
            EntryKind::Transfer => continue,
        };
        *sum = sum.checked_add(tokens.widen()).ok_or_else(too_large)?;
    }
    if supply != before {
        write.set_supply(project.project.id, supply)?;
    }
    if supply.may_be_too_large() {
        check_supply(
            &project.project.code,
            write.supply_flows(project.project.id)?,
        )?;
    }
    Ok(())
}

/// Lists the holdings of a project on a day, in order of holder code, with their part of all
/// tokens.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the sink fails; [`Refused::RegisterTooLarge`].
pub fn register(
    ledger: &mut Ledger,
    project: &str,
    day: Date,
    each: Sink<'_, RegisterLine>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Project, project)?;
        let project = tx.project(number, AsOf::Now)?.project;
        let mut holdings = tx.holdings(project.id, day)?;
        tx.name_holdings(&mut holdings, AsOf::Now)?;
        let tokens: Vec<Tokens> = holdings.iter().map(|holding| holding.tokens).collect();
        let parts = if tokens.is_empty() {
            Some(Vec::new())
        } else {
            percentages(&tokens)
        };
        let parts = parts.ok_or(Refused::RegisterTooLarge {
            project: project.code,
            date: day,
        })?;
        holdings
            .into_iter()
            .zip(parts)
            .map(|(holding, ownership)| RegisterLine { holding, ownership })
            .try_for_each(|line| each(line).map_err(Error::Output))
    })
}

/// Lists the entries of a project, or of one holder in it, in order of effective date and of
/// recording.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn history(
    ledger: &mut Ledger,
    project: &str,
    holder: Option<&str>,
    until: Option<Date>,
    each: Sink<'_, TokenEntry>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Project, project)?;
        let project = tx.project(number, AsOf::Now)?.project;
        let holder = named::holder(tx, holder, AsOf::Now)?;
        tx.each_entry(&project, holder, until, |entry| {
            each(entry).map_err(Error::Output)
        })
    })
}

/// Names what a step about a project concerns.
impl From<&Project> for Concern {
    fn from(project: &Project) -> Self {
        Self {
            project: Some(project.project.id),
            ..Self::default()
        }
    }
}
