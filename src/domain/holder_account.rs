//! The bank accounts of holders: who had a hand in them, and what an approver is to see of them.

use std::fmt;

use super::{
    Refused,
    account::BankDetails,
    code::Code,
    currency::Currency,
    event::Approval,
    id::{HolderRef, UserId, UserRef},
    time::Instant,
};

/// A holder's bank account on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderAccount {
    /// The row number.
    pub number: i64,
    /// The holder.
    pub holder: HolderRef,
    /// The bank details.
    pub bank: BankDetails,
    /// When a payment to it was first recorded.
    pub first_paid_at: Option<Instant>,
    /// Who last changed it, and when.
    pub changed: Approval,
    /// Who set or changed anything of it, in order of the first time.
    pub hands: Vec<UserRef>,
}

impl HolderAccount {
    /// Returns whether a payment in a currency may go to it.
    pub fn takes(&self, currency: Currency) -> bool {
        self.bank.currency.is_none_or(|own| own == currency)
    }

    /// Chooses the account that a request in a currency takes: the one in it, else the one for any.
    pub fn for_currency(accounts: &[Self], currency: Currency) -> Option<&Self> {
        let own = accounts
            .iter()
            .find(|account| account.bank.currency == Some(currency));
        own.or_else(|| {
            accounts
                .iter()
                .find(|account| account.bank.currency.is_none())
        })
    }

    /// Returns when a payment to the account was first recorded once these are its bank details:
    /// another bank or number is another account.
    pub fn paid_after(&self, bank: &BankDetails) -> Option<Instant> {
        let same = self.bank.account_number == bank.account_number
            && self.bank.bank_code == bank.bank_code;
        self.first_paid_at.filter(|_| same)
    }
}

/// Chooses the account to remove: the only one, or the one in a currency.
///
/// # Errors
/// [`Refused::NoBankDetails`], [`Refused::NoAccountInCurrency`], [`Refused::SeveralAccounts`].
pub fn to_remove<'a>(
    holder: &Code,
    accounts: &'a [HolderAccount],
    currency: Option<Currency>,
) -> Result<&'a HolderAccount, Refused> {
    let holder = || holder.clone();
    match (accounts, currency) {
        ([], None) => Err(Refused::NoBankDetails { holder: holder() }),
        ([only], None) => Ok(only),
        (several, None) => {
            let currencies = several.iter().map(|account| {
                let currency = account.bank.currency;
                currency.map_or_else(|| "any".to_owned(), |currency| currency.to_string())
            });
            Err(Refused::SeveralAccounts {
                holder: holder(),
                currencies: currencies.collect::<Vec<_>>().join(", "),
            })
        }
        (all, Some(currency)) => {
            let mut all = all.iter();
            all.find(|account| account.bank.currency == Some(currency))
                .ok_or_else(|| Refused::NoAccountInCurrency {
                    holder: holder(),
                    currency,
                })
        }
    }
}

/// Who unblocked a holder, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unblocking {
    /// Who.
    pub by: UserRef,
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// How many days an unblocked holder is marked.
const MARKED_DAYS: i64 = 90;

impl Unblocking {
    /// Returns whether the holder was unblocked so lately that an approver is to see it.
    pub fn is_recent(&self, now: Instant) -> bool {
        (now.date() - self.at.date()).num_days() < MARKED_DAYS
    }
}

/// Where the bank details of a withdrawal come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountSource {
    /// They were given with the request.
    #[default]
    Given,
    /// They are on record.
    OnRecord,
    /// They were on record, and another account number is now.
    Replaced,
    /// There are none: it is not a transfer.
    NotNeeded,
}

/// The account and the holder that a withdrawal is to be paid to, as an approver must know them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payee {
    /// Where the bank details come from.
    pub source: AccountSource,
    /// When a payment to the account was first recorded.
    pub first_paid_at: Option<Instant>,
    /// Who last changed the account on record, and when.
    pub changed: Option<Approval>,
    /// Who had a hand in the account on record.
    pub hands: Vec<UserId>,
    /// Who last unblocked the holder.
    pub unblocked: Option<Unblocking>,
    /// The other holders who have an account with this number.
    pub shared_with: Vec<Code>,
}

