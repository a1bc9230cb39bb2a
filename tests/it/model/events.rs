//! The model's rules of distribution events, and its own largest-remainder allocation.

use chrono::NaiveDate;

use super::{
    act::{EventDraft, Hash, WithdrawalSelection},
    books::{Books, Event, Flow, Nav, Refusal, Share},
    units::{MOST, ONE, Units},
};

impl Event {
    pub(super) fn withdrawn(&self) -> Units {
        self.shares.iter().map(|share| share.withdrawn).sum()
    }

    pub(super) fn pending(&self) -> Units {
        self.shares.iter().map(|share| share.pending).sum()
    }

    pub(super) fn brought(&self) -> Units {
        self.shares.iter().map(|share| share.brought).sum()
    }

    pub(super) fn carried(&self) -> Units {
        self.shares.iter().map(|share| share.carried).sum()
    }

    /// Returns whether nothing is pending and nothing available.
    pub(super) fn settled(&self) -> bool {
        let left = |share: &Share| share.pending + share.available();
        self.shares.iter().all(|share| left(share) == 0)
    }
}

impl Share {
    /// Returns what is left of the gross share.
    pub(super) const fn net(&self) -> Units {
        self.allocated
    }

    pub(super) const fn available(&self) -> Units {
        self.net() + self.brought - self.carried - self.withdrawn - self.pending
    }
}

