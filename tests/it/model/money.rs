//! The model's rules of withdrawals and payments.

use chrono::NaiveDate;

use super::{
    act::{Bank, HolderSelection, PaymentInput, WithdrawalSelection},
    books::{Basis, Books, Payment, Refusal, RequestFile, Share, Withdrawal},
    units::Units,
};

impl Books {
    pub(super) fn request(
        &mut self,
        actor: usize,
        event: &str,
        (whom, means): (&HolderSelection, &'static str),
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let event = self.event(event)?;
        if let HolderSelection::Rows(rows) = whom
            && self.is_already_requested(event, rows)
        {
            return Ok(());
        }
        if self.events[event].status != "active" {
            return Err(Refusal::Rule("event.not_active"));
        }
        match whom {
            HolderSelection::One(holder, amount, bank) => {
                self.request_one(actor, event, (holder, *amount), (bank, means))
            }
            HolderSelection::Everybody { strict } => {
                self.request_all(actor, event, (*strict, means))
            }
            HolderSelection::Rows(rows) => {
                let first = self.withdrawals.len();
                self.each_row(rows, |books, (holder, amount)| {
                    let asked = (holder.as_str(), Some(*amount));
                    books.request_one(actor, event, asked, (&Bank::default(), means))
                })?;
                self.request_files.push(RequestFile {
                    event,
                    rows: rows.clone(),
                    withdrawals: first..self.withdrawals.len(),
                });
                Ok(())
            }
        }
    }

    /// Returns whether a file was taken for an event before and some of its requests still count.
    fn is_already_requested(&self, event: usize, rows: &[(String, Units)]) -> bool {
        let files = self.request_files.iter();
        let mut same = files.filter(|file| file.event == event && file.rows == rows);
        same.any(|file| {
            self.withdrawals[file.withdrawals.clone()]
                .iter()
                .any(|made| ["pending", "approved", "paid"].contains(&made.status))
        })
    }

    fn request_one(
        &mut self,
        actor: usize,
        event: usize,
        (holder, amount): (&str, Option<Units>),
        to: (&Bank, &'static str),
    ) -> Result<(), Refusal> {
        let holder = self.holder(holder)?;
        let share = self.events[event]
            .shares
            .iter()
            .position(|share| share.holder == holder);
        self.hold(
            actor,
            event,
            share.ok_or(Refusal::Rule("withdrawal.no_allocation"))?,
            amount,
            to,
        )
    }

    fn request_all(
        &mut self,
        actor: usize,
        event: usize,
        (strict, means): (bool, &'static str),
    ) -> Result<(), Refusal> {
        let mut left_out = false;
        for share in 0..self.events[event].shares.len() {
            if self.events[event].shares[share].available() == 0 {
                continue;
            }
            match self.hold(actor, event, share, None, (&Bank::default(), means)) {
                Ok(()) | Err(Refusal::Rule("withdrawal.nothing_available")) => {}
                Err(_) => left_out = true,
            }
        }
        if strict && left_out {
            Err(Refusal::Rule("withdrawal.left_out"))
        } else {
            Ok(())
        }
    }

    /// Takes a request: what it asks for is held at once.
    fn hold(
        &mut self,
        actor: usize,
        event: usize,
        share: usize,
        amount: Option<Units>,
        (given, means): (&Bank, &'static str),
    ) -> Result<(), Refusal> {
        let minor = self.minor(event);
        let Share { holder, .. } = self.events[event].shares[share];
        let available = self.events[event].shares[share].available();
        if self.holders[holder].blocked {
            return Err(Refusal::Rule("holder.blocked"));
        }
        let amount = match amount {
            None if available < minor => return Err(Refusal::Rule("withdrawal.nothing_available")),
            None => available - available % minor,
            Some(0) => return Err(Refusal::Rule("withdrawal.amount_zero")),
            Some(amount) if amount % minor != 0 => {
                return Err(Refusal::Rule("withdrawal.not_a_multiple"));
            }
            Some(amount) if amount > available => {
                return Err(Refusal::Rule("withdrawal.not_available"));
            }
            Some(amount) => amount,
        };
        let (bank, bank_by) = self.paid_to(actor, (event, holder), (given, means))?;
        let hands = if given.is_empty() && bank_by.is_some() {
            self.holders[holder].hands.clone()
        } else {
            Vec::new()
        };
        self.events[event].shares[share].pending += amount;
        self.withdrawals.push(Withdrawal {
            event,
            holder,
            amount,
            status: "pending",
            means,
            bank,
            bank_by,
            on_record: self.holders[holder].bank.clone(),
            hands,
            requested_by: actor,
            approved_by: None,
            approved_on: None,
            rejected_by: None,
            cancelled_by: None,
            payment: None,
        });
        self.moved.push(event);
        self.note(actor, "withdrawal_requested", ("", "pending"));
        Ok(())
    }

    /// Returns where a withdrawal is paid, and who set that; other means than a transfer need no
    /// account.
    fn paid_to(
        &self,
        actor: usize,
        (event, holder): (usize, usize),
        (given, means): (&Bank, &str),
    ) -> Result<(Bank, Option<usize>), Refusal> {
        if means != "transfer" {
            return if given.is_empty() {
                Ok((Bank::default(), None))
            } else {
                Err(Refusal::Rule("withdrawal.account_not_needed"))
            };
        }
        let on_record = &self.holders[holder];
        let (bank, by) = if given.is_empty() {
            let by = on_record.bank_by.filter(|_| on_record.bank.is_whole());
            let by = by.ok_or(Refusal::Rule("holder.no_bank_details"))?;
            (on_record.bank.clone(), by)
        } else if given.is_whole() {
            given.check()?;
            (given.clone(), actor)
        } else {
            return Err(Refusal::Rule("withdrawal.bank_details_incomplete"));
        };
        let currency = self.projects[self.events[event].project].currency;
        if bank.is_nuban() && currency != "NGN" {
            return Err(Refusal::Rule("holder.no_account_in_currency"));
        }
        Ok((bank, Some(by)))
    }

    /// Checks whether a holder can be paid what an event gives by a transfer to the account on
    /// record.
    pub(super) fn is_payable(&self, event: usize, holder: usize) -> bool {
        let on_record = (&Bank::default(), "transfer");
        !self.holders[holder].blocked && self.paid_to(0, (event, holder), on_record).is_ok()
    }

    pub(super) fn review(
        &mut self,
        actor: usize,
        verb: &str,
        which: &WithdrawalSelection,
    ) -> Result<(), Refusal> {
        let (act, states): (&str, &[&str]) = match verb {
            "withdrawal cancel" => ("record", &["pending", "approved"]),
            _ => ("review", &["pending"]),
        };
        // With the hash of what was reviewed the role is asked for before the selection is read.
        if let ("withdrawal approve", WithdrawalSelection::AllOf(_), true) = (verb, which, self.yes)
        {
            self.must(actor, act)?;
        }
        let chosen = self.chosen(which, states)?;
        if chosen.is_empty() {
            return self.must(actor, act);
        }
        for withdrawal in chosen {
            match verb {
                "withdrawal approve" => self.approve(actor, withdrawal)?,
                "withdrawal reject" => self.reject(actor, withdrawal)?,
                _ => self.cancel(actor, withdrawal)?,
            }
        }
        Ok(())
    }

    /// Returns who had a hand in the bank details of a withdrawal.
    pub(super) fn bank_hands(&self, withdrawal: usize) -> Vec<usize> {
        let withdrawal = &self.withdrawals[withdrawal];
        let mut hands = withdrawal.hands.clone();
        hands.extend(withdrawal.bank_by);
        hands
    }

    /// Returns who unblocked a holder in the last 90 days.
    pub(super) fn unblocker(&self, holder: usize) -> Option<usize> {
        let recent = |day: NaiveDate| (self.today - day).num_days() < 90;
        let unblocked = self.holders[holder].unblocked;
        unblocked.filter(|(_, day)| recent(*day)).map(|(by, _)| by)
    }

    fn approve(&mut self, actor: usize, withdrawal: usize) -> Result<(), Refusal> {
        self.must(actor, "review")?;
        let Withdrawal {
            status,
            requested_by,
            holder,
            ..
        } = self.withdrawals[withdrawal];
        if status != "pending" {
            return Err(Refusal::Rule("withdrawal.wrong_state"));
        }
        if self.four_eyes && requested_by == actor {
            return Err(Refusal::Rule("withdrawal.same_actor"));
        }
        if self.four_eyes && self.bank_hands(withdrawal).contains(&actor) {
            return Err(Refusal::Rule("withdrawal.same_bank_changer"));
        }
        if self.four_eyes && self.unblocker(holder) == Some(actor) {
            return Err(Refusal::Rule("withdrawal.same_unblocker"));
        }
        let mut hands = self.bank_hands(withdrawal);
        hands.push(requested_by);
        hands.extend(self.unblocker(holder));
        self.must_be_acknowledged(actor, &hands)?;
        if self.holders[holder].blocked {
            return Err(Refusal::Rule("holder.blocked"));
        }
        self.withdrawals[withdrawal].approved_by = Some(actor);
        self.withdrawals[withdrawal].approved_on = Some(self.today.max(self.latest));
        self.move_to(actor, withdrawal, "approved", "withdrawal_approved");
        Ok(())
    }

    fn reject(&mut self, actor: usize, withdrawal: usize) -> Result<(), Refusal> {
        self.must(actor, "review")?;
        if self.withdrawals[withdrawal].status != "pending" {
            return Err(Refusal::Rule("withdrawal.wrong_state"));
        }
        self.withdrawals[withdrawal].rejected_by = Some(actor);
        self.share_of(withdrawal).pending -= self.withdrawals[withdrawal].amount;
        self.move_to(actor, withdrawal, "rejected", "withdrawal_rejected");
        Ok(())
    }

    pub(super) fn cancel(&mut self, actor: usize, withdrawal: usize) -> Result<(), Refusal> {
        let status = self.withdrawals[withdrawal].status;
        if status == "approved" && self.file_of(withdrawal).is_some() {
            return Err(Refusal::Rule("withdrawal.in_payment_file"));
        }
        if status == "approved" && self.may_be_paid(withdrawal) {
            return Err(Refusal::Rule("payment_file.maybe_paid"));
        }
        self.must(actor, "record")?;
        if !["pending", "approved"].contains(&status) {
            return Err(Refusal::Rule("withdrawal.wrong_state"));
        }
        self.withdrawals[withdrawal].cancelled_by = Some(actor);
        self.share_of(withdrawal).pending -= self.withdrawals[withdrawal].amount;
        self.move_to(actor, withdrawal, "cancelled", "withdrawal_cancelled");
        Ok(())
    }

    fn move_to(&mut self, actor: usize, withdrawal: usize, status: &'static str, activity: &str) {
        let before = std::mem::replace(&mut self.withdrawals[withdrawal].status, status);
        self.moved.push(self.withdrawals[withdrawal].event);
        self.note(actor, activity, (before, status));
    }

    pub(super) fn pay(
        &mut self,
        actor: usize,
        input: &PaymentInput,
        basis: Basis,
    ) -> Result<(), Refusal> {
        let number = self.withdrawal(input.withdrawal)?;
        let withdrawal = self.withdrawals[number].clone();
        let amount = input.amount.unwrap_or(withdrawal.amount);
        let by_other_means = input.means.is_some_and(|means| means != withdrawal.means);
        if by_other_means && ["approved", "paid"].contains(&withdrawal.status) {
            return Err(Refusal::Rule("withdrawal.means_differ"));
        }
        if withdrawal.status == "paid" {
            let paid = &self.payments[withdrawal.payment.unwrap()];
            let same =
                (&paid.reference, paid.date, paid.amount) == (&input.reference, input.date, amount);
            return if same {
                Ok(())
            } else {
                Err(Refusal::Rule("payment.already_paid"))
            };
        }
        if withdrawal.status != "approved" {
            return Err(Refusal::Rule("withdrawal.wrong_state"));
        }
        if let (Basis::Typed, Some(by)) = (basis, withdrawal.approved_by) {
            self.must_be_second(actor, &[by], "withdrawal.same_approver")?;
        }
        if self.holders[withdrawal.holder].blocked {
            return Err(Refusal::Rule("holder.blocked"));
        }
        if input.date > self.today {
            return Err(Refusal::Rule("payment.date_in_future"));
        }
        if amount == 0 {
            return Err(Refusal::Rule("withdrawal.amount_zero"));
        }
        if amount % self.minor(withdrawal.event) != 0 {
            return Err(Refusal::Rule("withdrawal.not_a_multiple"));
        }
        if amount > withdrawal.amount {
            return Err(Refusal::Rule("payment.too_much"));
        }
        if self
            .payments
            .iter()
            .any(|payment| payment.reference == input.reference)
        {
            return Err(Refusal::Rule("payment.reference_used"));
        }
        let payment = Payment {
            withdrawal: number,
            amount,
            reference: input.reference.clone(),
            date: input.date,
            by: actor,
            basis,
            by_match: matches!(basis, Basis::Line(_)),
            settled: None,
            replaces: self.to_replace(withdrawal.event, withdrawal.holder),
            returned: None,
        };
        self.payments.push(payment);
        self.withdrawals[number].payment = Some(self.payments.len() - 1);
        let share = self.share_of(number);
        share.pending -= withdrawal.amount;
        share.withdrawn += amount;
        self.move_to(actor, number, "paid", "payment_recorded");
        Ok(())
    }

    /// Finds the first returned payment to a holder of an event that none replaces.
    fn to_replace(&self, event: usize, holder: usize) -> Option<usize> {
        let replaced = |at: usize| {
            self.payments
                .iter()
                .any(|payment| payment.replaces == Some(at))
        };
        (0..self.payments.len()).find(|at| {
            let payment = &self.payments[*at];
            let withdrawal = &self.withdrawals[payment.withdrawal];
            (withdrawal.event, withdrawal.holder) == (event, holder)
                && payment.returned.is_some()
                && !replaced(*at)
        })
    }

    /// Says without a credit that a payment came back: under four eyes who may review and did not
    /// record it.
    pub(super) fn say_returned(
        &mut self,
        actor: usize,
        number: usize,
        date: NaiveDate,
    ) -> Result<(), Refusal> {
        if !(1..=self.payments.len()).contains(&number) {
            return Err(Refusal::Name("payment.unknown"));
        }
        if self.four_eyes || self.must(actor, "record").is_err() {
            self.must(actor, "review")?;
        }
        let payment = &self.payments[number - 1];
        if payment.returned.is_some() {
            return Err(Refusal::Rule("payment.wrong_state"));
        }
        let hands = self.recorder(number - 1);
        self.must_be_second(actor, &hands, "payment.same_actor")?;
        let withdrawal = payment.withdrawal;
        if self.sent_in(withdrawal).is_some() && self.linked("payment", withdrawal).is_none() {
            return Err(Refusal::Rule("payment.maybe_in_flight"));
        }
        self.give_back(actor, number, date)
    }

    /// Returns who recorded a payment; of what a bank line shows nobody did.
    pub(super) fn recorder(&self, payment: usize) -> Vec<usize> {
        let payment = &self.payments[payment];
        let typed = (payment.basis == Basis::Typed).then_some(payment.by);
        typed.into_iter().collect()
    }

    /// Gives the money of a payment back.
    pub(super) fn give_back(
        &mut self,
        actor: usize,
        number: usize,
        date: NaiveDate,
    ) -> Result<(), Refusal> {
        let payment = self.payments[number - 1].clone();
        if payment.returned.is_some() {
            return Err(Refusal::Rule("payment.wrong_state"));
        }
        if date > self.today || date < payment.date {
            return Err(Refusal::Rule("payment.return_date"));
        }
        self.payments[number - 1].returned = Some((date, actor));
        self.share_of(payment.withdrawal).withdrawn -= payment.amount;
        self.move_to(actor, payment.withdrawal, "returned", "payment_returned");
        Ok(())
    }

    /// Takes a return back that no credit proves any more, if its money is still there.
    pub(super) fn take_back(&mut self, actor: usize, withdrawal: usize) -> Result<(), Refusal> {
        let Withdrawal {
            event,
            holder,
            payment,
            ..
        } = self.withdrawals[withdrawal];
        let payment = payment.unwrap();
        if self.events[event].status == "cancelled" {
            return Err(Refusal::Rule("payment.event_cancelled"));
        }
        let replaced = self
            .payments
            .iter()
            .any(|other| other.replaces == Some(payment));
        let amount = self.payments[payment].amount;
        let share = self.events[event]
            .shares
            .iter()
            .find(|share| share.holder == holder);
        if replaced || share.unwrap().available() < amount {
            return Err(Refusal::Rule("payment.requested_again"));
        }
        self.payments[payment].returned = None;
        self.share_of(withdrawal).withdrawn += amount;
        self.move_to(actor, withdrawal, "paid", "return_taken_back");
        Ok(())
    }

    /// Completes the events that are settled, and opens those again that no longer are.
    pub(super) fn close(&mut self, actor: usize) {
        let mut moved = std::mem::take(&mut self.moved);
        moved.sort_unstable();
        moved.dedup();
        for event in moved {
            let settled = self.events[event].settled();
            let (status, activity, states) = match self.events[event].status {
                "active" if settled => ("completed", "event_completed", ("active", "completed")),
                "completed" if !settled => ("active", "event_reopened", ("completed", "active")),
                _ => continue,
            };
            self.events[event].status = status;
            self.note(actor, activity, states);
        }
    }

    /// Returns the smallest amount that a bank pays in an event's currency.
    pub(super) fn minor(&self, event: usize) -> Units {
        self.projects[self.events[event].project].minor
    }

    fn share_of(&mut self, withdrawal: usize) -> &mut Share {
        let Withdrawal { event, holder, .. } = self.withdrawals[withdrawal];
        self.events[event]
            .shares
            .iter_mut()
            .find(|share| share.holder == holder)
            .unwrap()
    }
}
