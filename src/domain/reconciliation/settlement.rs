//! What follows in the ledger from a match: payments that are recorded from bank lines, and
//! payments that the bank sent back.

use std::collections::BTreeSet;

use crate::domain::{
    bank::BankLine,
    code::{LineNumber, WithdrawalNumber},
    matching::{Line, LinkKind},
    payment::PaymentInput,
    quantity::Amount,
    statement::StatementLine,
    text,
    time::Date,
};

/// What a payment or its return takes from a bank line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineSource<'a> {
    /// The line.
    pub number: LineNumber,
    /// The day on which the bank booked it.
    pub booking_date: Date,
    /// The value date, if the bank gives one.
    pub value_date: Option<Date>,
    /// The reference that the bank prints with it.
    pub reference: Option<&'a str>,
}

/// A withdrawal of a match, as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedWithdrawal {
    /// The withdrawal.
    pub number: WithdrawalNumber,
    /// What was paid, or what was requested if no payment is recorded.
    pub amount: Amount,
    /// The value date of its payment, if one is recorded.
    pub paid_on: Option<Date>,
    /// Whether the ledger says that the bank sent the payment back.
    pub returned: bool,
    /// The end-to-end reference that its open payment file gave it.
    pub end_to_end: Option<String>,
}

/// A payment to be recorded from a bank line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePayment {
    /// The withdrawal that it pays.
    pub withdrawal: WithdrawalNumber,
    /// The line.
    pub line: LineNumber,
    /// Its reference, value date and notes; the amount is the requested one.
    pub input: PaymentInput,
}

/// A payment that the bank sent back, as a bank line shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineReturn {
    /// The withdrawal whose payment came back.
    pub withdrawal: WithdrawalNumber,
    /// The day of the return.
    pub date: Date,
    /// The reason to be recorded.
    pub reason: String,
}

/// What follows from a match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Payments to be recorded.
    pub payments: Vec<LinePayment>,
    /// Payments to be recorded as returned.
    pub returns: Vec<LineReturn>,
}

impl LineSource<'_> {
    /// Returns the line that completes a payment: the one with the last value date.
    pub(super) fn last(lines: impl IntoIterator<Item = Self>) -> Option<Self> {
        lines.into_iter().max_by_key(|line| {
            let value_date = line.value_date.unwrap_or(line.booking_date);
            (value_date, line.booking_date, line.number)
        })
    }
}

impl<'a> From<&'a BankLine> for LineSource<'a> {
    fn from(line: &'a BankLine) -> Self {
        let StatementLine {
            booking_date,
            value_date,
            reference,
            ..
        } = &line.line;
        Self {
            number: line.number,
            booking_date: *booking_date,
            value_date: *value_date,
            reference: reference.as_deref(),
        }
    }
}

impl<'a> From<&'a Line> for LineSource<'a> {
    fn from(line: &'a Line) -> Self {
        Self {
            number: line.number,
            booking_date: line.date,
            value_date: line.value_date,
            reference: line.reference.as_deref(),
        }
    }
}

/// Plans what follows from a match whose last line is `source`.
///
/// Payments that are recorded already and returns that the ledger knows need nothing. `used` are
/// the references that payments have, as they are compared; those of the new payments are added.
pub(super) fn settle(
    kind: LinkKind,
    source: LineSource<'_>,
    withdrawals: &[LinkedWithdrawal],
    used: &mut BTreeSet<String>,
    today: Date,
) -> Settlement {
    let mut settlement = Settlement::default();
    match kind {
        LinkKind::Payment => {
            let own = source.reference.filter(|_| withdrawals.len() == 1);
            let unpaid = withdrawals.iter().filter(|each| each.paid_on.is_none());
            settlement.payments = unpaid
                .map(|withdrawal| pay(source, own, withdrawal, used, today))
                .collect();
        }
        LinkKind::Return => {
            let kept = withdrawals.iter().filter(|each| !each.returned);
            settlement.returns = kept
                .map(|withdrawal| give_back(source, withdrawal, today))
                .collect();
        }
        LinkKind::Remittance
        | LinkKind::Charge
        | LinkKind::Interest
        | LinkKind::Funding
        | LinkKind::Other => {}
    }
    settlement
}

fn pay(
    source: LineSource<'_>,
    own: Option<&str>,
    withdrawal: &LinkedWithdrawal,
    used: &mut BTreeSet<String>,
    today: Date,
) -> LinePayment {
    let number = withdrawal.number;
    let reference = [own, withdrawal.end_to_end.as_deref()]
        .into_iter()
        .flatten()
        .find(|candidate| !used.contains(&text::folded(candidate)))
        .map_or_else(|| format!("{}/{number}", source.number), str::to_owned);
    used.insert(text::folded(&reference));
    // A value date may lie ahead; a payment cannot.
    let date = source
        .value_date
        .filter(|date| *date <= today)
        .unwrap_or(source.booking_date)
        .min(today);
    LinePayment {
        withdrawal: number,
        line: source.number,
        input: PaymentInput {
            reference,
            date,
            amount: None,
            notes: Some(format!("recorded from bank line {}", source.number)),
            means: None,
        },
    }
}

