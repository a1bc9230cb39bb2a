//! The reconciliation of bank lines, payments and remittances.

use std::collections::{HashMap, HashSet};

use super::too_much;
use crate::{
    domain::{
        bank::{ClassifiedPayment, FundAccount},
        code::{Code, LineNumber, RemittanceNumber, WithdrawalNumber},
        id::EventId,
        matching::Class,
        quantity::{Amount, Total},
        reconciliation::{Builder, Reconciliation, SentItem, span},
        tax::on_bank::RemittanceOnBank,
        time::{Date, Instant},
        withdrawal::WithdrawalStatus,
    },
    ops::Error,
    store::{AsOf, Ledger, LineFilter, Noun, Page, Tx},
};

/// What a reconciliation report is about.
#[derive(Clone, Debug, Default)]
pub struct ReconciliationScope {
    /// One account; all if none is named.
    pub account: Option<String>,
    /// The payments and remittances of one event and what they are linked to.
    pub event: Option<String>,
    /// From this day.
    pub from: Option<Date>,
    /// Up to this day.
    pub to: Option<Date>,
}

impl ReconciliationScope {
    fn event_id(&self, tx: &mut Tx<'_>, as_of: AsOf) -> Result<Option<EventId>, Error> {
        let Some(event) = &self.event else {
            return Ok(None);
        };
        let number = tx.resolve_at(Noun::Event, event, as_of)?;
        Ok(Some(tx.event(number, AsOf::Now)?.event.id))
    }

    fn contains(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// The reconciliation as a report, and since when its classes hold.
#[derive(Clone, Debug)]
pub struct Reconciled {
    /// The report.
    pub report: Reconciliation,
    /// Each account with lines that no run saw up to then, and when its last run was.
    pub unseen: Vec<(Code, Option<Instant>)>,
}

/// What payments outside the scope of a report paid, by their withdrawals.
type Outside = HashMap<WithdrawalNumber, Amount>;

/// The lines that are about a remittance and do not show it for certain.
type LinesAbout = HashMap<RemittanceNumber, Vec<LineNumber>>;

/// The withdrawals and remittances of the event that a report is about.
struct OfEvent {
    withdrawals: HashSet<WithdrawalNumber>,
    remittances: HashSet<RemittanceNumber>,
}

/// Reports every line, payment and remittance in one class, and the closing proof. Ages count up to `day`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn reconciliation(
    ledger: &mut Ledger,
    scope: &ReconciliationScope,
    as_of: AsOf,
    day: Date,
) -> Result<Reconciled, Error> {
    ledger.read(|tx| reconciliation_in(tx, scope, as_of, day))
}

fn add_payments(
    builder: &mut Builder,
    all: &[FundAccount],
    payments: &[ClassifiedPayment],
) -> Result<(), Error> {
    for payment in payments {
        let account = payment
            .account
            .and_then(|id| all.iter().find(|account| account.account.id == id));
        builder
            .payment(payment, account.map(|account| &account.account.code))
            .ok_or_else(too_much)?;
    }
    Ok(())
}

/// Reads which accounts have lines that no run saw, and when the last run of each was.
fn unseen(
    tx: &mut Tx<'_>,
    accounts: &[FundAccount],
    as_of: AsOf,
) -> Result<Vec<(Code, Option<Instant>)>, Error> {
    let mut unseen = Vec::new();
    for account in accounts {
        let id = account.account.id;
        if tx.has_lines_after_last_run(id, as_of)? {
            unseen.push((account.account.code.clone(), tx.last_reconciled(id, as_of)?));
        }
    }
    Ok(unseen)
}

/// Returns whether a remittance is of the event and the days of a scope.
fn is_in_scope(
    remittance: &RemittanceOnBank,
    scope: &ReconciliationScope,
    event: Option<EventId>,
) -> bool {
    event.is_none_or(|event| remittance.events.contains(&event))
        && scope.contains(remittance.remittance.payment_date)
}

pub(super) fn reconciliation_in(
    tx: &mut Tx<'_>,
    scope: &ReconciliationScope,
    as_of: AsOf,
    day: Date,
) -> Result<Reconciled, Error> {
    let all = tx.bank_accounts(as_of)?;
    let accounts = match &scope.account {
        Some(given) => {
            let number = tx.resolve_at(Noun::BankAccount, given, as_of)?;
            vec![tx.bank_account_at(number, as_of)?]
        }
        None => all.clone(),
    };
    let event = scope.event_id(tx, as_of)?;
    let in_scope = |payment: &ClassifiedPayment| {
        let of_account = scope.account.is_none()
            || accounts
                .iter()
                .any(|account| payment.belongs_to(account, &all));
        of_account
            && event.is_none_or(|event| payment.event.id == event)
            && scope.contains(payment.date)
    };
    let (payments, others): (Vec<_>, Vec<_>) = tx
        .classified_payments(as_of)?
        .into_iter()
        .partition(in_scope);
    let outside: Outside = others
        .into_iter()
        .map(|payment| (payment.withdrawal, payment.amount))
        .collect();
    let remittances = tx.remittances_on_bank(as_of)?;
    let of_event = event
        .map(|event| of_event(tx, event, &remittances))
        .transpose()?;
    let mut builder = Builder::at(scope.to.unwrap_or(day).min(day));
    let mut about = LinesAbout::new();
    for account in &accounts {
        let lines = AccountLines {
            account,
            scope,
            as_of,
            of_event: of_event.as_ref(),
            outside: &outside,
        };
        lines.add(tx, &mut builder, &mut about)?;
    }
    add_payments(&mut builder, &all, &payments)?;
    for remittance in &remittances {
        let mut own = accounts.iter();
        let is_here =
            scope.account.is_none() || own.any(|account| remittance.belongs_to(account, &all));
        if is_here && is_in_scope(remittance, scope, event) {
            add_remittance(&mut builder, &all, remittance, &about)?;
        }
    }
    for item in tx.sent_items(as_of)? {
        let of_event = event.is_none_or(|event| item.event == event);
        if of_event && scope.contains(item.execution_date) {
            add_sent(&mut builder, &accounts, &item)?;
        }
    }
    Ok(Reconciled {
        report: builder.finish(),
        unseen: unseen(tx, &accounts, as_of)?,
    })
}

/// Adds an item that was sent and is not on the bank, if its account is one of the report.
fn add_sent(builder: &mut Builder, accounts: &[FundAccount], item: &SentItem) -> Result<(), Error> {
    let paid_from = accounts
        .iter()
        .find(|account| account.account.id == item.account);
    match paid_from {
        Some(account) => builder
            .sent(item, Some(&account.account.code))
            .ok_or_else(too_much),
        None => Ok(()),
    }
}

fn add_remittance(
    builder: &mut Builder,
    all: &[FundAccount],
    of: &RemittanceOnBank,
    about: &LinesAbout,
) -> Result<(), Error> {
    let linked = of.link.as_ref().map(|link| link.account);
    let account = all.iter().find(|other| Some(other.account.id) == linked);
    let account = account.map(|account| &account.account.code);
    let with = about.get(&of.remittance.number);
    let with = with.map_or(&[][..], Vec::as_slice);
    builder.remittance(of, account, with).ok_or_else(too_much)
}

/// The lines of one account, as far as a report is about them.
struct AccountLines<'a> {
    account: &'a FundAccount,
    scope: &'a ReconciliationScope,
    as_of: AsOf,
    /// What is of the event that the report is about.
    of_event: Option<&'a OfEvent>,
    /// What payments outside the scope paid.
    outside: &'a Outside,
}

