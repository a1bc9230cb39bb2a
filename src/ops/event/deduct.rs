//! `event deduct`: what is taken from the proceeds of an event before its approval.

use serde::Serialize;
use serde_json::{Value, json};

use super::{change::back_to_draft, find, recall_detail};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        event::{
            self, Deducted, Deduction, DeductionBase, DeductionChange, DeductionKind,
            DeductionName, DeductionTerm, EventDetail, EventTotal, change_deductions, deduct,
        },
        quantity::{Amount, Percent},
        refused::ProceedsRefusal,
        session::Session,
    },
    ops::{Error, about_event, reserve},
    store::{AsOf, Done, Ledger, Request},
};

/// A change of the deductions of an event, as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct DeductionInput {
    /// The event.
    pub event: String,
    /// What changes.
    #[serde(flatten)]
    pub step: DeductionStep,
}

/// What changes of the deductions of an event.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionStep {
    /// One is added.
    Add {
        /// What becomes of it.
        kind: DeductionKind,
        /// Its name.
        name: String,
        /// How much it takes.
        given: DeductionGiven,
        /// Where it is put, counted from 1; last if nothing is given.
        position: Option<usize>,
    },
    /// The one of this name is removed.
    Remove(String),
}

/// How much a deduction takes, as given on the command line.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionGiven {
    /// This much.
    Amount(Amount),
    /// So many percent.
    Percent(Percent, DeductionBase),
}

impl DeductionStep {
    fn change(&self) -> Result<DeductionChange, Error> {
        Ok(match self {
            Self::Add {
                kind,
                name,
                given,
                position,
            } => DeductionChange::Add {
                deduction: Deduction {
                    name: DeductionName::parse(name)?,
                    kind: *kind,
                    given: match *given {
                        DeductionGiven::Amount(amount) => DeductionTerm::Amount(amount),
                        DeductionGiven::Percent(percent, of) => DeductionTerm::Percent(percent, of),
                    },
                },
                position: *position,
            },
            Self::Remove(name) => DeductionChange::Remove(DeductionName::parse(name)?),
        })
    }
}

/// Adds a deduction to the proceeds of a draft or calculated event, or removes one, and takes the
/// event back to draft.
///
/// # Errors
/// Those of [`event::may_change`], [`change_deductions`] and [`deduct`];
/// [`ProceedsRefusal::NoProceeds`], [`ProceedsRefusal::ReserveShort`].
pub fn change_deduction(
    ledger: &mut Ledger,
    session: Session,
    input: &DeductionInput,
) -> Result<Done<EventDetail>, Error> {
    let request = Request {
        command: "event deduct",
        activity: Activity::DeductionsChanged,
        input,
    };
    ledger.write(session, request, recall_detail, |write| {
        let event = find(write, &input.event)?;
        event::may_change(&event, &write.actor)?;
        let Some(gross) = event.total.basis().gross() else {
            let event = event.event.code.clone();
            return Err(Refused::from(ProceedsRefusal::NoProceeds { event }).into());
        };
        let change = input.step.change()?;
        let before = write.deductions(event.event.id, AsOf::Now)?;
        let list = change_deductions(&event.event.code, before, &change)?;
        let list = deduct(gross, &list, event.currency.minor_unit())?;
        reserve::must_cover(write, &event, &list)?;
        let was = event.status();
        let event = back_to_draft(write, &event)?;
        write.replace_deductions(event.event.id, &list)?;
        let total = EventTotal::before_calculation(event.total.basis(), &list);
        write.set_total(&event, total)?;
        let mut changes = about_change(&change, &list);
        if let Some(changes) = changes.as_object_mut() {
            changes.insert("event".to_owned(), json!(event.event.code));
            changes.insert("total_amount".to_owned(), json!(total.amount()));
        }
        let fact = Fact::new(Activity::DeductionsChanged, changes).about(about_event(&event));
        write.record(fact.moved(Some(was.as_str()), event.status().as_str()))?;
        Ok((event.number, super::detail(write, event.number)?))
    })
}

/// Says in an entry what was added or removed.
fn about_change(change: &DeductionChange, list: &[Deducted]) -> Value {
    match change {
        DeductionChange::Add { deduction, .. } => {
            let deducted = list.iter().find(|other| other.deduction == *deduction);
            json!({
                "deduction": deduction.name,
                "kind": deduction.kind,
                "given": deduction.given.to_string(),
                "amount": deducted.map(|deducted| deducted.amount),
            })
        }
        DeductionChange::Remove(name) => json!({ "removed_deduction": name }),
    }
}
