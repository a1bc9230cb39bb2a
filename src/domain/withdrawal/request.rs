//! A request: what a holder asks for, and where it is paid.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Refused,
    account::{BankAccount, BankDetails},
    allocation::{Allocation, Movement},
    event::{Event, EventState},
    holder::Holder,
    id::UserRef,
    quantity::Amount,
    status::Means,
    user::{Act, Actor},
};

/// A request that was decided and is not yet recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// What is asked for.
    pub amount: Amount,
    /// By what means it is to be paid.
    pub means: Means,
    /// Where a transfer is to be paid.
    pub bank: Option<BankAccount>,
    /// Who last changed these bank details.
    pub bank_changed_by: Option<UserRef>,
    /// The holder's account that they are of; `None` if they are given.
    pub account: Option<i64>,
    /// The movement of the allocation.
    pub movement: Movement,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// This amount.
    Amount(Amount),
    /// All that can be paid now.
    All,
}

/// Decides a request. `given` are bank details given with it, all of them or none; otherwise
/// the holder's are copied.
///
/// # Errors
/// [`Refused::EventNotActive`], [`Refused::HolderBlocked`], [`Refused::NothingAvailable`],
/// [`Refused::AmountZero`], [`Refused::AmountNotPayable`], [`Refused::AmountNotAvailable`],
/// [`Refused::NoBankDetails`], [`Refused::NoAccountInCurrency`], [`Refused::BankDetailsIncomplete`],
/// [`Refused::BadAccount`] for bank details that are given, [`Refused::AccountNotNeeded`] if it is not
/// a transfer.
pub fn request(
    actor: &Actor,
    event: &Event,
    allocation: &Allocation,
    holder: &Holder,
    ask: Ask,
    (means, given): (Means, &BankDetails),
) -> Result<NewRequest, Refused> {
    actor.must(Act::Record)?;
    must_be_active(event)?;
    holder.must_be_open()?;
    let unit = event.currency.minor_unit();
    let available = allocation.balance.available();
    let amount = match ask {
        Ask::All => available.floor_to(unit),
        Ask::Amount(amount) => amount,
    };
    let code = || holder.holder.code.clone();
    if amount.is_zero() {
        return Err(match ask {
            Ask::All => Refused::NothingAvailable {
                holder: code(),
                event: event.event.code.clone(),
            },
            Ask::Amount(_) => Refused::AmountZero,
        });
    }
    if !amount.is_multiple_of(unit) {
        return Err(Refused::AmountNotPayable {
            amount,
            unit,
            currency: event.currency,
        });
    }
    let movement = Movement::Hold(amount);
    if allocation.balance.after(movement).is_none() {
        return Err(Refused::AmountNotAvailable {
            holder: code(),
            event: event.event.code.clone(),
            amount,
            available,
            currency: event.currency,
        });
    }
    let paid_to = paid_to(actor, event, holder, (means, given))?;
    let account = paid_to.as_ref().and_then(|(_, _, account)| *account);
    let (bank, bank_changed_by) = paid_to.map(|(bank, by, _)| (bank, by)).unzip();
    Ok(NewRequest {
        amount,
        means,
        bank,
        bank_changed_by,
        account,
        movement,
    })
}

/// An account that a transfer goes to, who recorded it last, and the number of the holder's account
/// that it was copied from.
type PaidTo = (BankAccount, UserRef, Option<i64>);

/// Returns where a transfer is to be paid: the account that is given, or else the holder's. Other
/// means have none.
fn paid_to(
    actor: &Actor,
    event: &Event,
    holder: &Holder,
    (means, given): (Means, &BankDetails),
) -> Result<Option<PaidTo>, Refused> {
    let code = || holder.holder.code.clone();
    if means != Means::Transfer {
        return if given.is_empty() {
            Ok(None)
        } else {
            let holder = code();
            Err(Refused::AccountNotNeeded { holder, means })
        };
    }
    if given.is_empty() {
        // What is on record was checked when it was recorded.
        let by = holder.bank_changed.as_ref().map(|(user, _)| user.clone());
        let Some((bank, by)) = holder.bank.account().zip(by) else {
            return Err(Refused::NoBankDetails { holder: code() });
        };
        must_take(&holder.bank, event, holder)?;
        return Ok(Some((bank, by, holder.account)));
    }
    let Some(bank) = given.account() else {
        return Err(Refused::BankDetailsIncomplete { holder: code() });
    };
    given.check(holder.country.as_deref())?;
    must_take(given, event, holder)?;
    Ok(Some((bank, actor.user.clone(), None)))
}

