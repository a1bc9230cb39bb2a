//! Imports of register files in the ledger, and taking them back.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, columns, update},
};
use crate::domain::{
    code::Code,
    event::Approval,
    id::{ProjectRef, UserRef},
    import::{ImportUse, ImportedRegister},
    time::{Date, Instant},
    token::TokenEntry,
};

columns! {
    const COLUMNS, fn read(project: &ProjectRef): ImportedRegister {
        number: "i.number",
        id: "i.id",
        project: ("i.project_id" = project.clone()),
        file_hash: "i.file_hash",
        entries: "(SELECT count(*) FROM token_entries t WHERE t.import_number = i.number)",
        tokens: "i.tokens",
        imported_by: "i.created_by",
        imported_at: "i.created_at",
        undone: ("i.undone_by, i.undone_at" => read_undone),
    }
}

fn read_undone(row: &mut Row<'_>, codes: &Codes) -> Result<Option<Approval>, Error> {
    let by = row.read::<Option<UserRef>>(codes)?;
    let at: Option<Instant> = row.next()?;
    Ok(by.zip(at).map(|(by, at)| Approval { by, at }))
}

impl Tx<'_> {
    /// Reads the imports of a project, in order of their numbers, as they were known at `as_of`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn register_imports(
        &mut self,
        project: &ProjectRef,
        as_of: AsOf,
    ) -> Result<Vec<ImportedRegister>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM token_imports i
             WHERE i.project_id = ?1 AND (?2 IS NULL OR i.created_at <= ?2) ORDER BY i.number"
        );
        let values = (project.id, as_of.instant());
        let mut imports = self
            .db
            .query(&sql, values, |row| read(row, &codes, project))?;
        if let AsOf::At(at) = as_of {
            for import in &mut imports {
                import.undone = import.undone.take().filter(|undone| undone.at <= at);
            }
        }
        Ok(imports)
    }

    /// Reads one import by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn register_import(&mut self, number: i64) -> Result<ImportedRegister, Error> {
        const PROJECT: &str = "SELECT p.id, p.code FROM token_imports i
            JOIN projects p ON p.id = i.project_id WHERE i.number = ?1";
        let codes = self.codes()?;
        let project = self
            .db
            .query_one(PROJECT, [number], |row| row.read(&codes))?;
        let sql = format!("SELECT {COLUMNS} FROM token_imports i WHERE i.number = ?1");
        self.db
            .query_one(&sql, [number], |row| read(row, &codes, &project))
    }

    /// Reads what depends on an import: the last import of the project, and the approved events whose
    /// register it is part of.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn use_of_import(&mut self, import: &ImportedRegister) -> Result<ImportUse, Error> {
        const LATER: &str = "SELECT max(number) FROM token_imports
            WHERE project_id = ?1 AND number > ?2 AND undone_at IS NULL";
        const FIRST: &str =
            "SELECT min(effective_date) FROM token_entries WHERE import_number = ?1";
        const EVENTS: &str = "SELECT code FROM distribution_events
            WHERE project_id = ?1 AND status IN ('active', 'completed') AND history_proposal IS NULL AND snapshot_date >= ?2
              AND approved_at > ?3 ORDER BY number";
        let later = self.db.value(LATER, (import.project.id, import.number))?;
        let first: Option<Date> = self.db.value(FIRST, [import.number])?;
        let events: Vec<Code> = match first {
            Some(first) => {
                let values = (import.project.id, first, import.imported_at);
                self.db.values(EVENTS, values)?
            }
            None => Vec::new(),
        };
        Ok(ImportUse { later, events })
    }

    /// Reads the entries that came with an import, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn entries_of_import(
        &mut self,
        import: &ImportedRegister,
    ) -> Result<Vec<TokenEntry>, Error> {
        const NUMBERS: &str =
            "SELECT number FROM token_entries WHERE import_number = ?1 ORDER BY number";
        let numbers: Vec<i64> = self.db.values(NUMBERS, [import.number])?;
        numbers
            .into_iter()
            .map(|number| self.token_entry(number))
            .collect()
    }
}

impl WriteTx<'_> {
    /// Records that an import was taken back.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn undo_register_import(&mut self, import: &ImportedRegister) -> Result<(), Error> {
        update!(self.db, "token_imports" set {
            "undone_by": self.actor.user.id,
            "undone_at": self.now,
        } where { "number": import.number, "undone_at": None::<Instant> })
    }
}
