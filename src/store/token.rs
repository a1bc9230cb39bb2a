//! The register of LP tokens in the ledger.

use std::collections::{BTreeMap, HashMap};

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, columns, first_column, insert},
    holder,
};
use crate::domain::{
    code::{Code, ImportNumber},
    id::{HolderId, HolderRef, ImportId, ProjectId, ProjectRef, TokenEntryId},
    quantity::{Tokens, Total},
    time::{Date, Instant},
    token::{Flow, Holding, Parties, ReversedEntry, TokenEntry},
};

columns! {
    const COLUMNS, fn read(project: &ProjectRef): TokenEntry {
        number: "t.number",
        id: "t.id",
        project: ("t.project_id" = project.clone()),
        parties: ("t.kind, t.from_holder_id, f.code, t.to_holder_id, o.code" => read_parties),
        tokens: "t.tokens",
        effective_date: "t.effective_date",
        reference: "t.reference",
        import: "t.import_number",
        reverses: ("v.id, v.import_number" => read_reversed),
        created_by: "t.created_by",
        created_at: "t.created_at",
    }
}

const FROM: &str = "FROM token_entries t
    LEFT JOIN token_entries v ON v.number = t.reverses
    LEFT JOIN lp_token_holders f ON f.id = t.from_holder_id
    LEFT JOIN lp_token_holders o ON o.id = t.to_holder_id";

/// An entry to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry<'a> {
    /// The project.
    pub project: ProjectId,
    /// The kind and its parties.
    pub parties: &'a Parties<HolderRef>,
    /// How many tokens.
    pub tokens: Tokens,
    /// From when it counts.
    pub effective_date: Date,
    /// The administrator's reference.
    pub reference: Option<&'a str>,
    /// Where it comes from.
    pub source: EntrySource,
}

/// Where a register entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntrySource {
    /// A command of its own.
    Command,
    /// A file.
    Import(ImportNumber),
    /// It takes back the entry of this row number.
    Reversal(i64),
}

/// An import to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewImport<'a> {
    /// The project.
    pub project: ProjectId,
    /// The hash of the file.
    pub file_hash: &'a str,
    /// The options it is done with.
    pub options: &'a str,
    /// How many tokens they bring.
    pub tokens: Total,
}

/// An import that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Its number.
    pub number: ImportNumber,
    /// The options it was done with.
    pub options: String,
    /// When.
    pub created_at: Instant,
}

fn read_parties(row: &mut Row<'_>, codes: &Codes) -> Result<Parties<HolderRef>, Error> {
    let number: i64 = row.get(0)?;
    let kind: String = row.next()?;
    let (from, to): (Option<HolderRef>, Option<HolderRef>) = (row.read(codes)?, row.read(codes)?);
    Parties::rebuild(&kind, from, to).ok_or_else(|| Error::BadRow {
        table: "token_entries",
        row: number.to_string(),
        detail: format!("a `{kind}` has other parties"),
    })
}

