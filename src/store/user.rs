//! Users in the ledger.

use super::{
    AsOf, Error, Noun, Tx, WriteTx,
    db::{columns, insert, update},
};
use crate::domain::{
    id::{UserId, UserRef},
    session::Claim,
    user::{Role, User},
};

columns! {
    const COLUMNS, fn read: User {
        number: "number",
        user: (UserRef { id: "id", code: "code" }),
        name: "name",
        role: "role",
        status: "status",
        introduced_by: "introduced_by",
        introduced_at: "introduced_at",
        acknowledged_by: "acknowledged_by",
        acknowledged_at: "acknowledged_at",
        created_by: "created_by",
        created_at: "created_at",
        updated_at: "updated_at",
    }
}

impl Tx<'_> {
    /// Reads the user who claims to act.
    ///
    /// # Errors
    /// [`Error::UnknownActor`] with the users of the ledger.
    pub fn acting_user(&mut self, claim: &Claim) -> Result<User, Error> {
        if let Some(number) = self.find(Noun::User, &claim.code)? {
            return self.user(number, AsOf::Now);
        }
        let users = self.users(AsOf::Now)?;
        Err(Error::UnknownActor {
            claim: claim.clone(),
            users: users
                .into_iter()
                .map(|user| user.user.code.to_string())
                .collect(),
        })
    }

    /// Reads a user by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn user(&mut self, number: i64, as_of: AsOf) -> Result<User, Error> {
        let codes = self.codes()?;
        let source = as_of.source("users", COLUMNS);
        let sql = format!("SELECT {COLUMNS} FROM {source} WHERE number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    pub(super) fn user_by_id(&mut self, id: UserId) -> Result<User, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
        let user = self
            .db
            .query_optional(&sql, [id], |row| read(row, &codes))?;
        user.ok_or_else(|| Error::BadRow {
            table: "users",
            row: id.to_string(),
            detail: "it is missing".to_owned(),
        })
    }

    /// Reads all users, in order of their codes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn users(&mut self, as_of: AsOf) -> Result<Vec<User>, Error> {
        let codes = self.codes()?;
        let source = as_of.source("users", COLUMNS);
        let sql = format!("SELECT {COLUMNS} FROM {source} ORDER BY code");
        self.db.query(&sql, (), |row| read(row, &codes))
    }

    /// Counts the admins who may act.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn active_admins(&mut self) -> Result<i64, Error> {
        const COUNT: &str = "SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'";
        self.db.value(COUNT, ())
    }
}

impl WriteTx<'_> {
    /// Adds a user, who is active; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_user(
        &mut self,
        user: &UserRef,
        name: Option<&str>,
        role: Role,
    ) -> Result<i64, Error> {
        self.tx.forget_codes();
        insert!(self.db, "users" {
            "id": user.id,
            "code": user.code,
            "name": name,
            "role": role,
            "status": "active",
            "introduced_by": self.actor.user.id,
            "introduced_at": self.now,
            "created_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })
    }

    /// Changes a user's name, role and status, and who introduced and acknowledged the user.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_user(&mut self, user: &User) -> Result<(), Error> {
        self.keep_history("users", COLUMNS, user.number)?;
        update!(self.db, "users" set {
            "name": user.name,
            "role": user.role,
            "status": user.status,
            "introduced_by": user.introduced_by.id,
            "introduced_at": user.introduced_at,
            "acknowledged_by": user.acknowledged_by.as_ref().map(|user| user.id),
            "acknowledged_at": user.acknowledged_at,
            "updated_at": self.now,
        } where { "number": user.number })
    }
}
