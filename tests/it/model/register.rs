//! The model's rules of users, holders and the register.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    act::{Bank, Entry},
    books::{Books, Flow, Holder, Refusal, User},
    tax::TaxData,
    units::{MOST, Units},
};

/// The account numbers that are right at bank `058`.
pub(super) const RIGHT_AT_058: [&str; 3] = ["0123456101", "0123456132", "0123456163"];

impl Bank {
    /// Refuses an account number that is none of its bank's. Other bank codes are not given.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match (self.code, self.number) {
            (Some("058"), Some(number)) if !RIGHT_AT_058.contains(&number) => {
                Err(Refusal::Rule("account.nuban"))
            }
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    /// Returns whether it is an account that only naira can be sent to.
    pub(super) fn is_nuban(&self) -> bool {
        self.code == Some("058") && self.number.is_some()
    }

    /// Returns whether money can be sent there.
    pub(super) fn is_whole(&self) -> bool {
        self.name.is_some() && self.number.is_some()
    }
}

impl Books {
    pub(super) fn add_user(
        &mut self,
        actor: usize,
        code: &str,
        role: &'static str,
    ) -> Result<(), Refusal> {
        self.must(actor, "manage")?;
        if self.user(code).is_ok() {
            return Err(Refusal::Rule("user.exists"));
        }
        self.users.push(User {
            code: code.to_owned(),
            role,
            active: true,
            introduced_by: actor,
            acknowledged_by: None,
        });
        self.note(actor, "user_added", ("", ""));
        Ok(())
    }

    /// Says that a user is known who was added or changed by somebody else.
    pub(super) fn acknowledge(&mut self, actor: usize, code: &str) -> Result<(), Refusal> {
        let user = self.user(code)?;
        self.must(actor, "review")?;
        let is_first = actor == self.users[user].introduced_by;
        if actor == user || is_first || self.behind(user).contains(&actor) {
            return Err(Refusal::Rule("user.same_actor"));
        }
        if self.users[user].acknowledged_by.is_none() {
            self.users[user].acknowledged_by = Some(actor);
            self.note(actor, "user_acknowledged", ("", ""));
        }
        Ok(())
    }

    pub(super) fn set_user(
        &mut self,
        actor: usize,
        code: &str,
        role: Option<&'static str>,
        status: Option<&'static str>,
    ) -> Result<(), Refusal> {
        self.must(actor, "manage")?;
        let user = self.user(code)?;
        let before = self.users[user].clone();
        let role = role.unwrap_or(before.role);
        let active = status.map_or(before.active, |status| status == "active");
        let is_admin = |user: &User| user.active && user.role == "admin";
        let admins_left = self
            .users
            .iter()
            .enumerate()
            .filter(|(at, other)| *at != user && is_admin(other))
            .count();
        if is_admin(&before) && !(active && role == "admin") && admins_left == 0 {
            return Err(Refusal::Rule("user.last_admin"));
        }
        if (role, active) != (before.role, before.active) {
            let again = before.role != role || (!before.active && active);
            let (introduced_by, acknowledged_by) = if again {
                (actor, None)
            } else {
                (before.introduced_by, before.acknowledged_by)
            };
            self.users[user] = User {
                role,
                active,
                introduced_by,
                acknowledged_by,
                ..before
            };
            self.note(actor, "user_changed", ("", ""));
        }
        Ok(())
    }

    /// Refuses a user whom somebody else must acknowledge before work of the one who added or changed
    /// the user, or, as long as nobody has acknowledged that one either, of whoever did it there.
    pub(super) fn must_be_acknowledged(
        &self,
        actor: usize,
        hands: &[usize],
    ) -> Result<(), Refusal> {
        let behind = self.behind(actor);
        if !self.four_eyes || !behind.iter().any(|by| hands.contains(by)) {
            return Ok(());
        }
        let knows = |(at, other): (usize, &User)| {
            let reviews = ["admin", "approver"].contains(&other.role);
            at != actor && !behind.contains(&at) && other.active && reviews
        };
        if self.users.iter().enumerate().any(knows) {
            return Err(Refusal::Rule("user.not_acknowledged"));
        }
        Ok(())
    }

