//! What is sent to a holder: what was owed at the beginning of a period, each movement in it, and
//! what is owed at its end.
//!
//! By recording, a movement has the date on which it was recorded, as banks post entries, and its
//! value date in addition. So the statement of a period that is over never changes, and its closing
//! balance is what the ledger owed at the end of that day. By value date, a movement counts on its own
//! day, and the statement says up to what it was known.

use super::{
    code::{Code, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    forward::ForwardKind,
    holder::{Holder, HolderStatus},
    id::HolderRef,
    journal::{Allotted, ClosingBalance, Effect, JournalEntry, Step},
    quantity::{Amount, Total},
    signed::Signed,
    time::Date,
};

mod value_days;

use value_days::{DatedEntry, ValueDays};

/// By which day a statement orders and cuts its movements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayBasis {
    /// The day on which a movement was recorded.
    #[default]
    Recorded,
    /// The day on which it counts.
    Value,
}

impl DayBasis {
    /// Shows the word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Value => "value",
        }
    }
}

/// Up to what a statement by value date was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownUpTo {
    /// The day.
    pub day: Date,
    /// The last entry of the audit trail that counts.
    pub entry: i64,
}

/// A holder's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderStatement {
    /// The holder.
    pub holder: HolderRef,
    /// The name.
    pub name: String,
    /// The first day; from the beginning if none is named.
    pub from: Option<Date>,
    /// The last day.
    pub to: Date,
    /// By which day the movements are ordered and cut.
    pub basis: DayBasis,
    /// Up to what a statement by value date was known.
    pub known: Option<KnownUpTo>,
    /// The balances, in order of currency.
    pub balances: Vec<CurrencyBalance>,
    /// The movements, in the order of their days; those of one day as they were recorded.
    pub movements: Vec<HolderMovement>,
}

/// The balances of a currency: `closing = opening + allocated − tax − cancelled − paid + returned −
/// written_off = pending + available + carried_forward`. Tax is withheld, and never paid to the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyBalance {
    /// The currency.
    pub currency: Currency,
    /// What was owed before the first day.
    pub opening: Total,
    /// What approved events allocated, before tax.
    pub allocated: Total,
    /// The tax that they withheld.
    pub tax: Total,
    /// What cancelled events took back, after tax.
    pub cancelled: Total,
    /// What was paid, with returns that were taken back.
    pub paid: Total,
    /// What the bank sent back.
    pub returned: Total,
    /// What is owed at the end of the last day.
    pub closing: Total,
    /// What of it was asked for.
    pub pending: Total,
    /// What of it can be asked for.
    pub available: Total,
    /// The available part, if the holder is blocked.
    pub held: Total,
    /// What of it is kept for the next event.
    pub carried_forward: Total,
    /// What was given up, since no bank can pay it.
    pub written_off: Total,
}

/// What changes what a holder is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementKind {
    /// An event was approved.
    Allocated,
    /// An approved event was cancelled.
    Cancelled,
    /// A payment was recorded.
    Paid,
    /// A payment came back.
    Returned,
    /// It had not come back after all.
    ReturnTakenBack,
    /// What earlier events had left to this one came in.
    BroughtForward,
    /// What this event left to later ones went out.
    CarriedForward,
    /// The event was cancelled: what was brought forward went back.
    BroughtForwardUndone,
    /// The event was cancelled: what was carried forward came back.
    CarriedForwardUndone,
    /// What no bank can pay of the forward balance was given up.
    WrittenOff,
}

/// A movement of what a holder is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderMovement {
    /// The day by which it is ordered.
    pub date: Date,
    /// The day on which it was recorded, in UTC.
    pub recorded_on: Date,
    /// What happened.
    pub kind: MovementKind,
    /// The event.
    pub event: Code,
    /// The event's title, or why a payment came back.
    pub description: String,
    /// The withdrawal, if there is one.
    pub withdrawal: Option<WithdrawalNumber>,
    /// The payment, if there is one.
    pub payment: Option<PaymentNumber>,
    /// The bank's reference, if there is one.
    pub reference: Option<String>,
    /// The bank's date, or the own day of an imported event, if there is one.
    pub value_date: Option<Date>,
    /// The currency.
    pub currency: Currency,
    /// What is owed more; negative if it is less. What moves to or from the forward balance is
    /// owed all the same.
    pub amount: Signed,
    /// The gross share and the tax that an event allocated or, cancelled, took back: the amount is
    /// what is left after tax.
    pub allotted: Option<Allotted>,
    /// What the forward balance is more; negative if it is less.
    pub forward_amount: Signed,
    /// What is owed after it, in the currency.
    pub balance: Total,
}

