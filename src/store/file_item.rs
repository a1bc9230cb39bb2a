//! The items of payment files in the ledger.

use super::{
    Error, Tx, WriteTx,
    db::{Codes, Row, columns, insert, update},
};
use crate::domain::{
    account::BankAccount,
    code::{Code, FileNumber, LineNumber, PaymentNumber, WithdrawalNumber},
    event::{Approval, EventStatus},
    file_item::{ItemEnd, Mark},
    holder::HolderStatus,
    id::{EventId, HolderId},
    payment_file::{FileItem, ItemEnding, Removal},
    quantity::Amount,
    time::Instant,
};

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
        // What earlier files say about the withdrawal, without this one; asked only if anything left its file.
        marks: ("CASE WHEN EXISTS (SELECT 1 FROM payment_file_items WHERE live = 0) THEN
            (SELECT group_concat(x.file_number || '|' || x.ended_as || '|' || x.ended_at || '|' ||
              CASE WHEN o.number = w.number THEN '' ELSE o.number END, ';')
            FROM withdrawal_requests o JOIN payment_file_items x ON x.withdrawal_number = o.number AND x.live = 0
            JOIN payment_files y ON y.number = x.file_number
            WHERE o.distribution_allocation_id = w.distribution_allocation_id AND x.file_number < i.file_number
              AND (o.number = w.number OR o.cancelled_at < w.created_at)
              AND (x.ended_as = 'dropped' OR y.exported_at IS NOT NULL)) END" => read_marks),
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
    /// The holder's account that the request took, if it did not bring its own bank details.
    pub account: Option<i64>,
    /// Whether that account is still the holder's and still as the request took it. The spelling of
    /// the bank's name is not compared.
    pub account_is_same: bool,
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
        account: "w.holder_account_number",
        account_is_same: "coalesce(c.removed_at IS NULL AND c.account_number = w.account_number
            AND c.bank_code IS w.bank_code AND c.account_name IS w.account_name
            AND (c.currency IS NULL OR c.currency = e.currency), 0)",
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

impl Tx<'_> {
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
            LEFT JOIN holder_accounts c ON c.number = w.holder_account_number
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

    /// Returns the payment files that hold approved withdrawals of an event, and how many of them.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn files_of(&mut self, event: EventId) -> Result<Vec<(FileNumber, u64)>, Error> {
        const FILES: &str = "SELECT i.file_number, count(*) FROM withdrawal_requests w
            JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1
            WHERE w.distribution_event_id = ?1 AND w.status = 'approved' GROUP BY 1 ORDER BY 1";
        self.db
            .query(FILES, [event], |row| Ok((row.next()?, row.next()?)))
    }
}

impl WriteTx<'_> {
    /// Locks a withdrawal to a payment file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_file_item(&mut self, new: &NewFileItem<'_>) -> Result<(), Error> {
        let bank = new.bank;
        self.count_item(new.file, new.withdrawal)?;
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

    /// Ends items of a payment file: their withdrawals are free again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub(super) fn end_items(&mut self, removal: &Removal, how: ItemEnd) -> Result<(), Error> {
        let Approval { by, at } = &removal.by;
        for row in &removal.rows {
            self.count_item_end(*row)?;
            update!(self.db, "payment_file_items" set {
                "live": false,
                "ended_as": how,
                "ended_by": by.id,
                "ended_at": at,
                "ended_reason": removal.reason,
            } where { "number": row, "live": true })?;
        }
        Ok(())
    }
}
