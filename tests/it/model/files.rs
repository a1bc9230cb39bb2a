//! The model's rules of payment files.

use super::{
    act::{Bank, WithdrawalSelection},
    books::{Books, File, Refusal, Withdrawal},
};

impl Books {
    /// Finds the payment file in which a withdrawal is.
    pub(super) fn file_of(&self, withdrawal: usize) -> Option<usize> {
        self.files.iter().position(|file| file.holds(withdrawal))
    }

    pub(super) fn create_file(
        &mut self,
        actor: usize,
        account: &str,
        which: &WithdrawalSelection,
        layout: &'static str,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let account = self.account(account)?;
        let mut withdrawals = self.chosen(which, &["approved"])?;
        if let WithdrawalSelection::AllOf(_) = which {
            let is_payable = |at: &usize| {
                self.withdrawals[*at].means == "transfer" && self.file_of(*at).is_none()
            };
            withdrawals.retain(is_payable);
            if withdrawals.is_empty() {
                return Err(Refusal::Rule("payment_file.nothing_to_pay"));
            }
        }
        withdrawals.sort_unstable();
        for withdrawal in &withdrawals {
            self.judge(account, *withdrawal, layout)?;
        }
        self.files.push(File {
            account,
            date: self.today,
            layout,
            withdrawals,
            dropped: Vec::new(),
            freed: Vec::new(),
            exported: None,
            cancelled_by: None,
        });
        self.note(actor, "payment_file_created", ("", ""));
        Ok(())
    }

    fn judge(&self, account: usize, number: usize, layout: &str) -> Result<(), Refusal> {
        let withdrawal = &self.withdrawals[number];
        let account = &self.accounts[account];
        let project = self.events[withdrawal.event].project;
        if withdrawal.status != "approved" {
            return Err(Refusal::Rule("withdrawal.wrong_state"));
        }
        if withdrawal.means != "transfer" {
            return Err(Refusal::Rule("payment_file.not_a_transfer"));
        }
        if self.file_of(number).is_some() {
            return Err(Refusal::Rule("withdrawal.in_payment_file"));
        }
        if self.may_be_paid(number) {
            return Err(Refusal::Rule("payment_file.maybe_paid"));
        }
        if layout != "generic" && withdrawal.bank.code.is_none() {
            return Err(Refusal::Rule("payment_file.no_bank_code"));
        }
        if account.project.is_some_and(|own| own != project) {
            return Err(Refusal::Rule("bank.other_project"));
        }
        if account.currency != self.projects[project].currency {
            return Err(Refusal::Rule("bank.currency"));
        }
        if self.holders[withdrawal.holder].blocked {
            return Err(Refusal::Rule("holder.blocked"));
        }
        Ok(())
    }

    /// Returns whether a file was not cancelled and not all of it is on the bank. What the bank sent
    /// back was there.
    pub(super) fn is_open(&self, file: &File) -> bool {
        let settled = |withdrawal: usize| {
            self.linked("payment", withdrawal).is_some()
                || self.withdrawals[withdrawal].status == "returned"
        };
        file.cancelled_by.is_none() && !file.items().all(settled)
    }

    /// Returns the withdrawals that a cancellation of a file would free.
    pub(super) fn free_items(&self, file: &File) -> Vec<usize> {
        let free = |withdrawal: &usize| {
            self.withdrawals[*withdrawal].payment.is_none() && !self.may_be_paid(*withdrawal)
        };
        file.items().filter(free).collect()
    }

    /// Finds the file of a number.
    pub(super) fn file(&self, number: usize) -> Result<usize, Refusal> {
        if (1..=self.files.len()).contains(&number) {
            Ok(number - 1)
        } else {
            Err(Refusal::Name("payment_file.unknown"))
        }
    }

    /// Finds the file that holds a withdrawal, was exported and not cancelled: the bank may pay it.
    pub(super) fn sent_in(&self, withdrawal: usize) -> Option<usize> {
        let sent = |file: &usize| {
            let file = &self.files[*file];
            file.exported.is_some() && file.cancelled_by.is_none()
        };
        self.file_of(withdrawal).filter(sent)
    }

    /// Writes a file for the bank, after a last look at what it pays.
    pub(super) fn export_file(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        let file = self.file(number)?;
        self.must(actor, "record")?;
        self.look_again(number)?;
        self.files[file].exported.get_or_insert(actor);
        self.note(actor, "payment_file_exported", ("", ""));
        Ok(())
    }

    /// Refuses a file that was cancelled, and one with an item that must not be paid through it any
    /// more: it was paid or given up in another way, its holder was blocked, or the holder's account
    /// changed since the request. What the bank has paid through this very file is past that.
    pub(super) fn look_again(&self, number: usize) -> Result<(), Refusal> {
        let at = self.file(number)?;
        let file = &self.files[at];
        if file.cancelled_by.is_some() {
            return Err(Refusal::Rule("payment_file.wrong_state"));
        }
        let has_changed = |withdrawal: usize| {
            let Withdrawal { status, holder, .. } = self.withdrawals[withdrawal];
            let fits = status == "approved"
                && !self.holders[holder].blocked
                && self.has_its_account(withdrawal);
            !fits && !self.is_paid_through(at, withdrawal)
        };
        if file.items().any(has_changed) {
            return Err(Refusal::Rule("payment_file.changed"));
        }
        Ok(())
    }

