//! Projects in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromRow as _, Row, columns, insert, update},
    tax_profile::read_reference,
};
use crate::domain::{
    currency::Currency,
    id::{ProjectId, ProjectRef, UserRef},
    project::{Project, STALE_AFTER, Supply},
    quantity::Amount,
    tax::profile::TaxProfileRef,
    time::Instant,
};

columns! {
    const COLUMNS, fn read: Project {
        number: "number",
        project: (ProjectRef { id: "id", code: "code" }),
        name: "name",
        currency: "currency",
        minimum_payout: "minimum_payout",
        stale_after: "stale_after",
        tax_profile: ("tax_profile, tax_profile_hash" => read_reference),
        tax_profile_set: ("tax_profile_by, tax_profile_at" => read_profile_set),
        created_by: "created_by",
        created_at: "created_at",
        updated_at: "updated_at",
    }
}

fn read_profile_set(row: &mut Row<'_>, codes: &Codes) -> Result<Option<(UserRef, Instant)>, Error> {
    let by = Option::<UserRef>::from_row(row, codes)?;
    Ok(by.zip(row.next()?))
}

/// A project's row as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectChange {
    /// The row number.
    pub number: i64,
    /// The name.
    pub name: String,
    /// What a holder must be owed before it is paid.
    pub minimum_payout: Amount,
    /// After how many days an amount carried forward is pointed out.
    pub stale_after: i64,
    /// The rates of its withholding tax.
    pub tax_profile: Option<TaxProfileRef>,
    /// Who chose or removed it last, and when.
    pub tax_profile_set: Option<(UserRef, Instant)>,
}

impl Tx<'_> {
    /// Reads a project by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn project(&mut self, number: i64, as_of: AsOf) -> Result<Project, Error> {
        let codes = self.codes()?;
        let source = as_of.source("projects", COLUMNS);
        let sql = format!("SELECT {COLUMNS} FROM {source} WHERE number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads all projects, in order of their codes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn projects(&mut self, as_of: AsOf) -> Result<Vec<Project>, Error> {
        let codes = self.codes()?;
        let source = as_of.source("projects", COLUMNS);
        let sql = format!("SELECT {COLUMNS} FROM {source} ORDER BY code");
        self.db.query(&sql, (), |row| read(row, &codes))
    }

    /// Reads what a project's register ever issued and redeemed.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn supply(&mut self, project: ProjectId) -> Result<Supply, Error> {
        const SUPPLY: &str = "SELECT issued, redeemed FROM token_supplies WHERE project_id = ?1";
        let supply = self.db.query_optional(SUPPLY, [project], |row| {
            Ok(Supply {
                issued: row.next()?,
                redeemed: row.next()?,
            })
        });
        Ok(supply?.unwrap_or(Supply::NONE))
    }
}

impl Tx<'_> {
    /// Reads a project by id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn project_by_id(&mut self, id: ProjectId) -> Result<Project, Error> {
        const NUMBER: &str = "SELECT number FROM projects WHERE id = ?1";
        let number = self.db.value(NUMBER, [id])?;
        self.project(number, AsOf::Now)
    }
}

impl WriteTx<'_> {
    /// Adds a project; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_project(
        &mut self,
        project: &ProjectRef,
        name: &str,
        currency: Currency,
    ) -> Result<i64, Error> {
        insert!(self.db, "projects" {
            "id": project.id,
            "code": project.code,
            "name": name,
            "currency": currency,
            "minimum_payout": Amount::ZERO,
            "stale_after": STALE_AFTER,
            "created_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })
    }

    /// Changes a project.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_project(&mut self, change: &ProjectChange) -> Result<(), Error> {
        self.keep_history("projects", COLUMNS, change.number)?;
        let (profile, set) = (change.tax_profile.as_ref(), change.tax_profile_set.as_ref());
        update!(self.db, "projects" set {
            "name": change.name,
            "minimum_payout": change.minimum_payout,
            "stale_after": change.stale_after,
            "tax_profile": profile.map(|profile| &profile.name),
            "tax_profile_hash": profile.map(|profile| &profile.sha256),
            "tax_profile_by": set.map(|(by, _)| by.id),
            "tax_profile_at": set.map(|(_, at)| *at),
            "updated_at": self.now,
        } where { "number": change.number })
    }

    /// Records what a project's register has issued and redeemed.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn set_supply(&mut self, project: ProjectId, supply: Supply) -> Result<(), Error> {
        const SET: &str = "INSERT INTO token_supplies (project_id, issued, redeemed, updated_at)
            VALUES (?1, ?2, ?3, ?4) ON CONFLICT (project_id) DO UPDATE
            SET issued = excluded.issued, redeemed = excluded.redeemed, updated_at = excluded.updated_at";
        self.keep_before("token_supplies", "project_id", project)?;
        let values = (project, supply.issued, supply.redeemed, self.now);
        self.db.execute(SET, values).map(|_| ())
    }
}
