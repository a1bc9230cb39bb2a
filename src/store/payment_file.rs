//! Payment files in the ledger.

use std::collections::HashMap;

use rusqlite::{OptionalExtension as _, Row};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Day, Fields},
    user::one_row,
};
use crate::domain::{
    account::BankAccount,
    bank::FundAccount,
    code::{FileNumber, LineNumber, WithdrawalNumber},
    event::Approval,
    id::{AccountRef, PaymentFileId, UserId, UserRef},
    payment_file::{FileItem, Layout, PaymentFile},
    quantity::Total,
    time::Date,
    withdrawal::WithdrawalStatus,
};

const SELECT: &str = "SELECT f.number, f.id, f.bank_account_id, b.code, b.bank_name, b.bank_code, b.account_number, f.layout,
    f.message_id, f.execution_date, f.currency, f.debtor_name, f.payments, f.total, f.content_hash, f.created_by, f.created_at,
    f.cancelled_by, f.cancelled_at, f.cancellation_reason,
    (SELECT count(*) FROM payment_file_items i JOIN withdrawal_requests w ON w.number = i.withdrawal_number
     WHERE i.file_number = f.number AND w.paid_at IS NOT NULL AND (?1 IS NULL OR w.paid_at <= ?1))
    FROM payment_files f JOIN bank_accounts b ON b.id = f.bank_account_id";

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
    /// The payments: how many, and their total.
    pub sums: (u64, Total),
    /// The hash of the file's bytes.
    pub content_hash: &'a str,
}

fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> rusqlite::Result<PaymentFile> {
    let mut fields = Fields::of(row);
    let (number, id) = (FileNumber::new(fields.next()?), fields.next()?);
    let account = AccountRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let bank = BankAccount {
        bank_name: fields.next()?,
        bank_code: fields.next()?,
        account_number: fields.next()?,
        account_name: None,
    };
    let layout = fields.word(&Layout::ALL, Layout::as_str)?;
    let (message_id, execution_date, currency) =
        (fields.next()?, fields.next::<Day>()?.0, fields.next()?);
    let (debtor, payments, total, content_hash) = (
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
    );
    let (created_by, created_at) = (fields.user(users)?, fields.next()?);
    let cancelled: Option<Approval> = fields.step(users)?;
    let cancelled = cancelled.zip(fields.next::<Option<String>>()?);
    let paid = fields.next()?;
    Ok(PaymentFile {
        number,
        id,
        account,
        bank,
        layout,
        message_id,
        execution_date,
        currency,
        debtor,
        payments,
        total,
        content_hash,
        created_by,
        created_at,
        cancelled,
        paid,
    })
}

