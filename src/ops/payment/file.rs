//! Payment files: create, list, show. [`export`] writes them for the bank, [`ending`] takes items out.

pub mod ending;
pub mod export;
mod items;

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        activity::{Activity, Fact},
        bank::FundAccount,
        bank_trace::BankTrace,
        end_to_end::EndToEnd,
        payment_file::{
            self, Candidate, Layout, NoPlan, PaymentFile, PaymentFileDetail, Plan, PlanInput,
        },
        session::Session,
        time::Date,
        user::Act,
    },
    ops::{
        Error, about_event, about_withdrawal,
        withdrawal::{Selection, bank_trace},
    },
    payfile,
    store::{
        self, AsOf, BankMentions, Done, How, Ledger, NewFileItem, NewPaymentFile, Noun,
        PayableWithdrawal, Request, WriteTx,
    },
};

/// A payment file as the command line asks for it.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// The account that pays.
    pub account: String,
    /// The withdrawals.
    pub withdrawals: Selection,
    /// The layout.
    pub layout: Layout,
    /// When the bank is to pay; today if it is not given.
    pub execution_date: Option<Date>,
}

/// Creates a payment file: its withdrawals are locked to it. The record is durable before a byte is
/// exported.
///
/// # Errors
/// Those of [`payment_file::plan`], of several withdrawals as [`Error::Many`];
/// [`Error::Unfileable`] if a bank could refuse or misread a payment.
pub fn create(
    ledger: &mut Ledger,
    session: Session,
    input: &Input,
) -> Result<Done<PaymentFile>, Error> {
    let request = Request {
        command: "payment file create",
        activity: Activity::PaymentFileCreated,
        input,
    };
    ledger
        .write(
            session,
            request,
            |tx, number: i64, at| Ok(tx.payment_file(number, AsOf::At(at))?),
            |write| {
                write.actor.must(Act::Record)?;
                let number = write.resolve(Noun::BankAccount, &input.account)?;
                let account = write.bank_account(number)?;
                let plan_input = gather(write, &account, input)?;
                let plan = payment_file::plan(plan_input).map_err(|why| no_plan(write, why))?;
                let file = apply(write, &account, &plan)?;
                let changes = json!({
                    "file": file.number.to_string(),
                    "account": account.account.code,
                    "layout": file.layout.as_str(),
                    "payments": file.payments,
                    "total": file.total,
                    "currency": file.currency,
                    "execution_date": file.execution_date,
                    "content_hash": file.content_hash,
                });
                write.record(
                    Fact::new(Activity::PaymentFileCreated, changes).about(write.concern),
                )?;
                Ok((file.number.number(), file))
            },
        )
        .map(without_hash)
}

/// Leaves out of a dry run what the file itself would not have: its references are made anew, and so
/// are its bytes.
fn without_hash(mut done: Done<PaymentFile>) -> Done<PaymentFile> {
    if done.how == How::DryRun {
        done.value.content_hash = None;
    }
    done
}

/// Reads everything that decides the file.
fn gather<'a>(
    write: &mut WriteTx<'_>,
    account: &'a FundAccount,
    input: &Input,
) -> Result<PlanInput<'a>, Error> {
    let (event, candidates) = match &input.withdrawals {
        Selection::These(names) => (None, named(write, names)?),
        Selection::AllOf(event) => {
            let number = write.resolve(Noun::Event, event)?;
            let event = write.event(number, AsOf::Now)?;
            write.concern = about_event(&event);
            let payable = write.payable_withdrawals(event.event.id)?;
            let candidates = payable.into_iter().map(|payable| candidate(write, payable));
            let candidates = candidates.collect::<Result<Vec<_>, Error>>()?;
            (Some(event.event.code), candidates)
        }
    };
    let debtor = match &account.project {
        Some(project) => {
            let number = write.resolve(Noun::Project, project.code.as_str())?;
            write.project(number, AsOf::Now)?.name
        }
        None => account.account.code.to_string(),
    };
    let filed = match (&input.withdrawals, candidates.is_empty()) {
        (Selection::AllOf(event), true) => {
            let number = write.resolve(Noun::Event, event)?;
            let event = write.event(number, AsOf::Now)?.event.id;
            write.files_of(event)?
        }
        (Selection::AllOf(_), false) | (Selection::These(_), _) => Vec::new(),
    };
    Ok(PlanInput {
        account,
        debtor,
        layout: input.layout,
        number: write.next_payment_file()?,
        unique: write.ids.make::<uuid::Uuid>().simple().to_string(),
        created_at: write.now,
        execution_date: input.execution_date.unwrap_or(write.today),
        today: write.today,
        references: free_references(write, candidates.len())?,
        event,
        filed,
        candidates,
    })
}

