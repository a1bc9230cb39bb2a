//! Idempotency keys: which command and input each was used for, and what to answer when it comes
//! again.

use rusqlite::OptionalExtension as _;
use serde::{Serialize, de::DeserializeOwned};

use crate::domain::{Refused, hash::sha256_hex, key::Key, time::Instant, user::Actor};
use crate::store::{Error, Tx, WriteTx};

/// A command with its input, as far as a key is bound to it.
pub(in crate::store) struct Fingerprint {
    command: &'static str,
    hash: String,
}

/// What a key was used for.
pub(in crate::store) struct First {
    command: String,
    input_hash: String,
    result: String,
    created_at: Instant,
}

impl Fingerprint {
    pub(in crate::store) fn of(
        command: &'static str,
        actor: &Actor,
        input: &impl Serialize,
    ) -> Result<Self, Error> {
        let input = serde_json::to_string(&(command, actor.user.id, input))
            .map_err(|error| Error::bug(error.to_string()))?;
        Ok(Self {
            command,
            hash: sha256_hex(input.as_bytes()),
        })
    }
}

impl First {
    /// Answers the first result, or refuses where the key was used for something else.
    pub(in crate::store) fn answer<T: DeserializeOwned>(
        self,
        key: &Key,
        fingerprint: &Fingerprint,
    ) -> Result<Result<(T, Instant), Refused>, Error> {
        if self.command != fingerprint.command || self.input_hash != fingerprint.hash {
            return Ok(Err(Refused::KeyConflict {
                key: key.to_string(),
                command: self.command,
            }));
        }
        let stored = serde_json::from_str(&self.result).map_err(|error| Error::BadRow {
            table: "idempotency_keys",
            row: key.to_string(),
            detail: error.to_string(),
        })?;
        Ok(Ok((stored, self.created_at)))
    }
}

impl Tx<'_> {
    /// Tells whether a key was used before.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn knows_key(&mut self, key: &Key) -> Result<bool, Error> {
        Ok(find(self, key)?.is_some())
    }
}

pub(in crate::store) fn find(tx: &Tx<'_>, key: &Key) -> Result<Option<First>, Error> {
    const FIND: &str =
        "SELECT command, input_hash, result, created_at FROM idempotency_keys WHERE key = ?1";
    let first = tx.conn.query_row(FIND, [key.to_string()], |row| {
        Ok(First {
            command: row.get(0)?,
            input_hash: row.get(1)?,
            result: row.get(2)?,
            created_at: row.get(3)?,
        })
    });
    Ok(first.optional()?)
}

pub(in crate::store) fn insert(
    write: &WriteTx<'_>,
    key: &Key,
    fingerprint: &Fingerprint,
    result: &impl Serialize,
) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO idempotency_keys (key, command, input_hash, result, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let result = serde_json::to_string(result).map_err(|error| Error::bug(error.to_string()))?;
    write.conn.execute(
        INSERT,
        (
            key.to_string(),
            fingerprint.command,
            &fingerprint.hash,
            result,
            write.now,
        ),
    )?;
    Ok(())
}
