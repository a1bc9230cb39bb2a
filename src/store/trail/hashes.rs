//! The hashes of rows, and how the trail keeps them.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::store::{
    Error,
    db::{Row, Statement, Value},
};

/// How many row hashes are in one row of `distribution_activity_rows`.
const RUN: usize = 2_000;
/// Each row has two hashes there: the one from before the transaction, and the one after it.
pub(in crate::store) const PAIR: usize = 64;
/// The hash of a row that does not exist.
pub(in crate::store) const DELETED: [u8; 32] = [0; 32];
/// Hashes of consecutive rows of one table.
pub(super) struct Run<'t> {
    table: &'t str,
    first: i64,
    next: i64,
    before: &'t HashMap<i64, [u8; 32]>,
    hashes: Vec<u8>,
}

impl<'t> Run<'t> {
    pub(super) fn new(table: &'t str, first: i64, before: &'t HashMap<i64, [u8; 32]>) -> Self {
        Self {
            table,
            first,
            next: first,
            before,
            hashes: Vec::new(),
        }
    }

    /// Adds the hash of the next row; hands a full run over first.
    pub(super) fn push(
        &mut self,
        hash: [u8; 32],
        full: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.hashes.len() >= RUN * PAIR {
            full(self)?;
        }
        self.hashes
            .extend_from_slice(self.before.get(&self.next).unwrap_or(&DELETED));
        self.hashes.extend_from_slice(&hash);
        self.next += 1;
        Ok(())
    }

    /// Marks the rows before `number` that are not there as deleted.
    pub(super) fn fill_to(
        &mut self,
        number: i64,
        mut full: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while self.next < number {
            self.push(DELETED, &mut full)?;
        }
        Ok(())
    }

    pub(super) fn keep(
        &mut self,
        keep: &mut Statement<'_>,
        seq: i64,
        digest: &mut Sha256,
    ) -> Result<(), Error> {
        if self.hashes.is_empty() {
            return Ok(());
        }
        keep.execute((seq, self.table, self.first, &self.hashes))?;
        add_run(digest, self.table, self.first, &self.hashes);
        self.hashes.clear();
        self.first = self.next;
        Ok(())
    }
}

pub(in crate::store) fn add_run(digest: &mut Sha256, table: &str, first: i64, hashes: &[u8]) {
    digest.update(table.as_bytes());
    digest.update([0]);
    digest.update(first.to_be_bytes());
    digest.update(
        u64::try_from(hashes.len())
            .unwrap_or(u64::MAX)
            .to_be_bytes(),
    );
    digest.update(hashes);
}

/// Hashes rows of a table. What is hashed is first written down in one piece, over which the hash
/// is faster.
pub(in crate::store) struct RowHasher {
    written: Vec<u8>,
    table: usize,
}

impl RowHasher {
    pub(in crate::store) fn of(table: &str) -> Self {
        let mut written = Vec::with_capacity(1_024);
        written.extend_from_slice(table.as_bytes());
        written.push(0);
        Self {
            table: written.len(),
            written,
        }
    }

    /// Hashes a row: its table, and each value with its type and length.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(super) fn hash(&mut self, row: &Row<'_>) -> Result<[u8; 32], Error> {
        self.written.truncate(self.table);
        for column in 0..row.columns() {
            self.write(row.value(column)?);
        }
        Ok(Sha256::digest(&self.written).into())
    }

    /// Hashes the values of a row that was just written, as [`RowHasher::hash`] hashes it once it is read.
    pub(super) fn hash_values(&mut self, values: &[Value<'_>]) -> [u8; 32] {
        self.written.truncate(self.table);
        for value in values {
            self.write(*value);
        }
        Sha256::digest(&self.written).into()
    }

    fn write(&mut self, value: Value<'_>) {
        let written = &mut self.written;
        let (tag, bytes): (u8, &[u8]) = match value {
            Value::Null => (0, &[]),
            Value::Integer(number) => {
                written.push(1);
                written.extend_from_slice(&number.to_be_bytes());
                return;
            }
            Value::Real(bits) => {
                written.push(2);
                written.extend_from_slice(&bits.to_be_bytes());
                return;
            }
            Value::Text(bytes) => (3, bytes),
            Value::Blob(bytes) => (4, bytes),
        };
        let mut head = [tag; 9];
        head[1..].copy_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        written.extend_from_slice(&head);
        written.extend_from_slice(bytes);
    }
}