/// Where the entries of a statement end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// With the last day.
    LastDay,
    /// With the last one that there is: of today, everything counts, also what a clock that ran
    /// back has dated later.
    LastEntry,
}

/// Adds entries up into a statement.
#[derive(Debug)]
pub struct HolderStatementBuilder {
    from: Option<Date>,
    to: Date,
    bound: Bound,
    accounts: Vec<(Effect, CurrencyBalance)>,
    movements: Vec<HolderMovement>,
    /// The entries of a statement by value date, which are counted once all are there.
    by_value: Option<ValueDays>,
}

impl MovementKind {
    /// Shows the word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allocated => "allocated",
            Self::Cancelled => "cancelled",
            Self::Paid => "paid",
            Self::Returned => "returned",
            Self::ReturnTakenBack => "return_taken_back",
            Self::BroughtForward => "brought_forward",
            Self::CarriedForward => "carried_forward",
            Self::BroughtForwardUndone => "brought_forward_undone",
            Self::CarriedForwardUndone => "carried_forward_undone",
            Self::WrittenOff => "written_off",
        }
    }
}

impl CurrencyBalance {
    fn new(currency: Currency) -> Self {
        let zero = Total::ZERO;
        Self {
            currency,
            opening: zero,
            allocated: zero,
            tax: zero,
            cancelled: zero,
            paid: zero,
            returned: zero,
            closing: zero,
            pending: zero,
            available: zero,
            held: zero,
            carried_forward: zero,
            written_off: zero,
        }
    }

    /// Returns what is left of what was allocated after tax, or `None` if more was withheld.
    pub fn net(&self) -> Option<Total> {
        self.allocated.checked_sub(self.tax)
    }

    /// Counts the gross share and the tax of an approved event.
    fn allot(&mut self, allotted: &Allotted) -> Option<()> {
        self.allocated = self.allocated.checked_add(allotted.gross.widen())?;
        self.tax = self.tax.checked_add(allotted.tax.widen())?;
        Some(())
    }

    /// Returns the sum that a movement counts in; what moves to or from the forward balance is in
    /// none, and what was allocated in two.
    fn sum(&mut self, kind: MovementKind) -> Option<&mut Total> {
        match kind {
            MovementKind::Cancelled => Some(&mut self.cancelled),
            MovementKind::Paid | MovementKind::ReturnTakenBack => Some(&mut self.paid),
            MovementKind::Returned => Some(&mut self.returned),
            MovementKind::WrittenOff => Some(&mut self.written_off),
            MovementKind::Allocated
            | MovementKind::BroughtForward
            | MovementKind::CarriedForward
            | MovementKind::BroughtForwardUndone
            | MovementKind::CarriedForwardUndone => None,
        }
    }
}

impl HolderStatementBuilder {
    /// Begins the statement of the days from `from`, or from the beginning, to `to`.
    pub fn of(from: Option<Date>, to: Date, bound: Bound, basis: DayBasis) -> Self {
        Self {
            from,
            to,
            bound,
            accounts: Vec::new(),
            movements: Vec::new(),
            by_value: (basis == DayBasis::Value).then(ValueDays::default),
        }
    }

    /// Adds an entry of the holder; entries come in the order in which they were recorded, and
    /// those after the last day do not count. `None` if an entry does not fit those before it.
    pub fn add(&mut self, entry: &JournalEntry) -> Option<()> {
        match &mut self.by_value {
            Some(days) => days.add(entry.clone()),
            None => self.count(entry, entry.at.date()),
        }
    }

