//! The bank accounts of holders in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Db, Row, columns, insert, update},
};
use crate::domain::{
    account::BankDetails,
    code::{Code, WithdrawalNumber},
    currency::Currency,
    event::Approval,
    holder_account::{AccountSource, HolderAccount, Payee},
    id::{HolderAccountId, HolderId, HolderRef, UserId, UserRef},
    withdrawal::Withdrawal,
};

columns! {
    const COLUMNS, fn read: HolderAccount {
        number: "c.number",
        holder: (HolderRef { id: "c.lp_token_holder_id", code: "h.code" }),
        bank: "c.bank_name, c.bank_code, c.account_number, c.account_name, c.currency",
        first_paid_at: "c.first_paid_at",
        changed: (Approval { by: "c.bank_changed_by", at: "c.bank_changed_at" }),
        hands: ("c.number" = Vec::new()),
    }
}

/// The columns of the table itself.
pub(super) const TABLE_COLUMNS: &str = "number, id, lp_token_holder_id, currency, bank_name, bank_code, account_number, \
    account_name, first_paid_at, bank_changed_by, bank_changed_at, removed_by, removed_at, created_at, updated_at";

/// Names the accounts for a `FROM` clause. A first payment after the day asked for was not yet there; nothing else changes an
/// account without keeping what it was.
pub(super) fn source(as_of: AsOf) -> String {
    let columns = match as_of.instant() {
        None => TABLE_COLUMNS.to_owned(),
        Some(at) => {
            let then =
                format!("iif(first_paid_at <= '{at}', first_paid_at, NULL) AS first_paid_at");
            TABLE_COLUMNS.replace("first_paid_at", &then)
        }
    };
    as_of.source("holder_accounts", &columns)
}

/// Joins allocations `a` that have money available with the account `c` of the holder that a request
/// in a currency takes: the one in it, or else the one for any.
pub(super) fn of_available(currency: Currency, as_of: AsOf) -> String {
    let (accounts, currency) = (source(as_of), currency.code());
    // What was available on a past day follows from the withdrawals of then, not from the row.
    let available = match as_of {
        AsOf::Now => "a.available_amount <> '0.0000000' AND ",
        AsOf::At(_) => "",
    };
    format!(
        "LEFT JOIN {accounts} c ON {available}c.lp_token_holder_id = a.lp_token_holder_id AND c.removed_at IS NULL
           AND coalesce(c.currency, '') IN ('{currency}', '')
           AND (c.currency IS NOT NULL OR NOT EXISTS (SELECT 1 FROM {accounts} o
                WHERE o.lp_token_holder_id = a.lp_token_holder_id AND o.removed_at IS NULL
                  AND coalesce(o.currency, '') = '{currency}'))"
    )
}

/// Reads who set or changed anything of an account, in order of the first time.
fn hands(db: Db<'_>, codes: &Codes, account: i64, as_of: AsOf) -> Result<Vec<UserRef>, Error> {
    const HANDS: &str = "SELECT user_id FROM holder_account_hands
        WHERE holder_account_number = ?1 AND (?2 IS NULL OR created_at <= ?2) ORDER BY number";
    db.query(HANDS, (account, as_of.instant()), |row| row.read(codes))
}

fn sharing(
    db: Db<'_>,
    account_number: &str,
    but: HolderId,
    as_of: AsOf,
) -> Result<Vec<Code>, Error> {
    let accounts = source(as_of);
    let sql = format!(
        "SELECT DISTINCT h.code FROM {accounts} c
         JOIN lp_token_holders h ON h.id = c.lp_token_holder_id
         WHERE c.account_number = ?1 AND c.removed_at IS NULL AND h.id <> ?2 ORDER BY h.code"
    );
    db.values(&sql, (account_number, but))
}