impl Tx<'_> {
    /// Reads a payment file by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn payment_file(&mut self, number: i64, as_of: AsOf) -> Result<PaymentFile, Error> {
        let users = self.user_names()?;
        let mut statement = self
            .conn
            .prepare_cached(&format!("{SELECT} WHERE f.number = ?2"))?;
        let mut file = statement.query_row((as_of.instant(), number), |row| read(row, &users))?;
        wind_back(&mut file, as_of);
        Ok(file)
    }

    /// Reads all payment files, in order of their numbers, as they stood.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn payment_files(&mut self, as_of: AsOf) -> Result<Vec<PaymentFile>, Error> {
        let users = self.user_names()?;
        let mut statement = self.conn.prepare(&format!(
            "{SELECT} WHERE ?1 IS NULL OR f.created_at <= ?1 ORDER BY f.number"
        ))?;
        let rows = statement.query_map([as_of.instant()], |row| read(row, &users))?;
        let mut files = rows.collect::<Result<Vec<_>, _>>()?;
        for file in &mut files {
            wind_back(file, as_of);
        }
        Ok(files)
    }

    /// Hands the payments of a file to `each`, in the order of the file.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_file_item<E: From<Error>>(
        &mut self,
        file: FileNumber,
        mut each: impl FnMut(FileItem) -> Result<(), E>,
    ) -> Result<(), E> {
        const ITEMS: &str =
            "SELECT i.withdrawal_number, i.end_to_end, w.requested_amount, h.code, i.holder_name, w.bank_name,
            w.bank_code, w.account_number, w.account_name, e.code, w.status
            FROM payment_file_items i JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
            JOIN distribution_events e ON e.id = w.distribution_event_id
            WHERE i.file_number = ?1 ORDER BY i.number";
        let mut statement = self.conn.prepare_cached(ITEMS).map_err(Error::from)?;
        let mut rows = statement.query([file.number()]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            each(read_item(row).map_err(Error::from)?)?;
        }
        Ok(())
    }

    /// Finds the payment file that holds a withdrawal and was not cancelled.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn file_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<FileNumber>, Error> {
        const FIND: &str =
            "SELECT file_number FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        let mut statement = self.conn.prepare_cached(FIND)?;
        Ok(statement
            .query_row([withdrawal.number()], |row| row.get(0))
            .optional()?
            .map(FileNumber::new))
    }

    /// Tells the end-to-end reference that a payment file which was not cancelled gave a
    /// withdrawal.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn end_to_end_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<String>, Error> {
        const FIND: &str =
            "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        let mut statement = self.conn.prepare_cached(FIND)?;
        Ok(statement
            .query_row([withdrawal.number()], |row| row.get(0))
            .optional()?)
    }

    /// Finds a bank line that carries a reference which a payment file, cancelled or not, gave a
    /// withdrawal.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn line_with_reference_of(
        &mut self,
        withdrawal: WithdrawalNumber,
    ) -> Result<Option<LineNumber>, Error> {
        const REFERENCES: &str = "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 ORDER BY number";
        const LINE: &str = "SELECT number FROM bank_lines WHERE amount LIKE '-%' AND (instr(upper(description), ?1)
            OR instr(upper(coalesce(reference, '')), ?1) OR instr(upper(coalesce(end_to_end, '')), ?1)
            OR instr(upper(coalesce(bank_id, '')), ?1)) AND kind IN ('principal', 'reversal', 'interest')
            ORDER BY number LIMIT 1";
        let mut statement = self.conn.prepare_cached(REFERENCES)?;
        let references = statement
            .query_map([withdrawal.number()], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        for reference in references {
            let mut statement = self.conn.prepare_cached(LINE)?;
            if let Some(line) = statement
                .query_row([reference], |row| row.get(0))
                .optional()?
            {
                return Ok(Some(LineNumber::new(line)));
            }
        }
        Ok(None)
    }

    /// Tells the number of the next item of a payment file; references are made of it.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn next_file_item(&mut self) -> Result<i64, Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM payment_file_items";
        Ok(self.conn.query_row(NEXT, [], |row| row.get(0))?)
    }

    /// Tells the number of the next payment file.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn next_payment_file(&mut self) -> Result<FileNumber, Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM payment_files";
        Ok(FileNumber::new(
            self.conn.query_row(NEXT, [], |row| row.get(0))?,
        ))
    }

    /// Reads the ledger's id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn ledger_id(&mut self) -> Result<String, Error> {
        const ID: &str = "SELECT id FROM ledger WHERE number = 1";
        Ok(self.conn.query_row(ID, [], |row| row.get(0))?)
    }
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<FileItem> {
    let mut fields = Fields::of(row);
    let (withdrawal, end_to_end) = (WithdrawalNumber::new(fields.next()?), fields.next()?);
    let (amount, holder, holder_name) = (fields.next()?, fields.next()?, fields.next()?);
    let bank = BankAccount {
        bank_name: fields.next()?,
        bank_code: fields.next()?,
        account_number: fields.next()?,
        account_name: fields.next()?,
    };
    let event = fields.next()?;
    let status = fields.word(&WithdrawalStatus::ALL, WithdrawalStatus::as_str)?;
    Ok(FileItem {
        withdrawal,
        end_to_end,
        amount,
        holder,
        holder_name,
        bank,
        event,
        status,
    })
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
    /// Records a payment file, before its items; answers its number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_payment_file(&mut self, new: &NewPaymentFile<'_>) -> Result<FileNumber, Error> {
        const INSERT: &str = "INSERT INTO payment_files (id, bank_account_id, layout, message_id, execution_date, currency,
            debtor_name, payments, total, content_hash, created_by, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let id: PaymentFileId = self.ids.make();
        self.conn.execute(
            INSERT,
            rusqlite::params![
                id,
                new.account.account.id,
                new.layout.as_str(),
                new.message_id,
                Day(new.execution_date),
                new.account.currency,
                new.debtor,
                new.sums.0,
                new.sums.1,
                new.content_hash,
                self.actor.user.id,
                self.now,
            ],
        )?;
        Ok(FileNumber::new(self.conn.last_insert_rowid()))
    }

    /// Locks a withdrawal to a payment file, with its reference and the name of its holder.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_file_item(
        &mut self,
        file: FileNumber,
        withdrawal: WithdrawalNumber,
        (end_to_end, holder_name): (&str, &str),
    ) -> Result<(), Error> {
        const INSERT: &str = "INSERT INTO payment_file_items (file_number, withdrawal_number, end_to_end, holder_name, live)
            VALUES (?1, ?2, ?3, ?4, 1)";
        let values = (file.number(), withdrawal.number(), end_to_end, holder_name);
        self.conn.prepare_cached(INSERT)?.execute(values)?;
        Ok(())
    }

    /// Cancels a payment file: its withdrawals are free again.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn cancel_payment_file(
        &mut self,
        file: &PaymentFile,
        told: &(Approval, String),
    ) -> Result<(), Error> {
        const CANCEL: &str = "UPDATE payment_files SET cancelled_by = ?2, cancelled_at = ?3, cancellation_reason = ?4
            WHERE number = ?1 AND cancelled_at IS NULL";
        const FREE: &str =
            "UPDATE payment_file_items SET live = 0 WHERE file_number = ?1 AND live = 1";
        let number = file.number.number();
        self.keep_before("payment_files", "number", number)?;
        let changed = self
            .conn
            .execute(CANCEL, (number, told.0.by.id, told.0.at, &told.1))?;
        one_row(changed, "payment_files")?;
        self.keep_before("payment_file_items", "file_number", number)?;
        self.conn.execute(FREE, [number])?;
        Ok(())
    }
}
