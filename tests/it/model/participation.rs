//! The model's rules of who takes part in an event: standing exclusions, and what an event says for
//! itself.

use std::fmt;

use chrono::{Days, NaiveDate};

use super::{
    act::{Act, NewStanding},
    books::{Books, Event, Refusal},
    picks::Picks,
    steps::spelled,
    units::{Units, canonical},
};

/// What becomes of an excluded holder's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy<H = usize> {
    Redistribute,
    Retain,
    Assign(H),
}

/// A holder of a calculated event who has tokens and no share for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excluded {
    pub(super) holder: usize,
    pub(super) policy: Policy,
    pub(super) tokens: Units,
    pub(super) percentage: Units,
    pub(super) part: Units,
}

/// An exclusion from the events of a project.
#[derive(Clone)]
pub(super) struct StandingExclusion {
    project: usize,
    holder: usize,
    policy: Policy,
    from: NaiveDate,
    until: Option<NaiveDate>,
    by: usize,
    /// After how many commands it was recorded.
    since: usize,
    /// Who ended it, and after how many commands.
    ended: Option<(usize, usize)>,
}

/// Why holders are excluded; for the last one they are not.
const REASONS: [&str; 2] = ["treasury", "sanctioned"];

impl<H: fmt::Display> fmt::Display for Policy<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redistribute => f.write_str("redistribute"),
            Self::Retain => f.write_str("retain"),
            Self::Assign(holder) => write!(f, "assign:{holder}"),
        }
    }
}

impl NewStanding {
    pub(super) fn arguments(&self) -> String {
        let Self {
            holder,
            project,
            policy,
            reason,
            from,
            until,
        } = self;
        let until = until.map(|until| format!(" --until {until}"));
        format!(
            "{holder} --project {project} --policy {policy} --reason {reason} --from {from}{}",
            until.unwrap_or_default()
        )
    }
}

impl StandingExclusion {
    fn counts_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Returns whether some day is in it and between two others.
    fn overlaps(&self, from: NaiveDate, until: Option<NaiveDate>) -> bool {
        let ends = |until: Option<NaiveDate>| until.unwrap_or(NaiveDate::MAX);
        self.from.max(from) <= ends(self.until).min(ends(until))
    }

    /// Returns whether it has no last day yet.
    pub(super) const fn may_end(&self) -> bool {
        self.until.is_none()
    }
}

impl Books {
    fn policy(&self, given: &Policy<String>) -> Result<Policy, Refusal> {
        Ok(match given {
            Policy::Redistribute => Policy::Redistribute,
            Policy::Retain => Policy::Retain,
            Policy::Assign(to) => Policy::Assign(self.holder(to)?),
        })
    }

    pub(super) fn exclude_standing(
        &mut self,
        actor: usize,
        new: &NewStanding,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(&new.project)?;
        let holder = self.holder(&new.holder)?;
        let policy = self.policy(&new.policy)?;
        must_be_a_reason(new.reason)?;
        if policy == Policy::Assign(holder) {
            return Err(Refusal::Rule("event.assign_excluded"));
        }
        if new.until.is_some_and(|until| until < new.from) {
            return Err(Refusal::Rule("exclusion.dates"));
        }
        let overlaps = |one: &StandingExclusion| {
            (one.project, one.holder) == (project, holder) && one.overlaps(new.from, new.until)
        };
        if self.standing.iter().any(overlaps) {
            return Err(Refusal::Rule("exclusion.overlap"));
        }
        self.standing.push(StandingExclusion {
            project,
            holder,
            policy,
            from: new.from,
            until: new.until,
            by: actor,
            since: self.tick,
            ended: None,
        });
        self.note(actor, "exclusion_added", ("", ""));
        Ok(())
    }

    /// Ends the exclusion of a holder that goes on after a day: the one that counts then, or the only
    /// one that is still to come.
    pub(super) fn include_standing(
        &mut self,
        actor: usize,
        (holder, project): (&str, &str),
        until: NaiveDate,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(project)?;
        let holder = self.holder(holder)?;
        let goes_on = |at: &usize| {
            let one = &self.standing[*at];
            (one.project, one.holder) == (project, holder)
                && one.until.is_none_or(|last| until < last)
        };
        let mut going_on: Vec<usize> = (0..self.standing.len()).filter(goes_on).collect();
        going_on.sort_by_key(|at| (self.standing[*at].from, *at));
        let found = match going_on.as_slice() {
            [only] => *only,
            [first, ..] if self.standing[*first].from <= until => *first,
            _ => return Err(Refusal::Rule("exclusion.none")),
        };
        self.standing[found].until = Some(until);
        self.standing[found].ended = Some((actor, self.tick));
        self.note(actor, "exclusion_ended", ("", ""));
        Ok(())
    }

