//! Reserves: money of the fund that an event's deduction sets aside under a name, and that a later
//! event of the project releases. It is not money of holders.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    code::Code,
    currency::Currency,
    event::{Deducted, DeductionKind, DeductionName, Event},
    id::{EventRef, ProjectRef, UserRef},
    quantity::Amount,
    refused::ProceedsRefusal,
    time::{Date, Instant},
    words::words,
};

/// Why money moved to or from a reserve.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReserveKind {
    /// The approval of an event put it there.
    Reserved,
    /// The approval of an event took it.
    Released,
    /// The event that had put it there was cancelled.
    ReservedUndone,
    /// The event that had taken it was cancelled.
    ReleasedUndone,
}

words!(ReserveKind);

/// A reserve of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// The project.
    pub project: ProjectRef,
    /// Its name.
    pub name: DeductionName,
    /// The project's currency.
    pub currency: Currency,
    /// What it is.
    pub balance: Amount,
    /// The day on which the oldest part of it was put there; none if it is empty.
    pub oldest_date: Option<Date>,
    /// How often money moved to or from it.
    pub movements: u64,
}

/// The balance of a reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveBalance {
    /// What it is.
    pub amount: Amount,
    /// The row number of the last movement.
    pub last: i64,
}

/// A movement of a reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveMovement {
    /// The row number.
    pub number: i64,
    /// The project.
    pub project: ProjectRef,
    /// The name of the reserve.
    pub name: DeductionName,
    /// Why.
    pub kind: ReserveKind,
    /// The event.
    pub event: EventRef,
    /// The project's currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// The reserve after it.
    pub balance: Amount,
    /// The row number of the movement before it.
    pub follows: Option<i64>,
    /// The row number of the movement that it undoes.
    pub counterpart: Option<i64>,
    /// Who caused it.
    pub by: UserRef,
    /// When.
    pub at: Instant,
}

impl ReserveKind {
    /// Returns the reserve after a movement of this kind, or `None` if it would become negative or
    /// too large.
    pub fn after(self, balance: Amount, amount: Amount) -> Option<Amount> {
        match self {
            Self::Reserved | Self::ReleasedUndone => balance.checked_add(amount),
            Self::Released | Self::ReservedUndone => balance.checked_sub(amount),
        }
    }

    /// Returns the kind that undoes this one, or `None` if it undoes one itself.
    pub const fn undone(self) -> Option<Self> {
        match self {
            Self::Reserved => Some(Self::ReservedUndone),
            Self::Released => Some(Self::ReleasedUndone),
            Self::ReservedUndone | Self::ReleasedUndone => None,
        }
    }

    /// Returns what the approval of an event does with a deduction of a kind, if it moves a reserve.
    pub const fn of(kind: DeductionKind) -> Option<Self> {
        match kind {
            DeductionKind::Reserve => Some(Self::Reserved),
            DeductionKind::Release => Some(Self::Released),
            DeductionKind::Expense | DeductionKind::Fee | DeductionKind::Other => None,
        }
    }
}

/// Refuses an event that releases more than a reserve has.
///
/// # Errors
/// [`ProceedsRefusal::ReserveShort`].
pub fn may_release(event: &Event, deducted: &Deducted, balance: Amount) -> Result<(), Refused> {
    if deducted.deduction.kind != DeductionKind::Release || deducted.amount <= balance {
        return Ok(());
    }
    Err(ProceedsRefusal::ReserveShort {
        event: event.event.code.clone(),
        project: event.project.code.clone(),
        name: deducted.deduction.name.to_string(),
        currency: event.currency,
        balance,
        amount: deducted.amount,
    }
    .into())
}

/// Decides whether what an event put into a reserve can be taken out of it again. `later` are the
/// movements of the reserve after it.
///
/// # Errors
/// [`ProceedsRefusal::ReserveReleased`] if the reserve would have been too small for a release since
/// then; it names the events that released it.
pub fn may_undo(
    event: &Code,
    movement: &ReserveMovement,
    later: &[ReserveMovement],
) -> Result<(), Refused> {
    if movement.kind != ReserveKind::Reserved {
        return Ok(());
    }
    let undone = |number: i64| later.iter().any(|other| other.counterpart == Some(number));
    let paired = |other: &ReserveMovement| {
        let of_later = |number| later.iter().any(|one| one.number == number);
        undone(other.number) || other.counterpart.is_some_and(of_later)
    };
    // What the reserve would have been, had the movement never been made.
    let mut without = movement.balance.checked_sub(movement.amount);
    for other in later.iter().filter(|other| !paired(other)) {
        without = without.and_then(|balance| other.kind.after(balance, other.amount));
    }
    if without.is_some() {
        return Ok(());
    }
    let mut released_by: Vec<Code> = later
        .iter()
        .filter(|other| other.kind == ReserveKind::Released && !undone(other.number))
        .map(|other| other.event.code.clone())
        .collect();
    released_by.sort_unstable();
    released_by.dedup();
    Err(ProceedsRefusal::ReserveReleased {
        event: event.clone(),
        name: movement.name.to_string(),
        released_by,
    }
    .into())
}

