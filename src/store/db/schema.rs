//! Making tables by migrations.

use rusqlite_migration::{Error as MigrationError, M, Migrations};

use super::{Connection, Db};
use crate::store::Error;

impl Connection {
    /// Takes all steps from the first on in a database that has none of them. The version of the
    /// database is then the number of the steps.
    pub(in crate::store) fn take_all_steps(&mut self, steps: &[&'static str]) -> Result<(), Error> {
        let migrations = Migrations::new(steps.iter().map(|sql| M::up(sql)).collect());
        migrations.to_latest(&mut self.0).map_err(|error| {
            if let MigrationError::RusqliteError { err, .. } = error {
                return err.into();
            }
            Error::bug(error.to_string())
        })
    }
}

impl Db<'_> {
    /// Reads the version of the database.
    pub(in crate::store) fn version(self) -> Result<i64, Error> {
        self.value("PRAGMA user_version", ())
    }

    /// Takes one step to a version, within a transaction.
    pub(in crate::store) fn take_step(self, version: i64, sql: &str) -> Result<(), Error> {
        self.script(sql)?;
        Ok(self.0.pragma_update(None, "user_version", version)?)
    }
}
