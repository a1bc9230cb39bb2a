//! The model's rules of payments that are corrected, or settled because no line will show them.

use chrono::NaiveDate;

use super::books::{Books, Payment, Refusal};

impl Books {
    /// Corrects what was typed wrong: somebody else than who recorded the payment, while no line is
    /// matched with it.
    pub(super) fn correct(
        &mut self,
        actor: usize,
        number: usize,
        (reference, date): (Option<&String>, Option<NaiveDate>),
    ) -> Result<(), Refusal> {
        let at = self.payment(number)?;
        self.must(actor, "review")
            .or_else(|_| self.must(actor, "record"))?;
        self.must_be_second(actor, &self.recorder(at), "payment.same_actor")?;
        let before = self.payments[at].clone();
        let withdrawal = before.withdrawal;
        let is_linked = |kind| self.linked(kind, withdrawal).is_some();
        if is_linked("payment") || is_linked("return") {
            return Err(Refusal::Rule("bank.payment_matched"));
        }
        let date = date.unwrap_or(before.date);
        if date > self.today {
            return Err(Refusal::Rule("payment.date_in_future"));
        }
        if before.returned.is_some_and(|(on, _)| date > on) {
            return Err(Refusal::Rule("payment.return_date"));
        }
        let reference = reference.unwrap_or(&before.reference).clone();
        if (&reference, date) == (&before.reference, before.date) {
            return Ok(());
        }
        if date != before.date && self.is_odd_day(withdrawal, date) && !self.yes {
            return Err(Refusal::Question("payment.odd"));
        }
        let is_used = |other: &Payment| other.reference == reference;
        if reference != before.reference && self.payments.iter().any(is_used) {
            return Err(Refusal::Rule("payment.reference_used"));
        }
        self.payments[at].reference = reference;
        self.payments[at].date = date;
        let status = self.withdrawals[withdrawal].status;
        self.note(actor, "payment_corrected", (status, status));
        Ok(())
    }

    /// Settles a payment that no line will ever show.
    pub(super) fn settle_by_hand(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        let at = self.second_person(actor, number)?;
        let class = self
            .outstanding(at)
            .ok_or(Refusal::Rule("payment.not_outstanding"))?;
        self.payments[at].settled = Some(actor);
        self.note(actor, "payment_settled", (class, "settled"));
        Ok(())
    }

    pub(super) fn undo_settlement(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        let at = self.second_person(actor, number)?;
        if self.payments[at].settled.take().is_none() {
            return Err(Refusal::Rule("payment.not_settled"));
        }
        self.note(actor, "settlement_undone", ("", ""));
        Ok(())
    }

    /// Returns the class of a payment that waits for a line; `None` if it does not, or if the last run
    /// found lines that it could not decide about.
    pub(super) fn outstanding(&self, at: usize) -> Option<&'static str> {
        let Payment {
            withdrawal,
            returned,
            settled,
            ..
        } = self.payments[at];
        let in_link = self.links.iter().find(|link| {
            link.is_live() && link.kind == "payment" && link.withdrawals.contains(&withdrawal)
        });
        let came_back = self.linked("return", withdrawal).is_some();
        if came_back || settled.is_some() || in_link.is_some_and(|link| !link.is_matched()) {
            return None;
        }
        if in_link.is_some() {
            return returned.map(|_| "returned_unproven");
        }
        if self.doubted.contains(&withdrawal) {
            return None;
        }
        let was_matched = self.links.iter().any(|link| {
            let was_decided = link.is_matched() || link.state == "unmatched";
            was_decided && link.kind == "payment" && link.withdrawals.contains(&withdrawal)
        });
        if returned.is_some() {
            let may_be_sent = was_matched || self.sent_in(withdrawal).is_some();
            return may_be_sent.then_some("returned_unproven");
        }
        match self.withdrawals[withdrawal].means {
            "transfer" => Some("paid_not_on_bank"),
            "cheque" => Some("cheque_outstanding"),
            _ => None,
        }
    }

    fn payment(&self, number: usize) -> Result<usize, Refusal> {
        if (1..=self.payments.len()).contains(&number) {
            Ok(number - 1)
        } else {
            Err(Refusal::Name("payment.unknown"))
        }
    }

    /// Finds a payment, and refuses who may not review, recorded it, or said that it came back.
    fn second_person(&self, actor: usize, number: usize) -> Result<usize, Refusal> {
        let at = self.payment(number)?;
        if self.four_eyes || self.must(actor, "record").is_err() {
            self.must(actor, "review")?;
        }
        let mut hands = self.recorder(at);
        hands.extend(self.payments[at].returned.map(|(_, by)| by));
        self.must_be_second(actor, &hands, "payment.same_actor")?;
        Ok(at)
    }
}
