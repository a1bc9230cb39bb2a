//! Who a proposal says was paid.

use super::{
    AsOf, Error, Tx,
    db::{Codes, columns},
};
use crate::domain::{bank::ProposedPayee, code::WithdrawalNumber};

columns! {
    const COLUMNS, fn read: ProposedPayee {
        withdrawal: "w.number",
        payment: "y.number",
        holder: "h.code",
        holder_name: "h.name",
        account_number: "w.account_number",
        amount: "coalesce(y.amount, w.requested_amount)",
        date: "coalesce(y.payment_date, substr(w.approved_at, 1, 10))",
    }
}

impl Tx<'_> {
    /// Reads whom a withdrawal pays, as the ledger knew it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn proposed_payee(
        &mut self,
        number: WithdrawalNumber,
        as_of: AsOf,
    ) -> Result<ProposedPayee, Error> {
        let codes = Codes::default();
        let holders = as_of.source("lp_token_holders", "id, code, name");
        let sql = format!(
            "SELECT {COLUMNS} FROM withdrawal_requests w JOIN {holders} h ON h.id = w.lp_token_holder_id
            LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id
              AND (?2 IS NULL OR y.paid_at <= ?2)
            WHERE w.number = ?1"
        );
        self.db
            .query_one(&sql, (number, as_of.instant()), |row| read(row, &codes))
    }
}
