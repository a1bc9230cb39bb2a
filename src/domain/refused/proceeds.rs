//! Refusals about what an event distributes: proceeds, deductions, rates and components.

use thiserror::Error;

use super::phrases::codes;
use crate::domain::{
    code::Code,
    component::{BadComponent, Component},
    currency::Currency,
    quantity::Amount,
};

/// Why a rule about the proceeds of an event refused a command.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(
    missing_docs,
    reason = "the message of each variant says what it is and what its fields hold"
)]
pub enum ProceedsRefusal {
    #[error("deduction `{name}` comes to 0.00; a deduction changes what is distributed")]
    DeductionZero { name: String },
    #[error("event `{event}` already has a deduction named `{name}`")]
    DeductionNameUsed { event: Code, name: String },
    #[error("event `{event}` has no deduction named `{name}`")]
    DeductionUnknown { event: Code, name: String },
    #[error("the name of a deduction is one line of at most 80 characters: {why}")]
    DeductionNameBad { why: String },
    #[error(
        "`undistributed` is the name of what a declared rate leaves of the proceeds; give the deduction another name"
    )]
    DeductionNameReserved,
    #[error("event `{event}` has {deductions} deductions, so there is no position {position}")]
    DeductionPosition {
        event: Code,
        deductions: usize,
        position: usize,
    },
    #[error(
        "event `{event}` distributes an amount that was given with `--amount`; only what was given with `--gross` has deductions"
    )]
    NoProceeds { event: Code },
    #[error(
        "deduction `{name}` of {} leaves nothing of {} to distribute",
        amount.grouped(2), rest.grouped(2)
    )]
    NothingLeft {
        name: String,
        amount: Amount,
        rest: Amount,
    },
    #[error("an amount of this event has more than 13 digits before the point")]
    TooLarge,
    #[error(
        "reserve `{name}` of project `{project}` has {currency} {}, less than the {} that event `{event}` releases",
        balance.grouped(currency.decimals()), amount.grouped(currency.decimals())
    )]
    ReserveShort {
        event: Code,
        project: Code,
        name: String,
        currency: Currency,
        balance: Amount,
        amount: Amount,
    },
    #[error(
        "event `{event}` cannot be cancelled: what it put into reserve `{name}` was released by {}",
        codes(released_by)
    )]
    ReserveReleased {
        event: Code,
        name: String,
        released_by: Vec<Code>,
    },
    #[error(
        "the components add up to {}, not to the {} of the event",
        sum.grouped(2), whole.grouped(2)
    )]
    ComponentsSum { sum: Amount, whole: Amount },
    #[error("only one component can be the rest")]
    ComponentsRestTwice,
    #[error("component `{component}` is given twice")]
    ComponentTwice { component: Component },
    #[error("component `{component}` of {} is not a multiple of the allocation unit {}", amount.plain(2), unit.plain(2))]
    ComponentNotAMultiple {
        component: Component,
        amount: Amount,
        unit: Amount,
    },
    #[error("{0}")]
    ComponentUnknown(BadComponent),
    #[error(
        "the rate gives {} in all, more than the {} that are left of the proceeds",
        total.grouped(2), distributable.grouped(2)
    )]
    RateAboveProceeds {
        total: Amount,
        distributable: Amount,
    },
    #[error("an event has an amount, or else proceeds or a rate, not both")]
    AmountAndRate,
    #[error("only a declared rate is rounded; the event has none")]
    NoRate,
    #[error(
        "event `{event}` has {deductions} {} from its proceeds; an amount has none",
        if *deductions == 1 { "deduction" } else { "deductions" }
    )]
    HasDeductions { event: Code, deductions: usize },
    #[error("the rate gives every holder 0.00; nothing would be distributed")]
    RateGivesNothing,
}

impl ProceedsRefusal {
    /// Returns the stable code, `noun.reason`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DeductionZero { .. } => "event.deduction_zero",
            Self::DeductionNameUsed { .. }
            | Self::DeductionUnknown { .. }
            | Self::DeductionNameBad { .. }
            | Self::DeductionNameReserved => "event.deduction_name",
            Self::DeductionPosition { .. } => "event.deduction_position",
            Self::NoProceeds { .. } => "event.no_proceeds",
            Self::NothingLeft { .. } => "event.nothing_left",
            Self::TooLarge => "event.too_large",
            Self::ReserveShort { .. } => "event.reserve_short",
            Self::ReserveReleased { .. } => "event.reserve_released",
            Self::ComponentsSum { .. } | Self::ComponentsRestTwice => "event.components_sum",
            Self::ComponentTwice { .. } => "event.component_twice",
            Self::ComponentNotAMultiple { .. } => "event.not_a_multiple",
            Self::ComponentUnknown(_) => "event.component_unknown",
            Self::RateAboveProceeds { .. } => "event.rate_above_proceeds",
            Self::AmountAndRate => "event.amount_and_rate",
            Self::NoRate => "event.no_rate",
            Self::HasDeductions { .. } => "event.has_deductions",
            Self::RateGivesNothing => "event.amount_zero",
        }
    }
}
