//! What holders have in approved events, over all of them: balances, and one holder's portfolio.

use std::collections::BTreeMap;

use super::{
    allocation::{Allocation, Balance},
    analytics,
    available_as::AvailableAs,
    currency::Currency,
    event::Event,
    id::{HolderRef, ProjectRef},
    payment::Payment,
    quantity::{Amount, Tokens, Total},
    ratio,
    signed::Signed,
};

/// Sums of allocations, each at least zero:
/// `allocated − tax = withdrawn + pending + available + carried_forward + written_off`.
///
/// Over all events of a holder what was brought forward was carried forward before, so that what is
/// carried forward here, less what was given up of it, is the forward balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    allocated: Total,
    tax: Total,
    carried_forward: Total,
    written_off: Total,
    withdrawn: Total,
    pending: Total,
    available: Total,
}

/// Sums of allocations while they are added up, in ten-millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SumUnits {
    allocated: i128,
    tax: i128,
    forward: i128,
    written_off: i128,
    withdrawn: i128,
    pending: i128,
    available: i128,
}

impl SumUnits {
    /// Adds an allocation.
    pub const fn add(&mut self, balance: Balance) {
        // Fewer than 2^40 amounts below 10^20 stay far below 2^127.
        self.allocated += balance.allocated().units();
        self.tax += balance.tax().units();
        self.forward += balance.carried_forward().units() - balance.brought_forward().units();
        self.withdrawn += balance.withdrawn().units();
        self.pending += balance.pending().units();
        self.available += balance.available().units();
    }

    /// Takes away what was given up of the forward balance.
    pub const fn write_off(&mut self, units: i128) {
        self.forward -= units;
        self.written_off += units;
    }
}

/// What a holder has in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderBalance {
    /// The holder.
    pub holder: HolderRef,
    /// The name.
    pub name: String,
    /// The currency.
    pub currency: Currency,
    /// The sums.
    pub sums: Sums,
    /// The available part, if the holder is blocked.
    pub held: Total,
}

/// The tokens that a holder has in a project, and what they brought so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortfolioHolding {
    /// The project.
    pub project: ProjectRef,
    /// Its currency.
    pub currency: Currency,
    /// The tokens held.
    pub tokens: Tokens,
    /// All tokens outstanding.
    pub outstanding: Total,
    /// The share of all tokens, in percent to seven decimals.
    pub ownership: Option<Signed>,
    /// What the project's approved events brought for each token, added up.
    pub per_token: Signed,
}

/// What a holder has in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortfolioEvent {
    /// The event.
    pub event: Event,
    /// The allocation.
    pub allocation: Allocation,
    /// What its available part is; none if nothing is available.
    pub available_as: Option<AvailableAs>,
    /// What was given up of the forward balance to which it led.
    pub written_off: Amount,
    /// What the event brings for each token, to seven decimals.
    pub per_token: Signed,
}

/// What all events of a currency brought to a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortfolioTotal {
    /// The currency.
    pub currency: Currency,
    /// How many events there are.
    pub events: u64,
    /// The sums of their allocations.
    pub sums: Sums,
    /// The part of what is available that is held.
    pub held: Total,
}

/// A holder's portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portfolio {
    /// The holder.
    pub holder: HolderRef,
    /// The name.
    pub name: String,
    /// The tokens, by project.
    pub holdings: Vec<PortfolioHolding>,
    /// The lifetime totals, by currency.
    pub totals: Vec<PortfolioTotal>,
    /// The events, in order of distribution date and code.
    pub events: Vec<PortfolioEvent>,
    /// The payments, in order of their numbers.
    pub payments: Vec<Payment>,
}

impl Sums {
    /// Nothing.
    pub const ZERO: Self = Self {
        allocated: Total::ZERO,
        tax: Total::ZERO,
        carried_forward: Total::ZERO,
        written_off: Total::ZERO,
        withdrawn: Total::ZERO,
        pending: Total::ZERO,
        available: Total::ZERO,
    };