    /// Refuses an event that can no longer be changed.
    pub(super) fn must_be_open(&self, actor: usize, event: usize) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        if ["draft", "calculated"].contains(&self.events[event].status) {
            Ok(())
        } else {
            Err(Refusal::Rule("event.wrong_state"))
        }
    }

    /// Notes a change of an event, which is a draft again.
    pub(super) fn changed(&mut self, actor: usize, event: usize, activity: &str) {
        let before = self.events[event].status;
        self.events[event].changed_by.push(actor);
        self.back_to_draft(event);
        self.note(actor, activity, (before, "draft"));
    }

    pub(super) fn exclude(
        &mut self,
        actor: usize,
        code: &str,
        (holders, policy, reason): (&[String], &Policy<String>, &str),
    ) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must_be_open(actor, event)?;
        must_be_a_reason(reason)?;
        let policy = self.policy(policy)?;
        for holder in holders {
            let holder = self.holder(holder)?;
            if policy == Policy::Assign(holder) {
                return Err(Refusal::Rule("event.assign_excluded"));
            }
            self.events[event].choices.insert(holder, Some(policy));
        }
        self.changed(actor, event, "participation_changed");
        Ok(())
    }

    pub(super) fn include(
        &mut self,
        actor: usize,
        code: &str,
        holders: &[String],
    ) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must_be_open(actor, event)?;
        for holder in holders {
            let holder = self.holder(holder)?;
            self.events[event].choices.insert(holder, None);
        }
        self.changed(actor, event, "participation_changed");
        Ok(())
    }

    /// Decides who of the holders with tokens is excluded: the event itself says it first.
    pub(super) fn exclusions(
        &self,
        event: usize,
        held: &[(usize, Units)],
    ) -> Result<Vec<(usize, Policy)>, Refusal> {
        let Event {
            project,
            record_date,
            ref choices,
            ..
        } = self.events[event];
        let of_project = |holder: usize| {
            let counts = |one: &&StandingExclusion| {
                (one.project, one.holder) == (project, holder) && one.counts_on(record_date)
            };
            self.standing.iter().find(counts).map(|one| one.policy)
        };
        let of_event = |holder: usize| {
            let said = choices.get(&holder).copied();
            said.unwrap_or_else(|| of_project(holder))
        };
        let holders = held.iter().map(|(holder, _)| *holder);
        let excluded: Vec<(usize, Policy)> = holders
            .filter_map(|holder| Some((holder, of_event(holder)?)))
            .collect();
        let is_excluded = |to: usize| excluded.iter().any(|(holder, _)| *holder == to);
        let to_excluded = |(_, policy): &(usize, Policy)| matches!(policy, Policy::Assign(to) if is_excluded(*to));
        if excluded.iter().any(to_excluded) {
            return Err(Refusal::Rule("event.assign_excluded"));
        }
        Ok(excluded)
    }

    /// Returns who recorded or ended standing exclusions that count for a record date, and that the
    /// approval of the project's last event did not see as they are.
    pub(super) fn excluders(&self, project: usize, record_date: NaiveDate) -> Vec<usize> {
        let last = self.last_approved(project);
        let was_seen = |at: usize, in_it: &dyn Fn(&[Excluded]) -> bool| {
            last.is_some_and(|last| Some(at) <= last.turn && in_it(&last.frozen.excluded))
        };
        let mut hands = Vec::new();
        for one in self.standing.iter().filter(|one| one.project == project) {
            let same = |other: &Excluded| (other.holder, other.policy) == (one.holder, one.policy);
            let excluded_so = |list: &[Excluded]| list.iter().any(same);
            if one.counts_on(record_date) && !was_seen(one.since, &excluded_so) {
                hands.push(one.by);
            }
            let took_part = |list: &[Excluded]| list.iter().all(|other| other.holder != one.holder);
            if let Some((by, at)) = one.ended
                && one.from <= record_date
                && !one.counts_on(record_date)
                && !was_seen(at, &took_part)
            {
                hands.push(by);
            }
        }
        hands
    }
}

/// Refuses to take the money of a holder under sanctions away.
fn must_be_a_reason(reason: &str) -> Result<(), Refusal> {
    if reason == "sanctioned" {
        return Err(Refusal::Rule("event.sanctioned_excluded"));
    }
    Ok(())
}

