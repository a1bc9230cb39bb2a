//! A line that names another creditor than the payees: who may match it.

use crate::domain::{
    Refused,
    code::LineNumber,
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    user::{Act, Actor, FourEyes},
};

/// Who else a line names than the payees of a match, and who had a hand in the payments: who
/// created or exported their payment files, or recorded them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCreditor {
    /// Whom it names, in words without account numbers.
    pub named: String,
    /// Who had a hand in the payments.
    pub hands: Vec<Hand>,
}

/// Refuses whoever may not match a line with payments. A line that names another creditor may show
/// that a bank file was changed after its export: a reviewer without a hand in it decides.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::LineOtherCreditor`], [`Refused::LineOtherCreditorRole`].
pub fn may_match(
    line: LineNumber,
    other: Option<&OtherCreditor>,
    actor: &Actor,
    reviewers: &Reviewers,
) -> Result<SecondPerson, Refused> {
    let Some(other) = other.filter(|_| reviewers.four_eyes == FourEyes::On) else {
        actor.must(Act::Record)?;
        return Ok(SecondPerson::default());
    };
    let work = Work {
        hands: &other.hands,
        acts: &[Act::Review],
        what: &line,
    };
    let (named, code) = (other.named.clone(), actor.user.code.clone());
    if !actor.role.may(Act::Review) {
        return Err(Refused::LineOtherCreditorRole {
            line,
            named,
            actor: code,
            role: actor.role,
            may: reviewers.who_may(work),
        });
    }
    reviewers.second_person(actor, work, |OwnHand { may, .. }| {
        Refused::LineOtherCreditor {
            line,
            named,
            actor: code,
            may,
        }
    })
}