    /// Returns who added or changed a user whom nobody has acknowledged, and so on for that one.
    fn behind(&self, user: usize) -> Vec<usize> {
        let introduced_by = |at: usize| {
            let User {
                introduced_by,
                acknowledged_by,
                ..
            } = self.users[at];
            Some(introduced_by).filter(|by| acknowledged_by.is_none() && *by != at)
        };
        let mut behind = Vec::new();
        let mut next = introduced_by(user);
        while let Some(by) = next.filter(|by| *by != user && !behind.contains(by)) {
            behind.push(by);
            next = introduced_by(by);
        }
        behind
    }

    /// Refuses who had a hand in something that is for a second person, and whom somebody must
    /// acknowledge first.
    pub(super) fn must_be_second(
        &self,
        actor: usize,
        hands: &[usize],
        code: &'static str,
    ) -> Result<(), Refusal> {
        if self.four_eyes && hands.contains(&actor) {
            return Err(Refusal::Rule(code));
        }
        self.must_be_acknowledged(actor, hands)
    }

    pub(super) fn add_holder(
        &mut self,
        actor: usize,
        code: &str,
        (bank, tax): (&Bank, TaxData),
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        if self.holder(code).is_ok() {
            return Err(Refusal::Rule("holder.exists"));
        }
        bank.check()?;
        self.push_holder(actor, code, &format!("Name {code}"), bank);
        self.holders.last_mut().unwrap().tax = tax;
        self.note(actor, "holder_added", ("", ""));
        Ok(())
    }

    pub(super) fn push_holder(&mut self, actor: usize, code: &str, name: &str, bank: &Bank) {
        let bank_by = (!bank.is_empty()).then_some(actor);
        let (code, name) = (code.to_owned(), name.to_owned());
        self.holders.push(Holder {
            code,
            name,
            blocked: false,
            tax: TaxData::default(),
            bank: bank.clone(),
            bank_by,
            hands: bank_by.into_iter().collect(),
            unblocked: None,
        });
    }

    pub(super) fn set_holder(
        &mut self,
        actor: usize,
        code: &str,
        (given, tax): (&Bank, TaxData),
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let holder = self.holder(code)?;
        let before = self.holders[holder].tax;
        self.holders[holder].tax = before.with(tax);
        let other_tax = self.holders[holder].tax != before;
        if self.change_bank(actor, holder, given)? || other_tax {
            self.note(actor, "holder_changed", ("", ""));
        }
        Ok(())
    }

    /// Changes what is given of a holder's bank details; returns whether that changed anything.
    pub(super) fn change_bank(
        &mut self,
        actor: usize,
        holder: usize,
        given: &Bank,
    ) -> Result<bool, Refusal> {
        let before = &self.holders[holder].bank;
        let bank = Bank {
            name: given.name.or(before.name),
            code: given.code.or(before.code),
            number: given.number.or(before.number),
        };
        if bank == *before {
            return Ok(false);
        }
        // A change of the bank's name alone judges nothing.
        if (bank.code, bank.number) != (before.code, before.number) {
            bank.check()?;
        }
        self.holders[holder].bank = bank;
        self.holders[holder].bank_by = Some(actor);
        self.holders[holder].hands.push(actor);
        Ok(true)
    }

    pub(super) fn block_or_unblock(
        &mut self,
        actor: usize,
        code: &str,
        blocked: bool,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let holder = self.holder(code)?;
        if self.holders[holder].blocked == blocked {
            return Ok(());
        }
        self.holders[holder].blocked = blocked;
        if !blocked {
            self.holders[holder].unblocked = Some((actor, self.today));
        }
        let (activity, states) = if blocked {
            ("holder_blocked", ("active", "blocked"))
        } else {
            ("holder_unblocked", ("blocked", "active"))
        };
        self.note(actor, activity, states);
        Ok(())
    }

