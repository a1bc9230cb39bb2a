//! The model's rules of what a person decides about a line of the bank.

use super::{
    books::{Books, Refusal, Withdrawal},
    matching::Link,
    units::Units,
};

impl Books {
    pub(super) fn decide(
        &mut self,
        actor: usize,
        verb: &str,
        line: usize,
        payments: &[usize],
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        if !(1..=self.lines.len()).contains(&line) {
            return Err(Refusal::Name("bank_line.unknown"));
        }
        let line = line - 1;
        match verb {
            "bank confirm" => self.confirm(actor, line)?,
            "bank reject" => {
                let proposal = self.proposal(line)?;
                self.links[proposal].state = "rejected".to_owned();
            }
            "bank match" => self.match_line(actor, line, payments)?,
            "bank unmatch" => {
                let decided = self
                    .links
                    .iter()
                    .position(|link| link.is_matched() && link.lines.contains(&line));
                let decided = decided.ok_or(Refusal::Rule("bank.line_state"))?;
                self.links[decided].state = "unmatched".to_owned();
                let link = self.links[decided].clone();
                for withdrawal in &link.withdrawals {
                    if let Some(payment) = self.withdrawals[*withdrawal].payment
                        && link.kind == "payment"
                    {
                        self.payments[payment].by_match = false;
                    }
                }
                if link.kind == "return" {
                    for withdrawal in link.withdrawals {
                        self.take_back(actor, withdrawal)?;
                    }
                }
            }
            _ => {
                self.must_be_undecided(line)?;
                self.supersede(|link| link.lines.contains(&line));
                self.link(line, "other", Vec::new());
            }
        }
        self.close(actor);
        let activity = match verb {
            "bank confirm" | "bank match" => "line_matched",
            "bank reject" => "line_rejected",
            "bank unmatch" => "line_unmatched",
            _ => "line_resolved",
        };
        self.note(actor, activity, ("", ""));
        Ok(())
    }

    fn proposal(&self, line: usize) -> Result<usize, Refusal> {
        let proposed = self
            .links
            .iter()
            .position(|link| link.state == "proposed" && link.lines.contains(&line));
        proposed.ok_or(Refusal::Rule("bank.nothing_proposed"))
    }

    fn must_be_undecided(&self, line: usize) -> Result<(), Refusal> {
        if self.decided(line).is_some() || self.is_void(&self.lines[line]) {
            Err(Refusal::Rule("bank.line_state"))
        } else {
            Ok(())
        }
    }

    fn supersede(&mut self, holds: impl Fn(&Link) -> bool) {
        for link in self
            .links
            .iter_mut()
            .filter(|link| link.state == "proposed" && holds(link))
        {
            link.state = "superseded".to_owned();
        }
    }

    /// Links a line by a person's word.
    fn link(&mut self, line: usize, kind: &str, withdrawals: Vec<usize>) -> Link {
        let (kind, tier, state) = (kind.to_owned(), "manual".to_owned(), "matched".to_owned());
        let link = Link {
            account: self.lines[line].account,
            kind,
            tier,
            state,
            lines: vec![line],
            withdrawals,
        };
        self.links.push(link.clone());
        link
    }

    fn confirm(&mut self, actor: usize, line: usize) -> Result<(), Refusal> {
        let proposal = self.proposal(line)?;
        let link = self.links[proposal].clone();
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
        if bank.abs() != ledger {
            return Err(Refusal::Rule("bank.amount_differs"));
        }
        let by_reference = ["1", "2"].contains(&link.tier.as_str());
        if link.kind == "payment"
            && !by_reference
            && link.withdrawals.iter().any(|at| self.is_returned(*at))
        {
            return Err(Refusal::Rule("payment.returned"));
        }
        self.links[proposal].state = "matched".to_owned();
        link.withdrawals
            .iter()
            .try_for_each(|withdrawal| self.settle_one(actor, &link, *withdrawal))
    }

    fn match_line(&mut self, actor: usize, line: usize, payments: &[usize]) -> Result<(), Refusal> {
        self.must_be_undecided(line)?;
        let (account, amount) = (self.lines[line].account, self.lines[line].row.amount);
        let mut chosen = Vec::new();
        for number in payments {
            if !(1..=self.payments.len()).contains(number) {
                return Err(Refusal::Name("payment.unknown"));
            }
            if !chosen.contains(&(number - 1)) {
                chosen.push(number - 1);
            }
        }
        if chosen
            .iter()
            .map(|payment| self.payments[*payment].amount)
            .sum::<Units>()
            != amount.abs()
        {
            return Err(Refusal::Rule("bank.amount_differs"));
        }
        let kind = if amount < 0 { "payment" } else { "return" };
        let withdrawals: Vec<usize> = chosen
            .into_iter()
            .map(|payment| self.payments[payment].withdrawal)
            .collect();
        for withdrawal in &withdrawals {
            self.may_link(account, kind, *withdrawal)?;
            if kind == "payment" && self.is_returned(*withdrawal) && !self.is_own(line, *withdrawal)
            {
                return Err(Refusal::Rule("payment.returned"));
            }
            self.supersede(|link| link.kind == kind && link.withdrawals.contains(withdrawal));
        }
        self.supersede(|link| link.lines.contains(&line));
        let link = self.link(line, kind, withdrawals.clone());
        withdrawals
            .iter()
            .try_for_each(|withdrawal| self.settle_one(actor, &link, *withdrawal))
    }

    fn is_returned(&self, withdrawal: usize) -> bool {
        self.withdrawals[withdrawal].status == "returned"
    }

    /// Checks whether a line carries the reference of a withdrawal's payment.
    fn is_own(&self, line: usize, withdrawal: usize) -> bool {
        let row = &self.lines[line].row;
        let recorded = self.withdrawals[withdrawal]
            .payment
            .map(|payment| &self.payments[payment].reference);
        row.bears == Some(withdrawal) || recorded == Some(&row.reference)
    }

    fn may_link(&self, account: usize, kind: &str, withdrawal: usize) -> Result<(), Refusal> {
        let Withdrawal { event, .. } = self.withdrawals[withdrawal];
        let project = self.events[event].project;
        let of = &self.accounts[account];
        if self.projects[project].currency != of.currency {
            return Err(Refusal::Rule("bank.payment_currency"));
        }
        if of.project.is_some_and(|own| own != project) {
            return Err(Refusal::Rule("bank.other_project"));
        }
        if self
            .file_of(withdrawal)
            .is_some_and(|file| self.files[file].account != account)
        {
            return Err(Refusal::Rule("withdrawal.in_payment_file"));
        }
        if self.linked(kind, withdrawal).is_some() {
            Err(Refusal::Rule("bank.payment_matched"))
        } else {
            Ok(())
        }
    }
}
