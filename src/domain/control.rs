//! Exceptions: what a control asks to be looked at.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{code::Code, currency::Currency, signed::Signed, time::Instant, words::words};

/// The kinds of exceptions, in the order of the report. A later kind is a line here and one in the
/// list of the store.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ExceptionKind {
    /// A question about what looked like a mistake was answered with yes.
    Confirmed,
    /// Nothing was recorded for very long, or an entry is in the future: the clock may be wrong.
    Clock,
    /// A payment has an odd date, or may be paid twice.
    OddPayment,
    /// A payment was made by cheque, in cash, by set-off or by reinvestment.
    OtherMeans,
    /// A payment was returned without a credit on the bank.
    ReturnWithoutCredit,
    /// A payment was corrected.
    PaymentCorrected,
    /// A payment that no line will show was settled.
    PaymentSettled,
    /// A payment file was cancelled after it was exported.
    FileCancelledAfterExport,
    /// Items were taken out of a payment file after it was exported.
    ItemsDroppedAfterExport,
    /// A payment went to an account that was set or changed in the 30 days before.
    AccountChangedBeforePayment,
    /// Two holders have the same account.
    SharedAccount,
    /// A bank account of the fund was added.
    BankAccountAdded,
    /// A holder was unblocked.
    HolderUnblocked,
    /// Two users who recorded and approved the same thing worked from one account of the operating
    /// system.
    SameOrigin,
    /// A user acted as the second person for the one who added or changed the user.
    AddedByMaker,
    /// So did a user whom nobody had acknowledged, because nobody else could.
    NotAcknowledged,
    /// A bank line was explained by hand.
    ExplainedByHand,
    /// A charge was explained by hand.
    ChargeByHand,
    /// A charge was explained by a rule that users taught.
    ChargeByRule,
    /// A remittance of tax was matched with a bank line by hand.
    RemittanceByHand,
    /// The part of an excluded holder went to another holder, in an event that was approved.
    PartAssigned,
    /// Amounts that no bank can pay were given up, and are income of the fund.
    ForwardWrittenOff,
    /// An event of the past was imported, with amounts that nothing in the ledger derives.
    HistoryImported,
    /// A line that names another creditor was matched by hand.
    OtherCreditor,
    /// A statement was imported by who exported the payment file of a payment that it shows, or
    /// recorded the payment.
    StatementByPayer,
    /// A statement was taken back.
    StatementTakenBack,
    /// Payments were matched although the bank named no payee.
    NoPayee,
}

words!(ExceptionKind);

/// Something that is to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What it is.
    pub kind: ExceptionKind,
    /// When it was done.
    pub at: Instant,
    /// By whom.
    pub by: Code,
    /// To what.
    pub subject: String,
    /// How much money it is about.
    pub amount: Option<Signed>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// More about it.
    pub detail: Option<String>,
    /// Another user who is part of it.
    pub other_user: Option<Code>,
}

/// How many exceptions there are of a kind, and their sum in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionCount {
    /// The kind.
    pub kind: ExceptionKind,
    /// How many.
    pub count: u64,
    /// The currency of those with an amount.
    pub currency: Option<Currency>,
    /// Their sum.
    pub amount: Option<Signed>,
}

/// The exceptions of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlReport {
    /// The counts, in order of kind and currency.
    pub counts: Vec<ExceptionCount>,
    /// The exceptions by kind: what was explained by hand with the largest amount first, all others
    /// in order of time.
    pub exceptions: Vec<Exception>,
}

impl ControlReport {
    /// Puts exceptions in order and counts them. Returns `None` if amounts add up to too much.
    pub fn of(mut exceptions: Vec<Exception>) -> Option<Self> {
        exceptions.sort_by(|a, b| {
            let by_size = [
                ExceptionKind::ExplainedByHand,
                ExceptionKind::ChargeByHand,
                ExceptionKind::ChargeByRule,
            ];
            let size = |of: &Exception| {
                let amount = of.amount.filter(|_| by_size.contains(&of.kind));
                amount.map(|amount| -amount.magnitude().units())
            };
            (a.kind, size(a), a.at, &a.subject, &a.detail).cmp(&(
                b.kind,
                size(b),
                b.at,
                &b.subject,
                &b.detail,
            ))
        });
        let mut counts: Vec<ExceptionCount> = Vec::new();
        for one in &exceptions {
            let same = |count: &&mut ExceptionCount| {
                count.kind == one.kind && count.currency == one.currency
            };
            match counts.iter_mut().find(same) {
                Some(count) => {
                    count.count += 1;
                    count.amount = match (count.amount, one.amount) {
                        (Some(sum), Some(amount)) => Some(sum.checked_add(amount)?),
                        (sum, amount) => sum.or(amount),
                    };
                }
                None => counts.push(ExceptionCount {
                    kind: one.kind,
                    count: 1,
                    currency: one.currency,
                    amount: one.amount,
                }),
            }
        }
        counts.sort_by_key(|count| (count.kind, count.currency.map(Currency::code)));
        Some(Self { counts, exceptions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::tests::now;

    fn one(kind: ExceptionKind, subject: &str, amount: Option<&str>) -> Exception {
        Exception {
            kind,
            at: now(),
            by: Code::parse("bola").unwrap(),
            subject: subject.to_owned(),
            amount: amount.map(|text| Signed::from_canonical(text).unwrap()),
            currency: amount.map(|_| Currency::parse("NGN").unwrap()),
            detail: None,
            other_user: None,
        }
    }

    #[test]
    fn what_was_explained_by_hand_comes_with_the_largest_first_and_its_sum() {
        let kind = ExceptionKind::ExplainedByHand;
        let report = ControlReport::of(vec![
            one(kind, "L-1", Some("-10.0000000")),
            one(ExceptionKind::HolderUnblocked, "h1", None),
            one(kind, "L-2", Some("-30.0000000")),
            one(kind, "L-3", Some("20.0000000")),
        ])
        .unwrap();
        let order: Vec<&str> = report
            .exceptions
            .iter()
            .map(|one| one.subject.as_str())
            .collect();
        assert_eq!(order, ["h1", "L-2", "L-3", "L-1"]);
        let counts: Vec<(u64, Option<String>)> = report
            .counts
            .iter()
            .map(|count| (count.count, count.amount.map(|sum| sum.plain(2))))
            .collect();
        assert_eq!(counts, [(1, None), (3, Some("-20.00".to_owned()))]);
    }
}