impl AccountLines<'_> {
    fn add(
        &self,
        tx: &mut Tx<'_>,
        builder: &mut Builder,
        about: &mut LinesAbout,
    ) -> Result<(), Error> {
        let Self {
            account,
            scope,
            as_of,
            of_event,
            outside,
        } = *self;
        let id = account.account.id;
        let filter = LineFilter {
            account: Some(id),
            ..LineFilter::default()
        };
        tx.each_line(&filter, as_of, |line| {
            if line.classification.class == Class::Void {
                return Ok(());
            }
            let others = line
                .classification
                .payments
                .iter()
                .filter_map(|(withdrawal, _)| outside.get(withdrawal));
            let others = others
                .copied()
                .sum::<Option<Total>>()
                .ok_or_else(too_much)?;
            builder.know(&line, others).ok_or_else(too_much)?;
            for remittance in &line.classification.remittances {
                about.entry(*remittance).or_default().push(line.number);
            }
            let concerned = of_event.is_none_or(|known| {
                let mut payments = line.classification.payments.iter();
                let mut remittances = line.classification.remittances.iter();
                payments.any(|(number, _)| known.withdrawals.contains(number))
                    || remittances.any(|number| known.remittances.contains(number))
            });
            if concerned && scope.contains(line.line.booking_date) {
                builder.line(&line).ok_or_else(too_much)?;
            }
            Ok::<_, Error>(())
        })?;
        if of_event.is_some() {
            return Ok(());
        }
        let statements = tx.statements(id, as_of)?;
        let span = span(&statements, scope.to);
        let sum = match span {
            Some(span) => tx.line_sum(id, span.days, as_of)?,
            None => crate::domain::signed::Signed::ZERO,
        };
        builder.account(account, span, sum).ok_or_else(too_much)
    }
}

/// Returns the remittances of an event, and its withdrawals, paid or not: a line may concern one that
/// no payment is recorded for.
fn of_event(
    tx: &mut Tx<'_>,
    event: EventId,
    remittances: &[RemittanceOnBank],
) -> Result<OfEvent, Error> {
    let of_it = remittances.iter().filter(|of| of.events.contains(&event));
    let mut numbers = HashSet::new();
    for status in WithdrawalStatus::ALL.iter().copied() {
        numbers.extend(
            tx.withdrawals_in(event, status, Page::ALL)?
                .into_iter()
                .map(WithdrawalNumber::new),
        );
    }
    Ok(OfEvent {
        withdrawals: numbers,
        remittances: of_it.map(|of| of.remittance.number).collect(),
    })
}
