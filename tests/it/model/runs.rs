//! The model judges a run of the reconciliation, and does what it decided.

use chrono::Days;

use super::{
    act::PaymentInput,
    bank::{Line, Statement},
    books::{Basis, Books, Refusal},
    matching::{Link, OpenLinks, RETURN},
    sheets::Row,
    units::Units,
};

impl Books {
    /// Judges a run that is over by what the ledger now holds: what is certain must be linked, and
    /// nothing else that has a reference; what was decided before is as it was. Then does what the
    /// new links say.
    pub(super) fn reconcile(&mut self, actor: usize, account: &str) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let account = self.account(account)?;
        let Some(found) = self.found.take() else {
            return Ok(());
        };
        let certain = self.certain(account);
        self.judge_run(account, &found, &certain);
        let before = std::mem::replace(&mut self.links, found.links);
        let is_new = |(at, link): &(usize, &Link)| {
            link.is_matched() && !before.get(*at).is_some_and(Link::is_matched)
        };
        let mut new: Vec<Link> = self
            .links
            .iter()
            .enumerate()
            .filter(is_new)
            .map(|(_, link)| link.clone())
            .collect();
        new.sort_by_key(|link| (link.tier.clone(), link.kind == "return", link.lines.clone()));
        for link in new {
            self.settle(actor, &link);
        }
        let explained = (0..self.lines.len())
            .filter(|line| self.lines[*line].account == account && self.is_explained(*line));
        let explained: Vec<usize> = explained.collect();
        self.explained.extend(explained);
        let unseen = self.is_unseen(account);
        let (must, may) = (
            unseen || before != self.links,
            self.settled != Some((account, self.today)),
        );
        let wrote = found.runs > self.runs;
        if (must && !wrote) || (wrote && !must && !may) || found.runs > self.runs + 1 {
            self.wrong.push(format!(
                "runs: {} before, {} now; it must write: {must}, it may: {may}",
                self.runs, found.runs
            ));
        }
        self.settled = Some((account, self.today));
        if wrote {
            self.runs = found.runs;
            self.seen.insert(account, self.lines.len());
            let of_account = |statement: &&mut Statement| statement.account == account;
            for statement in self.statements.iter_mut().filter(of_account) {
                statement.run_over = true;
            }
            self.close(actor);
            self.note(actor, "bank_reconciled", ("", ""));
        }
        Ok(())
    }

    /// Checks whether an account has lines that no run has looked at.
    pub(super) fn is_unseen(&self, account: usize) -> bool {
        let seen = self.seen.get(&account).copied().unwrap_or_default();
        let is_new = |line: &Line| line.account == account && !self.is_void(line);
        self.lines[seen..].iter().any(is_new)
    }

    fn judge_run(&mut self, account: usize, found: &OpenLinks, certain: &[Link]) {
        for (at, before) in self.links.iter().enumerate() {
            let after = found.links.get(at);
            let may_end = before.state == "proposed";
            if !may_end && after != Some(before) {
                self.wrong
                    .push(format!("{before:?} was decided and is now {after:?}"));
            }
        }
        for link in certain.iter().filter(|link| !found.links.contains(link)) {
            self.wrong.push(format!("not linked: {link:?}"));
        }
        let made = found
            .links
            .iter()
            .enumerate()
            .filter(|(at, link)| link.is_live() && self.links.get(*at) != Some(link));
        let unfounded =
            made.filter(|(_, link)| !certain.contains(link) && !self.may_be(account, link));
        let unfounded: Vec<String> = (unfounded)
            .map(|(at, link)| {
                let rows: Vec<&Row> = link
                    .lines
                    .iter()
                    .map(|line| &self.lines[*line].row)
                    .collect();
                let expected: Vec<(bool, Units)> = (link.withdrawals.iter())
                    .map(|withdrawal| {
                        (
                            self.is_expected(*withdrawal, account),
                            self.to_pay(*withdrawal),
                        )
                    })
                    .collect();
                format!(
                    "{} links without reason: {link:?}, {rows:?} to {expected:?}",
                    at + 1
                )
            })
            .collect();
        self.wrong.extend(unfounded);
    }

    /// Checks whether the model leaves a link open.
    fn may_be(&self, account: usize, link: &Link) -> bool {
        self.is_lawful(account, link) || self.is_one_of_returns(account, link)
    }

    /// Checks whether a credit may be the return of a payment, though another one bears a reference
    /// that ended: it bears the live one, has the very amount and follows the debit.
    fn is_one_of_returns(&self, account: usize, link: &Link) -> bool {
        let ("return", [line], [withdrawal]) =
            (link.kind.as_str(), &link.lines[..], &link.withdrawals[..])
        else {
            return false;
        };
        let amount = self.to_pay(*withdrawal);
        let debits = match self.linked("payment", *withdrawal) {
            Some(known) => known.lines.clone(),
            None => self.exact(account, *withdrawal, ("payment", -amount)),
        };
        let credits = self.exact(account, *withdrawal, ("return", amount));
        let date = self.lines[*line].row.date;
        let follows = |debit: &usize| {
            let day = self.lines[*debit].row.date;
            (day..=day + Days::new(RETURN)).contains(&date)
        };
        credits.contains(line)
            && !self.bears_ended(*line)
            && credits.iter().any(|credit| self.bears_ended(*credit))
            && debits.iter().any(follows)
    }

    /// Checks whether a link may be where the model does not know: its lines are open and were
    /// free, what it holds is expected on this account, and it adds up.
    fn is_lawful(&self, account: usize, link: &Link) -> bool {
        let free = |line: &usize| {
            self.lines[*line].account == account
                && !self.is_void(&self.lines[*line])
                && self.decided(*line).is_none()
                && self.is_untold(*line)
        };
        let expected = |withdrawal: &usize| {
            self.is_expected(*withdrawal, account) || self.left_here(*withdrawal, account)
        };
        let bank: Units = link
            .lines
            .iter()
            .map(|line| self.lines[*line].row.amount)
            .sum();
        let ledger: Units = link
            .withdrawals
            .iter()
            .map(|withdrawal| self.to_pay(*withdrawal))
            .sum();
        let sum = if link.kind == "return" {
            ledger
        } else {
            -ledger
        };
        link.lines.iter().all(free) && link.withdrawals.iter().all(expected) && bank == sum
    }

    /// Does what a link says: what is not recorded as paid is recorded from its last line, what was
    /// sent back is given back.
    pub(super) fn settle(&mut self, actor: usize, link: &Link) {
        for withdrawal in &link.withdrawals {
            if let Err(no) = self.settle_one(actor, link, *withdrawal) {
                self.wrong.push(format!(
                    "{no:?} speaks against W-{} in {link:?}",
                    withdrawal + 1
                ));
            }
        }
    }

    pub(super) fn settle_one(
        &mut self,
        actor: usize,
        link: &Link,
        withdrawal: usize,
    ) -> Result<(), Refusal> {
        let last = link
            .lines
            .iter()
            .copied()
            .max_by_key(|line| (self.lines[*line].row.date, *line));
        let Some(line) = last else { return Ok(()) };
        let row = self.lines[line].row.clone();
        let payment = self.withdrawals[withdrawal].payment;
        match (link.kind.as_str(), payment) {
            ("payment", None) => {
                let reference = self.reference_from(link, line, withdrawal);
                let date = row.date.min(self.today);
                self.pay(
                    actor,
                    &PaymentInput {
                        withdrawal: withdrawal + 1,
                        reference,
                        date,
                        amount: None,
                        means: None,
                    },
                    Basis::Line(line),
                )
            }
            ("return", Some(payment)) if self.payments[payment].returned.is_none() => {
                self.must(actor, "record")?;
                let date = row.date.min(self.today).max(self.payments[payment].date);
                self.give_back(actor, payment + 1, date)
            }
            ("return", None) => Err(Refusal::Name("a return of what was never paid")),
            _ => Ok(()),
        }
    }

    /// Returns the reference of a payment that is recorded from a line: the bank's own where it is
    /// this payment's alone, else ours, and if both were used, the names of line and withdrawal.
    fn reference_from(&self, link: &Link, line: usize, withdrawal: usize) -> String {
        let own =
            Some(self.lines[line].row.reference.clone()).filter(|_| link.withdrawals.len() == 1);
        let filed = self.file_of(withdrawal).is_some();
        let ours = self
            .references
            .iter()
            .rfind(|given| filed && given.withdrawal == withdrawal)
            .map(|given| given.reference.clone());
        let unused = |reference: &String| {
            self.payments
                .iter()
                .all(|payment| payment.reference != *reference)
        };
        let names = || format!("L-{:06}/W-{:06}", line + 1, withdrawal + 1);
        own.into_iter()
            .chain(ours)
            .find(unused)
            .unwrap_or_else(names)
    }
}