    /// Counts an entry on a day.
    fn count(&mut self, entry: &JournalEntry, date: Date) -> Option<()> {
        if self.bound == Bound::LastDay && date > self.to {
            return Some(());
        }
        let place = self.account(entry.currency);
        let (owed, balance) = self.accounts.get_mut(place)?;
        *owed = owed.plus(entry.step.effect()?)?;
        let after = Total::from_units(owed.owed()?)?;
        balance.closing = after;
        if self.from.is_some_and(|from| date < from) {
            balance.opening = after;
            return Some(());
        }
        let Some((kind, amount)) = moved(&entry.step) else {
            return Some(());
        };
        if let Step::Allocated(allotted) = &entry.step {
            balance.allot(allotted)?;
        }
        if let Some(sum) = balance.sum(kind) {
            *sum = sum.checked_add(amount.widen())?;
        }
        self.movements
            .push(movement((entry, date), (kind, amount), after));
        Some(())
    }

    fn account(&mut self, currency: Currency) -> usize {
        let found = self
            .accounts
            .binary_search_by_key(&currency.code(), |(_, balance)| balance.currency.code());
        found.unwrap_or_else(|place| {
            let nothing = Effect::default();
            self.accounts
                .insert(place, (nothing, CurrencyBalance::new(currency)));
            place
        })
    }

    /// Counts the entries of a statement by value date. If what is owed would be negative within a
    /// day, what adds to it comes first.
    fn count_by_value(&mut self) -> Option<()> {
        let Some(days) = self.by_value.take() else {
            return Some(());
        };
        let ends = |dated: &DatedEntry| self.bound == Bound::LastDay && dated.day > self.to;
        let mut entries = days.ordered();
        entries.retain(|dated| !ends(dated));
        for mut of_day in by_day(entries) {
            if !self.stays_positive(&of_day)? {
                of_day.sort_by_key(|dated| is_less(&dated.entry.step));
            }
            for DatedEntry { day, entry } in &of_day {
                self.count(entry, *day)?;
            }
        }
        Some(())
    }

    /// Checks whether what is owed is nowhere negative within a day.
    fn stays_positive(&mut self, of_day: &[DatedEntry]) -> Option<bool> {
        for DatedEntry { entry, .. } in of_day {
            let place = self.account(entry.currency);
            let mut owed = self.accounts.get(place)?.0.owed()?;
            let same = |other: &&DatedEntry| other.entry.currency == entry.currency;
            for other in of_day.iter().filter(same) {
                owed = owed.checked_add(other.entry.step.effect()?.owed()?)?;
                if owed < 0 {
                    return Some(false);
                }
            }
        }
        Some(true)
    }

    /// Ends the statement; `None` if the movements do not lead from the opening to the closing
    /// balance. `known` says up to what a statement by value date was known.
    pub fn finish(mut self, holder: &Holder, known: Option<KnownUpTo>) -> Option<HolderStatement> {
        let basis = if self.by_value.is_some() {
            DayBasis::Value
        } else {
            DayBasis::Recorded
        };
        self.count_by_value()?;
        let Self {
            from,
            to,
            accounts,
            movements,
            ..
        } = self;
        let mut balances: Vec<CurrencyBalance> = Vec::with_capacity(accounts.len());
        for (owed, mut balance) in accounts {
            let owed = ClosingBalance::of(owed)?;
            (balance.pending, balance.available) = (owed.pending, owed.available);
            balance.carried_forward = owed.forward;
            balances.push(balance);
        }
        for balance in &mut balances {
            if holder.status != HolderStatus::Active {
                balance.held = balance.available;
            }
            let up = balance
                .opening
                .checked_add(balance.net()?)?
                .checked_add(balance.returned)?;
            let closing = up
                .checked_sub(balance.cancelled)?
                .checked_sub(balance.paid)?
                .checked_sub(balance.written_off)?;
            let parts = balance.pending.checked_add(balance.available)?;
            if closing != balance.closing || parts.checked_add(balance.carried_forward)? != closing
            {
                return None;
            }
        }
        Some(HolderStatement {
            holder: holder.holder.clone(),
            name: holder.name.clone(),
            from,
            to,
            basis,
            known: known.filter(|_| basis == DayBasis::Value),
            balances,
            movements,
        })
    }
}

/// Splits entries that are in order by their days.
fn by_day(entries: Vec<DatedEntry>) -> Vec<Vec<DatedEntry>> {
    let mut days: Vec<Vec<DatedEntry>> = Vec::new();
    for dated in entries {
        match days.last_mut() {
            Some(last) if last.first().is_some_and(|first| first.day == dated.day) => {
                last.push(dated);
            }
            Some(_) | None => days.push(vec![dated]),
        }
    }
    days
}

