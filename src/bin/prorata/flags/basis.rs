//! What an event distributes, and what its money is.

use clap::{Args, builder::TypedValueParser};
use prorata::{
    domain::{event::ComponentTerm, quantity::Amount, rounding::Rounding},
    ops::event::{BasisInput, ComponentInput},
};

use super::words::rounding;

/// The amount, the proceeds or the rate of an event.
#[derive(Clone, Debug, Args)]
pub(crate) struct BasisFlags {
    /// Amount to distribute in the project's currency, for example 12500000
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    amount: Option<Amount>,
    /// Proceeds, from which `event deduct` takes deductions, for example 12500000
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    gross: Option<Amount>,
    /// Amount for one token, for example 0.04
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    rate: Option<Amount>,
    /// Rounding of what the rate gives a holder [default: half-up]
    #[arg(long, value_name = "ROUNDING", value_parser = rounding())]
    rounding: Option<Rounding>,
}

/// What the money of an event is.
#[derive(Clone, Debug, Args)]
pub(crate) struct ComponentFlags {
    /// What the money is, for example income=5000 or return_of_capital=rest; repeat it for each
    /// component
    #[arg(long = "component", value_name = "NAME=AMOUNT", value_parser = component())]
    components: Vec<ComponentInput>,
}

impl BasisFlags {
    /// Returns what is given.
    pub(crate) const fn input(&self) -> BasisInput {
        BasisInput {
            amount: self.amount,
            gross: self.gross,
            rate: self.rate,
            rounding: self.rounding,
        }
    }
}

impl ComponentFlags {
    /// Returns the components, in the order in which they are given.
    pub(crate) fn into_input(self) -> Vec<ComponentInput> {
        self.components
    }
}

/// Makes a parser of `NAME=AMOUNT` and `NAME=rest`. The name is looked at by the rule.
fn component() -> impl TypedValueParser<Value = ComponentInput> {
    clap::builder::StringValueParser::new().try_map(|text| {
        let (name, given) = text
            .rsplit_once('=')
            .ok_or_else(|| "write NAME=AMOUNT, like income=5000, or NAME=rest".to_owned())?;
        let given = match given {
            "rest" => ComponentTerm::Rest,
            amount => ComponentTerm::Amount(Amount::parse(amount).map_err(|bad| bad.to_string())?),
        };
        Ok::<_, String>(ComponentInput {
            name: name.to_owned(),
            given,
        })
    })
}