impl Books {
    pub(super) fn create_event(&mut self, actor: usize, draft: &EventDraft) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(&draft.project)?;
        let unit = draft.unit.unwrap_or(self.projects[project].minor);
        if unit == 0 {
            return Err(Refusal::Rule("event.unit_zero"));
        }
        if draft.amount == 0 {
            return Err(Refusal::Rule("event.amount_zero"));
        }
        if draft.amount % unit != 0 {
            return Err(Refusal::Rule("event.not_a_multiple"));
        }
        let record_date = draft.record_date.unwrap_or(draft.date);
        if record_date > draft.date {
            return Err(Refusal::Rule("event.dates"));
        }
        let code = match &draft.code {
            Some(code) if self.event(code).is_ok() => return Err(Refusal::Rule("event.exists")),
            Some(code) => code.clone(),
            None => self.next_code(project, &draft.date.format("%Y").to_string()),
        };
        let again = |event: &Event| {
            (event.project, event.amount, event.date) == (project, draft.amount, draft.date)
                && event.status != "cancelled"
        };
        if !self.yes && self.events.iter().any(again) {
            return Err(Refusal::Question("event.duplicate"));
        }
        self.events.push(Event {
            code,
            project,
            amount: draft.amount,
            unit,
            date: draft.date,
            record_date,
            minimum: draft.minimum.unwrap_or(self.projects[project].minimum),
            status: "draft",
            created_by: actor,
            calculated_by: None,
            approved_after: None,
            turn: None,
            approved_by: None,
            cancelled_by: None,
            shares: Vec::new(),
            nav: None,
        });
        self.note(actor, "event_created", ("", "draft"));
        Ok(())
    }

    fn next_code(&self, project: usize, year: &str) -> String {
        let codes =
            (1..).map(|number| format!("{}-{year}-{number:02}", self.projects[project].code));
        codes
            .into_iter()
            .find(|code| self.event(code).is_err())
            .unwrap()
    }

    pub(super) fn calculate(&mut self, actor: usize, code: &str) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must(actor, "record")?;
        let before = self.events[event].status;
        if !["draft", "calculated"].contains(&before) {
            return Err(Refusal::Rule("event.wrong_state"));
        }
        if self.events[event].record_date > self.today {
            return Err(Refusal::Rule("event.record_date_in_future"));
        }
        self.events[event].shares = self.shares(event)?;
        self.events[event].nav = self.nav(event);
        self.events[event].status = "calculated";
        self.events[event].calculated_by = Some(actor);
        self.note(actor, "allocations_calculated", (before, "calculated"));
        Ok(())
    }

    /// Allocates an event over the holdings on its record date, in order of the bytes of the
    /// holders' codes.
    fn shares(&self, event: usize) -> Result<Vec<Share>, Refusal> {
        let Event {
            project,
            amount,
            unit,
            record_date,
            ..
        } = self.events[event];
        let mut holders: Vec<usize> = (0..self.holders.len()).collect();
        holders.sort_by_key(|holder| self.holders[*holder].code.as_bytes());
        let held = holders
            .into_iter()
            .map(|holder| (holder, self.holding(project, holder, record_date)));
        let held: Vec<(usize, Units)> = held.filter(|(_, tokens)| *tokens > 0).collect();
        let tokens: Vec<Units> = held.iter().map(|(_, tokens)| *tokens).collect();
        let all: Units = tokens.iter().sum();
        if all == 0 {
            return Err(Refusal::Rule("event.no_tokens"));
        }
        if all > MOST {
            return Err(Refusal::Rule("token.too_many"));
        }
        let allocated = largest_remainder(amount / unit, &tokens);
        let percentages = largest_remainder(100 * ONE, &tokens);
        let shares = held.into_iter().zip(allocated).zip(percentages).map(
            |(((holder, tokens), units), percentage)| Share {
                holder,
                tokens,
                percentage,
                allocated: units * unit,
                brought: 0,
                carried: 0,
                withdrawn: 0,
                pending: 0,
            },
        );
        Ok(shares.collect())
    }

    pub(super) fn set_nav(
        &mut self,
        actor: usize,
        project: &str,
        amount: Units,
        date: NaiveDate,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(project)?;
        self.navs.push(Nav {
            project,
            date,
            amount,
            by: actor,
        });
        self.note(actor, "nav_set", ("", ""));
        Ok(())
    }

    /// Returns the net asset value that counts on an event's record date: the last one until then,
    /// of one day the last recorded.
    fn nav(&self, event: usize) -> Option<Units> {
        let Event {
            project,
            record_date,
            ..
        } = self.events[event];
        let until = self
            .navs
            .iter()
            .filter(|nav| nav.project == project && nav.date <= record_date);
        until.max_by_key(|nav| nav.date).map(|nav| nav.amount)
    }

    pub(super) fn approve_event(
        &mut self,
        actor: usize,
        code: &str,
        hash: Option<&Hash>,
    ) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must(actor, "review")?;
        if self.events[event].status != "calculated" {
            return Err(Refusal::Rule("event.wrong_state"));
        }
        if self.four_eyes && self.workers(event).contains(&actor) {
            return Err(Refusal::Rule("event.same_actor"));
        }
        if self.four_eyes && self.recorders(event).contains(&actor) {
            return Err(Refusal::Rule("event.same_register_actor"));
        }
        let hands = [self.workers(event), self.recorders(event)].concat();
        self.must_be_acknowledged(actor, &hands)?;
        if hash.is_some_and(|hash| {
            (&hash.of.0, hash.of.1) != (&self.events[event].shares, self.events[event].nav)
        }) {
            return Err(Refusal::Rule("event.hash_mismatch"));
        }
        if self.is_stale(event) {
            return Err(Refusal::Rule("event.stale"));
        }
        self.events[event].status = "active";
        self.events[event].approved_by = Some(actor);
        self.events[event].approved_after = Some(self.register.len());
        self.bring_and_carry(event);
        self.events[event].turn = self.events.iter().map(|other| other.turn).max().flatten();
        self.events[event].turn = Some(self.events[event].turn.map_or(0, |last| last + 1));
        self.note(actor, "event_approved", ("calculated", "active"));
        if self.events[event].settled() {
            self.events[event].status = "completed";
            self.note(actor, "event_completed", ("active", "completed"));
        }
        Ok(())
    }

    /// Checks whether a calculation would come out otherwise by now.
    pub(super) fn is_stale(&self, event: usize) -> bool {
        self.shares(event).as_ref() != Ok(&self.events[event].shares)
            || self.nav(event) != self.events[event].nav
    }

    /// Returns who created or calculated an event.
    pub(super) fn workers(&self, event: usize) -> Vec<usize> {
        let event = &self.events[event];
        let workers = [Some(event.created_by), event.calculated_by];
        workers.into_iter().flatten().collect()
    }

    /// Returns who recorded what counts for an event since the last one of its project was approved.
    pub(super) fn recorders(&self, event: usize) -> Vec<usize> {
        let Event {
            project,
            record_date,
            ..
        } = self.events[event];
        let approved = self.events.iter().filter(|other| {
            other.project == project && ["active", "completed"].contains(&other.status)
        });
        let since = approved.filter_map(|other| other.approved_after).max();
        let counts = |flow: &&Flow| flow.project == project && flow.date <= record_date;
        let entries = self.register.iter().skip(since.unwrap_or(0));
        entries.filter(counts).map(|flow| flow.by).collect()
    }

    pub(super) fn cancel_event(&mut self, actor: usize, code: &str) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must(actor, "record")?;
        let before = self.events[event].status;
        if !["draft", "calculated", "active"].contains(&before) {
            return Err(Refusal::Rule("event.wrong_state"));
        }
        if self.events[event].withdrawn() > 0 {
            return Err(Refusal::Rule("event.paid"));
        }
        let open = self.chosen(
            &WithdrawalSelection::AllOf(code.to_owned()),
            &["pending", "approved"],
        )?;
        for withdrawal in open {
            self.cancel(actor, withdrawal)?;
        }
        let own = &self.events[event];
        if self.events.iter().any(|later| own.was_taken_by(later)) {
            return Err(Refusal::Rule("event.forward_taken"));
        }
        for share in &mut self.events[event].shares {
            (share.brought, share.carried) = (0, 0);
        }
        self.events[event].status = "cancelled";
        self.events[event].cancelled_by = Some(actor);
        self.note(actor, "event_cancelled", (before, "cancelled"));
        Ok(())
    }
}

