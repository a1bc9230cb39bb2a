//! A holder's account that changes, and what that concerns.

use crate::{
    domain::{
        Refused,
        account::{AccountNumber, BankDetails},
        code::{Code, WithdrawalNumber},
        holder::Holder,
        holder_account::HolderAccount,
        time::Instant,
        user::Act,
    },
    ops::Error,
    store::{AsOf, Noun, Tx, WriteTx},
};

/// The column of account numbers, which is named if one is refused.
pub(in crate::ops) const ACCOUNT_NUMBER: &str = "account_number";

/// A holder who changed, and what the change of the account concerns. The last two are only known
/// the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedHolder {
    /// The holder.
    pub holder: Holder,
    /// The pending and approved withdrawals that keep another account number.
    pub keep_old: Vec<WithdrawalNumber>,
    /// The other holders with the same account number.
    pub shared_with: Vec<Code>,
}

impl ChangedHolder {
    pub(super) fn only(holder: Holder) -> Self {
        Self {
            holder,
            keep_old: Vec::new(),
            shared_with: Vec::new(),
        }
    }
}

/// Finds a holder for a user who may change it.
pub(super) fn to_change(write: &mut WriteTx<'_>, holder: &str) -> Result<Holder, Error> {
    write.actor.must(Act::Record)?;
    let number = write.resolve(Noun::Holder, holder)?;
    Ok(write.holder(number, AsOf::Now)?)
}

/// Reads a holder as it was when a key was first used.
pub(super) fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<ChangedHolder, Error> {
    Ok(ChangedHolder::only(tx.holder(number, AsOf::At(at))?))
}

/// Reads a holder whose account was changed, with what that concerns.
pub(super) fn named(write: &mut WriteTx<'_>, number: i64) -> Result<ChangedHolder, Error> {
    let holder = write.holder(number, AsOf::Now)?;
    let account = holder.bank.account_number.clone();
    let account = account.as_ref().map(AccountNumber::reveal);
    let id = holder.holder.id;
    Ok(ChangedHolder {
        keep_old: write.open_to_other_account(id, account)?,
        shared_with: match account {
            Some(number) => write.holders_with_account(number, id)?,
            None => Vec::new(),
        },
        holder,
    })
}

/// Names which bank details are given, without their values: the trail carries no account number.
pub(super) fn given(bank: &BankDetails) -> Vec<&'static str> {
    let fields = [
        ("bank_name", bank.bank_name.is_some()),
        ("bank_code", bank.bank_code.is_some()),
        (ACCOUNT_NUMBER, bank.account_number.is_some()),
        ("account_name", bank.account_name.is_some()),
        ("account_currency", bank.currency.is_some()),
    ];
    fields
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
}

/// Returns the account that bank details are for: the one in their currency, or the first one if
/// they do not say a currency.
pub(super) fn meant(
    write: &mut WriteTx<'_>,
    holder: &Holder,
    given: &BankDetails,
) -> Result<Option<HolderAccount>, Error> {
    let mut accounts = write
        .holder_accounts(holder.holder.id, AsOf::Now)?
        .into_iter();
    Ok(match given.currency {
        Some(currency) => accounts.find(|account| account.bank.currency == Some(currency)),
        None => accounts.next(),
    })
}

/// Makes these the bank details of an account, or of a new one of the holder.
pub(super) fn put(
    write: &mut WriteTx<'_>,
    holder: &Holder,
    account: Option<&HolderAccount>,
    bank: &BankDetails,
) -> Result<(), Error> {
    let currency = bank.paid_in();
    let accounts = write
        .holder_accounts(holder.holder.id, AsOf::Now)?
        .into_iter();
    let mut others = accounts.filter(|other| account.is_none_or(|own| own.number != other.number));
    if let (true, Some(currency)) = (
        others.any(|other| other.bank.currency == currency),
        currency,
    ) {
        return Err(Refused::AccountExists {
            holder: holder.holder.code.clone(),
            currency,
        }
        .into());
    }
    match account {
        Some(account) => Ok(write.update_holder_account(account, bank)?),
        None => write
            .insert_holder_account(holder.holder.id, bank)
            .map(|_| ())
            .map_err(Error::from),
    }
}