/// Returns the day on which the oldest part of a reserve was put there: what is released is the
/// oldest first. `movements` are all of the reserve, in their order.
pub fn oldest_part(movements: &[ReserveMovement]) -> Option<Date> {
    let undone = |number: i64| {
        movements
            .iter()
            .any(|other| other.counterpart == Some(number))
    };
    let lasting = |kind: ReserveKind| {
        movements
            .iter()
            .filter(move |movement| movement.kind == kind && !undone(movement.number))
    };
    // Fewer than 2^40 amounts below 10^20 stay far below 2^127.
    let mut released: i128 = lasting(ReserveKind::Released)
        .map(|movement| movement.amount.units())
        .sum();
    for movement in lasting(ReserveKind::Reserved) {
        if released < movement.amount.units() {
            return Some(movement.at.date());
        }
        released -= movement.amount.units();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::tests::{amount, named};

    /// A reserve that moves by these amounts: `+` reserves, `-` releases, `x2` undoes the second.
    fn moved(steps: &[&str]) -> Vec<ReserveMovement> {
        let mut movements: Vec<ReserveMovement> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let (sign, rest) = step.split_at(1);
            let counterpart = (sign == "x").then(|| rest.parse::<i64>().unwrap());
            let (kind, moved) = match counterpart {
                Some(number) => {
                    let undone = movements
                        .iter()
                        .find(|other| other.number == number)
                        .unwrap();
                    (undone.kind.undone().unwrap(), undone.amount)
                }
                None if sign == "+" => (ReserveKind::Reserved, amount(rest)),
                None => (ReserveKind::Released, amount(rest)),
            };
            let before = movements.last();
            let balance = before.map_or(Amount::ZERO, |before| before.balance);
            let number = i64::try_from(at).unwrap() + 1;
            movements.push(ReserveMovement {
                number,
                project: named("LAGOS"),
                name: DeductionName::parse("roof").unwrap(),
                kind,
                event: named(&format!("E{number}")),
                currency: Currency::parse("NGN").unwrap(),
                amount: moved,
                balance: kind.after(balance, moved).unwrap(),
                follows: before.map(|before| before.number),
                counterpart,
                by: named("chi"),
                at: Instant::parse(&format!("2026-0{number}-15T09:00:00.000000Z")).unwrap(),
            });
        }
        movements
    }

    /// Undoes the first movement; returns the code of the refusal and the events that it names.
    fn undo(steps: &[&str]) -> Result<(), Vec<String>> {
        let movements = moved(steps);
        let (first, later) = movements.split_first().unwrap();
        may_undo(&first.event.code, first, later).map_err(|refused| {
            let Refused::Proceeds(ProceedsRefusal::ReserveReleased { released_by, .. }) = refused
            else {
                panic!("{refused}");
            };
            released_by.iter().map(ToString::to_string).collect()
        })
    }

    #[test]
    fn what_was_released_since_cannot_be_taken_out() {
        assert_eq!(undo(&["+100"]), Ok(()));
        assert_eq!(undo(&["+100", "-60"]), Err(vec!["E2".to_owned()]));
        assert_eq!(undo(&["+100", "+60", "-60"]), Ok(()));
        // The release came before the second reserve, so it took of the first.
        assert_eq!(undo(&["+100", "-60", "+60"]), Err(vec!["E2".to_owned()]));
        assert_eq!(undo(&["+100", "-60", "x2"]), Ok(()));
        assert_eq!(undo(&["+100", "-60", "x2", "+30", "-30"]), Ok(()));
        let two = Err(vec!["E2".to_owned(), "E3".to_owned()]);
        assert_eq!(undo(&["+100", "-60", "-40"]), two);
        assert_eq!(
            undo(&["+100", "-60", "-40", "x3"]),
            Err(vec!["E2".to_owned()])
        );
    }

    #[test]
    fn the_oldest_part_is_released_first() {
        let month = |steps: &[&str]| oldest_part(&moved(steps)).map(|date| date.to_string());
        assert_eq!(month(&[]), None);
        assert_eq!(month(&["+100", "+50"]).as_deref(), Some("2026-01-15"));
        assert_eq!(
            month(&["+100", "+50", "-99"]).as_deref(),
            Some("2026-01-15")
        );
        assert_eq!(
            month(&["+100", "+50", "-100"]).as_deref(),
            Some("2026-02-15")
        );
        assert_eq!(month(&["+100", "+50", "-150"]), None);
        assert_eq!(month(&["+100", "x1", "+50"]).as_deref(), Some("2026-03-15"));
        assert_eq!(
            month(&["+100", "-100", "x2"]).as_deref(),
            Some("2026-01-15")
        );
    }
}
