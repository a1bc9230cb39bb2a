//! The register of LP tokens: issue, transfer, redeem, import, read.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;

use super::{Error, Sink, requests};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        allocation::percentages,
        code::Code,
        hash::sha256_hex,
        id::HolderRef,
        import::RegisterImport,
        project::Project,
        quantity::{Tokens, Total},
        session::Session,
        time::Date,
        token::{
            EntryKind, Parties, RegisterLine, TokenEntry, check_balances, check_entry, check_supply,
        },
        user::Act,
    },
    intake::{self, BadLine, EntryRow, TokenFile, TokenOptions},
    store::{self, AsOf, Done, Ledger, NewEntry, NewHolder, NewImport, Noun, Request, WriteTx},
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

/// Whether an import adds holders that the ledger does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NewHolders {
    /// A line with an unknown holder is bad.
    Refuse,
    /// They are added, with their code as name if the file has none.
    Create,
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

/// Imports a register file: all of it or nothing. The same file again is not imported twice.
///
/// # Errors
/// [`Error::BadLines`] with every bad line, [`Refused::ImportDiffers`],
/// [`Refused::RegisterTooLarge`].
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    project: &str,
    bytes: &[u8],
    options: &TokenOptions,
    new_holders: NewHolders,
) -> Result<Done<RegisterImport>, Error> {
    let file = intake::tokens(bytes, options)?;
    let file_hash = sha256_hex(bytes);
    let options = json!({ "read": options, "new_holders": new_holders }).to_string();
    let request = Request {
        command: "token import",
        activity: Activity::TokensImported,
        input: &requests::TokenImport {
            project,
            file_hash: &file_hash,
            options: &options,
        },
    };
    ledger.write(
        session,
        request,
        |_, imported: RegisterImport, _| Ok(imported),
        |write| {
            write.actor.must(Act::Record)?;
            let project = self::project(write, project)?;
            write.concern.project = Some(project.project.id);
            let mut imported = summary(&file)?;
            if let Some(known) = write.token_import(project.project.id, &file_hash)? {
                if known.options != options {
                    let (project, on) = (project.project.code, known.created_at.date());
                    return Err(Refused::ImportDiffers { project, on }.into());
                }
                imported = RegisterImport {
                    already_imported: true,
                    added: 0,
                    ..imported
                };
                return Ok((imported.clone(), imported));
            }
            if imported.rows == 0 {
                return Err(nothing_read(&file));
            }
            let tokens = imported.tokens;
            write.insert_token_import(&NewImport {
                project: project.project.id,
                file_hash: &file_hash,
                options: &options,
                tokens,
            })?;
            imported.holders_added = import_entries(write, &project, &file, new_holders)?;
            add_to_supply(
                write,
                &project,
                file.entries
                    .iter()
                    .map(|row| (row.parties.kind(), row.tokens)),
            )?;
            let changes =
                json!({ "project": project.project.code, "file": file_hash, "import": imported });
            write.record(Fact::new(Activity::TokensImported, changes).about(write.concern))?;
            Ok((imported.clone(), imported))
        },
    )
}

fn summary(file: &TokenFile) -> Result<RegisterImport, Error> {
    let sum: Option<Total> = file.entries.iter().map(|row| row.tokens).sum();
    let added = u64::try_from(file.entries.len()).unwrap_or(u64::MAX);
    Ok(RegisterImport {
        already_imported: false,
        rows: added + file.rows_left_out,
        added,
        holders_added: 0,
        tokens: sum
            .ok_or_else(|| crate::store::Error::bug("a file's tokens add up to too much"))?,
        rows_cut: file.rows_cut,
        rows_left_out: file.rows_left_out,
        tokens_cut: file.tokens_cut.normalize().to_string(),
    })
}

/// The holders that a file names, and those among them who give tokens away.
struct EntryImporter<'f> {
    holders: HashMap<String, HolderRef>,
    givers: BTreeMap<Code, (HolderRef, u64)>,
    bad: Vec<BadLine>,
    refused: Option<Refused>,
    file: &'f TokenFile,
    added: u64,
}

/// Returns why nothing of a file can be imported: no import is recorded of it, so none of its rows is
/// judged further.
fn nothing_read(file: &TokenFile) -> Error {
    let mut lines = file.bad.clone();
    if lines.is_empty() {
        lines.push(BadLine {
            line: 0,
            column: None,
            reason: "the file has no row of tokens".to_owned(),
        });
    }
    Error::BadLines {
        lines,
        refused: None,
    }
}