/// Draws references that no item of the ledger ever had, and that differ from each other.
fn free_references(write: &mut WriteTx<'_>, count: usize) -> Result<Vec<EndToEnd>, Error> {
    let (mut references, mut known) = (Vec::with_capacity(count), HashSet::new());
    while references.len() < count {
        let reference = write.ids.reference();
        if known.insert(reference.clone()) && !write.has_reference(&reference)? {
            references.push(reference);
        }
    }
    Ok(references)
}

/// Reads the named withdrawals, each once.
fn named(write: &mut WriteTx<'_>, names: &[String]) -> Result<Vec<Candidate>, Error> {
    let (mut candidates, mut numbers) = (Vec::new(), BTreeSet::new());
    for name in names {
        let number = write.resolve(Noun::Withdrawal, name)?;
        if !numbers.insert(number) {
            continue;
        }
        let withdrawal = write.withdrawal(number)?;
        let holder = write.holder_by_id(withdrawal.holder.id)?;
        let payable = PayableWithdrawal {
            withdrawal,
            holder_name: holder.name,
            holder_status: holder.status,
            mentions: BankMentions::Possible,
        };
        candidates.push(candidate(write, payable)?);
    }
    Ok(candidates)
}

/// Adds what the bank side shows of a withdrawal, if it can show anything.
fn candidate(write: &mut WriteTx<'_>, payable: PayableWithdrawal) -> Result<Candidate, Error> {
    let PayableWithdrawal {
        withdrawal,
        holder_name,
        holder_status,
        mentions,
    } = payable;
    let trace = match mentions {
        BankMentions::Possible => bank_trace(write, withdrawal.number)?,
        BankMentions::None => BankTrace::default(),
    };
    Ok(Candidate {
        withdrawal,
        holder_name,
        holder_status,
        trace,
    })
}

/// Returns why there is no plan as an error of the command.
fn no_plan(write: &mut WriteTx<'_>, why: NoPlan) -> Error {
    match why {
        NoPlan::Refused(refused) => refused.into(),
        NoPlan::Withdrawals { mut refusals, of } => match refusals.pop() {
            Some((withdrawal, refused)) if of == 1 => {
                write.concern = about_withdrawal(&withdrawal);
                refused.into()
            }
            last => Error::Many {
                refusals: refusals
                    .into_iter()
                    .chain(last)
                    .map(|(withdrawal, refused)| (withdrawal.number.to_string(), refused))
                    .collect(),
                of: u64::try_from(of).unwrap_or(u64::MAX),
            },
        },
        NoPlan::NoReference => store::Error::bug("all references are used up").into(),
        NoPlan::TotalTooLarge => {
            store::Error::bug("the payments of a file add up to too much").into()
        }
    }
}

/// Writes the file that was planned.
fn apply(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    plan: &Plan,
) -> Result<PaymentFile, Error> {
    let header = &plan.header;
    let content_hash =
        payfile::hash(plan.layout, header, plan.items.iter().map(Ok)).map_err(unfit)?;
    let inserted = write.insert_payment_file(&NewPaymentFile {
        account,
        layout: plan.layout,
        message_id: &header.message_id,
        execution_date: header.execution_date,
        debtor: &header.debtor,
        payments: header.count,
        total: header.total,
        content_hash: &content_hash,
    })?;
    if inserted != header.number {
        return Err(store::Error::bug(
            "a payment file has another number than the one written into it",
        )
        .into());
    }
    for item in &plan.items {
        write.insert_file_item(&NewFileItem {
            file: inserted,
            withdrawal: item.withdrawal,
            end_to_end: &item.end_to_end,
            amount: item.amount,
            holder: &item.holder,
            holder_name: &item.holder_name,
            event: &item.event,
            bank: &item.bank,
        })?;
    }
    Ok(write.payment_file(inserted.number(), AsOf::Now)?)
}

/// Returns why a payment file cannot be written.
pub fn unfit(error: payfile::WriteError<Error>) -> Error {
    match error {
        payfile::WriteError::Items(error) => error,
        payfile::WriteError::Output(_)
        | payfile::WriteError::Header { .. }
        | payfile::WriteError::Item { .. }
        | payfile::WriteError::Count { .. }
        | payfile::WriteError::Total { .. } => Error::Unfileable(error.to_string()),
    }
}

/// Lists the payment files, in order of their numbers.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read; [`Error::Output`] if the sink takes no more rows.
pub fn list(
    ledger: &mut Ledger,
    as_of: AsOf,
    each: crate::ops::Sink<'_, PaymentFile>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        tx.payment_files(as_of)?
            .into_iter()
            .try_for_each(|file| each(file).map_err(Error::Output))
    })
}

/// Reads a payment file and its payments.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<PaymentFileDetail, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::PaymentFile, given)?;
        let file = tx.payment_file(number, AsOf::Now)?;
        let mut items = Vec::new();
        tx.each_file_item(file.number, |item| {
            items.push(item);
            Ok::<_, Error>(())
        })?;
        Ok(PaymentFileDetail { file, items })
    })
}
