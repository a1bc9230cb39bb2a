//! Imports of register files.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;

use super::{add_to_supply, differences::differences, insert, made_codes, project};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        code::{Code, ImportNumber},
        consent::{Consent, Questions},
        holdings::{ExistingHoldings, HolderTokens, HoldingChange},
        id::HolderRef,
        import::{MadeCode, RegisterImport},
        project::Project,
        quantity::{Tokens, Total},
        session::Session,
        time::LAST_DATE,
        token::{self, EntryKind, FoundRegister, Parties, check_balances, check_entry},
        user::Act,
    },
    intake::{
        self, BadLine, EntryRow, HolderCodes, LastRow, RepeatedHolders, SheetFile, SheetOptions,
        TokenContent, TokenFile, TokenOptions,
    },
    ops::{Error, requests},
    store::{self, Done, EntrySource, Ledger, NewEntry, NewHolder, NewImport, Request, WriteTx},
};

/// Whether an import adds holders that the ledger does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NewHolders {
    /// A line with an unknown holder is bad.
    Refuse,
    /// They are added, with their code as name if the file has none.
    Create,
}

/// A register file to be imported.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// The project.
    pub project: &'a str,
    /// The file.
    pub file: &'a SheetFile,
    /// How it is read.
    pub options: &'a TokenOptions,
    /// What to do about holders that the ledger does not know.
    pub new_holders: NewHolders,
    /// What a file of holdings does to holdings that there are.
    pub existing: ExistingHoldings,
}

/// Imports a register file: all of it or nothing. The same file again is not imported twice.
///
/// # Errors
/// [`Error::BadLines`] with every bad line, [`Refused::ImportDiffers`],
/// [`Refused::RegisterNotEmpty`], [`Refused::LastRowIsSum`] unless it was agreed to,
/// [`Refused::RegisterTooLarge`].
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    import: Import<'_>,
    consent: &Consent,
) -> Result<Done<RegisterImport>, Error> {
    let existing = import.existing;
    let file = intake::tokens(import.file, import.options)?;
    let file_hash = import.file.hash();
    let options = stored_options(&import);
    let request = Request {
        command: "token import",
        activity: Activity::TokensImported,
        input: &requests::TokenImport {
            project: import.project,
            file_hash,
            options: &options,
        },
    };
    ledger.write(
        session,
        request,
        |_, imported: RegisterImport, _| Ok(imported),
        |write| {
            write.actor.must(Act::Record)?;
            let project = project(write, import.project)?;
            write.concern.project = Some(project.project.id);
            let mut file = file;
            let codes = made_codes::settle(write, &mut file)?;
            let parsed = ParsedFile {
                file,
                codes,
                hash: file_hash,
                options: &options,
            };
            let known = write.token_import(project.project.id, parsed.hash, parsed.options)?;
            if let Some(known) = known {
                if known.options == options {
                    let imported = RegisterImport {
                        already_imported: true,
                        ..summary(&parsed.file, known.number)?
                    };
                    return Ok((imported.clone(), imported));
                }
                if existing != ExistingHoldings::Replace {
                    let (project, on) = (project.project.code, known.created_at.date());
                    return Err(Refused::ImportDiffers { project, on }.into());
                }
            }
            let imported = RegisterImport {
                codes: parsed.codes.clone(),
                ..import_once(write, &project, &parsed, import, consent)?
            };
            Ok((imported.clone(), imported))
        },
    )
}

/// Returns the stored form of how a file is imported, without what is usual.
fn stored_options(import: &Import<'_>) -> String {
    let TokenOptions {
        date,
        rounding,
        repeated,
        codes,
    } = import.options;
    let mut read = json!({
        "date": date,
        "columns": import.file.options().columns,
        "rounding": rounding,
    });
    let mut also = |name: &str, value: serde_json::Value| {
        if let Some(read) = read.as_object_mut() {
            read.insert(name.to_owned(), value);
        }
    };
    if *repeated == RepeatedHolders::AddUp {
        also("repeated", json!(repeated));
    }
    if *codes == HolderCodes::Made {
        also("codes", json!(codes));
    }
    let options = import.file.options();
    let sheet = SheetOptions {
        columns: intake::Renames::new(),
        ..options.clone()
    };
    if sheet != SheetOptions::default() {
        also("file", json!(sheet));
    }
    json!({ "read": read, "new_holders": import.new_holders, "existing": import.existing })
        .to_string()
}

