//! The model's rules of what is paid and what is carried forward: minimum payouts and forward
//! balances.

use super::{
    books::{Books, Event, Refusal, Share},
    units::Units,
};

impl Event {
    /// Returns whether what a share of it put into a forward balance went into a later event.
    pub(super) fn was_taken_by(&self, later: &Self) -> bool {
        later.project == self.project
            && ["active", "completed"].contains(&later.status)
            && later.turn > self.turn
            && self.shares.iter().any(|own| {
                let takes = |share: &Share| share.holder == own.holder && share.brought > 0;
                own.carried > 0 && later.shares.iter().any(takes)
            })
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
        own.map(|share| share.carried - share.brought).sum()
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
        }
    }
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