    /// Rebuilds sums, or returns `None` if a sum has too many digits or more was brought forward
    /// than carried forward.
    pub fn rebuild(units: SumUnits) -> Option<Self> {
        Some(Self {
            allocated: Total::from_units(units.allocated)?,
            tax: Total::from_units(units.tax)?,
            carried_forward: Total::from_units(units.forward)?,
            written_off: Total::from_units(units.written_off)?,
            withdrawn: Total::from_units(units.withdrawn)?,
            pending: Total::from_units(units.pending)?,
            available: Total::from_units(units.available)?,
        })
    }

    /// Returns what was allocated.
    pub const fn allocated(&self) -> Total {
        self.allocated
    }

    /// Returns the tax withheld.
    pub const fn tax(&self) -> Total {
        self.tax
    }

    /// Returns what is left of what was allocated after tax.
    pub fn net(&self) -> Total {
        // Each allocation's tax is at most its gross share, so the sum is too.
        self.allocated.checked_sub(self.tax).unwrap_or(Total::ZERO)
    }

    /// Returns the forward balance.
    pub const fn carried_forward(&self) -> Total {
        self.carried_forward
    }

    /// Returns what was given up of the forward balance.
    pub const fn written_off(&self) -> Total {
        self.written_off
    }

    /// Returns what was paid.
    pub const fn withdrawn(&self) -> Total {
        self.withdrawn
    }

    /// Returns what is pending: requested and not paid.
    pub const fn pending(&self) -> Total {
        self.pending
    }

    /// Returns what may still be requested.
    pub const fn available(&self) -> Total {
        self.available
    }
}

impl PortfolioEvent {
    /// Returns the available part, if the holder is blocked.
    pub fn held(&self) -> Amount {
        match self.available_as {
            Some(AvailableAs::Held) => self.allocation.balance.available(),
            Some(AvailableAs::Unpayable | AvailableAs::Payable) | None => Amount::ZERO,
        }
    }
}

impl PortfolioHolding {
    /// Describes a holding, or returns `None` if the register holds less than the holder.
    pub fn new(
        (project, currency): (ProjectRef, Currency),
        tokens: Tokens,
        outstanding: Total,
        events: &[Event],
    ) -> Option<Self> {
        if tokens.widen() > outstanding {
            return None;
        }
        let mut per_token = Signed::ZERO;
        for event in events.iter().filter(|event| event.project.id == project.id) {
            let Some(calculation) = event.state.calculation() else {
                continue;
            };
            per_token = per_token.checked_add(analytics::per_token(
                event.total.amount()?,
                calculation.counted_tokens,
            )?)?;
        }
        Some(Self {
            ownership: ownership(tokens, outstanding),
            project,
            currency,
            tokens,
            outstanding,
            per_token,
        })
    }
}

/// Returns the share of all tokens in percent, rounded by itself to seven decimals. The register's
/// percentages may differ from it in the last decimal: they are adjusted to each other so that they
/// add up to exactly 100.
fn ownership(tokens: Tokens, outstanding: Total) -> Option<Signed> {
    let hundredfold = ethnum::I256::from(tokens.units().checked_mul(100)?);
    ratio::ratio(
        hundredfold,
        ethnum::I256::from(outstanding.units()),
        super::quantity::DECIMALS,
    )
}

/// Adds up the events of a portfolio by currency, in order of currency, or returns `None` if a sum
/// has too many digits.
pub fn totals(events: &[PortfolioEvent]) -> Option<Vec<PortfolioTotal>> {
    let mut totals: BTreeMap<&'static str, Vec<&PortfolioEvent>> = BTreeMap::new();
    for event in events {
        let currency = event.event.currency.code();
        totals.entry(currency).or_default().push(event);
    }
    let total = |events: Vec<&PortfolioEvent>| {
        let mut units = SumUnits::default();
        for event in &events {
            units.add(event.allocation.balance);
            units.write_off(event.written_off.units());
        }
        let held: Option<Total> = events.iter().map(|event| event.held()).sum();
        Some(PortfolioTotal {
            currency: events.first()?.event.currency,
            events: u64::try_from(events.len()).ok()?,
            sums: Sums::rebuild(units)?,
            held: held?,
        })
    };
    totals.into_values().map(total).collect()
}