/// Returns whether less is owed after a step.
fn is_less(step: &Step) -> bool {
    step.effect()
        .and_then(Effect::owed)
        .is_some_and(|owed| owed < 0)
}

/// Returns by how much a step changes what is owed; requests and what becomes of them change
/// nothing.
fn moved(step: &Step) -> Option<(MovementKind, Amount)> {
    match step {
        Step::Allocated(allotted) => Some((MovementKind::Allocated, allotted.net()?)),
        Step::Voided(allotted) => Some((MovementKind::Cancelled, allotted.net()?)),
        Step::Paid { paid, .. } | Step::PaidBefore { paid, .. } => {
            Some((MovementKind::Paid, *paid))
        }
        Step::Returned { paid, .. } => Some((MovementKind::Returned, *paid)),
        Step::ReturnTakenBack { paid, .. } => Some((MovementKind::ReturnTakenBack, *paid)),
        Step::Forward { kind, amount, .. } => {
            let kind = match kind {
                ForwardKind::BroughtForward | ForwardKind::Released => MovementKind::BroughtForward,
                ForwardKind::CarriedForward => MovementKind::CarriedForward,
                ForwardKind::BroughtForwardUndone => MovementKind::BroughtForwardUndone,
                ForwardKind::CarriedForwardUndone => MovementKind::CarriedForwardUndone,
                ForwardKind::WrittenOff => MovementKind::WrittenOff,
            };
            Some((kind, *amount))
        }
        Step::Requested(_) | Step::Released(..) => None,
    }
}

fn movement(
    (entry, date): (&JournalEntry, Date),
    (kind, amount): (MovementKind, Amount),
    balance: Total,
) -> HolderMovement {
    let (payment, reference, value_date, reason) = match &entry.step {
        Step::Paid {
            payment,
            reference,
            value_date,
            ..
        }
        | Step::PaidBefore {
            payment,
            reference,
            value_date,
            ..
        } => (Some(*payment), Some(reference), Some(*value_date), None),
        Step::Returned {
            payment,
            reference,
            value_date,
            reason,
            ..
        }
        | Step::ReturnTakenBack {
            payment,
            reference,
            value_date,
            reason,
            ..
        } => (
            Some(*payment),
            Some(reference),
            Some(*value_date),
            Some(reason),
        ),
        Step::Forward { reason, .. } => (None, None, None, reason.as_ref()),
        Step::Allocated(_) | Step::Voided(_) | Step::Requested(_) | Step::Released(..) => {
            (None, None, entry.own_date, None)
        }
    };
    let (amount, forward_amount) = effects(kind, amount.into());
    HolderMovement {
        date,
        recorded_on: entry.at.date(),
        kind,
        event: entry.event.clone(),
        description: reason.map_or_else(|| entry.title.to_string(), Clone::clone),
        withdrawal: entry.withdrawal,
        payment,
        reference: reference.cloned(),
        value_date,
        currency: entry.currency,
        amount,
        allotted: allotted(&entry.step),
        forward_amount,
        balance,
    }
}

/// Returns by how much a movement changes what is owed, and the forward balance.
fn effects(kind: MovementKind, amount: Signed) -> (Signed, Signed) {
    match kind {
        MovementKind::Allocated | MovementKind::Returned => (amount, Signed::ZERO),
        MovementKind::Cancelled | MovementKind::Paid | MovementKind::ReturnTakenBack => {
            (amount.negated(), Signed::ZERO)
        }
        MovementKind::CarriedForward | MovementKind::BroughtForwardUndone => (Signed::ZERO, amount),
        MovementKind::WrittenOff => (amount.negated(), amount.negated()),
        MovementKind::BroughtForward | MovementKind::CarriedForwardUndone => {
            (Signed::ZERO, amount.negated())
        }
    }
}

/// Returns the gross share and the tax of a step that is about them.
fn allotted(step: &Step) -> Option<Allotted> {
    match step {
        Step::Allocated(allotted) | Step::Voided(allotted) => Some(allotted.clone()),
        Step::Requested(_)
        | Step::Released(..)
        | Step::Paid { .. }
        | Step::PaidBefore { .. }
        | Step::Returned { .. }
        | Step::ReturnTakenBack { .. }
        | Step::Forward { .. } => None,
    }
}

#[cfg(test)]
mod tests;