fn give_back(source: LineSource<'_>, withdrawal: &LinkedWithdrawal, today: Date) -> LineReturn {
    let booked = source.booking_date;
    let date = withdrawal
        .paid_on
        .map_or(booked, |paid| booked.clamp(paid, today.max(paid)));
    LineReturn {
        withdrawal: withdrawal.number,
        date,
        reason: format!("sent back by the bank, line {}", source.number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_date;

    fn day(text: &str) -> Date {
        parse_date(text).unwrap()
    }

    fn source(reference: Option<&'static str>) -> LineSource<'static> {
        LineSource {
            number: LineNumber::new(7),
            booking_date: day("2026-06-29"),
            value_date: Some(day("2026-06-30")),
            reference,
        }
    }

    fn withdrawal(number: i64, paid_on: Option<&str>, end_to_end: &str) -> LinkedWithdrawal {
        LinkedWithdrawal {
            number: WithdrawalNumber::new(number),
            amount: Amount::parse("40").unwrap(),
            paid_on: paid_on.map(day),
            returned: false,
            end_to_end: Some(end_to_end.to_owned()),
        }
    }

    fn references(withdrawals: &[LinkedWithdrawal], used: &[&str]) -> Vec<String> {
        let mut used = used.iter().map(|used| text::folded(used)).collect();
        let source = source(Some("TRX-1"));
        let today = day("2026-07-01");
        settle(LinkKind::Payment, source, withdrawals, &mut used, today)
            .payments
            .into_iter()
            .map(|payment| payment.input.reference)
            .collect()
    }

    #[test]
    fn a_payment_takes_the_lines_reference_then_ours_then_the_numbers() {
        let one = [withdrawal(1, None, "PR7K3F9Q2M")];
        assert_eq!(references(&one, &[]), ["TRX-1"]);
        assert_eq!(references(&one, &["TRX-1"]), ["PR7K3F9Q2M"]);
        assert_eq!(
            references(&one, &["TRX-1", "PR7K3F9Q2M"]),
            ["L-000007/W-000001"]
        );
    }

    #[test]
    fn of_a_group_each_payment_takes_a_reference_of_its_own() {
        let group = [withdrawal(1, None, "PR7"), withdrawal(2, None, "PR7")];
        assert_eq!(references(&group, &[]), ["PR7", "L-000007/W-000002"]);
        let half_paid = [
            withdrawal(1, Some("2026-06-29"), "PR7"),
            withdrawal(2, None, "PR8"),
        ];
        assert_eq!(references(&half_paid, &[]), ["PR8"]);
    }

    #[test]
    fn a_payment_is_never_dated_after_today() {
        for (today, expected) in [
            ("2026-07-01", "2026-06-30"),
            ("2026-06-29", "2026-06-29"),
            ("2026-06-28", "2026-06-28"),
        ] {
            let withdrawals = [withdrawal(1, None, "PR7")];
            let settlement = settle(
                LinkKind::Payment,
                source(None),
                &withdrawals,
                &mut BTreeSet::new(),
                day(today),
            );
            assert_eq!(settlement.payments[0].input.date, day(expected), "{today}");
        }
    }

    #[test]
    fn a_return_lies_between_the_payment_and_today() {
        let dated = |paid: &str, today: &str| {
            let withdrawals = [withdrawal(1, Some(paid), "PR7")];
            let used = &mut BTreeSet::new();
            let source = source(None);
            settle(LinkKind::Return, source, &withdrawals, used, day(today)).returns[0].date
        };
        assert_eq!(dated("2026-06-01", "2026-07-01"), day("2026-06-29"));
        assert_eq!(dated("2026-06-30", "2026-07-01"), day("2026-06-30"));
        assert_eq!(dated("2026-06-01", "2026-06-20"), day("2026-06-20"));
    }

    #[test]
    fn what_the_ledger_knows_is_not_recorded_again() {
        let paid = [withdrawal(1, Some("2026-06-29"), "PR7")];
        let used = &mut BTreeSet::new();
        let today = day("2026-07-01");
        let settled = settle(LinkKind::Payment, source(None), &paid, used, today);
        assert_eq!(settled, Settlement::default());
        let returned = [LinkedWithdrawal {
            returned: true,
            ..paid[0].clone()
        }];
        let settled = settle(LinkKind::Return, source(None), &returned, used, today);
        assert_eq!(settled, Settlement::default());
    }

    #[test]
    fn the_last_line_of_a_payment_is_that_of_the_last_value_date() {
        let early = source(Some("A"));
        let late = LineSource {
            number: LineNumber::new(3),
            value_date: Some(day("2026-07-02")),
            ..source(Some("B"))
        };
        assert_eq!(LineSource::last([late, early]), Some(late));
        assert_eq!(LineSource::last([]), None);
    }
}
