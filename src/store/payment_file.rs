//! Payment files in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, ToSql, columns, insert},
};
use crate::domain::{
    account::BankAccount,
    bank::FundAccount,
    code::{Code, FileNumber, LineNumber, PaymentNumber, WithdrawalNumber},
    end_to_end::EndToEnd,
    event::{Approval, EventStatus},
    file_item::{ItemEnd, Mark},
    holder::HolderStatus,
    id::{AccountRef, HolderId, PaymentFileId},
    payment_file::{FileItem, ItemEnding, Layout, PaymentFile, Removal},
    quantity::{Amount, Total},
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

columns! {
    const ITEM_COLUMNS, fn read_item: FileItem {
        withdrawal: "i.withdrawal_number",
        end_to_end: "i.end_to_end",
        amount: "i.amount",
        holder: "i.holder_code",
        holder_name: "i.holder_name",
        bank: "i.bank_name, i.bank_code, i.account_number, i.account_name",
        event: "i.event_code",
        status: "w.status",
        ended: ("i.ended_as, i.ended_by, i.ended_at, i.ended_reason" => read_ending),
        // What earlier files say about the withdrawal, without this one.
        marks: ("(SELECT group_concat(x.file_number || '|' || x.ended_as || '|' || x.ended_at || '|' ||
              CASE WHEN o.number = w.number THEN '' ELSE o.number END, ';')
            FROM withdrawal_requests o JOIN payment_file_items x ON x.withdrawal_number = o.number AND x.live = 0
            JOIN payment_files y ON y.number = x.file_number
            WHERE o.distribution_allocation_id = w.distribution_allocation_id AND x.file_number < i.file_number
              AND (o.number = w.number OR o.cancelled_at < w.created_at)
              AND (x.ended_as = 'dropped' OR y.exported_at IS NOT NULL))" => read_marks),
    }
}

fn read_ending(row: &mut Row<'_>, codes: &Codes) -> Result<Option<ItemEnding>, Error> {
    let how = row.next::<Option<ItemEnd>>()?;
    let by = row.read::<Option<Approval>>(codes)?;
    let reason: Option<String> = row.next()?;
    let whole = how.zip(by).zip(reason);
    Ok(whole.map(|((how, by), reason)| ItemEnding { how, by, reason }))
}

/// Reads marks from the text in which a query gathers them: number of the file, how the item ended,
/// when, and the number of an earlier request, parted by `|`; several are parted by `;`.
pub(super) fn read_marks(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<Mark>, Error> {
    let Some(text) = row.next::<Option<String>>()? else {
        return Ok(Vec::new());
    };
    let mut marks = text
        .split(';')
        .map(mark)
        .collect::<Option<Vec<Mark>>>()
        .ok_or_else(|| Error::Damaged {
            detail: "the earlier payment files of a withdrawal cannot be read".to_owned(),
        })?;
    marks.sort_unstable();
    Ok(marks)
}

fn mark(text: &str) -> Option<Mark> {
    let mut parts = text.split('|');
    let file = FileNumber::new(parts.next()?.parse().ok()?);
    let how = parts.next()?;
    let ended = ItemEnd::ALL.iter().find(|end| end.as_str() == how)?;
    let at = Instant::parse(parts.next()?)?;
    let earlier = match parts.next()? {
        "" => None,
        number => Some(WithdrawalNumber::new(number.parse().ok()?)),
    };
    Some(Mark {
        file,
        ended: *ended,
        at,
        earlier,
    })
}

/// An item that is in a payment file now, and what the ledger says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredItem {
    /// The item.
    pub item: FileItem,
    /// What the ledger says.
    pub facts: ItemFacts,
}

/// What the ledger says about an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemFacts {
    /// The row number of the item.
    pub row: i64,
    /// The holder's id.
    pub holder: HolderId,
    /// Whether the holder may be paid.
    pub holder_status: HolderStatus,
    /// The status of the event.
    pub event_status: EventStatus,
    /// When the withdrawal was requested.
    pub requested_at: Instant,
    /// The payment of the withdrawal, if one is recorded.
    pub payment: Option<PaymentNumber>,
    /// The match or proposal of kind Payment that holds the withdrawal.
    pub link: Option<StoredLink>,
}

/// A match or proposal that holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredLink {
    /// Its first line.
    pub line: LineNumber,
    /// Whether it is decided.
    pub decided: bool,
    /// Whether it is decided, and the payment was recorded from its line or its line was found to
    /// be the whole file: the payment went through this file.
    pub through_file: bool,
}

