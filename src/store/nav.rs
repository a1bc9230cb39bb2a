//! Net asset values in the ledger.

use rusqlite::{OptionalExtension as _, named_params};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Day, Fields},
};
use crate::domain::{
    id::{ProjectId, ProjectRef},
    nav::Nav,
    quantity::Amount,
    time::Date,
};

impl Tx<'_> {
    /// Reads a project's values with dates up to `until`, in order of date and of recording.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn navs(&mut self, project: &ProjectRef, until: Option<Date>) -> Result<Vec<Nav>, Error> {
        const NAVS: &str = "SELECT number, nav_date, amount, created_by, created_at FROM project_navs
            WHERE project_id = :project AND (:until IS NULL OR nav_date <= :until) ORDER BY nav_date, number";
        let users = self.user_names()?;
        let mut statement = self.conn.prepare(NAVS)?;
        let values = named_params! { ":project": project.id, ":until": until.map(Day) };
        let rows = statement.query_map(values, |row| {
            let mut fields = Fields::of(row);
            Ok(Nav {
                number: fields.next()?,
                project: project.clone(),
                nav_date: fields.next::<Day>()?.0,
                amount: fields.next()?,
                created_by: fields.user(&users)?,
                created_at: fields.next()?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads the value that counts on a day and its date: the last one dated on or before it, as it
    /// was known at `as_of`.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn nav_on(
        &mut self,
        project: ProjectId,
        day: Date,
        as_of: AsOf,
    ) -> Result<Option<(Date, Amount)>, Error> {
        const NAV: &str = "SELECT nav_date, amount FROM project_navs WHERE project_id = :project AND nav_date <= :day
            AND (:known IS NULL OR created_at <= :known) ORDER BY nav_date DESC, number DESC LIMIT 1";
        let values =
            named_params! { ":project": project, ":day": Day(day), ":known": as_of.instant() };
        let found = self.conn.query_row(NAV, values, |row| {
            Ok((row.get::<_, Day>(0)?.0, row.get(1)?))
        });
        Ok(found.optional()?)
    }
}

impl WriteTx<'_> {
    /// Records a value; answers the row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_nav(
        &mut self,
        project: ProjectId,
        day: Date,
        amount: Amount,
    ) -> Result<i64, Error> {
        const INSERT: &str =
            "INSERT INTO project_navs (id, project_id, nav_date, amount, created_by, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let id: uuid::Uuid = self.ids.make();
        self.conn.execute(
            INSERT,
            (
                id.to_string(),
                project,
                Day(day),
                amount,
                self.actor.user.id,
                self.now,
            ),
        )?;
        Ok(self.conn.last_insert_rowid())
    }
}