/// Refuses bank details that are known to be paid in another currency than an event's.
fn must_take(details: &BankDetails, event: &Event, holder: &Holder) -> Result<(), Refused> {
    if details.takes(event.currency) {
        return Ok(());
    }
    Err(Refused::NoAccountInCurrency {
        holder: holder.holder.code.clone(),
        currency: event.currency,
    })
}

/// Refuses if an event does not take requests.
///
/// # Errors
/// [`Refused::EventNotActive`].
pub fn must_be_active(event: &Event) -> Result<(), Refused> {
    match event.state {
        EventState::Active(..) => Ok(()),
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Completed(..)
        | EventState::Cancelled { .. } => Err(Refused::EventNotActive {
            event: event.event.code.clone(),
            status: event.status(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        account::AccountNumber,
        allocation::Balance,
        currency::Currency,
        event::{
            EventStatus,
            tests::{actor, amount, event, named},
        },
        holder::HolderStatus,
        id::{AllocationId, Named},
        quantity::{Percent, Tokens},
        user::Role,
        withdrawal::tests::{bank, blocked, holder},
    };

    fn allocation(allocated: &str, pending: &str) -> Allocation {
        let id: Named<AllocationId> = named("A1");
        Allocation {
            number: 1,
            id: id.id,
            event: named("E1"),
            holder: named("h1"),
            holder_name: "Adaeze".to_owned(),
            tokens: Tokens::parse("1").unwrap(),
            percentage: Percent::parse("100").unwrap(),
            assigned: Amount::ZERO,
            tax_class: None,
            tax_rate: None,
            balance: Balance::plain(amount(allocated), Amount::ZERO, amount(pending)).unwrap(),
        }
    }

    #[test]
    fn a_request_takes_what_is_there_in_what_a_bank_can_pay() {
        let whole = |text: &str| Ask::Amount(amount(text));
        #[rustfmt::skip]
        let cases = [
            (EventStatus::Active,     "NGN", "100",       "0",   whole("40"),        "40"),
            (EventStatus::Active,     "NGN", "100",       "60",  whole("40"),        "40"),
            (EventStatus::Active,     "NGN", "100",       "60",  whole("40.01"),     "withdrawal.not_available"),
            (EventStatus::Active,     "NGN", "100",       "0",   whole("0"),         "withdrawal.amount_zero"),
            (EventStatus::Active,     "NGN", "100",       "0",   whole("0.001"),     "withdrawal.not_a_multiple"),
            (EventStatus::Active,     "KWD", "100",       "0",   whole("0.001"),     "0.001"),
            (EventStatus::Active,     "KWD", "100",       "0",   whole("0.0001"),    "withdrawal.not_a_multiple"),
            (EventStatus::Active,     "JPY", "100",       "0",   whole("0.5"),       "withdrawal.not_a_multiple"),
            (EventStatus::Active,     "NGN", "33.3333334", "0",  Ask::All,           "33.33"),
            (EventStatus::Active,     "JPY", "33.3333334", "0",  Ask::All,           "33"),
            (EventStatus::Active,     "KWD", "33.3333334", "0",  Ask::All,           "33.333"),
            (EventStatus::Active,     "NGN", "0.0099999", "0",   Ask::All,           "withdrawal.nothing_available"),
            (EventStatus::Active,     "NGN", "100",       "100", Ask::All,           "withdrawal.nothing_available"),
            (EventStatus::Draft,      "NGN", "100",       "0",   Ask::All,           "event.not_active"),
            (EventStatus::Calculated, "NGN", "100",       "0",   Ask::All,           "event.not_active"),
            (EventStatus::Completed,  "NGN", "100",       "0",   Ask::All,           "event.not_active"),
            (EventStatus::Cancelled,  "NGN", "100",       "0",   Ask::All,           "event.not_active"),
        ];
        for (status, currency, allocated, pending, ask, expected) in cases {
            let event = Event {
                currency: Currency::parse(currency).unwrap(),
                ..event(status)
            };
            let (allocation, mut open, none) = (
                allocation(allocated, pending),
                holder(HolderStatus::Active),
                BankDetails::default(),
            );
            open.bank.currency = Some(event.currency);
            let decided = request(
                &actor("bola", Role::Operator),
                &event,
                &allocation,
                &open,
                ask,
                (Means::Transfer, &none),
            );
            let found = decided.map_or_else(
                |refused| refused.code().to_owned(),
                |new| new.amount.plain(0),
            );
            assert_eq!(
                found, expected,
                "{ask:?} of {allocated} {currency}, {pending} pending, {status}"
            );
        }
    }

    #[test]
    fn bank_details_all_come_from_one_place() {
        let (active, allocation, operator) = (
            event(EventStatus::Active),
            allocation("100", "0"),
            actor("bola", Role::Operator),
        );
        let take = |holder: &Holder, given: &BankDetails| {
            let terms = (Means::Transfer, given);
            request(&operator, &active, &allocation, holder, Ask::All, terms)
        };
        let on_record = take(&holder(HolderStatus::Active), &BankDetails::default()).unwrap();
        assert_eq!(
            (on_record.bank.unwrap().bank_name, on_record.bank_changed_by),
            ("GTBank".to_owned(), Some(named("tayo")))
        );
        let other = BankDetails {
            bank_name: Some("Zenith".to_owned()),
            account_number: AccountNumber::parse("9876543210").ok(),
            ..BankDetails::default()
        };
        let given = take(&holder(HolderStatus::Active), &other).unwrap();
        assert_eq!(
            (given.bank.unwrap().bank_code, given.bank_changed_by),
            (None, Some(named("bola"))),
            "no code of the other bank"
        );
        let half = BankDetails {
            bank_name: Some("Zenith".to_owned()),
            ..BankDetails::default()
        };
        let refused = take(&holder(HolderStatus::Active), &half).unwrap_err();
        assert_eq!(
            refused.code(),
            "withdrawal.bank_details_incomplete",
            "half of one and half of the other is not an account"
        );
        let unknown = Holder {
            bank: half,
            ..holder(HolderStatus::Active)
        };
        assert_eq!(
            take(&unknown, &BankDetails::default()).unwrap_err().code(),
            "holder.no_bank_details"
        );
        assert_eq!(
            take(&holder(blocked()), &other).unwrap_err().code(),
            "holder.blocked"
        );
    }

    #[test]
    fn only_a_transfer_needs_bank_details() {
        let (active, allocation, operator) = (
            event(EventStatus::Active),
            allocation("100", "0"),
            actor("bola", Role::Operator),
        );
        let without = Holder {
            bank: BankDetails::default(),
            bank_changed: None,
            ..holder(HolderStatus::Active)
        };
        let none = BankDetails::default();
        let asked = Means::ALL.iter().copied();
        for means in asked.filter(|means| *means != Means::Imported) {
            let decided = request(
                &operator,
                &active,
                &allocation,
                &without,
                Ask::All,
                (means, &none),
            );
            if means == Means::Transfer {
                assert_eq!(decided.unwrap_err().code(), "holder.no_bank_details");
                continue;
            }
            let decided = decided.unwrap();
            assert_eq!((decided.means, decided.bank), (means, None));
            let given = request(
                &operator,
                &active,
                &allocation,
                &without,
                Ask::All,
                (means, &bank()),
            );
            assert_eq!(given.unwrap_err().code(), "withdrawal.account_not_needed");
        }
    }
}
