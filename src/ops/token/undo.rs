//! Undo: an import of register entries is taken back with entries that reverse its own.

use std::collections::BTreeMap;

use serde_json::json;

use super::{add_to_supply, insert};
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        code::Code,
        id::HolderRef,
        import::ImportedRegister,
        project::Project,
        session::Session,
        token::{TokenEntry, check_balances},
    },
    ops::{Error, Sink, requests},
    store::{AsOf, Done, EntrySource, Ledger, NewEntry, Noun, Request, WriteTx},
};

/// Takes the last import of a project back: each of its entries is reversed on its own date, and the
/// file can be imported again. Holders that it added stay.
///
/// # Errors
/// Those of [`ImportedRegister::undo`]; [`crate::domain::Refused::NegativeBalance`] if somebody gave
/// away on any day what the import brought; [`crate::domain::Refused::RegisterTooLarge`].
pub fn undo(
    ledger: &mut Ledger,
    session: Session,
    given: &str,
) -> Result<Done<ImportedRegister>, Error> {
    let request = Request {
        command: "token undo",
        activity: Activity::TokenImportUndone,
        input: &requests::TokenUndo { import: given },
    };
    ledger.write(
        session,
        request,
        |tx, number, _| Ok(tx.register_import(number)?),
        |write| {
            let number = write.resolve(Noun::Import, given)?;
            let import = write.register_import(number)?;
            write.concern = Concern {
                project: Some(import.project.id),
                ..Concern::default()
            };
            let used = write.use_of_import(&import)?;
            import.undo(&used, &write.actor)?;
            let project = write.resolve(Noun::Project, import.project.code.as_str())?;
            let project = write.project(project, AsOf::Now)?;
            let entries = write.entries_of_import(&import)?;
            reverse(write, &project, &entries)?;
            write.undo_register_import(&import)?;
            let changes = json!({
                "project": import.project.code,
                "import": import.number.to_string(),
                "entries": entries.len(),
                "imported_by": import.imported_by.code,
            });
            let fact = Fact::new(Activity::TokenImportUndone, changes);
            write.record(fact.about(write.concern))?;
            Ok((number, write.register_import(number)?))
        },
    )
}

/// Reverses entries, and checks every balance that this can make negative.
fn reverse(
    write: &mut WriteTx<'_>,
    project: &Project,
    entries: &[TokenEntry],
) -> Result<(), Error> {
    let mut givers: BTreeMap<Code, HolderRef> = BTreeMap::new();
    let total = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    write.progress.begin("reversing", total);
    for entry in entries {
        let parties = entry.parties.clone().reversed();
        let reversal = NewEntry {
            project: project.project.id,
            parties: &parties,
            tokens: entry.tokens,
            effective_date: entry.effective_date,
            reference: None,
            source: EntrySource::Reversal(entry.number),
        };
        insert(write, project, &reversal)?;
        if let Some(giver) = parties.from() {
            givers.insert(giver.code.clone(), giver.clone());
        }
        write.progress.advance(1);
    }
    write.progress.end();
    for (code, holder) in &givers {
        check_balances(code, write.flows(project.project.id, holder.id)?)?;
    }
    let reversed = entries.iter().map(|entry| {
        let parties = entry.parties.clone().reversed();
        (parties.kind(), entry.tokens)
    });
    add_to_supply(write, project, reversed)
}

/// Lists the imports of a project, in order of their numbers.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn imports(
    ledger: &mut Ledger,
    project: &str,
    as_of: AsOf,
    each: Sink<'_, ImportedRegister>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Project, project, as_of)?;
        let project = tx.project(number, AsOf::Now)?.project;
        tx.register_imports(&project, as_of)?
            .into_iter()
            .try_for_each(|import| each(import).map_err(Error::Output))
    })
}
