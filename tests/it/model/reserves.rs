//! The model's rules of reserves: what deductions set aside under a name, and give back.

use super::{
    books::{Books, Refusal},
    proceeds::Deducted,
    units::{Units, canonical},
};

/// A movement of a reserve.
#[derive(Clone)]
pub(super) struct ReserveMove {
    project: usize,
    name: &'static str,
    kind: &'static str,
    event: usize,
    amount: Units,
    balance: Units,
    /// The movement that it undoes.
    undoes: Option<usize>,
}

impl Books {
    pub(super) fn reserve(&self, project: usize, name: &str) -> Units {
        let mut moves = self.reserves.iter().rev();
        let last = moves.find(|one| (one.project, one.name) == (project, name));
        last.map_or(0, |last| last.balance)
    }

    /// Refuses to release more than there is.
    pub(super) fn must_cover(&self, event: usize, deducted: &[Deducted]) -> Result<(), Refusal> {
        let project = self.events[event].project;
        let is_short = |one: &Deducted| {
            one.of.kind == "release" && one.amount > self.reserve(project, one.of.name)
        };
        if deducted.iter().any(is_short) {
            return Err(Refusal::Rule("event.reserve_short"));
        }
        Ok(())
    }

    fn move_reserve(&mut self, event: usize, kind: &'static str, one: (&'static str, Units)) {
        let (name, amount) = one;
        let project = self.events[event].project;
        let sign = if ["reserved", "released_undone"].contains(&kind) {
            1
        } else {
            -1
        };
        self.reserves.push(ReserveMove {
            project,
            name,
            kind,
            event,
            amount,
            balance: self.reserve(project, name) + sign * amount,
            undoes: None,
        });
    }

    /// Books what an approved event reserves and releases.
    pub(super) fn book_reserves(&mut self, event: usize) -> Result<(), Refusal> {
        let deducted = self.events[event].deducted.clone();
        self.must_cover(event, &deducted)?;
        for one in deducted {
            match one.of.kind {
                "reserve" => self.move_reserve(event, "reserved", (one.of.name, one.amount)),
                "release" => self.move_reserve(event, "released", (one.of.name, one.amount)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Undoes what a cancelled event reserved and released, unless a later release needed it.
    pub(super) fn undo_reserves(&mut self, event: usize) -> Result<(), Refusal> {
        let is_live = |at: &usize| {
            let is_undone = self.reserves.iter().any(|one| one.undoes == Some(*at));
            self.reserves[*at].event == event && self.reserves[*at].undoes.is_none() && !is_undone
        };
        let own: Vec<usize> = (0..self.reserves.len()).filter(is_live).collect();
        for at in &own {
            if self.reserves[*at].kind == "reserved" && self.was_needed(*at) {
                return Err(Refusal::Rule("event.reserve_released"));
            }
        }
        for at in own.into_iter().rev() {
            let ReserveMove {
                kind, name, amount, ..
            } = self.reserves[at];
            let kind = if kind == "reserved" {
                "reserved_undone"
            } else {
                "released_undone"
            };
            self.move_reserve(event, kind, (name, amount));
            self.reserves.last_mut().unwrap().undoes = Some(at);
        }
        Ok(())
    }

    /// Checks whether a reserve would once have been too small without a movement. What moved later
    /// and was undone since does not count.
    fn was_needed(&self, at: usize) -> bool {
        let own = &self.reserves[at];
        let same = |one: &ReserveMove| (one.project, one.name) == (own.project, own.name);
        let after = at + 1..self.reserves.len();
        let mut balance = own.balance - own.amount;
        let mut steps = after.filter(|other| {
            let one = &self.reserves[*other];
            let is_undone = self.reserves.iter().any(|one| one.undoes == Some(*other));
            same(one) && !is_undone && one.undoes.is_none_or(|undone| undone <= at)
        });
        steps.any(|other| {
            let one = &self.reserves[other];
            let adds = ["reserved", "released_undone"].contains(&one.kind);
            balance += if adds { one.amount } else { -one.amount };
            balance < 0
        })
    }
}

pub(super) fn lines(books: &Books) -> Vec<String> {
    let line = |one: &ReserveMove| {
        let project = books.projects[one.project].code;
        let event = &books.events[one.event].code;
        let sums = [one.amount, one.balance].map(canonical).join("|");
        let undoes = one
            .undoes
            .map(|at| (at + 1).to_string())
            .unwrap_or_default();
        format!(
            "{project}|{}|{}|{event}|{sums}|{undoes}",
            one.name, one.kind
        )
    };
    books.reserves.iter().map(line).collect()
}
