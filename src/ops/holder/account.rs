//! The bank accounts of holders: set, remove, list.

use serde_json::json;

use super::changed::{ChangedHolder, given, meant, named, put, recall, to_change};
use crate::{
    domain::{
        Refused,
        account::BankDetails,
        activity::{Activity, Fact},
        currency::Currency,
        holder::Holder,
        holder_account::{self, HolderAccount},
        session::Session,
    },
    ops::{Error, Sink, requests},
    store::{AsOf, Done, Ledger, Noun, Request, WriteTx},
};

/// Sets the bank details of a holder's account: of the one there is what is given, or of a new one.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::BadAccount`].
pub fn set(
    ledger: &mut Ledger,
    session: Session,
    holder: &str,
    bank: &BankDetails,
) -> Result<Done<ChangedHolder>, Error> {
    let request = Request {
        command: "holder account set",
        activity: Activity::HolderAccountSet,
        input: &requests::HolderAccount { holder, bank },
    };
    ledger.write(session, request, recall, |write| {
        let before = to_change(write, holder)?;
        let account = meant(write, &before, bank)?;
        let known = account.as_ref().map(|account| account.bank.clone());
        let known = known.unwrap_or_default();
        let after = known.updated_with(bank);
        if after == known {
            return Ok((before.number, ChangedHolder::only(before)));
        }
        after
            .check(before.country.as_deref())
            .map_err(Refused::from)?;
        put(write, &before, account.as_ref(), &after)?;
        let changes = json!({ "holder": before.holder.code, "bank_details": given(bank) });
        write.record(Fact::new(Activity::HolderAccountSet, changes))?;
        Ok((before.number, named(write, before.number)?))
    })
}

/// Removes a holder's account. The next one begins without the hands of this one.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::NoBankDetails`] if there is none.
pub fn remove(
    ledger: &mut Ledger,
    session: Session,
    holder: &str,
    currency: Option<Currency>,
) -> Result<Done<ChangedHolder>, Error> {
    let request = Request {
        command: "holder account remove",
        activity: Activity::HolderAccountRemoved,
        input: &requests::HolderAccountRemoval { holder, currency },
    };
    ledger.write(session, request, recall, |write| {
        let before = to_change(write, holder)?;
        let accounts = write.holder_accounts(before.holder.id, AsOf::Now)?;
        let account = holder_account::to_remove(&before.holder.code, &accounts, currency)?;
        write.remove_holder_account(account.number)?;
        let changes = json!({ "holder": before.holder.code, "currency": account.bank.currency });
        write.record(Fact::new(Activity::HolderAccountRemoved, changes))?;
        Ok((before.number, named(write, before.number)?))
    })
}

/// Returns the holder with the account that is paid in a currency, if that is not the first one.
pub(in crate::ops) fn payable(
    write: &mut WriteTx<'_>,
    holder: &Holder,
    currency: Currency,
) -> Result<Option<Holder>, Error> {
    if holder.account.is_none() || holder.bank.currency == Some(currency) {
        return Ok(None);
    }
    // The usual case, with one account for any currency.
    if holder.bank.currency.is_none() && !write.has_account_in(holder.holder.id, currency)? {
        return Ok(None);
    }
    let accounts = write.holder_accounts(holder.holder.id, AsOf::Now)?;
    let paid_in = |wanted: Option<Currency>| {
        accounts
            .iter()
            .find(|account| account.bank.currency == wanted)
    };
    let account = paid_in(Some(currency)).or_else(|| paid_in(None));
    Ok(account.map(|account| Holder {
        bank: account.bank.clone(),
        bank_changed: Some((account.changed.by.clone(), account.changed.at)),
        account: Some(account.number),
        ..holder.clone()
    }))
}

/// Lists the accounts of a holder that are not removed.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    holder: &str,
    as_of: AsOf,
    each: Sink<'_, HolderAccount>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Holder, holder, as_of)?;
        let holder = tx.holder(number, as_of)?.holder;
        tx.holder_accounts(holder.id, as_of)?
            .into_iter()
            .try_for_each(|account| each(account).map_err(Error::Output))
    })
}
