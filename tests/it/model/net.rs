//! The model's rules of what is paid and what is carried forward: minimum payouts and forward
//! balances.

use super::{
    act::Act,
    books::{Books, Event, Refusal, Share},
    picks::Picks,
    proposals::{Content, Proposal},
    steps::spelled,
    units::{MOST, ONE, Units, canonical},
};

/// That a forward balance was taken into an event.
#[derive(Clone)]
pub(super) struct Taking {
    event: usize,
    holder: usize,
    /// After how many commands.
    tick: usize,
}

/// Forward balances that are to be given up, as they were when that was proposed.
#[derive(Clone)]
pub(super) struct WriteOff {
    pub(super) project: usize,
    below: Units,
    balances: Vec<(usize, Units)>,
}

/// A forward balance that was given up.
#[derive(Clone)]
pub(super) struct ForwardLoss {
    project: usize,
    holder: usize,
    amount: Units,
    /// After how many commands.
    tick: usize,
}

impl WriteOff {
    pub(super) fn total(&self) -> Units {
        self.balances.iter().map(|(_, amount)| amount).sum()
    }
}

impl Books {
    pub(super) fn set_project(
        &mut self,
        actor: usize,
        project: &str,
        (minimum, profile): (Option<Units>, Option<&'static str>),
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(project)?;
        let tick = self.tick;
        let of = &mut self.projects[project];
        let before = (of.minimum, of.profile);
        of.minimum = minimum.unwrap_or(of.minimum);
        if let Some(profile) = profile {
            let name = profile.trim_end_matches(".toml");
            of.profile = (name != "none").then_some(name);
        }
        if of.profile != before.1 {
            of.profile_set = Some((actor, tick));
        }
        if (of.minimum, of.profile) != before {
            self.note(actor, "project_changed", ("", ""));
        }
        Ok(())
    }

    /// Returns the forward balance of a holder in a project.
    pub(super) fn forward(&self, project: usize, holder: usize) -> Units {
        let events = self.events.iter().filter(|event| event.project == project);
        let shares = events.flat_map(|event| &event.shares);
        let own = shares.filter(|share| share.holder == holder);
        let balance: Units = own.map(|share| share.carried - share.brought).sum();
        let losses = self.losses.iter();
        let losses = losses.filter(|one| (one.project, one.holder) == (project, holder));
        balance - losses.map(|one| one.amount).sum::<Units>()
    }

    /// Refuses an event whose holders are owed more together, with what waits for them, than fits.
    pub(super) fn must_fit(&self, project: usize, shares: &[Share]) -> Result<(), Refusal> {
        let owed = shares.iter();
        let owed = owed.map(|share| share.net() + self.forward(project, share.holder));
        if owed.sum::<Units>() > MOST {
            return Err(Refusal::Rule("event.too_large"));
        }
        Ok(())
    }

    /// Takes what waits for the holders of an event into it, and carries forward what no bank can pay
    /// or what is below the minimum.
    pub(super) fn bring_and_carry(&mut self, event: usize) {
        let (project, minor) = (self.events[event].project, self.minor(event));
        let minimum = self.events[event].minimum;
        for at in 0..self.events[event].shares.len() {
            let holder = self.events[event].shares[at].holder;
            let brought = self.forward(project, holder);
            let share = &mut self.events[event].shares[at];
            let entitlement = share.net() + brought;
            share.brought = brought;
            share.carried = entitlement - payable(entitlement, minor, minimum);
            if brought > 0 {
                self.take(event, holder);
            }
        }
    }

    fn take(&mut self, event: usize, holder: usize) {
        let tick = self.tick;
        self.takings.push(Taking {
            event,
            holder,
            tick,
        });
    }

    /// Lists the forward balances of a project that are below an amount.
    fn waiting_below(&self, project: usize, below: Units) -> Vec<(usize, Units)> {
        let balances =
            (0..self.holders.len()).map(|holder| (holder, self.forward(project, holder)));
        balances
            .filter(|(_, balance)| *balance > 0 && *balance < below)
            .collect()
    }

    pub(super) fn propose_write_off(
        &mut self,
        actor: usize,
        project: &str,
        below: Units,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(project)?;
        if below > self.projects[project].minor {
            return Err(Refusal::Rule("forward.payable"));
        }
        let balances = self.waiting_below(project, below);
        if balances.is_empty() {
            return Err(Refusal::Rule("forward.nothing"));
        }
        let content = WriteOff {
            project,
            below,
            balances,
        };
        self.propose(actor, Content::WriteOff(content));
        Ok(())
    }

    /// Gives balances up, if they are still as many and as much as was proposed.
    pub(super) fn write_off_now(&mut self, content: &WriteOff) -> Result<(), Refusal> {
        let now = WriteOff {
            balances: self.waiting_below(content.project, content.below),
            ..content.clone()
        };
        if (now.total(), now.balances.len()) != (content.total(), content.balances.len()) {
            return Err(Refusal::Rule("forward.changed"));
        }
        for (holder, amount) in now.balances {
            self.losses.push(ForwardLoss {
                project: content.project,
                holder,
                amount,
                tick: self.tick,
            });
        }
        Ok(())
    }

    /// Checks whether what an event put into forward balances was taken since.
    pub(super) fn was_taken(&self, event: usize) -> bool {
        let own = &self.events[event];
        let takes = |share: &Share, taking: &Taking| {
            let other = &self.events[taking.event];
            taking.holder == share.holder
                && taking.event != event
                && Some(taking.tick) > own.turn
                && other.project == own.project
                && ["active", "completed"].contains(&other.status)
        };
        let gives_up = |share: &Share, one: &ForwardLoss| {
            (one.project, one.holder) == (own.project, share.holder) && Some(one.tick) > own.turn
        };
        let mut carried = own.shares.iter().filter(|share| share.carried > 0);
        carried.any(|share| {
            self.takings.iter().any(|taking| takes(share, taking))
                || self.losses.iter().any(|one| gives_up(share, one))
        })
    }

    /// Puts what a bank can pay of a holder's forward balance into an approved event, whatever the
    /// minimum.
    pub(super) fn release(
        &mut self,
        actor: usize,
        (holder, project): (&str, &str),
        event: &str,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let event = self.event(event)?;
        let project = self.project(project)?;
        let holder = self.holder(holder)?;
        if self.events[event].project != project {
            return Err(Refusal::Rule("forward.other_project"));
        }
        if !["active", "completed"].contains(&self.events[event].status) {
            return Err(Refusal::Rule("event.not_active"));
        }
        let amount = payable(self.forward(project, holder), self.minor(event), 0);
        if amount == 0 {
            return Err(Refusal::Rule("forward.nothing"));
        }
        let mut shares = self.events[event].shares.iter();
        let share = shares.find(|share| share.holder == holder);
        let share = share.ok_or(Refusal::Rule("withdrawal.no_allocation"))?;
        let fits = |available: Units, brought: Units| {
            available + amount <= MOST && brought + amount <= MOST
        };
        let of_holder = fits(share.available(), share.brought);
        let of_event = &self.events[event];
        let available = of_event.left() - of_event.pending();
        if !of_holder || !fits(available, of_event.brought()) {
            return Err(Refusal::Rule("event.too_large"));
        }
        let mut shares = self.events[event].shares.iter_mut();
        let share = shares.find(|share| share.holder == holder);
        let share = share.ok_or(Refusal::Rule("withdrawal.no_allocation"))?;
        share.brought += amount;
        self.take(event, holder);
        self.moved.push(event);
        self.note(actor, "forward_released", ("", ""));
        Ok(())
    }
}

impl Picks<'_> {
    /// Lists what can be released: project and holder.
    fn releasable(&self) -> Vec<(usize, usize)> {
        let projects = 0..self.books.projects.len();
        let all = projects
            .flat_map(|project| (0..self.books.holders.len()).map(move |holder| (project, holder)));
        let minor = |project: usize| self.books.projects[project].minor;
        all.filter(|(project, holder)| self.books.forward(*project, *holder) >= minor(*project))
            .collect()
    }

