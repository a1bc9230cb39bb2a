//! What the calculation of an event froze next to its allocations.

use std::collections::HashMap;

use crate::domain::{
    event::{
        Basis, CalculationResult, ComponentAmount, Deducted, Event, EventComponent, Excluded,
        Exclusion, Frozen, Inputs, NewComponent, Participation, Share, StoredParts, TaxTerms,
        calculated_amounts, given_deductions,
    },
    id::EventId,
    quantity::Amount,
    token::Holding,
};
use crate::store::{AsOf, Error, Tx};

/// What an event was calculated from, next to the register, and the parts of its allocations.
#[derive(Default)]
pub(super) struct FrozenFacts {
    excluded: Vec<Excluded>,
    deductions: Vec<Deducted>,
    components: Vec<EventComponent>,
    amounts: Vec<ComponentAmount>,
    parts: Vec<Amount>,
    tax: Option<TaxTerms>,
}

/// Reads what each event froze; a plain event froze nothing.
pub(super) fn frozen_facts(
    tx: &mut Tx<'_>,
    events: &[Event],
) -> Result<HashMap<EventId, FrozenFacts>, Error> {
    let mut facts = HashMap::new();
    for event in events {
        let id = event.event.id;
        let components = tx.components(id, AsOf::Now)?;
        let of_event = FrozenFacts {
            excluded: tx.excluded(event)?,
            deductions: tx.deductions(id, AsOf::Now)?,
            amounts: calculated_amounts(&components),
            parts: match components.len() {
                0 | 1 => Vec::new(),
                _ => tx.parts_of_event(id)?,
            },
            components,
            tax: tx.tax_terms(event)?,
        };
        if !of_event.is_plain(event) || of_event.tax.is_some() {
            facts.insert(id, of_event);
        }
    }
    Ok(facts)
}

impl FrozenFacts {
    /// Returns whether an event divides an amount over everybody, and nothing else.
    pub(super) fn is_plain(&self, event: &Event) -> bool {
        let has_amount = matches!(event.total.basis(), Basis::Amount(_));
        has_amount && self.excluded.is_empty() && self.components.is_empty()
    }

    /// Returns what the calculation hash covers of it; `None` if the event was never calculated.
    pub(super) fn of<'a>(&'a self, event: &Event) -> Option<Frozen<'a>> {
        let calculation = event.state.calculation()?;
        Some(Frozen {
            total: event.total.amount()?,
            deductions: &self.deductions,
            components: &self.amounts,
            total_tokens: calculation.total_tokens,
            nav: calculation.nav,
            excluded: &self.excluded,
            retained: event.retained,
            tax: self.tax.as_ref(),
        })
    }

    /// Adds the parts of the allocation at a place to a list.
    pub(super) fn add_parts(&self, list: &mut Vec<Amount>, at: usize, gross: Amount) {
        let stored = StoredParts {
            components: self.components.len(),
            parts: &self.parts,
        };
        stored.add_to(list, at, gross);
    }

    /// Puts together what the event is calculated from, from its allocations and who is excluded.
    pub(super) fn inputs(&self, shares: &[Share]) -> Inputs {
        let holds = |share: &Share| Holding {
            holder: share.holder.clone(),
            name: None,
            tokens: share.tokens,
        };
        let excluded = self.excluded.iter().map(|one| Holding {
            holder: one.holder.clone(),
            name: None,
            tokens: one.tokens,
        });
        let exclusions = self.excluded.iter().map(|one| Exclusion {
            holder: one.holder.clone(),
            policy: one.policy.clone(),
            reason: one.reason.clone(),
        });
        let components: Vec<NewComponent> = (self.components.iter())
            .map(|component| component.given.clone())
            .collect();
        Inputs {
            holdings: shares.iter().map(holds).chain(excluded).collect(),
            participation: Participation {
                exclusions: exclusions.collect(),
                unused: Vec::new(),
            },
            deductions: given_deductions(self.deductions.clone()),
            components,
            ..Inputs::default()
        }
    }

    /// Returns whether a calculation gives what is frozen.
    pub(super) fn follow_from(&self, again: &CalculationResult) -> bool {
        let amounts = again.components.iter().map(|column| column.amount);
        let many = again.components.len() > 1;
        let columns = again.components.iter().filter(|_| many);
        let parts = (0..again.shares.len()).flat_map(|at| {
            columns
                .clone()
                .filter_map(move |column| column.parts.get(at))
        });
        again.excluded == self.excluded
            && again.deductions == self.deductions
            && self.amounts.iter().map(|one| one.amount).eq(amounts)
            && self.amounts.len() == self.components.len()
            && parts.eq(&self.parts)
    }
}