/// Reads what an approver must know of the account and the holder of a withdrawal.
pub(super) fn payee(
    db: Db<'_>,
    codes: &Codes,
    withdrawal: &Withdrawal,
    as_of: AsOf,
) -> Result<Payee, Error> {
    const HOLDER: &str = "id, unblocked_by, unblocked_at, unblock_reason";
    // Who changed the account later has no part in the details that were copied.
    let sql = format!(
        "SELECT c.number IS NOT NULL, c.removed_at IS NULL AND c.account_number = ?3,
            c.first_paid_at, c.bank_changed_by, c.bank_changed_at,
            (SELECT group_concat(user_id) FROM holder_account_hands x
             WHERE x.holder_account_number = ?2 AND x.created_at <= ?4),
            h.unblocked_by, h.unblocked_at, h.unblock_reason,
            EXISTS (SELECT 1 FROM {accounts} o WHERE o.account_number = ?3 AND o.removed_at IS NULL
                    AND o.lp_token_holder_id <> ?1)
         FROM {holders} h LEFT JOIN {accounts} c ON c.number = ?2 WHERE h.id = ?1",
        holders = as_of.source("lp_token_holders", HOLDER),
        accounts = source(as_of),
    );
    let bank = withdrawal.bank.as_ref();
    let number = bank.map(|bank| bank.account_number.reveal());
    let (holder, asked_at) = (withdrawal.holder.id, withdrawal.created_at);
    let values = (holder, withdrawal.account, number, asked_at);
    let (mut payee, is_shared) = db.query_one(&sql, values, |row| {
        let (on_record, same): (bool, Option<bool>) = (row.next()?, row.next()?);
        let payee = Payee {
            source: match (on_record, same) {
                (false, _) if number.is_none() => AccountSource::NotNeeded,
                (false, _) => AccountSource::Given,
                (true, Some(true)) => AccountSource::OnRecord,
                (true, Some(false) | None) => AccountSource::Replaced,
            },
            first_paid_at: row.next()?,
            changed: row.read(codes)?,
            hands: read_hands(row)?,
            unblocked: row.read(codes)?,
            shared_with: Vec::new(),
        };
        Ok((payee, row.next::<bool>()?))
    })?;
    if let (true, Some(number)) = (is_shared, number) {
        payee.shared_with = sharing(db, number, holder, as_of)?;
    }
    Ok(payee)
}

/// Reads ids of users that a query gathered, parted by commas.
fn read_hands(row: &mut Row<'_>) -> Result<Vec<UserId>, Error> {
    let Some(ids) = row.next::<Option<String>>()? else {
        return Ok(Vec::new());
    };
    ids.split(',')
        .map(|id| id.parse().map(UserId))
        .collect::<Result<_, _>>()
        .map_err(|_| Error::Damaged {
            detail: "who had a hand in an account cannot be read".to_owned(),
        })
}

fn pair(row: &mut Row<'_>) -> Result<(i64, bool), Error> {
    Ok((row.next()?, row.next()?))
}

impl Tx<'_> {
    /// Reads the accounts of a holder that are not removed, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder_accounts(
        &mut self,
        holder: HolderId,
        as_of: AsOf,
    ) -> Result<Vec<HolderAccount>, Error> {
        let codes = self.codes()?;
        let accounts = source(as_of);
        let sql = format!(
            "SELECT {COLUMNS} FROM {accounts} c JOIN lp_token_holders h ON h.id = c.lp_token_holder_id
             WHERE c.lp_token_holder_id = ?1 AND c.removed_at IS NULL ORDER BY c.number"
        );
        let mut accounts = self.db.query(&sql, [holder], |row| read(row, &codes))?;
        for account in &mut accounts {
            account.hands = hands(self.db, &codes, account.number, as_of)?;
        }
        Ok(accounts)
    }

    /// Returns whether a holder has an account in this very currency.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn has_account_in(&mut self, holder: HolderId, currency: Currency) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM holder_accounts
            WHERE lp_token_holder_id = ?1 AND coalesce(currency, '') = ?2 AND removed_at IS NULL";
        self.db.exists(FIND, (holder, currency))
    }

    /// Reads what an approver must know of the account and the holder of a withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payee(&mut self, withdrawal: &Withdrawal) -> Result<Payee, Error> {
        let codes = self.codes()?;
        payee(self.db, &codes, withdrawal, AsOf::Now)
    }

    /// Reads which other holders have an account with this number, in order of their codes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holders_with_account(
        &mut self,
        account_number: &str,
        but: HolderId,
    ) -> Result<Vec<Code>, Error> {
        sharing(self.db, account_number, but, AsOf::Now)
    }

    /// Returns whether another holder has an account with this number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn is_account_shared(
        &mut self,
        account_number: &str,
        but: HolderId,
    ) -> Result<bool, Error> {
        const SHARED: &str = "SELECT 1 FROM holder_accounts
            WHERE account_number = ?1 AND removed_at IS NULL AND lp_token_holder_id <> ?2";
        self.db.exists(SHARED, (account_number, but))
    }

    /// Reads the pending and approved withdrawals of a holder to another account than this one, in
    /// order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn open_to_other_account(
        &mut self,
        holder: HolderId,
        account_number: Option<&str>,
    ) -> Result<Vec<WithdrawalNumber>, Error> {
        const OPEN: &str = "SELECT number FROM withdrawal_requests WHERE lp_token_holder_id = ?1
            AND status IN ('pending', 'approved') AND account_number IS NOT ?2 ORDER BY number";
        self.db.values(OPEN, (holder, account_number))
    }
}

