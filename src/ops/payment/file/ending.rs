//! How items leave a payment file: some are dropped, or the whole file is cancelled.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    items::{items_now, items_to_write},
    unfit,
};
use crate::{
    domain::{
        activity::{Activity, Fact},
        code::WithdrawalNumber,
        payment_file::{DropError, DropPlan, FileHeader, ItemNow, PaymentFile, Removal},
        session::Session,
    },
    ops::{Error, about_withdrawal, requests},
    payfile,
    store::{AsOf, Done, FileContent, Ledger, Noun, Request, WriteTx},
};

/// Which payment file is cancelled, and why.
#[derive(Clone, Copy, Debug)]
pub struct Cancellation<'a> {
    /// The file.
    pub file: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Which items are taken out of a payment file, and why.
#[derive(Clone, Copy, Debug)]
pub struct ItemDrop<'a> {
    /// The file.
    pub file: &'a str,
    /// The withdrawals.
    pub withdrawals: &'a [String],
    /// Why.
    pub reason: &'a str,
}

/// Cancels a payment file: the withdrawals that the bank cannot have paid are free again.
///
/// # Errors
/// Those of [`PaymentFile::cancel`].
pub fn cancel(
    ledger: &mut Ledger,
    session: Session,
    cancellation: Cancellation<'_>,
) -> Result<Done<PaymentFile>, Error> {
    let Cancellation { file, reason } = cancellation;
    let input = &requests::FileCancellation { file, reason };
    let request = Request {
        command: "payment file cancel",
        activity: Activity::PaymentFileCancelled,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number: i64, at| Ok(tx.payment_file(number, AsOf::At(at))?),
        |write| {
            let number = write.resolve(Noun::PaymentFile, file)?;
            let file = write.payment_file(number, AsOf::Now)?;
            let items = items_now(write, &file)?;
            let when = (&write.reviewers, write.now);
            let removal = file.cancel(&items, &write.actor, reason, when)?;
            write.cancel_payment_file(file.number, &removal)?;
            let mut changes = json!({
                "file": file.number.to_string(),
                "payments": file.payments,
                "total": file.total,
                "currency": file.currency,
                "freed": withdrawals(&items, &removal),
                "kept": items.len() - removal.rows.len(),
                "exported_by": file.exported.as_ref().map(|exported| &exported.by.code),
                "reason": removal.reason,
            });
            removal.second.mark(&mut changes);
            let fact = Fact::new(Activity::PaymentFileCancelled, changes);
            write.record(fact.moved(Some(file.status()), "cancelled"))?;
            Ok((number, write.payment_file(number, AsOf::Now)?))
        },
    )
}

/// Takes items out of a payment file: their withdrawals are free again.
///
/// # Errors
/// Those of [`PaymentFile::drop`], of several withdrawals as [`Error::Many`].
pub fn drop_items(
    ledger: &mut Ledger,
    session: Session,
    given: ItemDrop<'_>,
) -> Result<Done<PaymentFile>, Error> {
    let ItemDrop {
        file,
        withdrawals: names,
        reason,
    } = given;
    let input = &requests::FileItemDrop {
        file,
        withdrawals: names,
        reason,
    };
    let request = Request {
        command: "payment file drop",
        activity: Activity::PaymentFileItemsDropped,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number: i64, at| Ok(tx.payment_file(number, AsOf::At(at))?),
        |write| {
            let number = write.resolve(Noun::PaymentFile, file)?;
            let file = write.payment_file(number, AsOf::Now)?;
            let mut chosen = BTreeSet::new();
            for name in names {
                let number = write.resolve(Noun::Withdrawal, name)?;
                chosen.insert(WithdrawalNumber::new(number));
            }
            let items = items_now(write, &file)?;
            let when = (&write.reviewers, write.now);
            let plan = file
                .drop(&items, &chosen, &write.actor, reason, when)
                .map_err(|why| no_drop(write, why))?;
            let hash = hash_without(write, &file, &chosen, &plan)?;
            let content = FileContent {
                payments: plan.payments,
                total: plan.total,
                content_hash: &hash,
            };
            write.drop_file_items(file.number, &plan.removal, content)?;
            let mut changes = json!({
                "file": file.number.to_string(),
                "dropped": withdrawals(&items, &plan.removal),
                "payments": [file.payments, plan.payments],
                "total": [file.total, plan.total],
                "currency": file.currency,
                "content_hash": hash,
                "exported_by": file.exported.as_ref().map(|exported| &exported.by.code),
                "reason": plan.removal.reason,
            });
            plan.removal.second.mark(&mut changes);
            write.record(Fact::new(Activity::PaymentFileItemsDropped, changes))?;
            Ok((number, write.payment_file(number, AsOf::Now)?))
        },
    )
}

/// Names the withdrawals of the items that leave.
fn withdrawals(items: &[ItemNow], removal: &Removal) -> Vec<String> {
    let leaves = items.iter().filter(|now| removal.rows.contains(&now.row));
    leaves.map(|now| now.item.withdrawal.to_string()).collect()
}

/// Hashes the bytes of what is left of a file.
fn hash_without(
    write: &mut WriteTx<'_>,
    file: &PaymentFile,
    chosen: &BTreeSet<WithdrawalNumber>,
    plan: &DropPlan,
) -> Result<String, Error> {
    let header = FileHeader {
        count: plan.payments,
        total: plan.total,
        ..file.header()
    };
    let left = items_to_write(write, file.number)?
        .into_iter()
        .filter(|item| !chosen.contains(&item.withdrawal));
    payfile::hash(file.layout, &header, left.map(Ok)).map_err(unfit)
}

/// Returns why nothing is dropped as an error of the command.
fn no_drop(write: &mut WriteTx<'_>, why: DropError) -> Error {
    match why {
        DropError::Refused(refused) => refused.into(),
        DropError::Items { mut refusals, of } => match refusals.pop() {
            Some((withdrawal, refused)) if of == 1 => {
                if let Ok(withdrawal) = write.withdrawal(withdrawal.number()) {
                    write.concern = about_withdrawal(&withdrawal);
                }
                refused.into()
            }
            last => Error::Many {
                refusals: refusals
                    .into_iter()
                    .chain(last)
                    .map(|(withdrawal, refused)| (withdrawal.to_string(), refused))
                    .collect(),
                of: u64::try_from(of).unwrap_or(u64::MAX),
            },
        },
    }
}
