//! Comparing payments with the withdrawals that they pay.

use super::counted::counted;
use crate::domain::{
    check::Check,
    code::{PaymentNumber, WithdrawalNumber},
    quantity::Amount,
};
use crate::store::{Error, Tx};

/// Checks that each payment agrees with the withdrawal that it pays, that each paid withdrawal has
/// its payment, that a payment which replaces another is of the same allocation, and that each
/// transfer is what its payments come to.
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
          AND (w.means = 'imported') = (y.imported = 1)
          AND (y.imported = 0 OR EXISTS (SELECT 1 FROM distribution_events e
            WHERE e.id = y.distribution_event_id AND e.history_proposal IS NOT NULL))
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
    findings.extend(transfers(tx)?);
    Ok(Check {
        name: "payments",
        findings,
        looked_at: counted(payments, "payment"),
    })
}

/// A transfer, and what its payments come to.
struct TransferSums {
    number: i64,
    payments: (i64, i64),
    total: (Option<Amount>, Option<Amount>),
    agrees: bool,
}

/// Adds the payments of each transfer up, and compares what both say.
fn transfers(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    const ALL: &str = "SELECT t.number, t.payments, t.total, y.amount,
          (t.reference = y.reference AND t.currency = y.currency AND t.payment_date = y.payment_date
            AND t.bank_code IS y.bank_code AND t.account_number IS y.account_number) IS TRUE
        FROM payment_transfers t LEFT JOIN distribution_payments y ON y.transfer_number = t.number
        ORDER BY t.number";
    const LOST: &str = "SELECT y.number FROM distribution_payments y
        WHERE y.imported = 0
          AND NOT EXISTS (SELECT 1 FROM payment_transfers t WHERE t.number = y.transfer_number) ORDER BY y.number";
    let mut findings = Vec::new();
    let mut last: Option<TransferSums> = None;
    tx.db.each(ALL, (), |row| {
        let (number, payments): (i64, i64) = (row.next()?, row.next()?);
        let (total, amount): (Amount, Option<Amount>) = (row.next()?, row.next()?);
        let agrees: bool = row.next()?;
        match &mut last {
            Some(sums) if sums.number == number => sums.add(amount, agrees),
            _ => {
                let next = TransferSums {
                    number,
                    payments: (payments, i64::from(amount.is_some())),
                    total: (Some(total), amount),
                    agrees,
                };
                findings.extend(last.replace(next).and_then(TransferSums::finding));
            }
        }
        Ok::<_, Error>(())
    })?;
    findings.extend(last.and_then(TransferSums::finding));
    let lost: Vec<PaymentNumber> = tx.db.values(LOST, ())?;
    findings.extend(
        lost.iter()
            .map(|payment| format!("payment {payment} is in no transfer")),
    );
    Ok(findings)
}

impl TransferSums {
    fn add(&mut self, amount: Option<Amount>, agrees: bool) {
        self.payments.1 += 1;
        self.total.1 = (self.total.1.zip(amount)).and_then(|(sum, amount)| sum.checked_add(amount));
        self.agrees &= agrees;
    }

    fn finding(self) -> Option<String> {
        let adds_up = self.payments.0 == self.payments.1 && self.total.0 == self.total.1;
        (!adds_up || !self.agrees).then(|| {
            let number = self.number;
            format!(
                "transfer {number} and its {} payments disagree",
                self.payments.1
            )
        })
    }
}