/// A register file that was read, with what its import is known by.
struct ParsedFile<'a> {
    file: TokenFile,
    codes: Option<Vec<MadeCode>>,
    hash: &'a str,
    options: &'a str,
}

/// Imports a file that was not imported before.
fn import_once(
    write: &mut WriteTx<'_>,
    project: &Project,
    parsed: &ParsedFile<'_>,
    import: Import<'_>,
    consent: &Consent,
) -> Result<RegisterImport, Error> {
    let ParsedFile {
        file,
        hash,
        options,
        ..
    } = parsed;
    if file.entries.is_empty() {
        return Err(nothing_read(file));
    }
    let mut questions = Questions::new(consent);
    let replaced = if file.bad.is_empty() {
        admit(write, project, file, import.existing, &mut questions)?
    } else {
        None
    };
    let number = write.insert_token_import(&NewImport {
        project: project.project.id,
        file_hash: hash,
        options,
        tokens: sum(file.entries.iter().map(|row| row.tokens))?,
    })?;
    let number = ImportNumber::new(number);
    let recording = RowRecording {
        import: number,
        new_holders: import.new_holders,
    };
    let imported = match replaced {
        None => record_rows(write, project, file, recording)?,
        Some(changes) => {
            let begin = hash.get(..12).unwrap_or(hash);
            let reference = format!("{begin}-{}", number.number());
            let rows = differences(project, file, &changes, &reference)?;
            let read = summary(file, number)?;
            RegisterImport {
                rows: read.rows,
                tokens: read.tokens,
                changes: Some(changes),
                ..record_rows(write, project, &rows, recording)?
            }
        }
    };
    let mut changes =
        json!({ "project": project.project.code, "file": hash, "import": imported.brief() });
    questions.mark(&mut changes);
    write.record(Fact::new(Activity::TokensImported, changes).about(write.concern))?;
    Ok(imported)
}

/// Compares a file of holdings with the register, and asks about a last row that may be a row of
/// totals. Returns every holder if the register is to become the file.
fn admit(
    write: &mut WriteTx<'_>,
    project: &Project,
    file: &TokenFile,
    existing: ExistingHoldings,
    questions: &mut Questions<'_>,
) -> Result<Option<Vec<HoldingChange>>, Error> {
    let replaced = match file.content {
        TokenContent::Entries => None,
        TokenContent::Holdings(date) => {
            let given = held(&file.entries)?;
            let on_date = held_on(write, project, date)?;
            let later = if on_date.is_empty() {
                held_on(write, project, LAST_DATE)?
            } else {
                Vec::new()
            };
            let register = FoundRegister {
                date,
                on_date,
                later,
            };
            token::admit(&project.project.code, &register, &given, existing)?
        }
    };
    if let Some(LastRow {
        line,
        holder,
        tokens,
    }) = file.last_is_sum.clone()
    {
        questions.ask(Refused::LastRowIsSum {
            line,
            holder,
            tokens,
        })?;
    }
    Ok(replaced)
}

/// Adds up what the rows give to each holder.
fn held(rows: &[EntryRow]) -> Result<Vec<HolderTokens>, Error> {
    let (mut places, mut given) = (HashMap::new(), Vec::<HolderTokens>::new());
    for row in rows {
        let Some(holder) = row.parties.to() else {
            continue;
        };
        let key = holder.as_str().to_ascii_lowercase();
        let place = *places.entry(key).or_insert(given.len());
        match given.get_mut(place) {
            Some(known) => {
                let sum = known.tokens.checked_add(row.tokens);
                known.tokens = sum
                    .ok_or_else(|| store::Error::bug("the rows of a holder add up to too much"))?;
            }
            None => given.push(HolderTokens {
                holder: holder.clone(),
                tokens: row.tokens,
            }),
        }
    }
    Ok(given)
}