/// What an approver is to see of a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayeeMark {
    /// No payment to the account was recorded yet.
    FirstPayment {
        /// Who set the account, and when; `None` if it was given with the request.
        set: Option<Approval>,
    },
    /// The holder has another account on record since the request.
    Replaced(Approval),
    /// The holder was unblocked lately.
    Unblocked(Unblocking),
    /// Other holders have the same account.
    SharedAccount(Vec<Code>),
}

impl Payee {
    /// Returns what an approver is to see.
    pub fn marks(&self, now: Instant) -> Vec<PayeeMark> {
        let mut marks = Vec::new();
        match (self.source, self.first_paid_at, self.changed.clone()) {
            (AccountSource::NotNeeded, ..) | (AccountSource::OnRecord, Some(_), _) => {}
            (AccountSource::Replaced, _, Some(changed)) => marks.push(PayeeMark::Replaced(changed)),
            (AccountSource::OnRecord, None, set) => marks.push(PayeeMark::FirstPayment { set }),
            (AccountSource::Given | AccountSource::Replaced, ..) => {
                marks.push(PayeeMark::FirstPayment { set: None });
            }
        }
        if let Some(unblocking) = self.unblocked.clone().filter(|by| by.is_recent(now)) {
            marks.push(PayeeMark::Unblocked(unblocking));
        }
        if !self.shared_with.is_empty() {
            marks.push(PayeeMark::SharedAccount(self.shared_with.clone()));
        }
        marks
    }
}

impl fmt::Display for PayeeMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstPayment {
                set: Some(Approval { by, at }),
            } => write!(
                f,
                "first payment to this account, set {} by {}",
                at.date(),
                by.code
            ),
            Self::FirstPayment { set: None } => {
                f.write_str("first payment to this account, given with the request")
            }
            Self::Replaced(Approval { by, at }) => write!(
                f,
                "the holder has another account since {}, set by {}",
                at.date(),
                by.code
            ),
            Self::Unblocked(Unblocking { by, at, reason }) => {
                write!(f, "unblocked {} by {}: {reason}", at.date(), by.code)
            }
            Self::SharedAccount(holders) => {
                let holders: Vec<&str> = holders.iter().map(Code::as_str).collect();
                write!(f, "same account as {}", holders.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::tests::{named, now};

    fn on(date: &str) -> Instant {
        Instant::parse(&format!("{date}T09:00:00.000000Z")).unwrap()
    }

    #[test]
    fn an_approver_sees_a_new_account_a_holder_unblocked_lately_and_a_shared_account() {
        let unblocked = |date| {
            Some(Unblocking {
                by: named("bola"),
                at: on(date),
                reason: "order lifted".to_owned(),
            })
        };
        let payee = Payee {
            source: AccountSource::OnRecord,
            first_paid_at: None,
            changed: Some(Approval {
                by: named("bola"),
                at: on("2026-06-29"),
            }),
            hands: Vec::new(),
            unblocked: unblocked("2026-04-02"),
            shared_with: vec![Code::parse("ada").unwrap()],
        };
        let shown = |payee: &Payee| -> Vec<String> {
            payee.marks(now()).iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            shown(&payee),
            [
                "first payment to this account, set 2026-06-29 by bola",
                "unblocked 2026-04-02 by bola: order lifted",
                "same account as ada",
            ]
        );
        assert_eq!(
            shown(&Payee::default()),
            ["first payment to this account, given with the request"]
        );
        let replaced = Payee {
            source: AccountSource::Replaced,
            unblocked: None,
            shared_with: Vec::new(),
            ..payee
        };
        assert_eq!(
            shown(&replaced),
            ["the holder has another account since 2026-06-29, set by bola"]
        );
        let paid = Payee {
            source: AccountSource::OnRecord,
            first_paid_at: Some(on("2026-06-27")),
            unblocked: unblocked("2026-04-01"),
            ..Payee::default()
        };
        assert_eq!(shown(&paid), [""; 0]);
    }
}
