//! A line that names another creditor than the payees: who may match it.

use crate::domain::{
    Refused,
    code::LineNumber,
    id::UserRef,
    user::{Act, Actor, FourEyes},
};

/// Who else a line names than the payees of a match, and who had a hand in the payments: who
/// created or exported their payment files, or recorded them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCreditor {
    /// Whom it names, in words without account numbers.
    pub named: String,
    /// Who had a hand in the payments.
    pub hands: Vec<UserRef>,
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
    four_eyes: FourEyes,
) -> Result<(), Refused> {
    let Some(other) = other.filter(|_| four_eyes == FourEyes::On) else {
        return actor.must(Act::Record);
    };
    let (named, code) = (other.named.clone(), actor.user.code.clone());
    if !actor.role.may(Act::Review) {
        return Err(Refused::LineOtherCreditorRole {
            line,
            named,
            actor: code,
            role: actor.role,
        });
    }
    if other.hands.iter().any(|hand| hand.id == actor.user.id) {
        return Err(Refused::LineOtherCreditor {
            line,
            named,
            actor: code,
        });
    }
    Ok(())
}
