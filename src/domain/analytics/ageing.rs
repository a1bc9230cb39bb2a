//! How long money has waited for its holder.

use std::collections::BTreeMap;

use super::super::{
    allocation::Balance,
    currency::Currency,
    event::Event,
    quantity::{Amount, Total},
    time::Date,
};

/// How long ago the event of unpaid money was approved, or took place if it was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    /// Up to 30 days.
    UpTo30,
    /// 31 to 90 days.
    UpTo90,
    /// 91 to 180 days.
    UpTo180,
    /// 181 to 365 days.
    UpTo365,
    /// More than 365 days.
    Older,
}

/// The unpaid money of a currency and an age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeRow {
    /// The currency.
    pub currency: Currency,
    /// The age.
    pub age: AgeBand,
    /// The allocations that it belongs to.
    pub allocations: u64,
    /// What requests hold of it.
    pub pending: Total,
    /// What nobody asked for yet.
    pub available: Total,
    /// All of it.
    pub unpaid: Total,
    /// The part of what is available that belongs to blocked holders.
    pub held: Total,
}

/// What of an event's allocations is not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenAllocations {
    /// The allocations with money that is pending or available.
    pub count: u64,
    /// The available money of blocked holders.
    pub held: Amount,
}

impl OpenAllocations {
    /// None.
    pub const NONE: Self = Self {
        count: 0,
        held: Amount::ZERO,
    };

    /// Adds an allocation and what of it is held, or returns `None` if the sum has too many digits.
    pub fn add(&mut self, balance: Balance, held: Amount) -> Option<()> {
        self.count = self.count.checked_add(u64::from(!balance.is_settled()))?;
        self.held = self.held.checked_add(held)?;
        Some(())
    }
}

impl AgeBand {
    /// All ages.
    pub const ALL: [Self; 5] = [
        Self::UpTo30,
        Self::UpTo90,
        Self::UpTo180,
        Self::UpTo365,
        Self::Older,
    ];

    /// Shows the days.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpTo30 => "0-30",
            Self::UpTo90 => "31-90",
            Self::UpTo180 => "91-180",
            Self::UpTo365 => "181-365",
            Self::Older => "365+",
        }
    }

    /// Returns the band of an age in days.
    pub const fn of(days: i64) -> Self {
        match days {
            ..=30 => Self::UpTo30,
            31..=90 => Self::UpTo90,
            91..=180 => Self::UpTo180,
            181..=365 => Self::UpTo365,
            366.. => Self::Older,
        }
    }
}

/// Adds the unpaid money of events up by age; `None` if a sum has too many digits. `open` is what of
/// their allocations is not paid. All ages of a currency have a row if one has.
pub(super) fn rows(events: &[Event], open: &[OpenAllocations], day: Date) -> Option<Vec<AgeRow>> {
    let mut rows: BTreeMap<(&'static str, AgeBand), AgeRow> = BTreeMap::new();
    for (event, open) in events.iter().zip(open) {
        let Some(since) = event.owed_since() else {
            continue;
        };
        let (currency, nothing) = (event.currency, Total::ZERO);
        for age in AgeBand::ALL {
            let empty = AgeRow {
                currency,
                age,
                allocations: 0,
                pending: nothing,
                available: nothing,
                unpaid: nothing,
                held: nothing,
            };
            rows.entry((currency.code(), age)).or_insert(empty);
        }
        let age = AgeBand::of(day.signed_duration_since(since).num_days());
        let row = rows.get_mut(&(currency.code(), age))?;
        row.allocations = row.allocations.checked_add(open.count)?;
        row.held = row.held.checked_add(open.held.widen())?;
        row.pending = row.pending.checked_add(event.balance.pending().widen())?;
        row.available = row
            .available
            .checked_add(event.balance.available().widen())?;
        row.unpaid = row.pending.checked_add(row.available)?;
    }
    Some(rows.into_values().collect())
}