/// Divides `units` by `tokens`: whole parts first, then one each for the largest remainders, of
/// equal ones to the first.
fn largest_remainder(units: Units, tokens: &[Units]) -> Vec<Units> {
    let all: Units = tokens.iter().sum();
    let (mut parts, mut remainders) = (Vec::new(), Vec::new());
    for (at, own) in tokens.iter().enumerate() {
        let (part, remainder) = divided_product(units, *own, all);
        parts.push(part);
        remainders.push((-remainder, at));
    }
    remainders.sort_unstable();
    let left = usize::try_from(units - parts.iter().sum::<Units>()).unwrap();
    for (_, at) in &remainders[..left] {
        parts[*at] += 1;
    }
    parts
}

/// Divides `a x b` by `c`, where `b <= c`: bit by bit, since the product does not fit into 128
/// bits.
fn divided_product(a: Units, b: Units, c: Units) -> (Units, Units) {
    let (mut quotient, mut remainder) = (0, 0);
    for bit in (0..70).rev() {
        quotient *= 2;
        remainder = remainder * 2 + b * ((a >> bit) & 1);
        while remainder >= c {
            remainder -= c;
            quotient += 1;
        }
    }
    (quotient, remainder)
}

#[test]
fn the_model_allocates_what_can_be_reckoned_by_hand() {
    assert_eq!(largest_remainder(10_000, &[1, 1, 1]), [3_334, 3_333, 3_333]);
    assert_eq!(largest_remainder(100, &[47, 16, 37]), [47, 16, 37]);
    assert_eq!(largest_remainder(7, &[5, 3, 1]), [4, 2, 1]);
    assert_eq!(largest_remainder(2, &[1, 1, 1]), [1, 1, 0]);
    assert_eq!(largest_remainder(MOST, &[MOST - 1, 1]), [MOST - 1, 1]);
}
