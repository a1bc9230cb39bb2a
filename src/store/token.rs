//! The register of LP tokens in the ledger.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension as _, named_params};

use super::{
    AsOf, Error, Tx, WriteTx, holder,
    sql::{Day, Fields},
};
use crate::domain::{
    code::Code,
    id::{HolderId, HolderRef, ImportId, ProjectId, ProjectRef, TokenEntryId},
    quantity::{Tokens, Total},
    time::{Date, Instant},
    token::{Flow, Holding, Parties, TokenEntry},
};

const SELECT: &str = "SELECT t.number, t.id, t.kind, t.from_holder_id, f.code, t.to_holder_id, o.code, t.tokens,
    t.effective_date, t.reference, t.created_by, t.created_at FROM token_entries t
    LEFT JOIN lp_token_holders f ON f.id = t.from_holder_id LEFT JOIN lp_token_holders o ON o.id = t.to_holder_id";

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
}

/// An import that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// The options it was done with.
    pub options: String,
    /// When.
    pub created_at: Instant,
}

impl Tx<'_> {
    /// Reads the holdings of a project on a day: all entries effective on or before it. In byte
    /// order of holder code.
    ///
    /// Memory: linear in the project's holders.
    ///
    /// # Errors
    /// What the file refuses; [`Error::BadRow`] for a register that a rule would have refused.
    pub fn holdings(&mut self, project: ProjectId, day: Date) -> Result<Vec<Holding>, Error> {
        let balances = self.balances(project, day)?;
        let mut holdings = Vec::with_capacity(balances.len());
        const HOLDERS: &str = "SELECT id, code FROM lp_token_holders ORDER BY code COLLATE BINARY";
        let mut statement = self.conn.prepare(HOLDERS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let holder = HolderRef {
                id: row.get(0)?,
                code: row.get(1)?,
            };
            let Some(units) = balances.get(&holder.id).filter(|units| **units != 0) else {
                continue;
            };
            let tokens = Tokens::from_units(*units).ok_or_else(|| Error::BadRow {
                table: "token_entries",
                row: holder.code.to_string(),
                detail: format!("the holder's entries add up to {units} ten-millionths on {day}"),
            })?;
            holdings.push(Holding {
                holder,
                name: None,
                tokens,
            });
        }
        Ok(holdings)
    }

    /// Adds up the entries of each holder, in ten-millionths.
    fn balances(&self, project: ProjectId, day: Date) -> Result<HashMap<HolderId, i128>, Error> {
        const ENTRIES: &str = "SELECT from_holder_id, to_holder_id, tokens FROM token_entries
            WHERE project_id = ?1 AND effective_date <= ?2";
        let mut balances: HashMap<HolderId, i128> = HashMap::new();
        let mut statement = self.conn.prepare(ENTRIES)?;
        let mut rows = statement.query((project, Day(day)))?;
        while let Some(row) = rows.next()? {
            let (from, to): (Option<HolderId>, Option<HolderId>) = (row.get(0)?, row.get(1)?);
            let tokens: Tokens = row.get(2)?;
            // Fewer than 2^60 entries below 10^20 stay far below 2^127.
            if let Some(from) = from {
                *balances.entry(from).or_default() -= tokens.units();
            }
            if let Some(to) = to {
                *balances.entry(to).or_default() += tokens.units();
            }
        }
        Ok(balances)
    }

    /// Adds the holders' names, as they were known at `as_of`.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn name_holdings(&mut self, holdings: &mut [Holding], as_of: AsOf) -> Result<(), Error> {
        let source = as_of.source("lp_token_holders", holder::COLUMNS);
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT name FROM {source} WHERE id = ?1"))?;
        for holding in holdings {
            holding.name = statement
                .query_row([holding.holder.id], |row| row.get(0))
                .optional()?;
        }
        Ok(())
    }

    /// Tells how many tokens of each project a holder has on a day, by the entries known at
    /// `as_of`. In order of project code; projects of which nothing is left are not listed.
    ///
    /// # Errors
    /// What the file refuses; [`Error::BadRow`] for a register that a rule would have refused.
    pub fn tokens_of(
        &mut self,
        holder: &HolderRef,
        day: Date,
        as_of: AsOf,
    ) -> Result<Vec<(i64, Tokens)>, Error> {
        const ENTRIES: &str = "SELECT p.number, p.code, t.tokens, t.way FROM (
            SELECT project_id, tokens, 1 AS way FROM token_entries
             WHERE to_holder_id = :holder AND effective_date <= :day AND (:known IS NULL OR created_at <= :known)
            UNION ALL SELECT project_id, tokens, -1 FROM token_entries
             WHERE from_holder_id = :holder AND effective_date <= :day AND (:known IS NULL OR created_at <= :known)) t
            JOIN projects p ON p.id = t.project_id";
        let mut sums: BTreeMap<(Code, i64), i128> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(ENTRIES)?;
        let values =
            named_params! { ":holder": holder.id, ":day": Day(day), ":known": as_of.instant() };
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            let (number, code, tokens, way): (i64, Code, Tokens, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            // Fewer than 2^60 entries below 10^20 stay far below 2^127.
            *sums.entry((code, number)).or_default() += tokens.units() * i128::from(way);
        }
        let held = sums
            .into_iter()
            .filter(|(_, units)| *units != 0)
            .map(|((_, number), units)| {
                let tokens = Tokens::from_units(units).ok_or_else(|| Error::BadRow {
                    table: "token_entries",
                    row: holder.code.to_string(),
                    detail: format!(
                        "the holder's entries add up to {units} ten-millionths on {day}"
                    ),
                })?;
                Ok((number, tokens))
            });
        held.collect()
    }

    /// Tells how many tokens of a project are outstanding on a day, by the entries known at
    /// `as_of`.
    ///
    /// # Errors
    /// What the file refuses; [`Error::BadRow`] for a register that a rule would have refused.
    pub fn outstanding(
        &mut self,
        project: &ProjectRef,
        day: Date,
        as_of: AsOf,
    ) -> Result<Total, Error> {
        // What is kept beside the entries counts all of them, so only those are read that do not
        // count yet.
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
        let mut statement = self.conn.prepare_cached(not_yet)?;
        let mut rows = statement.query((project.id, Day(day), as_of.instant()))?;
        while let Some(row) = rows.next()? {
            let (tokens, issued): (Tokens, bool) = (row.get(0)?, row.get(1)?);
            units += if issued {
                -tokens.units()
            } else {
                tokens.units()
            };
        }
        Total::from_units(units).ok_or_else(|| Error::BadRow {
            table: "token_entries",
            row: project.code.to_string(),
            detail: format!("the project's entries add up to {units} ten-millionths on {day}"),
        })
    }

    /// Reads how a holder's tokens of a project moved, for the check of balances.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn flows(
        &mut self,
        project: ProjectId,
        holder: HolderId,
    ) -> Result<Vec<(Date, Flow)>, Error> {
        const FLOWS: &str = "SELECT effective_date, tokens, 1 FROM token_entries WHERE to_holder_id = ?1 AND project_id = ?2
            UNION ALL SELECT effective_date, tokens, 0 FROM token_entries WHERE from_holder_id = ?1 AND project_id = ?2";
        let mut statement = self.conn.prepare_cached(FLOWS)?;
        let rows = statement.query_map((holder, project), read_flow)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads how the tokens of a project came to be and ceased to be, for the check of what is
    /// outstanding.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn supply_flows(&mut self, project: ProjectId) -> Result<Vec<(Date, Flow)>, Error> {
        const FLOWS: &str = "SELECT effective_date, tokens, kind = 'issue' FROM token_entries
            WHERE project_id = ?1 AND kind <> 'transfer'";
        let mut statement = self.conn.prepare_cached(FLOWS)?;
        let rows = statement.query_map([project], read_flow)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads the entries of a project, or of one holder in it, in order of effective date and of
    /// recording.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
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
                "t.number IN (SELECT number FROM token_entries WHERE to_holder_id = :holder
                 UNION ALL SELECT number FROM token_entries WHERE from_holder_id = :holder)"
            }
            None => ":holder IS NULL",
        };
        let sql = format!(
            "{SELECT} WHERE t.project_id = :project AND {whose} AND (:until IS NULL OR t.effective_date <= :until)
             ORDER BY t.effective_date, t.number"
        );
        let users = self.user_names()?;
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        let values =
            named_params! { ":project": project.id, ":holder": holder, ":until": until.map(Day) };
        let mut rows = statement.query(values).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let entry = read_entry(row, project, &users).map_err(Error::from)?;
            each(entry)?;
        }
        Ok(())
    }

    /// Reads one entry by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn token_entry(&mut self, number: i64) -> Result<TokenEntry, Error> {
        const PROJECT: &str = "SELECT p.id, p.code FROM token_entries t JOIN projects p ON p.id = t.project_id WHERE t.number = ?1";
        let users = self.user_names()?;
        let project = self.conn.query_row(PROJECT, [number], |row| {
            Ok(ProjectRef {
                id: row.get(0)?,
                code: row.get(1)?,
            })
        })?;
        Ok(self
            .conn
            .query_row(&format!("{SELECT} WHERE t.number = ?1"), [number], |row| {
                read_entry(row, &project, &users)
            })?)
    }

    /// Tells whether a reference stands in a project's register.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn token_reference_used(
        &mut self,
        project: ProjectId,
        reference: &str,
    ) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM token_entries WHERE project_id = ?1 AND reference = ?2";
        Ok(self
            .conn
            .prepare_cached(FIND)?
            .exists((project, reference))?)
    }

    /// Finds the import of a file, by its hash.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn token_import(
        &mut self,
        project: ProjectId,
        file_hash: &str,
    ) -> Result<Option<ImportRow>, Error> {
        const FIND: &str = "SELECT options, created_at FROM token_imports WHERE project_id = ?1 AND file_hash = ?2";
        let row = self.conn.query_row(FIND, (project, file_hash), |row| {
            Ok(ImportRow {
                options: row.get(0)?,
                created_at: row.get(1)?,
            })
        });
        Ok(row.optional()?)
    }
}

