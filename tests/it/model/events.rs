//! The model's rules of distribution events.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::{
    act::{EventDraft, Hash, WithdrawalSelection},
    books::{Books, Event, Flow, Nav, Refusal, Share},
    calculation::Frozen,
    components::{UNKNOWN, must_fit},
    units::Units,
};

impl Event {
    pub(super) fn allocated(&self) -> Units {
        self.shares.iter().map(|share| share.allocated).sum()
    }

    pub(super) fn tax(&self) -> Units {
        self.shares.iter().map(|share| share.tax).sum()
    }

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

    /// Returns what is pending or available.
    pub(super) fn left(&self) -> Units {
        let left = |share: &Share| share.pending + share.available();
        self.shares.iter().map(left).sum()
    }

    /// Returns whether nothing is pending and nothing available.
    pub(super) fn settled(&self) -> bool {
        self.left() == 0
    }
}

impl Share {
    /// Returns what is left of the gross share.
    pub(super) const fn net(&self) -> Units {
        self.allocated - self.tax
    }

    pub(super) const fn available(&self) -> Units {
        self.net() + self.brought - self.carried - self.withdrawn - self.pending
    }
}

impl Event {
    /// Whether another event may have its code: it was cancelled before its approval.
    pub(super) fn is_code_free(&self) -> bool {
        self.status == "cancelled" && self.approved_by.is_none()
    }
}

impl Books {
    pub(super) fn create_event(&mut self, actor: usize, draft: &EventDraft) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(&draft.project)?;
        let unit = draft.unit.unwrap_or(self.projects[project].minor);
        if draft.components.iter().any(|one| one.name == UNKNOWN) {
            return Err(Refusal::Rule("event.component_unknown"));
        }
        if unit == 0 {
            return Err(Refusal::Rule("event.unit_zero"));
        }
        Self::must_be_given(draft, unit)?;
        must_fit(&draft.given, &draft.components, unit)?;
        let record_date = draft.record_date.unwrap_or(draft.date);
        if record_date > draft.date {
            return Err(Refusal::Rule("event.dates"));
        }
        let code = match &draft.code {
            Some(code)
                if self
                    .event(code)
                    .is_ok_and(|event| !self.events[event].is_code_free()) =>
            {
                return Err(Refusal::Rule("event.exists"));
            }
            Some(code) => code.clone(),
            None => self.next_code(project, draft.date),
        };
        let named = (draft.kind, draft.components.len(), draft.exempt);
        self.must_name_components(project, named)?;
        if !self.yes && self.has_like(project, draft) {
            return Err(Refusal::Question("event.duplicate"));
        }
        self.events.push(Event {
            code,
            project,
            kind: draft.kind,
            given: draft.given,
            components: draft.components.clone(),
            exempt: draft.exempt,
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
            changed_by: Vec::new(),
            choices: BTreeMap::new(),
            deductions: Vec::new(),
            deducted: Vec::new(),
            shares: Vec::new(),
            frozen: Frozen::default(),
        });
        self.note(actor, "event_created", ("", "draft"));
        Ok(())
    }

    /// Returns the code of an event that is given none: the quarter of its date, and a number from the
    /// second one on.
    fn next_code(&self, project: usize, date: NaiveDate) -> String {
        let quarter = date.month0() / 3 + 1;
        let first = format!("{}-{}-Q{quarter}", self.projects[project].code, date.year());
        let others = (2..).map(|number| format!("{first}-{number}"));
        std::iter::once(first.clone())
            .chain(others)
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
        let (shares, frozen) = self.calculation(event)?;
        self.must_fit(self.events[event].project, &shares)?;
        self.events[event].shares = shares;
        self.events[event].deducted = frozen.deducted.clone();
        self.events[event].frozen = frozen;
        self.events[event].status = "calculated";
        self.events[event].calculated_by = Some(actor);
        self.note(actor, "allocations_calculated", (before, "calculated"));
        Ok(())
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
    pub(super) fn nav(&self, event: usize) -> Option<Units> {
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
        let Event { shares, frozen, .. } = &self.events[event];
        if hash.is_some_and(|hash| (&hash.of.0, &hash.of.1) != (shares, frozen)) {
            return Err(Refusal::Rule("event.hash_mismatch"));
        }
        if self.is_stale(event) {
            return Err(Refusal::Rule("event.stale"));
        }
        let Event {
            project, shares, ..
        } = &self.events[event];
        self.must_fit(*project, shares)?;
        self.book_reserves(event)?;
        self.record_tax(event);
        self.events[event].status = "active";
        self.events[event].approved_by = Some(actor);
        self.events[event].approved_after = Some(self.register.len());
        self.bring_and_carry(event);
        self.events[event].turn = Some(self.tick);
        self.note(actor, "event_approved", ("calculated", "active"));
        if self.events[event].settled() {
            self.events[event].status = "completed";
            self.note(actor, "event_completed", ("active", "completed"));
        }
        Ok(())
    }

    /// Returns who created, changed or calculated an event.
    pub(super) fn workers(&self, event: usize) -> Vec<usize> {
        let event = &self.events[event];
        let workers = [Some(event.created_by), event.calculated_by];
        let changed_by = event.changed_by.iter().copied();
        workers.into_iter().flatten().chain(changed_by).collect()
    }

    /// Finds the last approved event of a project that is not cancelled.
    pub(super) fn last_approved(&self, project: usize) -> Option<&Event> {
        let approved = self.events.iter().filter(|other| {
            other.project == project && ["active", "completed"].contains(&other.status)
        });
        approved.max_by_key(|other| other.turn)
    }

    /// Returns who recorded what counts for an event since the last one of its project was approved.
    pub(super) fn recorders(&self, event: usize) -> Vec<usize> {
        let Event {
            project,
            record_date,
            ..
        } = self.events[event];
        let since = self.last_approved(project);
        let since = since.and_then(|event| event.approved_after);
        let counts = |flow: &&Flow| flow.project == project && flow.date <= record_date;
        let entries = self.register.iter().skip(since.unwrap_or(0));
        let entries = entries.filter(counts).map(|flow| flow.by);
        let last = self.last_approved(project).and_then(|event| event.turn);
        let chosen = self.projects[project].profile_set;
        let chosen = chosen.filter(|(_, at)| Some(*at) > last).map(|(by, _)| by);
        entries
            .chain(self.excluders(project, record_date))
            .chain(chosen)
            .collect()
    }

    pub(super) fn cancel_event(&mut self, actor: usize, code: &str) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must(actor, "record")?;
        let before = self.events[event].status;
        let is_paid = self.events[event].withdrawn() > 0;
        let ends = before == "cancelled" || (before == "completed" && is_paid);
        if ends {
            return Err(Refusal::Rule("event.wrong_state"));
        }
        if is_paid {
            return Err(Refusal::Rule("event.paid"));
        }
        let open = self.chosen(
            &WithdrawalSelection::AllOf(code.to_owned()),
            &["pending", "approved"],
        )?;
        for withdrawal in open {
            self.cancel(actor, withdrawal)?;
        }
        if self.was_taken(event) {
            return Err(Refusal::Rule("event.forward_taken"));
        }
        self.undo_reserves(event)?;
        self.cancel_tax(event)?;
        for share in &mut self.events[event].shares {
            (share.brought, share.carried) = (0, 0);
        }
        self.events[event].status = "cancelled";
        self.events[event].cancelled_by = Some(actor);
        self.note(actor, "event_cancelled", (before, "cancelled"));
        Ok(())
    }
}