fn read_reversed(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<ReversedEntry>, Error> {
    let id: Option<TokenEntryId> = row.next()?;
    let import = row.next()?;
    Ok(id.map(|id| ReversedEntry { id, import }))
}

fn read_flow(row: &mut Row<'_>) -> Result<(Date, Flow), Error> {
    let (day, tokens) = (row.next()?, row.next()?);
    let flow = if row.next()? {
        Flow::In(tokens)
    } else {
        Flow::Out(tokens)
    };
    Ok((day, flow))
}

/// Returns a sum of entries as a number of tokens, which it is unless another program wrote them.
fn checked<T>(tokens: Option<T>, units: i128, whose: &Code, day: Date) -> Result<T, Error> {
    tokens.ok_or_else(|| Error::BadRow {
        table: "token_entries",
        row: whose.to_string(),
        detail: format!("the entries add up to {units} ten-millionths on {day}"),
    })
}

impl Tx<'_> {
    /// Reads the holdings of a project on a day: all entries effective on or before it. In byte
    /// order of holder code.
    ///
    /// Memory: linear in the project's holders.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read; [`Error::BadRow`] if no rule allows its register.
    pub fn holdings(&mut self, project: ProjectId, day: Date) -> Result<Vec<Holding>, Error> {
        const HOLDERS: &str = "SELECT id, code FROM lp_token_holders ORDER BY code COLLATE BINARY";
        let balances = self.balances(project, day)?;
        let mut holdings = Vec::with_capacity(balances.len());
        self.db.each(HOLDERS, (), |row| {
            let id: HolderId = row.next()?;
            let Some(units) = balances.get(&id).copied().filter(|units| *units != 0) else {
                return Ok(());
            };
            let holder = HolderRef {
                id,
                code: row.next()?,
            };
            let tokens = checked(Tokens::from_units(units), units, &holder.code, day)?;
            holdings.push(Holding {
                holder,
                name: None,
                tokens,
            });
            Ok::<_, Error>(())
        })?;
        Ok(holdings)
    }

    /// Adds up the entries of each holder, in ten-millionths.
    fn balances(&self, project: ProjectId, day: Date) -> Result<HashMap<HolderId, i128>, Error> {
        const ENTRIES: &str = "SELECT from_holder_id, to_holder_id, tokens FROM token_entries
            WHERE project_id = ?1 AND effective_date <= ?2";
        let mut balances: HashMap<HolderId, i128> = HashMap::new();
        self.db.each(ENTRIES, (project, day), |row| {
            let (from, to): (Option<HolderId>, Option<HolderId>) = (row.next()?, row.next()?);
            let tokens: Tokens = row.next()?;
            // Fewer than 2^60 entries below 10^20 stay far below 2^127.
            if let Some(from) = from {
                *balances.entry(from).or_default() -= tokens.units();
            }
            if let Some(to) = to {
                *balances.entry(to).or_default() += tokens.units();
            }
            Ok::<_, Error>(())
        })?;
        Ok(balances)
    }

    /// Adds the holders' names, as they were known at `as_of`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn name_holdings(&mut self, holdings: &mut [Holding], as_of: AsOf) -> Result<(), Error> {
        let source = as_of.source("lp_token_holders", holder::TABLE_COLUMNS);
        let sql = format!("SELECT name FROM {source} WHERE id = ?1");
        let mut statement = self.db.statement(&sql)?;
        for holding in holdings {
            holding.name = statement.query_optional([holding.holder.id], first_column)?;
        }
        Ok(())
    }

    /// Reads how many tokens of each project a holder has on a day, by the entries known at
    /// `as_of`. In order of project code; projects of which nothing is left are not listed.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read; [`Error::BadRow`] if no rule allows its register.
    pub fn tokens_of(
        &mut self,
        holder: &HolderRef,
        day: Date,
        as_of: AsOf,
    ) -> Result<Vec<(i64, Tokens)>, Error> {
        const ENTRIES: &str = "SELECT p.number, p.code, t.tokens, t.way FROM (
            SELECT project_id, tokens, 1 AS way FROM token_entries
             WHERE to_holder_id = ?1 AND effective_date <= ?2 AND (?3 IS NULL OR created_at <= ?3)
            UNION ALL SELECT project_id, tokens, -1 FROM token_entries
             WHERE from_holder_id = ?1 AND effective_date <= ?2 AND (?3 IS NULL OR created_at <= ?3)) t
            JOIN projects p ON p.id = t.project_id";
        let mut sums: BTreeMap<(Code, i64), i128> = BTreeMap::new();
        let values = (holder.id, day, as_of.instant());
        self.db.each(ENTRIES, values, |row| {
            let (number, code) = (row.next()?, row.next()?);
            let (tokens, way): (Tokens, i64) = (row.next()?, row.next()?);
            // Fewer than 2^60 entries below 10^20 stay far below 2^127.
            *sums.entry((code, number)).or_default() += tokens.units() * i128::from(way);
            Ok::<_, Error>(())
        })?;
        let left = sums.into_iter().filter(|(_, units)| *units != 0);
        left.map(|((_, number), units)| {
            let tokens = checked(Tokens::from_units(units), units, &holder.code, day)?;
            Ok((number, tokens))
        })
        .collect()
    }

    /// Returns how many tokens of a project are outstanding on a day, by the entries known at
    /// `as_of`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read; [`Error::BadRow`] if no rule allows its register.
    pub fn outstanding(
        &mut self,
        project: &ProjectRef,
        day: Date,
        as_of: AsOf,
    ) -> Result<Total, Error> {
        // The supply that is kept counts all entries, so only those are read that do not count yet.
        const NOT_YET: &str = "SELECT tokens, kind = 'issue' FROM token_entries
            WHERE project_id = ?1 AND kind <> 'transfer' AND effective_date > ?2 AND ?3 IS NULL";
        // For a past day, those that were recorded later are among them, which no index finds.
        const NOT_YET_THEN: &str = "SELECT tokens, kind = 'issue' FROM token_entries
            WHERE project_id = ?1 AND kind <> 'transfer' AND (effective_date > ?2 OR created_at > ?3)";
        let not_yet = if as_of == AsOf::Now {
            NOT_YET
        } else {
            NOT_YET_THEN
        };
        let supply = self.supply(project.id)?;
        let mut units = supply.issued.units() - supply.redeemed.units();
        let values = (project.id, day, as_of.instant());
        self.db.each(not_yet, values, |row| {
            let (tokens, issued): (Tokens, bool) = (row.next()?, row.next()?);
            units += if issued {
                -tokens.units()
            } else {
                tokens.units()
            };
            Ok::<_, Error>(())
        })?;
        checked(Total::from_units(units), units, &project.code, day)
    }

    /// Reads how a holder's tokens of a project moved, for the check of balances.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn flows(
        &mut self,
        project: ProjectId,
        holder: HolderId,
    ) -> Result<Vec<(Date, Flow)>, Error> {
        const FLOWS: &str = "SELECT effective_date, tokens, 1 FROM token_entries WHERE to_holder_id = ?1 AND project_id = ?2
            UNION ALL SELECT effective_date, tokens, 0 FROM token_entries WHERE from_holder_id = ?1 AND project_id = ?2";
        self.db.query(FLOWS, (holder, project), read_flow)
    }

    /// Reads how the tokens of a project came to be and ceased to be, for the check of what is
    /// outstanding.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn supply_flows(&mut self, project: ProjectId) -> Result<Vec<(Date, Flow)>, Error> {
        const FLOWS: &str = "SELECT effective_date, tokens, kind = 'issue' FROM token_entries
            WHERE project_id = ?1 AND kind <> 'transfer'";
        self.db.query(FLOWS, [project], read_flow)
    }

    /// Hands the entries of a project, or of one holder in it, to `each`, in order of effective
    /// date and of recording.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_entry<E: From<Error>>(
        &mut self,
        project: &ProjectRef,
        holder: Option<HolderId>,
        until: Option<Date>,
        mut each: impl FnMut(TokenEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        // Each side of a holder's entries has an index of its own; without a holder all of the
        // project is read.
        let whose = match holder {
            Some(_) => {
                "t.number IN (SELECT number FROM token_entries WHERE to_holder_id = ?2
                 UNION ALL SELECT number FROM token_entries WHERE from_holder_id = ?2)"
            }
            None => "?2 IS NULL",
        };
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE t.project_id = ?1 AND {whose}
               AND (?3 IS NULL OR t.effective_date <= ?3) ORDER BY t.effective_date, t.number"
        );
        self.db.each(&sql, (project.id, holder, until), |row| {
            each(read(row, &codes, project)?)
        })
    }

    /// Reads one entry by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn token_entry(&mut self, number: i64) -> Result<TokenEntry, Error> {
        const PROJECT: &str = "SELECT p.id, p.code FROM token_entries t
            JOIN projects p ON p.id = t.project_id WHERE t.number = ?1";
        let codes = self.codes()?;
        let project = self
            .db
            .query_one(PROJECT, [number], |row| row.read(&codes))?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE t.number = ?1");
        self.db
            .query_one(&sql, [number], |row| read(row, &codes, &project))
    }

    /// Returns whether a project's register has an entry with a reference that is not reversed.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn token_reference_used(
        &mut self,
        project: ProjectId,
        reference: &str,
    ) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM token_entries t WHERE project_id = ?1 AND reference = ?2
            AND NOT EXISTS (SELECT 1 FROM token_entries r WHERE r.reverses = t.number)";
        self.db.exists(FIND, (project, reference))
    }

    /// Finds the import of a file that was not taken back, by its hash: the one with these options, else the first one.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn token_import(
        &mut self,
        project: ProjectId,
        file_hash: &str,
        options: &str,
    ) -> Result<Option<ImportRow>, Error> {
        const FIND: &str = "SELECT number, options, created_at FROM token_imports
            WHERE project_id = ?1 AND file_hash = ?2 AND undone_at IS NULL
            ORDER BY options = ?3 DESC, number LIMIT 1";
        self.db
            .query_optional(FIND, (project, file_hash, options), |row| {
                Ok(ImportRow {
                    number: row.next()?,
                    options: row.next()?,
                    created_at: row.next()?,
                })
            })
    }
}

impl WriteTx<'_> {
    /// Records an entry; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_token_entry(&mut self, entry: &NewEntry<'_>) -> Result<i64, Error> {
        insert!(self.db, "token_entries" {
            "id": self.ids.make::<TokenEntryId>(),
            "project_id": entry.project,
            "kind": entry.parties.kind(),
            "from_holder_id": entry.parties.from().map(|holder| holder.id),
            "to_holder_id": entry.parties.to().map(|holder| holder.id),
            "tokens": entry.tokens,
            "effective_date": entry.effective_date,
            "reference": entry.reference,
            "import_number": match entry.source {
                EntrySource::Import(number) => Some(number),
                EntrySource::Command | EntrySource::Reversal(_) => None,
            },
            "reverses": match entry.source {
                EntrySource::Reversal(number) => Some(number),
                EntrySource::Command | EntrySource::Import(_) => None,
            },
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
    }

    /// Records that a file was imported; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_token_import(&mut self, new: &NewImport<'_>) -> Result<i64, Error> {
        insert!(self.db, "token_imports" {
            "id": self.ids.make::<ImportId>(),
            "project_id": new.project,
            "file_hash": new.file_hash,
            "options": new.options,
            "tokens": new.tokens,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
    }
}