    /// Lists the projects with balances that no bank can pay.
    fn with_unpayable(&self) -> Vec<usize> {
        let has = |project: &usize| {
            let minor = self.books.projects[*project].minor;
            let is_proposed = |proposal: &Proposal| {
                let of =
                    matches!(&proposal.content, Content::WriteOff(of) if of.project == *project);
                of && proposal.status == "proposed"
            };
            !self.books.waiting_below(*project, minor).is_empty()
                && !self.books.proposals.iter().any(is_proposed)
        };
        (0..self.books.projects.len()).filter(has).collect()
    }

    pub(super) fn has_unpayable(&self) -> bool {
        !self.with_unpayable().is_empty()
    }

    pub(super) fn write_off(&mut self) -> Act {
        let picked = self.dice.pick(&self.with_unpayable()).copied();
        let picked = picked.filter(|_| self.dice.percent(90));
        let project = match picked {
            Some(at) => self.books.projects[at].code.to_owned(),
            None => self.project(),
        };
        let minor = picked.map_or(ONE / 100, |at| self.books.projects[at].minor);
        let below = match self.dice.below(10) {
            0 => minor + 1,
            1 | 2 => self.dice.units(minor),
            _ => minor,
        };
        Act::WriteOff { project, below }
    }

    pub(super) fn has_forward(&self) -> bool {
        !self.releasable().is_empty()
    }

