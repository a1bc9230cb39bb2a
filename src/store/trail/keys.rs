//! Idempotency keys: which command and input each was used for, and its result, for when it is
//! used again.

use serde::{Serialize, de::DeserializeOwned};

use crate::domain::{Refused, hash::sha256_hex, key::Key, time::Instant, user::Actor};
use crate::store::{Error, Tx, WriteTx, db::insert};

/// A command with its input, as far as a key is bound to it.
pub(in crate::store) struct Fingerprint {
    command: &'static str,
    hash: String,
}

/// What a key was used for.
pub(in crate::store) struct FirstUse {
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

impl FirstUse {
    /// Returns the first result, or refuses if the key was used for something else.
    pub(in crate::store) fn result<T: DeserializeOwned>(
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
    /// Returns whether a key was used before.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn knows_key(&mut self, key: &Key) -> Result<bool, Error> {
        Ok(find(self, key)?.is_some())
    }
}

pub(in crate::store) fn find(tx: &Tx<'_>, key: &Key) -> Result<Option<FirstUse>, Error> {
    const FIND: &str =
        "SELECT command, input_hash, result, created_at FROM idempotency_keys WHERE key = ?1";
    tx.db.query_optional(FIND, [key.to_string()], |row| {
        Ok(FirstUse {
            command: row.next()?,
            input_hash: row.next()?,
            result: row.next()?,
            created_at: row.next()?,
        })
    })
}

pub(in crate::store) fn insert(
    write: &WriteTx<'_>,
    key: &Key,
    fingerprint: &Fingerprint,
    result: &impl Serialize,
) -> Result<(), Error> {
    let result = serde_json::to_string(result).map_err(|error| Error::bug(error.to_string()))?;
    insert!(write.db, "idempotency_keys" {
        "key": key.to_string(),
        "command": fingerprint.command,
        "input_hash": fingerprint.hash,
        "result": result,
        "created_at": write.now,
    })
    .map(|_| ())
}
