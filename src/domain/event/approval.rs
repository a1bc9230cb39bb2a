//! The approval of an event, by a second person.

use super::{Approval, Calculation, Event, EventState};
use crate::domain::{
    Refused,
    code::Code,
    id::EventRef,
    quantity::Tokens,
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    time::Instant,
    user::{Act, Actor},
};

/// The last event of a project that was approved and not cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastApproved {
    /// The event.
    pub event: EventRef,
    /// When it was approved.
    pub approved_at: Instant,
    /// The tokens outstanding on its record date.
    pub tokens: Tokens,
}

/// Who had a hand in what is to be approved with an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventHands {
    /// In the event itself.
    pub event: Vec<Hand>,
    /// In what it is calculated from, since the project's last event was approved.
    pub register: Vec<Hand>,
    /// That last event.
    pub last: Option<Code>,
}

/// Returns what an entry of the trail about an event says that its user did with it, if that keeps
/// the user from approving it.
pub fn work(activity: &str) -> Option<&'static str> {
    match activity {
        "event_created" => Some("created"),
        "deductions_changed" => Some("changed the deductions of"),
        "event_changed" => Some("changed"),
        "participation_changed" => Some("chose who takes part in"),
        // Of several calculations the last one counts, and the event itself says whose it is.
        _ => None,
    }
}

fn hands_in_event(event: &Event, calculation: &Calculation, hands: &EventHands) -> Vec<Hand> {
    let own = [
        (event.created_by.id, "created"),
        (calculation.by.id, "calculated"),
    ];
    let own = own.map(|(user, did)| Hand { user, did });
    [own.as_slice(), &hands.event].concat()
}

/// Refuses who had a hand in an event, or in what it is calculated from.
///
/// # Errors
/// [`Refused::EventSameActor`], [`Refused::EventSameRegisterActor`], [`Refused::NotAcknowledged`].
fn second_person(
    event: &Event,
    calculation: &Calculation,
    actor: &Actor,
    reviewers: &Reviewers,
    hands: &EventHands,
) -> Result<SecondPerson, Refused> {
    let of_event = hands_in_event(event, calculation, hands);
    let all = [of_event.as_slice(), &hands.register].concat();
    let work = Work {
        hands: &all,
        acts: &[Act::Review],
        what: &format!("event `{}`", event.event.code),
    };
    let (code, user) = (event.event.code.clone(), actor.user.code.clone());
    reviewers.second_person(actor, work, |OwnHand { did, may }| {
        if of_event.iter().any(|hand| hand.user == actor.user.id) {
            return Refused::EventSameActor {
                event: code,
                actor: user,
                did,
                may,
            };
        }
        Refused::EventSameRegisterActor {
            event: code,
            actor: user,
            did,
            last: hands.last.clone(),
            may,
        }
    })
}

/// Decides whether an actor may approve an event as it is calculated now.
///
/// # Errors
/// [`Refused::EventState`], [`Refused::EventSameActor`], [`Refused::EventSameRegisterActor`],
/// [`Refused::HashMismatch`].
pub fn approve(
    event: &Event,
    actor: &Actor,
    reviewers: &Reviewers,
    hands: &EventHands,
    expected_hash: Option<&str>,
    now: Instant,
) -> Result<(EventState, SecondPerson), Refused> {
    actor.must(Act::Review)?;
    let EventState::Calculated(calculation) = &event.state else {
        return Err(event.refuse("approved"));
    };
    let second = second_person(event, calculation, actor, reviewers, hands)?;
    if let Some(prefix) = expected_hash
        && !calculation.hash.starts_with(&prefix.to_ascii_lowercase())
    {
        return Err(Refused::HashMismatch {
            event: event.event.code.clone(),
            given: prefix.to_owned(),
            actual: calculation.hash.clone(),
        });
    }
    let approval = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok((EventState::Active(calculation.clone(), approval), second))
}