impl Picks<'_> {
    fn policy(&mut self) -> Policy<String> {
        match self.dice.below(10) {
            0..4 => Policy::Redistribute,
            4..8 => Policy::Retain,
            _ => Policy::Assign(self.holder()),
        }
    }

    fn reason(&mut self) -> &'static str {
        REASONS[usize::from(self.dice.percent(4))]
    }

    pub(super) fn standing_exclusion(&mut self) -> Act {
        let from = self.day();
        let until = match self.dice.below(10) {
            0 => from.pred_opt(),
            1..6 => from.checked_add_days(Days::new(self.dice.next() % 20)),
            _ => None,
        };
        Act::ProjectExclude(NewStanding {
            holder: self.holder(),
            project: self.project(),
            policy: self.policy(),
            reason: self.reason(),
            from,
            until,
        })
    }

    pub(super) fn standing_inclusion(&mut self) -> Act {
        let going_on: Vec<&StandingExclusion> = (self.books.standing.iter())
            .filter(|one| one.may_end())
            .collect();
        let picked = self.dice.pick(&going_on).copied();
        let until = self.day();
        let (holder, project) = match picked.filter(|_| self.dice.percent(85)) {
            Some(one) => (
                spelled(self.dice, &self.books.holders[one.holder].code),
                self.books.projects[one.project].code.to_owned(),
            ),
            None => (self.holder(), self.project()),
        };
        Act::ProjectInclude {
            holder,
            project,
            until,
        }
    }

    /// Picks one or two holders to exclude from an event, mostly of those with tokens.
    pub(super) fn exclusion(&mut self) -> Act {
        let event = self.event(&["draft", "draft", "draft", "draft", "calculated"]);
        let holders = (0..=self.dice.below(2)).map(|_| self.with_tokens(&event));
        let holders = holders.collect();
        Act::EventExclude {
            event,
            holders,
            policy: self.policy(),
            reason: self.reason(),
        }
    }

    fn with_tokens(&mut self, event: &str) -> String {
        let event = self.books.event(event).ok();
        let holders: Vec<usize> = event.map_or_else(Vec::new, |event| {
            let Event {
                project,
                record_date,
                ..
            } = self.books.events[event];
            let has = |holder: &usize| self.books.holding(project, *holder, record_date) > 0;
            (0..self.books.holders.len()).filter(has).collect()
        });
        let picked = self.dice.pick(&holders).copied();
        match picked.filter(|_| self.dice.percent(80)) {
            Some(holder) => spelled(self.dice, &self.books.holders[holder].code),
            None => self.holder(),
        }
    }

    /// Picks holders to include again, mostly of those who are excluded.
    pub(super) fn inclusion(&mut self) -> Act {
        let excluded = self.excluded();
        let picked = self.dice.pick(&excluded).copied();
        let (event, holder) = match picked.filter(|_| self.dice.percent(85)) {
            Some((event, holder)) => (
                spelled(self.dice, &self.books.events[event].code),
                self.books.holders[holder].code.clone(),
            ),
            None => (self.event(&["draft", "calculated"]), self.holder()),
        };
        Act::EventInclude {
            event,
            holders: vec![holder],
        }
    }

    pub(super) fn has_excluded(&self) -> bool {
        !self.excluded().is_empty()
    }

    /// Lists who is excluded from events that can be changed.
    fn excluded(&self) -> Vec<(usize, usize)> {
        let open = |(_, event): &(usize, &Event)| ["draft", "calculated"].contains(&event.status);
        let events = self.books.events.iter().enumerate().filter(open);
        let excluded = events.flat_map(|(at, event)| {
            let chosen = (event.choices.iter()).filter(|(_, choice)| choice.is_some());
            let chosen = chosen.map(|(holder, _)| *holder);
            let standing = event.frozen.excluded.iter().map(|one| one.holder);
            chosen.chain(standing).map(move |holder| (at, holder))
        });
        excluded.collect()
    }
}

fn written(books: &Books, policy: Policy) -> String {
    match policy {
        Policy::Redistribute => "redistribute|".to_owned(),
        Policy::Retain => "retain|".to_owned(),
        Policy::Assign(to) => format!("assign|{}", books.holders[to].code),
    }
}

pub(super) fn standing_lines(books: &Books) -> Vec<String> {
    let line = |one: &StandingExclusion| {
        let until = one.until.map(|until| until.to_string());
        let ended_by = one.ended.map(|(by, _)| books.users[by].code.as_str());
        format!(
            "{}|{}|{}|{}|{}|{}|{}|{}",
            books.projects[one.project].code,
            books.holders[one.holder].code,
            written(books, one.policy),
            REASONS[0],
            one.from,
            until.unwrap_or_default(),
            books.users[one.by].code,
            ended_by.unwrap_or_default()
        )
    };
    books.standing.iter().map(line).collect()
}

pub(super) fn excluded_lines(books: &Books) -> Vec<String> {
    let line = |event: &Event, one: &Excluded| {
        let numbers = [one.tokens, one.percentage, one.part].map(canonical);
        format!(
            "{}|{}|{}|{}|{}",
            event.code,
            books.holders[one.holder].code,
            written(books, one.policy),
            REASONS[0],
            numbers.join("|")
        )
    };
    let of_event = |event| move |one| line(event, one);
    let events = books.events.iter();
    events
        .flat_map(|event| event.frozen.excluded.iter().map(of_event(event)))
        .collect()
}
