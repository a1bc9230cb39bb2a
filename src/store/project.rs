//! Projects in the ledger.

use std::{collections::HashMap, rc::Rc};

use rusqlite::{OptionalExtension as _, Row};

use super::{AsOf, Error, Tx, WriteTx, sql::Fields, user::one_row};
use crate::domain::{
    currency::Currency,
    id::{ProjectId, ProjectRef, UserId, UserRef},
    project::{Project, Supply},
};

const COLUMNS: &str = "number, id, code, name, currency, created_by, created_at, updated_at";

fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> rusqlite::Result<Project> {
    let mut fields = Fields::of(row);
    Ok(Project {
        number: fields.next()?,
        project: ProjectRef {
            id: fields.next()?,
            code: fields.next()?,
        },
        name: fields.next()?,
        currency: fields.next()?,
        created_by: fields.user(users)?,
        created_at: fields.next()?,
        updated_at: fields.next()?,
    })
}

impl Fields<'_, '_> {
    /// Reads the next column as a user's id and names the user.
    pub(super) fn user(&mut self, users: &HashMap<UserId, UserRef>) -> rusqlite::Result<UserRef> {
        let id: UserId = self.next()?;
        known(id, users)
    }

    /// Reads the next column as a user's id, where there is one, and names the user.
    pub(super) fn maybe_user(
        &mut self,
        users: &HashMap<UserId, UserRef>,
    ) -> rusqlite::Result<Option<UserRef>> {
        self.next::<Option<UserId>>()?
            .map(|id| known(id, users))
            .transpose()
    }
}

fn known(id: UserId, users: &HashMap<UserId, UserRef>) -> rusqlite::Result<UserRef> {
    users.get(&id).cloned().ok_or_else(|| {
        let problem = format!("no user has the id {id}").into();
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, problem)
    })
}

impl Tx<'_> {
    /// Reads a project by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn project(&mut self, number: i64, as_of: AsOf) -> Result<Project, Error> {
        let users = self.user_names()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE number = ?1",
            as_of.source("projects", COLUMNS)
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([number], |row| read(row, &users))?)
    }

    /// Reads all projects, in order of their codes.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn projects(&mut self, as_of: AsOf) -> Result<Vec<Project>, Error> {
        let users = self.user_names()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} ORDER BY code",
            as_of.source("projects", COLUMNS)
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map([], |row| read(row, &users))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Tells what a project's register ever issued and redeemed.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn supply(&mut self, project: ProjectId) -> Result<Supply, Error> {
        const SUPPLY: &str = "SELECT issued, redeemed FROM token_supplies WHERE project_id = ?1";
        let supply = self.conn.query_row(SUPPLY, [project], |row| {
            Ok(Supply {
                issued: row.get(0)?,
                redeemed: row.get(1)?,
            })
        });
        Ok(supply.optional()?.unwrap_or(Supply::NONE))
    }

    /// Reads the codes of all projects by id; there are few.
    pub(super) fn project_names(&mut self) -> Result<Rc<HashMap<ProjectId, ProjectRef>>, Error> {
        let projects = self.projects(AsOf::Now)?;
        Ok(Rc::new(
            projects
                .into_iter()
                .map(|project| (project.project.id, project.project))
                .collect(),
        ))
    }
}

impl WriteTx<'_> {
    /// Adds a project; answers the row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_project(
        &mut self,
        project: &ProjectRef,
        name: &str,
        currency: Currency,
    ) -> Result<i64, Error> {
        const INSERT: &str =
            "INSERT INTO projects (id, code, name, currency, created_by, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
        self.conn.execute(
            INSERT,
            (
                project.id,
                &project.code,
                name,
                currency,
                self.actor.user.id,
                self.now,
            ),
        )?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Renames a project.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_project(&mut self, number: i64, name: &str) -> Result<(), Error> {
        const UPDATE: &str = "UPDATE projects SET name = ?2, updated_at = ?3 WHERE number = ?1";
        self.keep_history("projects", COLUMNS, number)?;
        one_row(
            self.conn.execute(UPDATE, (number, name, self.now))?,
            "projects",
        )
    }

    /// Notes what a project's register has issued and redeemed.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn set_supply(&mut self, project: ProjectId, supply: Supply) -> Result<(), Error> {
        const SET: &str = "INSERT INTO token_supplies (project_id, issued, redeemed, updated_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (project_id) DO UPDATE SET issued = excluded.issued, redeemed = excluded.redeemed, updated_at = excluded.updated_at";
        self.keep_before("token_supplies", "project_id", project)?;
        self.conn
            .execute(SET, (project, supply.issued, supply.redeemed, self.now))?;
        Ok(())
    }
}