fn import_entries(
    write: &mut WriteTx<'_>,
    project: &Project,
    file: &TokenFile,
    new_holders: NewHolders,
) -> Result<u64, Error> {
    let (holders, givers, bad) = (HashMap::new(), BTreeMap::new(), file.bad.clone());
    let mut importer = EntryImporter {
        holders,
        givers,
        bad,
        refused: None,
        file,
        added: 0,
    };
    write.progress.begin(
        "importing",
        u64::try_from(file.entries.len()).unwrap_or(u64::MAX),
    );
    for row in &importer.file.entries {
        importer.entry(write, project, row, new_holders)?;
        write.progress.advance(1);
    }
    write.progress.end();
    for (code, (holder, line)) in &importer.givers {
        let flows = write.flows(project.project.id, holder.id)?;
        if let Err(refused) = check_balances(code, flows) {
            importer.bad.push(BadLine {
                line: *line,
                column: Some("tokens".to_owned()),
                reason: refused.to_string(),
            });
            importer.refused.get_or_insert(refused);
        }
    }
    if importer.bad.is_empty() {
        return Ok(importer.added);
    }
    importer.bad.sort_by_key(|bad| bad.line);
    Err(Error::BadLines {
        lines: importer.bad,
        refused: importer.refused,
    })
}

impl EntryImporter<'_> {
    fn entry(
        &mut self,
        write: &mut WriteTx<'_>,
        project: &Project,
        row: &EntryRow,
        new_holders: NewHolders,
    ) -> Result<(), Error> {
        let parties = match &row.parties {
            Parties::Issue(to) => self
                .holder(write, row, "holder", to, new_holders)?
                .map(Parties::Issue),
            Parties::Redeem(from) => self
                .holder(write, row, "holder", from, NewHolders::Refuse)?
                .map(Parties::Redeem),
            Parties::Transfer(from, to) => {
                let from = self.holder(write, row, "holder", from, NewHolders::Refuse)?;
                let to = self.holder(write, row, "to", to, new_holders)?;
                from.zip(to).map(|(from, to)| Parties::Transfer(from, to))
            }
        };
        let Some(parties) = parties else {
            return Ok(());
        };
        let entry = NewEntry {
            project: project.project.id,
            parties: &parties,
            tokens: row.tokens,
            effective_date: row.date,
            reference: row.reference.as_deref(),
        };
        let inserted = check_entry(&parties, row.tokens)
            .map_err(Error::from)
            .and_then(|()| insert(write, project, &entry));
        match inserted {
            Ok(_) => {}
            Err(Error::Refused(refused)) => {
                self.bad.push(BadLine {
                    line: row.line,
                    column: None,
                    reason: refused.to_string(),
                });
                self.refused.get_or_insert(refused);
            }
            Err(error) => return Err(error),
        }
        if let Some(giver) = parties.from() {
            self.givers
                .entry(giver.code.clone())
                .or_insert_with(|| (giver.clone(), row.line));
        }
        Ok(())
    }

    fn holder(
        &mut self,
        write: &mut WriteTx<'_>,
        row: &EntryRow,
        column: &str,
        code: &Code,
        new_holders: NewHolders,
    ) -> Result<Option<HolderRef>, Error> {
        let key = code.as_str().to_ascii_lowercase();
        if let Some(known) = self.holders.get(&key) {
            return Ok(Some(known.clone()));
        }
        let found = match (write.holder_by_code(code)?, new_holders) {
            (Some(known), _) => known,
            (None, NewHolders::Create) => {
                let name = row.name.clone().unwrap_or_else(|| code.to_string());
                let bank = crate::domain::account::BankDetails::default();
                self.added += 1;
                write
                    .insert_holder(&NewHolder {
                        code: code.clone(),
                        name,
                        email: None,
                        country: None,
                        bank,
                    })?
                    .1
            }
            (None, NewHolders::Refuse) => {
                let reason = format!(
                    "there is no holder `{code}`; add it first, or give `--create-holders`"
                );
                self.bad.push(BadLine {
                    line: row.line,
                    column: Some(column.to_owned()),
                    reason,
                });
                return Ok(None);
            }
        };
        self.holders.insert(key, found.clone());
        Ok(Some(found))
    }
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
        let holder = holder
            .map(|holder| tx.resolve(Noun::Holder, holder))
            .transpose()?;
        let holder = holder
            .map(|number| tx.holder(number, AsOf::Now))
            .transpose()?
            .map(|holder| holder.holder.id);
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
