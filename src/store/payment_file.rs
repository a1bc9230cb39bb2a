//! Payment files in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{ToSql, columns, insert},
};
use crate::domain::{
    bank::FundAccount,
    code::{FileNumber, LineNumber, WithdrawalNumber},
    event::Approval,
    id::{AccountRef, PaymentFileId},
    payment_file::{FileItem, Layout, PaymentFile},
    quantity::Total,
    time::Date,
};

columns! {
    const COLUMNS, fn read: PaymentFile {
        number: "f.number",
        id: "f.id",
        account: (AccountRef { id: "f.bank_account_id", code: "b.code" }),
        bank: "b.bank_name, b.bank_code, b.account_number, NULL",
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
        cancelled: "f.cancelled_by, f.cancelled_at, f.cancellation_reason",
        // How many of its payments were recorded at ?1.
        paid: "(SELECT count(*) FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            WHERE i.file_number = f.number AND w.paid_at IS NOT NULL AND (?1 IS NULL OR w.paid_at <= ?1))",
    }
}

const FROM: &str = "FROM payment_files f JOIN bank_accounts b ON b.id = f.bank_account_id";

columns! {
    const ITEM_COLUMNS, fn read_item: FileItem {
        withdrawal: "i.withdrawal_number",
        end_to_end: "i.end_to_end",
        amount: "w.requested_amount",
        holder: "h.code",
        holder_name: "i.holder_name",
        bank: "w.bank_name, w.bank_code, w.account_number, w.account_name",
        event: "e.code",
        status: "w.status",
    }
}

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

/// A payment of a file that is being made.
#[derive(Clone, Copy, Debug)]
pub struct NewFileItem<'a> {
    /// The file.
    pub file: FileNumber,
    /// The withdrawal that it pays.
    pub withdrawal: WithdrawalNumber,
    /// The reference that the bank is to give back.
    pub end_to_end: &'a str,
    /// The name of the holder, as the file says it.
    pub holder_name: &'a str,
}

impl Tx<'_> {
    /// Reads a payment file by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn payment_file(&mut self, number: i64, as_of: AsOf) -> Result<PaymentFile, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE f.number = ?2");
        let values = (as_of.instant(), number);
        let mut file = self.db.query_one(&sql, values, |row| read(row, &codes))?;
        wind_back(&mut file, as_of);
        Ok(file)
    }

    /// Reads all payment files, in order of their numbers, as they were.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_files(&mut self, as_of: AsOf) -> Result<Vec<PaymentFile>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE ?1 IS NULL OR f.created_at <= ?1 ORDER BY f.number"
        );
        let values = [as_of.instant()];
        let mut files = self.db.query(&sql, values, |row| read(row, &codes))?;
        for file in &mut files {
            wind_back(file, as_of);
        }
        Ok(files)
    }

    /// Hands the items of a file to `each`, in the order of the file.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_file_item<E: From<Error>>(
        &mut self,
        file: FileNumber,
        mut each: impl FnMut(FileItem) -> Result<(), E>,
    ) -> Result<(), E> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {ITEM_COLUMNS} FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
            JOIN distribution_events e ON e.id = w.distribution_event_id
            WHERE i.file_number = ?1 ORDER BY i.number"
        );
        self.db
            .each(&sql, [file], |row| each(read_item(row, &codes)?))
    }

    /// Finds the payment file that holds a withdrawal and was not cancelled.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn file_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<FileNumber>, Error> {
        const FIND: &str =
            "SELECT file_number FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        self.db.optional_value(FIND, [withdrawal])
    }

    /// Returns the end-to-end reference that a payment file which was not cancelled gave a
    /// withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn end_to_end_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<String>, Error> {
        const FIND: &str =
            "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        self.db.optional_value(FIND, [withdrawal])
    }

    /// Finds a bank line that carries a reference which a payment file, cancelled or not, gave a
    /// withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn line_with_reference_of(
        &mut self,
        withdrawal: WithdrawalNumber,
    ) -> Result<Option<LineNumber>, Error> {
        const REFERENCES: &str = "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 ORDER BY number";
        const LINE: &str = "SELECT number FROM bank_lines WHERE amount LIKE '-%' AND (instr(upper(description), ?1)
            OR instr(upper(coalesce(reference, '')), ?1) OR instr(upper(coalesce(end_to_end, '')), ?1)
            OR instr(upper(coalesce(bank_id, '')), ?1)) AND kind IN ('principal', 'reversal', 'interest')
            ORDER BY number LIMIT 1";
        for reference in self.db.values::<String>(REFERENCES, [withdrawal])? {
            if let Some(line) = self.db.optional_value(LINE, [reference])? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Returns the number of the next item of a payment file; references are made of it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn next_file_item(&mut self) -> Result<i64, Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM payment_file_items";
        self.db.value(NEXT, ())
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

fn wind_back(file: &mut PaymentFile, as_of: AsOf) {
    if let AsOf::At(at) = as_of {
        file.cancelled = file
            .cancelled
            .take()
            .filter(|(cancelled, _)| cancelled.at <= at);
    }
}

impl WriteTx<'_> {
    /// Records a payment file, before its items; returns its number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_payment_file(&mut self, new: &NewPaymentFile<'_>) -> Result<FileNumber, Error> {
        let number = insert!(self.db, "payment_files" {
            "id": self.ids.make::<PaymentFileId>(),
            "bank_account_id": new.account.account.id,
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
        })?;
        Ok(FileNumber::new(number))
    }

    /// Locks a withdrawal to a payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_file_item(&mut self, new: &NewFileItem<'_>) -> Result<(), Error> {
        insert!(self.db, "payment_file_items" {
            "file_number": new.file,
            "withdrawal_number": new.withdrawal,
            "end_to_end": new.end_to_end,
            "holder_name": new.holder_name,
            "live": true,
        })
        .map(|_| ())
    }

    /// Cancels a payment file: its withdrawals are free again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn cancel_payment_file(
        &mut self,
        number: FileNumber,
        cancelled: &Approval,
        reason: &str,
    ) -> Result<(), Error> {
        const CANCEL: &str = "UPDATE payment_files SET cancelled_by = ?2, cancelled_at = ?3, cancellation_reason = ?4
            WHERE number = ?1 AND cancelled_at IS NULL";
        const FREE: &str =
            "UPDATE payment_file_items SET live = 0 WHERE file_number = ?1 AND live = 1";
        self.keep_before("payment_files", "number", number)?;
        let values: &[&dyn ToSql] = &[&number, &cancelled.by.id, &cancelled.at, &reason];
        self.db.update("payment_files", CANCEL, values)?;
        self.keep_before("payment_file_items", "file_number", number)?;
        self.db.execute(FREE, [number]).map(|_| ())
    }
}