fn read_flow(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Date, Flow)> {
    let (day, tokens): (Day, Tokens) = (row.get(0)?, row.get(1)?);
    Ok((
        day.0,
        if row.get(2)? {
            Flow::In(tokens)
        } else {
            Flow::Out(tokens)
        },
    ))
}

fn read_entry(
    row: &rusqlite::Row<'_>,
    project: &ProjectRef,
    users: &HashMap<crate::domain::id::UserId, crate::domain::id::UserRef>,
) -> rusqlite::Result<TokenEntry> {
    let mut fields = Fields::of(row);
    let (number, id, kind): (i64, TokenEntryId, String) =
        (fields.next()?, fields.next()?, fields.next()?);
    let mut party = || -> rusqlite::Result<Option<HolderRef>> {
        let id: Option<HolderId> = fields.next()?;
        let code: Option<Code> = fields.next()?;
        Ok(id.zip(code).map(|(id, code)| HolderRef { id, code }))
    };
    let (from, to) = (party()?, party()?);
    let parties = Parties::rebuild(&kind, from, to).ok_or_else(|| {
        let problem = format!("a `{kind}` with these parties").into();
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, problem)
    })?;
    Ok(TokenEntry {
        number,
        id,
        project: project.clone(),
        parties,
        tokens: fields.next()?,
        effective_date: fields.next::<Day>()?.0,
        reference: fields.next()?,
        created_by: fields.user(users)?,
        created_at: fields.next()?,
    })
}

impl WriteTx<'_> {
    /// Records an entry; answers the row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_token_entry(&mut self, entry: &NewEntry<'_>) -> Result<i64, Error> {
        const INSERT: &str =
            "INSERT INTO token_entries (id, project_id, kind, from_holder_id, to_holder_id, tokens,
            effective_date, reference, created_by, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let id: TokenEntryId = self.ids.make();
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                id,
                entry.project,
                entry.parties.kind().as_str(),
                entry.parties.from().map(|holder| holder.id),
                entry.parties.to().map(|holder| holder.id),
                entry.tokens,
                Day(entry.effective_date),
                entry.reference,
                self.actor.user.id,
                self.now,
            ])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Records that a file was imported.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_token_import(
        &mut self,
        project: ProjectId,
        file_hash: &str,
        options: &str,
        tokens: Total,
    ) -> Result<(), Error> {
        const INSERT: &str =
            "INSERT INTO token_imports (id, project_id, file_hash, options, tokens, created_by, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let id: ImportId = self.ids.make();
        self.conn.execute(
            INSERT,
            rusqlite::params![
                id,
                project,
                file_hash,
                options,
                tokens,
                self.actor.user.id,
                self.now
            ],
        )?;
        Ok(())
    }
}