    pub(super) fn enter(&mut self, actor: usize, entry: &Entry) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(&entry.project)?;
        let from = self.insert_entry(actor, project, entry)?;
        if from.is_some_and(|from| self.lowest(project, from) < 0) {
            return Err(Refusal::Rule("token.negative_balance"));
        }
        if self.most(project) > MOST {
            return Err(Refusal::Rule("token.too_many"));
        }
        let activity = match entry.verb {
            "token issue" => "tokens_issued",
            "token transfer" => "tokens_transferred",
            _ => "tokens_redeemed",
        };
        self.note(actor, activity, ("", ""));
        Ok(())
    }

    /// Adds an entry to the register, without a look at balances; answers who gives tokens away by
    /// it.
    pub(super) fn insert_entry(
        &mut self,
        actor: usize,
        project: usize,
        entry: &Entry,
    ) -> Result<Option<usize>, Refusal> {
        let holder = self.holder(&entry.holder)?;
        let to = entry.to.as_ref().map(|to| self.holder(to)).transpose()?;
        let (from, to) = match entry.verb {
            "token issue" => (None, Some(holder)),
            "token transfer" => (Some(holder), to),
            _ => (Some(holder), None),
        };
        if entry.tokens == 0 {
            return Err(Refusal::Rule("token.zero"));
        }
        if from == to {
            return Err(Refusal::Rule("token.self_transfer"));
        }
        let (tokens, date, reference) = (entry.tokens, entry.date, entry.reference.clone());
        let used = |flow: &Flow| flow.project == project && flow.reference == reference;
        if reference.is_some() && self.register.iter().any(used) {
            return Err(Refusal::Rule("token.reference_used"));
        }
        self.register.push(Flow {
            project,
            from,
            to,
            tokens,
            date,
            reference,
            by: actor,
        });
        Ok(from)
    }

    /// Returns the least that a holder has at the end of any day.
    pub(super) fn lowest(&self, project: usize, holder: usize) -> Units {
        self.ends_of_days(project, |flow| flow.to_holder(holder))
            .into_iter()
            .min()
            .unwrap_or(0)
    }

    /// Returns the most that is outstanding at the end of any day.
    pub(super) fn most(&self, project: usize) -> Units {
        let outside = |flow: &Flow| i128::from(flow.from.is_none()) - i128::from(flow.to.is_none());
        self.ends_of_days(project, |flow| outside(flow) * flow.tokens)
            .into_iter()
            .max()
            .unwrap_or(0)
    }

    fn ends_of_days(&self, project: usize, change: impl Fn(&Flow) -> Units) -> Vec<Units> {
        let mut days: BTreeMap<NaiveDate, Units> = BTreeMap::new();
        for flow in self.register.iter().filter(|flow| flow.project == project) {
            *days.entry(flow.date).or_default() += change(flow);
        }
        let mut balance = 0;
        let end = |change: Units| {
            balance += change;
            balance
        };
        days.into_values().map(end).collect()
    }

    /// Returns what a holder has at the end of a day.
    pub(super) fn holding(&self, project: usize, holder: usize, day: NaiveDate) -> Units {
        let counts = |flow: &&Flow| flow.project == project && flow.date <= day;
        self.register
            .iter()
            .filter(counts)
            .map(|flow| flow.to_holder(holder))
            .sum()
    }

    /// Returns what was ever issued and redeemed in a project.
    pub(super) fn supply(&self, project: usize) -> (Units, Units) {
        let of = |wanted: fn(&Flow) -> bool| {
            let flows = self
                .register
                .iter()
                .filter(|flow| flow.project == project && wanted(flow));
            flows.map(|flow| flow.tokens).sum()
        };
        (of(|flow| flow.from.is_none()), of(|flow| flow.to.is_none()))
    }
}

impl Flow {
    pub(super) fn to_holder(&self, holder: usize) -> Units {
        let sign = i128::from(self.to == Some(holder)) - i128::from(self.from == Some(holder));
        sign * self.tokens
    }
}
