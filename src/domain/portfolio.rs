//! What holders have in approved events, over all of them: balances, and one holder's portfolio.

use super::{
    allocation::Allocation,
    analytics,
    currency::Currency,
    event::Event,
    id::{HolderRef, ProjectRef},
    payment::Payment,
    quantity::{Tokens, Total},
    ratio,
    signed::Signed,
};

/// Sums of allocations: `allocated = withdrawn + pending + available`, each at least zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    allocated: Total,
    withdrawn: Total,
    pending: Total,
    available: Total,
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
        withdrawn: Total::ZERO,
        pending: Total::ZERO,
        available: Total::ZERO,
    };

    /// Rebuilds sums of ten-millionths allocated, withdrawn and pending, or returns `None` if more
    /// is used than allocated.
    pub fn rebuild([allocated, withdrawn, pending]: [i128; 3]) -> Option<Self> {
        let available = allocated.checked_sub(withdrawn)?.checked_sub(pending)?;
        Some(Self {
            allocated: Total::from_units(allocated)?,
            withdrawn: Total::from_units(withdrawn)?,
            pending: Total::from_units(pending)?,
            available: Total::from_units(available)?,
        })
    }

    /// Adds an allocation, or returns `None` if a sum has too many digits.
    pub fn with(self, allocation: &Allocation) -> Option<Self> {
        let balance = allocation.balance;
        Self::rebuild([
            self.allocated
                .units()
                .checked_add(balance.allocated().units())?,
            self.withdrawn
                .units()
                .checked_add(balance.withdrawn().units())?,
            self.pending
                .units()
                .checked_add(balance.pending().units())?,
        ])
    }

    /// Returns what was allocated.
    pub const fn allocated(&self) -> Total {
        self.allocated
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
                event.total_amount,
                calculation.total_tokens,
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
    let mut totals: Vec<PortfolioTotal> = Vec::new();
    for held in events {
        let currency = held.event.currency;
        let at = match totals.binary_search_by_key(&currency.code(), |total| total.currency.code())
        {
            Ok(at) => at,
            Err(at) => {
                let none = PortfolioTotal {
                    currency,
                    events: 0,
                    sums: Sums::ZERO,
                };
                totals.insert(at, none);
                at
            }
        };
        let total = totals.get_mut(at)?;
        total.events = total.events.checked_add(1)?;
        total.sums = total.sums.with(&held.allocation)?;
    }
    Some(totals)
}