impl WriteTx<'_> {
    /// Adds an account with the hand of the acting user; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_holder_account(
        &mut self,
        holder: HolderId,
        bank: &BankDetails,
    ) -> Result<i64, Error> {
        let number = self.insert_first_account(holder, bank)?;
        self.note_lacking(number)?;
        Ok(number)
    }

    /// Adds the account of a holder who has none.
    pub(super) fn insert_first_account(
        &mut self,
        holder: HolderId,
        bank: &BankDetails,
    ) -> Result<i64, Error> {
        let number = insert!(self.db, "holder_accounts" {
            "id": self.ids.make::<HolderAccountId>(),
            "lp_token_holder_id": holder,
            "currency": bank.paid_in(),
            "bank_name": bank.bank_name,
            "bank_code": bank.bank_code,
            "account_number": bank.account_number,
            "account_name": bank.account_name,
            "bank_changed_by": self.actor.user.id,
            "bank_changed_at": self.now,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        self.insert_hand(number)?;
        Ok(number)
    }

    /// Changes the bank details of an account, with the hand of the acting user.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_holder_account(
        &mut self,
        before: &HolderAccount,
        bank: &BankDetails,
    ) -> Result<(), Error> {
        let number = before.number;
        self.keep_history("holder_accounts", TABLE_COLUMNS, number)?;
        update!(self.db, "holder_accounts" set {
            "currency": bank.paid_in(),
            "bank_name": bank.bank_name,
            "bank_code": bank.bank_code,
            "account_number": bank.account_number,
            "account_name": bank.account_name,
            "first_paid_at": before.paid_after(bank),
            "bank_changed_by": self.actor.user.id,
            "bank_changed_at": self.now,
            "updated_at": self.now,
        } where { "number": number })?;
        self.note_lacking(number)?;
        self.add_hand(number)
    }

    /// Notes that a new holder has no account that takes any currency.
    pub(super) fn insert_lacking(&self, holder: i64) -> Result<(), Error> {
        insert!(self.db, "holders_without_account" {
            "holder_number": holder,
            "lacking": true,
        })
        .map(|_| ())
    }

    /// Notes whether the holder of an account has one that takes any currency.
    fn note_lacking(&self, account: i64) -> Result<(), Error> {
        const HOLDER: &str = "SELECT h.number, EXISTS (SELECT 1 FROM holder_accounts o
              WHERE o.lp_token_holder_id = h.id AND o.removed_at IS NULL AND o.currency IS NULL
                AND o.bank_name IS NOT NULL AND o.account_number IS NOT NULL)
            FROM holder_accounts c JOIN lp_token_holders h ON h.id = c.lp_token_holder_id WHERE c.number = ?1";
        const NOTED: &str =
            "SELECT number, lacking FROM holders_without_account WHERE holder_number = ?1";
        let (holder, has): (i64, bool) = self.db.query_one(HOLDER, [account], pair)?;
        let noted: Option<(i64, bool)> = self.db.query_optional(NOTED, [holder], pair)?;
        match noted {
            None if has => Ok(()),
            None => self.insert_lacking(holder),
            Some((_, lacking)) if lacking != has => Ok(()),
            Some((number, _)) => update!(self.db, "holders_without_account" set {
                "lacking": !has,
            } where { "number": number }),
        }
    }

    fn add_hand(&mut self, account: i64) -> Result<(), Error> {
        const FIND: &str = "SELECT 1 FROM holder_account_hands
            WHERE holder_account_number = ?1 AND user_id = ?2";
        if self.db.exists(FIND, (account, self.actor.user.id))? {
            return Ok(());
        }
        self.insert_hand(account)
    }

    fn insert_hand(&self, account: i64) -> Result<(), Error> {
        insert!(self.db, "holder_account_hands" {
            "holder_account_number": account,
            "user_id": self.actor.user.id,
            "created_at": self.now,
        })
        .map(|_| ())
    }

    /// Removes an account: the next one of the holder begins without its hands.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn remove_holder_account(&mut self, number: i64) -> Result<(), Error> {
        self.keep_history("holder_accounts", TABLE_COLUMNS, number)?;
        update!(self.db, "holder_accounts" set {
            "removed_by": self.actor.user.id,
            "removed_at": self.now,
            "updated_at": self.now,
        } where { "number": number })?;
        self.note_lacking(number)
    }

    /// Notes that a payment to the account of a withdrawal was recorded, if it is the first one to it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn note_first_payment(&mut self, withdrawal: &Withdrawal) -> Result<(), Error> {
        const UNPAID: &str = "SELECT number FROM holder_accounts
            WHERE number = ?1 AND account_number = ?2 AND first_paid_at IS NULL";
        let bank = withdrawal.bank.as_ref();
        let account_number = bank.map(|bank| bank.account_number.reveal());
        let unpaid: Option<i64> = self
            .db
            .optional_value(UNPAID, (withdrawal.account, account_number))?;
        let Some(number) = unpaid else {
            return Ok(());
        };
        update!(self.db, "holder_accounts" set {
            "first_paid_at": self.now,
        } where { "number": number })
    }
}
