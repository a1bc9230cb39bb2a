//! What an event distributes, and what its money is, as `event create` and `event set` give it.

use serde::Serialize;

use crate::{
    domain::{
        Refused,
        component::Component,
        event::{
            self, Basis, BasisParts, ComponentTerm, DeclaredRate, Deducted, EventComponent,
            NewComponent, NewEvent, Taxable,
        },
        id::ProjectId,
        quantity::Amount,
        refused::ProceedsRefusal,
        rounding::Rounding,
    },
    ops::Error,
    store::WriteTx,
};

/// What an event distributes, as given on the command line.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BasisInput {
    /// The amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The proceeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross: Option<Amount>,
    /// The amount for each token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Amount>,
    /// How what the rate gives is rounded; half up if nothing is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
}

/// A component as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct ComponentInput {
    /// Its name.
    pub name: String,
    /// How much of it there is.
    pub given: ComponentTerm,
}

impl BasisInput {
    /// Returns what a new event distributes.
    ///
    /// # Errors
    /// [`ProceedsRefusal::AmountAndRate`], [`ProceedsRefusal::NoRate`],
    /// [`Refused::EventAmountZero`] if nothing is given.
    pub(super) fn of_new(&self) -> Result<Basis, Refused> {
        let rate = self.rate.map(|per_token| DeclaredRate {
            per_token,
            rounding: self.rounding.unwrap_or(Rounding::HalfUp),
        });
        if rate.is_none() && self.rounding.is_some() {
            return Err(ProceedsRefusal::NoRate.into());
        }
        let parts = BasisParts {
            amount: self.amount,
            gross: self.gross,
            rate,
        };
        Basis::of(parts)?.ok_or(Refused::EventAmountZero)
    }

    /// Returns what an event distributes after a change: an amount replaces proceeds and rate, and
    /// these replace an amount; of proceeds and rate, what is not given stays.
    ///
    /// # Errors
    /// Those of [`Self::of_new`].
    pub(super) fn after(&self, before: Basis) -> Result<Basis, Refused> {
        let nothing = self.amount.is_none() && self.gross.is_none() && self.rate.is_none();
        if nothing && self.rounding.is_none() {
            return Ok(before);
        }
        if self.amount.is_some() {
            return self.of_new();
        }
        let was = before.rate();
        let rounding = self.rounding.or(was.map(|was| was.rounding));
        Self {
            amount: None,
            gross: self.gross.or(before.gross()),
            rate: self.rate.or(was.map(|was| was.per_token)),
            rounding,
        }
        .of_new()
    }
}

/// Reads the components that are given.
///
/// # Errors
/// [`ProceedsRefusal::ComponentUnknown`].
pub(super) fn components_of(given: &[ComponentInput]) -> Result<Vec<NewComponent>, Error> {
    let read = |input: &ComponentInput| {
        let component = Component::parse(&input.name).map_err(ProceedsRefusal::ComponentUnknown);
        Ok(NewComponent {
            component: component.map_err(Refused::from)?,
            given: input.given,
        })
    };
    given.iter().map(read).collect()
}

/// Refuses an exit of a project with a tax profile that does not name its components.
pub(super) fn must_name(
    write: &WriteTx<'_>,
    project: ProjectId,
    event: Taxable<'_>,
) -> Result<(), Error> {
    match write.tax_profile_of(project)? {
        Some(_) => Ok(event::must_name_components(event)?),
        None => Ok(()),
    }
}

/// Makes the components of an event that is not calculated.
pub(super) fn uncalculated(components: &[NewComponent]) -> Vec<EventComponent> {
    let given = components.iter().cloned();
    given
        .map(|given| EventComponent {
            given,
            amount: None,
            tax: None,
        })
        .collect()
}

/// Returns what was given of components.
pub(super) fn given_components(components: Vec<EventComponent>) -> Vec<NewComponent> {
    let given = components.into_iter().map(|component| component.given);
    given.collect()
}

/// Refuses to give an amount to an event with deductions from its proceeds.
///
/// # Errors
/// [`ProceedsRefusal::HasDeductions`].
pub(super) fn must_keep_proceeds(
    event: &crate::domain::code::Code,
    terms: &NewEvent,
    deductions: &[Deducted],
) -> Result<(), Refused> {
    if terms.basis.gross().is_some() || deductions.is_empty() {
        return Ok(());
    }
    Err(ProceedsRefusal::HasDeductions {
        event: event.clone(),
        deductions: deductions.len(),
    }
    .into())
}

/// Says in an entry what the components are.
pub(super) fn in_words(components: &[NewComponent]) -> Vec<String> {
    let words = components.iter().map(|one| match one.given {
        ComponentTerm::Amount(amount) => format!("{}={amount}", one.component),
        ComponentTerm::Rest => format!("{}=rest", one.component),
    });
    words.collect()
}
