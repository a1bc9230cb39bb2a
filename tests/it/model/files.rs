//! The model's rules of payment files.

use super::{
    act::WithdrawalSelection,
    books::{Books, File, Refusal},
};

impl Books {
    /// Finds the payment file that holds a withdrawal and was not cancelled.
    pub(super) fn file_of(&self, withdrawal: usize) -> Option<usize> {
        self.files
            .iter()
            .position(|file| file.cancelled_by.is_none() && file.withdrawals.contains(&withdrawal))
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
        let total = withdrawals
            .iter()
            .map(|withdrawal| self.withdrawals[*withdrawal].amount)
            .sum();
        self.files.push(File {
            account,
            date: self.today,
            layout,
            withdrawals,
            total,
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

    /// Returns whether a file was not cancelled and not all of it is paid. What the bank sent back
    /// was paid.
    pub(super) fn is_open(&self, file: &File) -> bool {
        let paid = |withdrawal: &usize| self.withdrawals[*withdrawal].payment.is_some();
        file.cancelled_by.is_none() && !file.withdrawals.iter().all(paid)
    }

    pub(super) fn cancel_file(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        if !(1..=self.files.len()).contains(&number) {
            return Err(Refusal::Name("payment_file.unknown"));
        }
        self.must(actor, "record")?;
        if !self.is_open(&self.files[number - 1]) {
            return Err(Refusal::Rule("payment_file.wrong_state"));
        }
        self.files[number - 1].cancelled_by = Some(actor);
        self.note(actor, "payment_file_cancelled", ("open", "cancelled"));
        Ok(())
    }
}
