//! Net asset values in the ledger.

use uuid::Uuid;

use super::{AsOf, Error, Tx, WriteTx, db::insert};
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
    /// [`Error`] if the ledger cannot be read.
    pub fn navs(&mut self, project: &ProjectRef, until: Option<Date>) -> Result<Vec<Nav>, Error> {
        const NAVS: &str =
            "SELECT number, nav_date, amount, created_by, created_at FROM project_navs
            WHERE project_id = ?1 AND (?2 IS NULL OR nav_date <= ?2) ORDER BY nav_date, number";
        let codes = self.codes()?;
        self.db.query(NAVS, (project.id, until), |row| {
            Ok(Nav {
                number: row.next()?,
                project: project.clone(),
                nav_date: row.next()?,
                amount: row.next()?,
                created_by: row.read(&codes)?,
                created_at: row.next()?,
            })
        })
    }

    /// Reads the value that counts on a day and its date: the last one dated on or before it, as it
    /// was known at `as_of`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn nav_on(
        &mut self,
        project: ProjectId,
        day: Date,
        as_of: AsOf,
    ) -> Result<Option<(Date, Amount)>, Error> {
        const NAV: &str = "SELECT nav_date, amount FROM project_navs
            WHERE project_id = ?1 AND nav_date <= ?2 AND (?3 IS NULL OR created_at <= ?3)
            ORDER BY nav_date DESC, number DESC LIMIT 1";
        let values = (project, day, as_of.instant());
        self.db
            .query_optional(NAV, values, |row| Ok((row.next()?, row.next()?)))
    }
}

impl WriteTx<'_> {
    /// Records a value; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_nav(
        &mut self,
        project: ProjectId,
        day: Date,
        amount: Amount,
    ) -> Result<i64, Error> {
        insert!(self.db, "project_navs" {
            "id": self.ids.make::<Uuid>(),
            "project_id": project,
            "nav_date": day,
            "amount": amount,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
    }
}
