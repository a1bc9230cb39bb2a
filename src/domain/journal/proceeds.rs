//! The fund's own books of an event: its proceeds as income, what was deducted from them as expenses,
//! and what was set aside.

use std::sync::Arc;

use super::account::{Account, Posting};
use crate::domain::{
    code::Code,
    currency::Currency,
    event::{Deducted, DeductionKind, DeductionName, Event, EventState},
    quantity::Amount,
    signed::Signed,
    time::Instant,
};

/// A step from the proceeds of an approved event to what is distributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProceedsEntry {
    /// When the event was approved, or cancelled after it.
    pub at: Instant,
    /// The project.
    pub project: Code,
    /// The event.
    pub event: Code,
    /// The event's title.
    pub title: Arc<str>,
    /// The event's currency.
    pub currency: Currency,
    /// What it is.
    pub step: ProceedsStep,
    /// How much.
    pub amount: Amount,
    /// Whether the event's cancellation undoes it.
    pub turn: ProceedsTurn,
}

/// What a step from the proceeds is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProceedsStep {
    /// The proceeds themselves.
    Proceeds,
    /// An expense, a fee or anything else that was taken from them.
    Deduction(DeductionKind, DeductionName),
    /// Money that was set aside under a name.
    Reserve(DeductionName),
    /// Money that was set aside and is given back.
    Release(DeductionName),
}

/// Whether an entry is made by an approval or undone by a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProceedsTurn {
    /// The event was approved.
    Approved,
    /// The approved event was cancelled.
    Cancelled,
}

impl ProceedsEntry {
    /// Lists the entries of an event. One that has no proceeds, or was never approved, has none.
    pub fn of(event: &Event, deductions: &[Deducted]) -> Vec<Self> {
        let basis = event.total.basis();
        let (Some(gross), Some(approval)) = (basis.gross(), event.state.approval()) else {
            return Vec::new();
        };
        let mut steps = vec![(ProceedsStep::Proceeds, gross)];
        steps.extend(deductions.iter().filter_map(|deducted| {
            let step = step_of(deducted)?;
            Some((step, deducted.amount))
        }));
        let title: Arc<str> = event.title.as_str().into();
        let entries = |at, turn| {
            let title = Arc::clone(&title);
            steps.iter().map(move |(step, amount)| Self {
                at,
                project: event.project.code.clone(),
                event: event.event.code.clone(),
                title: Arc::clone(&title),
                currency: event.currency,
                step: step.clone(),
                amount: *amount,
                turn,
            })
        };
        let mut all: Vec<Self> = entries(approval.at, ProceedsTurn::Approved).collect();
        if let EventState::Cancelled { at, .. } = &event.state {
            all.extend(entries(*at, ProceedsTurn::Cancelled));
        }
        all
    }

    /// Returns the postings, which sum to zero.
    pub fn postings(&self) -> Vec<Posting> {
        let project = || self.project.clone();
        let (debit, credit) = match &self.step {
            ProceedsStep::Proceeds => (Account::Funding, Account::Proceeds(project())),
            ProceedsStep::Deduction(kind, _) => {
                let (project, kind) = (project(), *kind);
                (Account::Deductions { project, kind }, Account::Funding)
            }
            ProceedsStep::Reserve(_) => {
                (Account::SetAside(project()), Account::Reserves(project()))
            }
            ProceedsStep::Release(_) => {
                (Account::Reserves(project()), Account::SetAside(project()))
            }
        };
        let (debit, credit) = match self.turn {
            ProceedsTurn::Approved => (debit, credit),
            ProceedsTurn::Cancelled => (credit, debit),
        };
        let amount = Signed::from(self.amount);
        vec![(debit, amount), (credit, amount.negated())]
    }
}

/// Returns what a deduction is in the books. What a declared rate leaves of the proceeds stays with the
/// fund: nobody was paid, and it has no entry, as what is retained has none.
fn step_of(deducted: &Deducted) -> Option<ProceedsStep> {
    let name = deducted.deduction.name.clone();
    if name.is_undistributed() {
        return None;
    }
    Some(match deducted.deduction.kind {
        kind @ (DeductionKind::Expense | DeductionKind::Fee | DeductionKind::Other) => {
            ProceedsStep::Deduction(kind, name)
        }
        DeductionKind::Reserve => ProceedsStep::Reserve(name),
        DeductionKind::Release => ProceedsStep::Release(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{
        Basis, Deduction, DeductionTerm, EventStatus, EventTotal,
        tests::{amount, event},
    };

    fn deducted(kind: DeductionKind, name: &str, taken: &str) -> Deducted {
        let amount = amount(taken);
        Deducted {
            deduction: Deduction {
                name: DeductionName::from_canonical(name).unwrap(),
                kind,
                given: DeductionTerm::Amount(amount),
            },
            amount,
            rest: amount,
        }
    }

    fn shown(entries: &[ProceedsEntry]) -> Vec<String> {
        let mut shown = Vec::new();
        for entry in entries {
            let sides = entry.postings().into_iter();
            let sides = sides.map(|(account, amount)| {
                let account = format!("{account:?}");
                let name = account.split(['(', ' ']).next().unwrap();
                format!("{name} {}", amount.plain(0))
            });
            shown.push(sides.collect::<Vec<_>>().join(", "));
        }
        shown
    }

    #[test]
    fn proceeds_are_income_deductions_expenses_and_reserves_equity() {
        let basis = Basis::Proceeds(amount("1000"));
        let list = [
            deducted(DeductionKind::Fee, "Fee", "20"),
            deducted(DeductionKind::Reserve, "Roof", "100"),
            deducted(DeductionKind::Release, "Old roof", "30"),
            deducted(DeductionKind::Other, "undistributed", "5"),
        ];
        let of = |status| {
            let mut event = event(status);
            event.total = EventTotal::before_calculation(basis, &list);
            ProceedsEntry::of(&event, &list)
        };
        let approved = [
            "Funding 1000, Proceeds -1000",
            "Deductions 20, Funding -20",
            "SetAside 100, Reserves -100",
            "Reserves 30, SetAside -30",
        ];
        assert_eq!(shown(&of(EventStatus::Active)), approved);
        assert_eq!(shown(&of(EventStatus::Draft)), [""; 0]);
        let cancelled = of(EventStatus::Cancelled);
        for entry in &cancelled {
            let sum = entry
                .postings()
                .into_iter()
                .try_fold(Signed::ZERO, |sum, (_, amount)| sum.checked_add(amount));
            assert_eq!(sum, Some(Signed::ZERO));
        }
        assert_eq!(
            shown(&cancelled)[4..],
            [
                "Proceeds 1000, Funding -1000",
                "Funding 20, Deductions -20",
                "Reserves 100, SetAside -100",
                "SetAside 30, Reserves -30",
            ]
        );
        let plain = ProceedsEntry::of(&event(EventStatus::Active), &[]);
        assert_eq!(plain, [], "an amount has no proceeds");
    }
}
