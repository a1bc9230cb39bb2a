//! Comparing payments with the withdrawals that they pay.

use super::counted::counted;
use crate::domain::{
    check::Check,
    code::{PaymentNumber, WithdrawalNumber},
};
use crate::store::{Error, Tx};

/// Checks that each payment agrees with the withdrawal that it pays, that each paid withdrawal has
/// its payment, and that a payment which replaces another is of the same allocation.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const DISAGREE: &str = "SELECT y.number, w.number FROM distribution_payments y
        LEFT JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
        LEFT JOIN distribution_payments r ON r.id = y.replaces_payment_id
        WHERE (w.status = CASE y.status WHEN 'returned' THEN 'returned' ELSE 'paid' END
          AND w.payment_reference = y.reference AND w.payment_date = y.payment_date AND w.payment_amount = y.amount
          AND w.currency = y.currency AND w.paid_by = y.paid_by AND w.paid_at = y.paid_at AND w.payment_notes IS y.notes
          AND w.distribution_allocation_id = y.distribution_allocation_id
          AND w.distribution_event_id = y.distribution_event_id AND w.lp_token_holder_id = y.lp_token_holder_id
          AND w.bank_name IS y.bank_name AND w.bank_code IS y.bank_code AND w.account_number IS y.account_number
          AND w.account_name IS y.account_name
          AND (y.replaces_payment_id IS NULL
            OR (r.status = 'returned' AND r.distribution_allocation_id = y.distribution_allocation_id))) IS NOT TRUE
        ORDER BY y.number";
    const PAYMENTS: &str = "SELECT count(*) FROM distribution_payments";
    const PAID: &str =
        "SELECT count(*) FROM withdrawal_requests WHERE status IN ('paid', 'returned')";
    let mut findings = tx.db.query(DISAGREE, (), |row| {
        let payment: PaymentNumber = row.next()?;
        Ok(match row.next::<Option<WithdrawalNumber>>()? {
            Some(withdrawal) => {
                format!("payment {payment} and withdrawal {withdrawal} disagree")
            }
            None => format!("payment {payment} pays no withdrawal"),
        })
    })?;
    let payments: i64 = tx.db.value(PAYMENTS, ())?;
    let paid: i64 = tx.db.value(PAID, ())?;
    if paid != payments {
        findings.push(format!(
            "{paid} withdrawals are paid or returned, but there are {payments} payments"
        ));
    }
    Ok(Check {
        name: "payments",
        findings,
        looked_at: counted(payments, "payment"),
    })
}
