//! Events added up by what they have in common.

use std::{collections::BTreeMap, fmt};

use chrono::Datelike as _;

use super::super::{
    currency::Currency,
    event::Event,
    quantity::{Amount, Total},
    ratio,
    signed::Signed,
    time::Date,
};

/// How many quarters a trend shows, the one of the report's day included.
const TREND: i32 = 8;

/// Events that have something in common, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common; empty for all of them.
    pub label: String,
    /// The currency.
    pub currency: Currency,
    /// How many.
    pub events: u64,
    /// What they distribute, before tax.
    pub total: Total,
    /// What of it is paid.
    pub paid: Total,
    /// What requests hold.
    pub pending: Total,
    /// What nobody asked for yet.
    pub available: Total,
    /// The tax withheld.
    pub tax: Total,
    /// What is left for the holders after tax and what the fund retains.
    pub net: Total,
    /// What was carried forward, less what was brought forward.
    pub carried_forward: Signed,
    /// The part of what is available that belongs to blocked holders.
    pub held: Total,
    /// What the fund retains, since the holders it would go to take no part.
    pub retained: Total,
    /// The part of all that is distributed in the currency, in percent.
    pub share: Option<Signed>,
    /// What was distributed in each of the last eight quarters, the oldest first.
    pub trend: Vec<Signed>,
}

/// An event with what of it is held.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupMember<'a> {
    pub(super) event: &'a Event,
    /// The available money of blocked holders.
    pub(super) held: Amount,
}

/// A quarter or a year, as reports name it: `2026-Q1`, `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A calendar quarter: year, and 1 to 4.
    Quarter(i32, u32),
    /// A calendar year.
    Year(i32),
}

impl Period {
    /// Returns the quarter of a day.
    pub fn quarter(day: Date) -> Self {
        Self::Quarter(day.year(), day.month0() / 3 + 1)
    }

    /// Returns the year of a day.
    pub fn year(day: Date) -> Self {
        Self::Year(day.year())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl Group {
    fn new(label: String, currency: Currency) -> Self {
        let nothing = Total::ZERO;
        let trend = (0..TREND).map(|_| Signed::ZERO).collect();
        Self {
            label,
            currency,
            events: 0,
            total: nothing,
            paid: nothing,
            pending: nothing,
            available: nothing,
            tax: nothing,
            net: nothing,
            carried_forward: Signed::ZERO,
            held: nothing,
            retained: nothing,
            share: None,
            trend,
        }
    }

    fn add(&mut self, GroupMember { event, held }: GroupMember<'_>, day: Date) -> Option<()> {
        let sum = |sum: Total, amount: Amount| sum.checked_add(amount.widen());
        self.events = self.events.checked_add(1)?;
        let total = event.total.amount()?;
        self.total = sum(self.total, total)?;
        self.paid = sum(self.paid, event.balance.withdrawn())?;
        self.pending = sum(self.pending, event.balance.pending())?;
        self.available = sum(self.available, event.balance.available())?;
        self.tax = sum(self.tax, event.balance.tax())?;
        self.net = sum(self.net, event.balance.net())?;
        self.held = sum(self.held, held)?;
        self.retained = sum(self.retained, event.retained)?;
        self.carried_forward = self
            .carried_forward
            .checked_add(event.balance.carried_forward().into())?
            .checked_sub(event.balance.brought_forward().into())?;
        let back = quarter_number(day).checked_sub(quarter_number(event.distribution_date))?;
        // An event of a later day is in no quarter of the trend yet.
        let place = TREND
            .checked_sub(1)?
            .checked_sub(back)
            .and_then(|place| usize::try_from(place).ok());
        if let Some(slot) = place.and_then(|place| self.trend.get_mut(place)) {
            *slot = slot.checked_add(total.into())?;
        }
        Some(())
    }
}

/// Counts quarters from year 0 on.
fn quarter_number(day: Date) -> i32 {
    // A month has a number below 12, and years have at most four digits.
    day.year() * 4 + i32::try_from(day.month0() / 3).unwrap_or_default()
}

/// Adds events up by their labels, in order of label and currency; `None` if a sum has too many
/// digits.
pub(super) fn group(
    members: &[GroupMember<'_>],
    day: Date,
    label: impl Fn(&Event) -> String,
) -> Option<Vec<Group>> {
    let mut groups: BTreeMap<(String, &'static str), Group> = BTreeMap::new();
    let mut wholes: BTreeMap<&'static str, Total> = BTreeMap::new();
    for member in members {
        let event = member.event;
        let (label, currency) = (label(event), event.currency);
        let group = groups
            .entry((label.clone(), currency.code()))
            .or_insert_with(|| Group::new(label, currency));
        group.add(*member, day)?;
        let whole = wholes.entry(currency.code()).or_insert(Total::ZERO);
        *whole = whole.checked_add(event.total.amount()?.widen())?;
    }
    let share = |mut group: Group| {
        let whole = wholes
            .get(group.currency.code())
            .map_or(0, |whole| whole.units());
        group.share = ratio::percentage(group.total.units(), whole);
        group
    };
    Some(groups.into_values().map(share).collect())
}
