//! The model's rules of payment files.

use super::{
    act::WithdrawalSelection,
    books::{Books, File, Refusal},
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
            withdrawals.retain(|withdrawal| self.file_of(*withdrawal).is_none());
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

    /// Cancels a file: it keeps what is recorded as paid or may be on the bank. No file of the model
    /// is exported, so who records may do it.
    pub(super) fn cancel_file(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        if !(1..=self.files.len()).contains(&number) {
            return Err(Refusal::Name("payment_file.unknown"));
        }
        self.must(actor, "record")?;
        let file = &self.files[number - 1];
        if !self.is_open(file) {
            return Err(Refusal::Rule("payment_file.wrong_state"));
        }
        let freed = self.free_items(file);
        if freed.is_empty() {
            return Err(Refusal::Rule("payment_file.settled"));
        }
        let file = &mut self.files[number - 1];
        file.freed = freed;
        file.cancelled_by = Some(actor);
        self.note(actor, "payment_file_cancelled", ("open", "cancelled"));
        Ok(())
    }

    /// Takes an item out of a file that was never exported.
    pub(super) fn drop_item(
        &mut self,
        actor: usize,
        (number, withdrawal): (usize, usize),
    ) -> Result<(), Refusal> {
        if !(1..=self.files.len()).contains(&number) {
            return Err(Refusal::Name("payment_file.unknown"));
        }
        if !(1..=self.withdrawals.len()).contains(&withdrawal) {
            return Err(Refusal::Name("withdrawal.unknown"));
        }
        self.must(actor, "record")?;
        let file = &mut self.files[number - 1];
        if !file.holds(withdrawal - 1) {
            return Err(Refusal::Rule("payment_file.no_item"));
        }
        if file.items().count() == 1 {
            return Err(Refusal::Rule("payment_file.empty"));
        }
        file.dropped.push(withdrawal - 1);
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

    pub(super) fn holds(&self, withdrawal: usize) -> bool {
        let left = |ended: &Vec<usize>| ended.contains(&withdrawal);
        self.withdrawals.contains(&withdrawal) && !left(&self.dropped) && !left(&self.freed)
    }
}
