//! Users in the ledger.

use rusqlite::{OptionalExtension as _, Row};

use super::{AsOf, Error, Noun, Tx, WriteTx, sql::Fields};
use crate::domain::{
    id::{UserId, UserRef},
    session::Claim,
    user::{Role, User, UserStatus},
};

const COLUMNS: &str = "number, id, code, name, role, status, created_by, created_at, updated_at";

fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    let mut fields = Fields::of(row);
    Ok(User {
        number: fields.next()?,
        user: UserRef {
            id: fields.next()?,
            code: fields.next()?,
        },
        name: fields.next()?,
        role: fields.word(&Role::ALL, Role::as_str)?,
        status: fields.word(
            &[UserStatus::Active, UserStatus::Inactive],
            UserStatus::as_str,
        )?,
        created_by: fields.next()?,
        created_at: fields.next()?,
        updated_at: fields.next()?,
    })
}

impl Tx<'_> {
    /// Reads the user who claims to act.
    ///
    /// # Errors
    /// [`Error::UnknownActor`] with the users that there are.
    pub fn acting_user(&mut self, claim: &Claim) -> Result<User, Error> {
        let found = self.find(Noun::User, &claim.code)?;
        match found {
            Some(number) => self.user(number, AsOf::Now),
            None => Err(Error::UnknownActor {
                claim: claim.clone(),
                users: self
                    .users(AsOf::Now)?
                    .into_iter()
                    .map(|user| user.user.code.to_string())
                    .collect(),
            }),
        }
    }

    /// Reads a user by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn user(&mut self, number: i64, as_of: AsOf) -> Result<User, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE number = ?1",
            as_of.source("users", COLUMNS)
        );
        Ok(self.conn.query_row(&sql, [number], read)?)
    }

    pub(super) fn user_by_id(&mut self, id: UserId) -> Result<User, Error> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
        let user = self.conn.query_row(&sql, [id], read).optional()?;
        user.ok_or_else(|| Error::BadRow {
            table: "users",
            row: id.to_string(),
            detail: "it is missing".to_owned(),
        })
    }

    /// Reads all users, in order of their codes.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn users(&mut self, as_of: AsOf) -> Result<Vec<User>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {} ORDER BY code",
            as_of.source("users", COLUMNS)
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Counts the admins who may act.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn active_admins(&mut self) -> Result<i64, Error> {
        const COUNT: &str = "SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'";
        Ok(self.conn.query_row(COUNT, [], |row| row.get(0))?)
    }
}

impl WriteTx<'_> {
    /// Adds a user; answers the row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_user(
        &mut self,
        user: &UserRef,
        name: Option<&str>,
        role: Role,
    ) -> Result<i64, Error> {
        const INSERT: &str =
            "INSERT INTO users (id, code, name, role, status, created_by, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, 'active', ?5, ?6, ?6)";
        self.conn.execute(
            INSERT,
            (
                user.id,
                &user.code,
                name,
                role.as_str(),
                self.actor.user.id,
                self.now,
            ),
        )?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Changes a user's name, role and status.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_user(&mut self, user: &User) -> Result<(), Error> {
        const UPDATE: &str =
            "UPDATE users SET name = ?2, role = ?3, status = ?4, updated_at = ?5 WHERE number = ?1";
        self.keep_history("users", COLUMNS, user.number)?;
        let changed = self.conn.execute(
            UPDATE,
            (
                user.number,
                &user.name,
                user.role.as_str(),
                user.status.as_str(),
                self.now,
            ),
        )?;
        one_row(changed, "users")
    }

    /// Keeps a row's present state in the table's history before it changes.
    pub(super) fn keep_history(
        &mut self,
        table: &str,
        columns: &str,
        number: i64,
    ) -> Result<(), Error> {
        self.keep_before(table, "number", number)?;
        // A row that this transaction already changed keeps only the state before the transaction.
        let sql = format!(
            "INSERT INTO {table}_history (superseded_at, {columns}) SELECT ?2, {columns} FROM {table} WHERE number = ?1 AND updated_at < ?2"
        );
        self.conn
            .prepare_cached(&sql)?
            .execute((number, self.now))?;
        Ok(())
    }
}

/// Checks that a guarded change touched just its row.
pub(super) fn one_row(changed: usize, table: &'static str) -> Result<(), Error> {
    if changed == 1 {
        return Ok(());
    }
    Err(Error::bug(format!(
        "a change of one row of `{table}` touched {changed}"
    )))
}
