//! Payment files in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert, update},
};
use crate::domain::{
    bank::FundAccount,
    code::FileNumber,
    event::Approval,
    file_item::ItemEnd,
    id::{AccountRef, PaymentFileId},
    payment_file::{Layout, PaymentFile, Removal},
    quantity::Total,
    time::{Date, Instant},
};

columns! {
    const COLUMNS, fn read: PaymentFile {
        number: "f.number",
        id: "f.id",
        account: (AccountRef { id: "f.bank_account_id", code: "b.code" }),
        bank: "f.bank_name, f.bank_code, f.account_number, NULL",
        layout: "f.layout",
        message_id: "f.message_id",
        execution_date: "f.execution_date",
        currency: "f.currency",
        debtor: "f.debtor_name",
        payments: "f.payments",
        total: "f.total",
        content_hash: "f.content_hash",
        created_by: "f.created_by",
        created_at: "f.created_at",
        exported: "f.exported_by, f.exported_at",
        cancelled: "f.cancelled_by, f.cancelled_at, f.cancellation_reason",
        // How many of its payments were recorded at ?1.
        paid: "(SELECT count(*) FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            WHERE i.file_number = f.number AND (i.ended_at IS NULL OR i.ended_at > ?1)
              AND w.paid_at IS NOT NULL AND (?1 IS NULL OR w.paid_at <= ?1))",
        // How many of them were on the bank, or had come back.
        settled: "(SELECT count(*) FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            WHERE i.file_number = f.number AND (i.ended_at IS NULL OR i.ended_at > ?1)
              AND ((w.returned_at IS NOT NULL AND (?1 IS NULL OR w.returned_at <= ?1))
                OR EXISTS (SELECT 1 FROM bank_match_withdrawals x JOIN bank_matches m ON m.number = x.match_number
                    WHERE x.withdrawal_number = w.number AND x.kind = 'payment'
                      AND m.matched_at IS NOT NULL AND (?1 IS NULL OR m.matched_at <= ?1)
                      AND (m.ended_at IS NULL OR m.ended_at > ?1))))",
    }
}

/// The columns of the table, as its history keeps them.
const TABLE: &str = "number, id, bank_account_id, bank_name, bank_code, account_number, layout, message_id, execution_date,
    currency, debtor_name, payments, total, content_hash, created_by, created_at, exported_by, exported_at,
    cancelled_by, cancelled_at, cancellation_reason, updated_at";

const FROM: &str = "JOIN bank_accounts b ON b.id = f.bank_account_id";

/// A payment file to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewPaymentFile<'a> {
    /// The account that pays.
    pub account: &'a FundAccount,
    /// The layout.
    pub layout: Layout,
    /// The message id.
    pub message_id: &'a str,
    /// When the bank is to pay.
    pub execution_date: Date,
    /// Who pays.
    pub debtor: &'a str,
    /// How many payments it has.
    pub payments: u64,
    /// Their total.
    pub total: Total,
    /// The hash of the file's bytes.
    pub content_hash: &'a str,
}

/// What a file holds after some of its items were dropped.
#[derive(Clone, Copy, Debug)]
pub struct FileContent<'a> {
    /// How many payments it has.
    pub payments: u64,
    /// Their total.
    pub total: Total,
    /// The hash of its bytes.
    pub content_hash: &'a str,
}

impl Tx<'_> {
    /// Reads a payment file by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn payment_file(&mut self, number: i64, as_of: AsOf) -> Result<PaymentFile, Error> {
        let codes = self.codes()?;
        let source = as_of.source("payment_files", TABLE);
        let sql = format!("SELECT {COLUMNS} FROM {source} f {FROM} WHERE f.number = ?2");
        let values = (as_of.instant(), number);
        self.db.query_one(&sql, values, |row| read(row, &codes))
    }

    /// Reads all payment files, in order of their numbers, as they were.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_files(&mut self, as_of: AsOf) -> Result<Vec<PaymentFile>, Error> {
        let codes = self.codes()?;
        let source = as_of.source("payment_files", TABLE);
        let sql = format!("SELECT {COLUMNS} FROM {source} f {FROM} ORDER BY f.number");
        self.db
            .query(&sql, [as_of.instant()], |row| read(row, &codes))
    }

    /// Returns whether an item has left its payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn has_ended_items(&mut self) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM payment_file_items WHERE live = 0 LIMIT 1";
        self.db.exists(FIND, ())
    }

    /// Returns the number of the next payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn next_payment_file(&mut self) -> Result<FileNumber, Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM payment_files";
        self.db.value(NEXT, ())
    }
}

impl WriteTx<'_> {
    /// Records a payment file, before its items; returns its number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_payment_file(&mut self, new: &NewPaymentFile<'_>) -> Result<FileNumber, Error> {
        let bank = &new.account.bank;
        let number = insert!(self.db, "payment_files" {
            "id": self.ids.make::<PaymentFileId>(),
            "bank_account_id": new.account.account.id,
            "bank_name": bank.bank_name,
            "bank_code": bank.bank_code,
            "account_number": bank.account_number,
            "layout": new.layout,
            "message_id": new.message_id,
            "execution_date": new.execution_date,
            "currency": new.account.currency,
            "debtor_name": new.debtor,
            "payments": new.payments,
            "total": new.total,
            "content_hash": new.content_hash,
            "created_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        Ok(FileNumber::new(number))
    }

    /// Notes the first export of a payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn note_first_export(&mut self, number: FileNumber) -> Result<(), Error> {
        self.keep_history("payment_files", TABLE, number.number())?;
        let never = None::<Instant>;
        update!(self.db, "payment_files" set {
            "exported_by": self.actor.user.id,
            "exported_at": self.now,
            "updated_at": self.now,
        } where { "number": number, "exported_at": never, "cancelled_at": never })
    }

    /// Takes items out of a payment file, which then holds `content`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn drop_file_items(
        &mut self,
        number: FileNumber,
        removal: &Removal,
        content: FileContent<'_>,
    ) -> Result<(), Error> {
        self.keep_history("payment_files", TABLE, number.number())?;
        update!(self.db, "payment_files" set {
            "payments": content.payments,
            "total": content.total,
            "content_hash": content.content_hash,
            "updated_at": self.now,
        } where { "number": number })?;
        self.end_items(removal, ItemEnd::Dropped)
    }

    /// Cancels a payment file: the withdrawals of these items are free again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn cancel_payment_file(
        &mut self,
        number: FileNumber,
        removal: &Removal,
    ) -> Result<(), Error> {
        self.keep_history("payment_files", TABLE, number.number())?;
        let Approval { by, at } = &removal.by;
        update!(self.db, "payment_files" set {
            "cancelled_by": by.id,
            "cancelled_at": at,
            "cancellation_reason": removal.reason,
            "updated_at": at,
        } where { "number": number, "cancelled_at": None::<Instant> })?;
        self.end_items(removal, ItemEnd::Cancelled)
    }
}