fn held_on(
    write: &mut WriteTx<'_>,
    project: &Project,
    day: crate::domain::time::Date,
) -> Result<Vec<HolderTokens>, Error> {
    let held = write.holdings(project.project.id, day)?.into_iter();
    let held = held.map(|holding| HolderTokens {
        holder: holding.holder.code,
        tokens: holding.tokens,
    });
    Ok(held.collect())
}

/// How rows are recorded.
#[derive(Clone, Copy)]
struct RowRecording {
    /// The import that they come with.
    import: ImportNumber,
    /// What to do about holders that the ledger does not know.
    new_holders: NewHolders,
}

/// Records the rows of a file, and returns what that did.
fn record_rows(
    write: &mut WriteTx<'_>,
    project: &Project,
    file: &TokenFile,
    recording: RowRecording,
) -> Result<RegisterImport, Error> {
    let holders_added = import_entries(write, project, file, recording)?;
    let entries = || file.entries.iter();
    add_to_supply(
        write,
        project,
        entries().map(|row| (row.parties.kind(), row.tokens)),
    )?;
    let sum_of = |kind: EntryKind| {
        let rows = entries().filter(|row| row.parties.kind() == kind);
        sum(rows.map(|row| row.tokens))
    };
    Ok(RegisterImport {
        added: u64::try_from(file.entries.len()).unwrap_or(u64::MAX),
        holders_added,
        tokens_issued: sum_of(EntryKind::Issue)?,
        tokens_redeemed: sum_of(EntryKind::Redeem)?,
        ..summary(file, recording.import)?
    })
}

/// Adds up what a file says, before anything is done.
fn summary(file: &TokenFile, import: ImportNumber) -> Result<RegisterImport, Error> {
    Ok(RegisterImport {
        import,
        already_imported: false,
        rows: file.rows + file.rows_left_out,
        added: 0,
        holders_added: 0,
        tokens: sum(file.entries.iter().map(|row| row.tokens))?,
        rows_cut: file.rows_cut,
        rows_left_out: file.rows_left_out,
        tokens_cut: file.tokens_cut.normalize().to_string(),
        tokens_issued: Total::ZERO,
        tokens_redeemed: Total::ZERO,
        changes: None,
        codes: None,
    })
}

fn sum(tokens: impl Iterator<Item = Tokens>) -> Result<Total, Error> {
    let sum: Option<Total> = tokens.sum();
    sum.ok_or_else(|| store::Error::bug("a file's tokens add up to too much").into())
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
            code: None,
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
    recording: RowRecording,
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
        importer.entry(write, project, row, recording)?;
        write.progress.advance(1);
    }
    write.progress.end();
    for (code, (holder, line)) in &importer.givers {
        let flows = write.flows(project.project.id, holder.id)?;
        if let Err(refused) = check_balances(code, flows) {
            if *line == 0 {
                // No line is to blame: the file does not list the holder.
                return Err(refused.into());
            }
            importer.bad.push(BadLine {
                code: None,
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
        recording: RowRecording,
    ) -> Result<(), Error> {
        let new_holders = recording.new_holders;
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
            source: EntrySource::Import(recording.import),
        };
        let inserted = check_entry(&parties, row.tokens)
            .map_err(Error::from)
            .and_then(|()| insert(write, project, &entry));
        match inserted {
            Ok(_) => {}
            Err(Error::Refused(refused)) => {
                self.bad.push(BadLine {
                    code: None,
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
                        tax: crate::domain::tax::TaxDetails::default(),
                        bank,
                    })?
                    .1
            }
            (None, NewHolders::Refuse) => {
                let reason = format!(
                    "there is no holder `{code}`; add it first, or give `--create-holders`"
                );
                self.bad.push(BadLine {
                    code: None,
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