    /// Checks whether the holder's account is what it was at the request. What was given with the
    /// request is not on record, so the account that it would have taken is compared.
    fn has_its_account(&self, withdrawal: usize) -> bool {
        let Withdrawal {
            holder,
            event,
            bank,
            on_record,
            hands,
            ..
        } = &self.withdrawals[withdrawal];
        let currency = self.projects[self.events[*event].project].currency;
        let details = |bank: &Bank| (bank.code, bank.number);
        let account = |bank: &Bank| {
            let takes = !bank.is_nuban() || currency == "NGN";
            (takes && !bank.is_empty()).then_some(details(bank))
        };
        let now = &self.holders[*holder].bank;
        if hands.is_empty() {
            account(now) == Some(details(bank)) || account(now) == account(on_record)
        } else {
            details(now) == details(on_record)
        }
    }

    /// Checks whether a bank line shows that an item was paid through its file: its payment was
    /// recorded from the line, the line is the whole file, or it is the first with the item's
    /// reference.
    fn is_paid_through(&self, file: usize, withdrawal: usize) -> bool {
        let Some(link) = self.linked("payment", withdrawal) else {
            return false;
        };
        let payment = self.withdrawals[withdrawal].payment;
        let by_match = payment.is_some_and(|payment| self.payments[payment].by_match);
        let given = self
            .references
            .iter()
            .find(|given| (given.file, given.withdrawal) == (file, withdrawal));
        let carries = |line: &usize| {
            given.is_some_and(|given| self.lines[*line].row.text.contains(&given.reference))
        };
        let first = (0..self.lines.len())
            .filter(|line| self.shows_a_payment(*line))
            .find(carries);
        link.tier == "2"
            || by_match
            || (first.is_some() && first == link.lines.iter().min().copied())
    }

    /// Refuses who may not take anything out of a file. After an export a second person decides.
    fn must_end_items(&self, actor: usize, file: usize) -> Result<(), Refusal> {
        let Some(by) = self.files[file].exported else {
            return self.must(actor, "record");
        };
        if !self.four_eyes {
            return self
                .must(actor, "record")
                .or_else(|_| self.must(actor, "review"));
        }
        self.must(actor, "review")?;
        self.must_be_second(actor, &[by], "payment_file.same_actor")
    }

    /// Cancels a file: it keeps what is recorded as paid or may be on the bank.
    pub(super) fn cancel_file(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        let file = self.file(number)?;
        self.must_end_items(actor, file)?;
        let file = &self.files[number - 1];
        if !self.is_open(file) {
            return Err(Refusal::Rule("payment_file.wrong_state"));
        }
        let freed = self.free_items(file);
        // Recorded and not seen after an export: the bank may not have made it.
        let kept = file.withdrawals.iter().filter(|item| file.holds(**item));
        let unseen = |item: &&usize| !self.may_be_paid(**item);
        let in_doubt = file.exported.is_some() && kept.clone().any(|item| unseen(&item));
        if freed.is_empty() && !in_doubt {
            return Err(Refusal::Rule("payment_file.settled"));
        }
        let file = &mut self.files[number - 1];
        file.freed = freed;
        file.cancelled_by = Some(actor);
        self.note(actor, "payment_file_cancelled", ("open", "cancelled"));
        Ok(())
    }

    /// Takes an item out of a file: after an export only one that the bank cannot have paid.
    pub(super) fn drop_item(
        &mut self,
        actor: usize,
        (number, withdrawal): (usize, usize),
    ) -> Result<(), Refusal> {
        let file = self.file(number)?;
        let item = self.withdrawal(withdrawal)?;
        self.must_end_items(actor, file)?;
        if !self.files[file].holds(item) {
            return Err(Refusal::Rule("payment_file.no_item"));
        }
        let is_free = self.free_items(&self.files[file]).contains(&item);
        let file = &mut self.files[file];
        if file.exported.is_some() && !is_free {
            return Err(Refusal::Rule("payment_file.item_settled"));
        }
        if file.written().count() == 1 {
            return Err(Refusal::Rule("payment_file.empty"));
        }
        file.dropped.push(item);
        self.note(actor, "payment_file_items_dropped", ("", ""));
        Ok(())
    }
}

impl File {
    /// Returns the withdrawals that are in the file.
    pub(super) fn items(&self) -> impl Iterator<Item = usize> {
        self.withdrawals
            .iter()
            .copied()
            .filter(|withdrawal| self.holds(*withdrawal))
    }

    /// Returns the withdrawals that are in the bytes of the file: all that were not dropped.
    pub(super) fn written(&self) -> impl Iterator<Item = usize> {
        let kept = |withdrawal: &usize| !self.dropped.contains(withdrawal);
        self.withdrawals.iter().copied().filter(kept)
    }

    pub(super) fn holds(&self, withdrawal: usize) -> bool {
        let left = |ended: &Vec<usize>| ended.contains(&withdrawal);
        self.withdrawals.contains(&withdrawal) && !left(&self.dropped) && !left(&self.freed)
    }
}