    /// Picks a forward balance and an approved event, mostly one that the holder has a share of.
    pub(super) fn forward_release(&mut self) -> Act {
        let picked = self.dice.pick(&self.releasable()).copied();
        let Some((project, holder)) = picked.filter(|_| self.dice.percent(88)) else {
            return Act::Release {
                holder: self.holder(),
                project: self.project(),
                event: self.event(&["active", "completed", "draft"]),
            };
        };
        let fits = |event: &&Event| {
            let has_share = event.shares.iter().any(|share| share.holder == holder);
            let approved = ["active", "completed"].contains(&event.status);
            event.project == project && approved && has_share
        };
        let fitting: Vec<&Event> = self.books.events.iter().filter(fits).collect();
        let event = self.dice.pick(&fitting).copied();
        let event = match event.filter(|_| self.dice.percent(90)) {
            Some(event) => spelled(self.dice, &event.code),
            None => self.event(&["active", "completed", "calculated"]),
        };
        Act::Release {
            holder: spelled(self.dice, &self.books.holders[holder].code),
            project: self.books.projects[project].code.to_owned(),
            event,
        }
    }
}

/// The forward balances above zero.
pub(super) fn lines(books: &Books) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, project) in books.projects.iter().enumerate() {
        for (holder, of) in books.holders.iter().enumerate() {
            let balance = books.forward(at, holder);
            if balance != 0 {
                lines.push(format!(
                    "{}|{}|{}",
                    project.code,
                    of.code,
                    canonical(balance)
                ));
            }
        }
    }
    lines
}

/// Returns what of an entitlement is paid: whole smallest amounts, and nothing below the minimum.
fn payable(entitlement: Units, minor: Units, minimum: Units) -> Units {
    let whole = entitlement - entitlement % minor;
    if whole < minimum { 0 } else { whole }
}

#[test]
fn the_model_carries_forward_what_can_be_reckoned_by_hand() {
    use super::units::read;
    let paid = |nets: &[&str], minor: &str, minimum: &str| {
        let mut waits = 0;
        let steps = nets.iter().map(|net| {
            let entitlement = read(net) + waits;
            let paid = payable(entitlement, read(minor), read(minimum));
            waits = entitlement - paid;
            (paid, waits)
        });
        steps.collect::<Vec<_>>()
    };
    let wanted = |steps: &[(&str, &str)]| {
        let steps = steps.iter().map(|(paid, waits)| (read(paid), read(waits)));
        steps.collect::<Vec<_>>()
    };
    assert_eq!(
        paid(&["33.3333334"; 3], "0.01", "0"),
        wanted(&[
            ("33.33", "0.0033334"),
            ("33.33", "0.0066668"),
            ("33.34", "0.0000002")
        ])
    );
    assert_eq!(
        paid(&["333.4"; 3], "1", "0"),
        wanted(&[("333", "0.4"), ("333", "0.8"), ("334", "0.2")])
    );
    assert_eq!(
        paid(&["400", "400", "400"], "0.01", "1000"),
        wanted(&[("0", "400"), ("0", "800"), ("1200", "0")])
    );
    // Reached exactly is paid, and missed by the smallest amount is not.
    assert_eq!(paid(&["1000"], "0.01", "1000"), wanted(&[("1000", "0")]));
    assert_eq!(
        paid(&["999.9999999"], "0.01", "1000"),
        wanted(&[("0", "999.9999999")])
    );
}