columns! {
    const FACT_COLUMNS, fn read_facts: ItemFacts {
        row: "i.number",
        holder: "w.lp_token_holder_id",
        holder_status: "h.status, h.status_reason",
        event_status: "e.status",
        requested_at: "w.created_at",
        payment: "p.number",
        link: ("(SELECT min(l.line_number) FROM bank_match_lines l WHERE l.match_number = m.number),
            m.matched_at IS NOT NULL,
            m.matched_at IS NOT NULL AND (m.tier = '2' OR p.paid_at = m.matched_at)" => read_link),
    }
}

fn read_link(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<StoredLink>, Error> {
    let line: Option<LineNumber> = row.next()?;
    let (decided, through_file) = (row.next::<bool>()?, row.next::<Option<bool>>()?);
    Ok(line.map(|line| StoredLink {
        line,
        decided,
        through_file: through_file.unwrap_or(false),
    }))
}

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

/// A payment of a file that is being made.
#[derive(Clone, Copy, Debug)]
pub struct NewFileItem<'a> {
    /// The file.
    pub file: FileNumber,
    /// The withdrawal that it pays.
    pub withdrawal: WithdrawalNumber,
    /// The reference that the bank is to give back.
    pub end_to_end: &'a str,
    /// What is to be paid.
    pub amount: Amount,
    /// The code of the holder, as the file says it.
    pub holder: &'a Code,
    /// The name of the holder, as the file says it.
    pub holder_name: &'a str,
    /// The code of the event, as the file says it.
    pub event: &'a Code,
    /// The account that it goes to.
    pub bank: &'a BankAccount,
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

/// A debit of an account, with all that may carry a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitText {
    /// The line.
    pub line: LineNumber,
    /// What the bank says of it.
    pub text: String,
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

    /// Hands the items of a file to `each`, in the order of the file, with those that ended.
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
            WHERE i.file_number = ?1 ORDER BY i.number"
        );
        self.db
            .each(&sql, [file], |row| each(read_item(row, &codes)?))
    }

    /// Reads the items that are in a file now, in the order of the file, and what the ledger says
    /// about each.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn live_file_items(&mut self, file: FileNumber) -> Result<Vec<StoredItem>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {FACT_COLUMNS}, {ITEM_COLUMNS} FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
            JOIN distribution_events e ON e.id = w.distribution_event_id
            LEFT JOIN distribution_payments p ON p.withdrawal_request_id = w.id
            LEFT JOIN bank_match_withdrawals x ON x.withdrawal_number = w.number AND x.live = 1 AND x.kind = 'payment'
            LEFT JOIN bank_matches m ON m.number = x.match_number
            WHERE i.file_number = ?1 AND i.live = 1 ORDER BY i.number"
        );
        self.db.query(&sql, [file], |row| {
            let facts = read_facts(row, &codes)?;
            let item = read_item(row, &codes)?;
            Ok(StoredItem { item, facts })
        })
    }

    /// Reads every reference that a payment file gave to the withdrawals that are in a file now.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn references_of_file(
        &mut self,
        file: FileNumber,
    ) -> Result<Vec<(WithdrawalNumber, String)>, Error> {
        const REFERENCES: &str =
            "SELECT o.withdrawal_number, o.end_to_end FROM payment_file_items i
            JOIN payment_file_items o ON o.withdrawal_number = i.withdrawal_number
            WHERE i.file_number = ?1 AND i.live = 1 ORDER BY o.number";
        self.db
            .query(REFERENCES, [file], |row| Ok((row.next()?, row.next()?)))
    }

    /// Reads all debits with all that may carry a reference. Lines that a user explained as
    /// something else are left out.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn debit_texts(&mut self) -> Result<Vec<DebitText>, Error> {
        const TEXTS: &str = "SELECT l.number, l.description || char(31) || coalesce(l.reference, '') || char(31)
              || coalesce(l.bank_id, '') || char(31) || coalesce(l.end_to_end, '') FROM bank_lines l
            WHERE l.amount LIKE '-%' AND l.kind IN ('principal', 'reversal', 'interest')
              AND l.statement_number NOT IN (SELECT number FROM bank_statements WHERE voided_at IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
                  WHERE x.line_number = l.number AND x.live = 1 AND m.matched_at IS NOT NULL
                    AND m.kind NOT IN ('payment', 'return'))
            ORDER BY l.number";
        self.db.query(TEXTS, (), |row| {
            Ok(DebitText {
                line: row.next()?,
                text: row.next()?,
            })
        })
    }

    /// Finds the payment file in which a withdrawal is.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn file_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<FileNumber>, Error> {
        const FIND: &str =
            "SELECT file_number FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        self.db.optional_value(FIND, [withdrawal])
    }

    /// Finds the payment file that holds a withdrawal, was exported and not cancelled.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn exported_file_of(
        &mut self,
        withdrawal: WithdrawalNumber,
    ) -> Result<Option<FileNumber>, Error> {
        const FIND: &str = "SELECT i.file_number FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
            WHERE i.withdrawal_number = ?1 AND i.live = 1
              AND f.exported_at IS NOT NULL AND f.cancelled_at IS NULL";
        self.db.optional_value(FIND, [withdrawal])
    }

    /// Returns the end-to-end reference of a withdrawal in the payment file in which it is.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn end_to_end_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<String>, Error> {
        const FIND: &str =
            "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        self.db.optional_value(FIND, [withdrawal])
    }

    /// Returns every end-to-end reference that a payment file, cancelled or not, gave a withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn references_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Vec<String>, Error> {
        const REFERENCES: &str = "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 ORDER BY number";
        self.db.values(REFERENCES, [withdrawal])
    }

    /// Finds a bank line that carries a reference which a payment file, cancelled or not, gave a
    /// withdrawal. A line that a user explained as something else shows no payment.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn line_with_reference_of(
        &mut self,
        withdrawal: WithdrawalNumber,
    ) -> Result<Option<LineNumber>, Error> {
        const LINE: &str = "SELECT l.number FROM bank_lines l WHERE l.amount LIKE '-%' AND (instr(upper(l.description), ?1)
            OR instr(upper(coalesce(l.reference, '')), ?1) OR instr(upper(coalesce(l.end_to_end, '')), ?1)
            OR instr(upper(coalesce(l.bank_id, '')), ?1)) AND l.kind IN ('principal', 'reversal', 'interest')
              AND l.statement_number NOT IN (SELECT number FROM bank_statements WHERE voided_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
                WHERE x.line_number = l.number AND x.live = 1 AND m.matched_at IS NOT NULL
                  AND m.kind NOT IN ('payment', 'return'))
            ORDER BY l.number LIMIT 1";
        for reference in self.references_of(withdrawal)? {
            if let Some(line) = self.db.optional_value(LINE, [reference])? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Returns whether an item of a payment file ever had a reference, those included that left.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn has_reference(&mut self, reference: &EndToEnd) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM payment_file_items WHERE end_to_end = ?1";
        self.db.exists(FIND, [reference.as_str()])
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

    /// Locks a withdrawal to a payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_file_item(&mut self, new: &NewFileItem<'_>) -> Result<(), Error> {
        let bank = new.bank;
        insert!(self.db, "payment_file_items" {
            "file_number": new.file,
            "withdrawal_number": new.withdrawal,
            "end_to_end": new.end_to_end,
            "amount": new.amount,
            "holder_code": new.holder,
            "holder_name": new.holder_name,
            "event_code": new.event,
            "bank_name": bank.bank_name,
            "bank_code": bank.bank_code,
            "account_number": bank.account_number,
            "account_name": bank.account_name,
            "live": true,
        })
        .map(|_| ())
    }

    /// Notes the first export of a payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn note_first_export(&mut self, number: FileNumber) -> Result<(), Error> {
        const EXPORT: &str =
            "UPDATE payment_files SET exported_by = ?2, exported_at = ?3, updated_at = ?3
            WHERE number = ?1 AND exported_at IS NULL AND cancelled_at IS NULL";
        self.keep_history("payment_files", TABLE, number.number())?;
        let values: &[&dyn ToSql] = &[&number, &self.actor.user.id, &self.now];
        self.db.update("payment_files", EXPORT, values)
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
        const CONTENT: &str =
            "UPDATE payment_files SET payments = ?2, total = ?3, content_hash = ?4, updated_at = ?5
            WHERE number = ?1";
        self.keep_history("payment_files", TABLE, number.number())?;
        let FileContent {
            payments,
            total,
            content_hash,
        } = content;
        let values: &[&dyn ToSql] = &[&number, &payments, &total, &content_hash, &self.now];
        self.db.update("payment_files", CONTENT, values)?;
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
        const CANCEL: &str = "UPDATE payment_files SET cancelled_by = ?2, cancelled_at = ?3, cancellation_reason = ?4,
            updated_at = ?3 WHERE number = ?1 AND cancelled_at IS NULL";
        self.keep_history("payment_files", TABLE, number.number())?;
        let Approval { by, at } = &removal.by;
        let values: &[&dyn ToSql] = &[&number, &by.id, at, &removal.reason];
        self.db.update("payment_files", CANCEL, values)?;
        self.end_items(removal, ItemEnd::Cancelled)
    }

    fn end_items(&mut self, removal: &Removal, how: ItemEnd) -> Result<(), Error> {
        const END: &str =
            "UPDATE payment_file_items SET live = 0, ended_as = ?2, ended_by = ?3, ended_at = ?4,
            ended_reason = ?5 WHERE number = ?1 AND live = 1";
        let Approval { by, at } = &removal.by;
        for row in &removal.rows {
            self.keep_before("payment_file_items", "number", *row)?;
            let values: &[&dyn ToSql] = &[row, &how, &by.id, at, &removal.reason];
            self.db.update("payment_file_items", END, values)?;
        }
        Ok(())
    }
}
