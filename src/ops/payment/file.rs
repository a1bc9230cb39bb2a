//! Payment files: create, export, cancel, read.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        Refused,
        account::Scheme,
        activity::{Activity, Fact},
        bank::FundAccount,
        code::{FileNumber, LineNumber, WithdrawalNumber},
        end_to_end::References,
        matching::{Class, LinkKind},
        payment_file::{FileItem, Layout, PaymentFile},
        quantity::Total,
        session::Session,
        time::Date,
        user::Act,
        withdrawal::{Withdrawal, WithdrawalStatus},
    },
    ops::{Error, about_withdrawal, withdrawal::Selection},
    payfile::{self, Header, Item},
    store::{
        self, AsOf, Done, Ledger, Member, NewPaymentFile, Noun, Request, Traces, Tx, Unfiled,
        WriteTx,
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
    /// When the bank is to pay; today where it is not told.
    pub execution_date: Option<Date>,
}

/// Creates a payment file: its withdrawals are locked to it. The record is durable before a byte is
/// exported.
///
/// # Errors
/// [`Refused::NothingToFile`], [`Refused::WithdrawalState`], [`Refused::InPaymentFile`],
/// [`Refused::MaybePaid`], [`Refused::NoBankCode`], [`Refused::HolderBlocked`],
/// [`Refused::BankProject`], [`Refused::BankCurrency`]; of several withdrawals all refusals as
/// [`Error::Many`].
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
    ledger.write(
        session,
        request,
        |tx, number: i64, at| Ok(tx.payment_file(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::BankAccount, &input.account)?;
            let account = write.bank_account(number)?;
            let execution_date = input.execution_date.unwrap_or(write.today);
            let withdrawals = selected(write, &input.withdrawals)?;
            let items = items(write, &account, input.layout, withdrawals)?;
            let file = insert(write, &account, input.layout, execution_date, &items)?;
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
            write.record(Fact::new(Activity::PaymentFileCreated, changes).about(write.concern))?;
            Ok((file.number.number(), file))
        },
    )
}

/// Reads the withdrawals that go into a file: the named ones, or all approved ones of an event that
/// no file holds.
fn selected(write: &mut WriteTx<'_>, selection: &Selection) -> Result<Vec<Unfiled>, Error> {
    let mut withdrawals = Vec::new();
    match selection {
        Selection::These(names) => {
            let mut seen = std::collections::BTreeSet::new();
            for name in names {
                let number = write.resolve(Noun::Withdrawal, name)?;
                if seen.insert(number) {
                    let withdrawal = write.withdrawal(number)?;
                    let holder = write.holder_by_id(withdrawal.holder.id)?;
                    let (holder_name, holder_status) = (holder.name, holder.status);
                    withdrawals.push(Unfiled {
                        withdrawal,
                        holder_name,
                        holder_status,
                        traces: Traces::Possible,
                    });
                }
            }
        }
        Selection::AllOf(event) => {
            let number = write.resolve(Noun::Event, event)?;
            let event = write.event(number, AsOf::Now)?;
            write.concern = super::super::about_event(&event);
            withdrawals = write.unfiled(event.event.id)?;
            if withdrawals.is_empty() {
                return Err(Refused::NothingToFile {
                    event: event.event.code,
                }
                .into());
            }
        }
    }
    withdrawals.sort_by_key(|unfiled| unfiled.withdrawal.number);
    Ok(withdrawals)
}

/// Judges every withdrawal and gives each its reference; where some are refused, all refusals are
/// told.
fn items(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    layout: Layout,
    withdrawals: Vec<Unfiled>,
) -> Result<Vec<Item>, Error> {
    let (of, mut items, mut refusals) = (
        withdrawals.len(),
        Vec::with_capacity(withdrawals.len()),
        Vec::new(),
    );
    let (mut next, references) = (write.next_file_item()?, References::of(&write.ledger_id()?));
    for Unfiled {
        withdrawal,
        holder_name,
        holder_status,
        traces,
    } in withdrawals
    {
        let judged = judge(write, account, layout, (&withdrawal, traces))?;
        match judged.and_then(|()| holder_status.must_be_open(&withdrawal.holder.code)) {
            Ok(()) => {}
            Err(refused) if of == 1 => {
                write.concern = about_withdrawal(&withdrawal);
                return Err(refused.into());
            }
            Err(refused) => {
                refusals.push((withdrawal.number.to_string(), refused));
                continue;
            }
        }
        let reference = references
            .get(next)
            .ok_or_else(|| store::Error::bug("all references are used up"))?;
        next += 1;
        items.push(Item {
            withdrawal: withdrawal.number,
            end_to_end: reference.into(),
            amount: withdrawal.amount,
            holder: withdrawal.holder.code,
            holder_name,
            bank: withdrawal.bank,
            event: withdrawal.event.code,
        });
    }
    if refusals.is_empty() {
        return Ok(items);
    }
    Err(Error::Many {
        refusals,
        of: u64::try_from(of).unwrap_or(u64::MAX),
    })
}

fn judge(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    layout: Layout,
    (withdrawal, traces): (&Withdrawal, Traces),
) -> Result<Result<(), Refused>, Error> {
    let (number, status) = (withdrawal.number, withdrawal.status());
    if status != WithdrawalStatus::Approved {
        return Ok(Err(Refused::WithdrawalState {
            withdrawal: number,
            status,
            verb: "paid by a file",
        }));
    }
    // What nothing of the bank side names is in no file, and no line can have paid it.
    if traces == Traces::Possible {
        if let Some(file) = write.file_of(number)? {
            return Ok(Err(Refused::InPaymentFile {
                withdrawal: number,
                file,
            }));
        }
        if let Some(line) = maybe_paid(write, number)? {
            return Ok(Err(Refused::MaybePaid {
                withdrawal: number,
                line,
            }));
        }
    }
    // Only the generic layout tells a bank by its name; people read it.
    let nameless = withdrawal.bank.bank_code.is_none() && withdrawal.bank.scheme() != Scheme::Iban;
    if nameless && layout != Layout::Generic {
        return Ok(Err(Refused::NoBankCode {
            withdrawal: number,
            holder: withdrawal.holder.code.clone(),
        }));
    }
    Ok(account.must_pay_for(&withdrawal.project, withdrawal.currency))
}

/// Finds the bank line that may have paid a withdrawal already: it is proposed for it, or stands
/// against it undecided.
pub(in crate::ops) fn maybe_paid(
    write: &mut WriteTx<'_>,
    number: WithdrawalNumber,
) -> Result<Option<LineNumber>, Error> {
    if let Some(proposal) = write.match_of_withdrawal(number, LinkKind::Payment)? {
        return Ok(proposal.link.lines.first().copied());
    }
    if let Some(line) = write.line_with_reference_of(number)? {
        return Ok(Some(line));
    }
    let placed = write.class_of(Member::Withdrawal(number), None)?;
    let undecided = placed.filter(|placed| match placed.class {
        Class::Ambiguous
        | Class::AmountDiffers
        | Class::DateOutOfWindow
        | Class::DuplicatePayment => true,
        Class::Matched
        | Class::MatchedGroup
        | Class::Proposed
        | Class::PaidNotOnBank
        | Class::OnBankNotInLedger
        | Class::UnexpectedCredit
        | Class::Returned
        | Class::UnlinkedReversal
        | Class::FeeTaxLevy
        | Class::Resolved
        | Class::Awaited => false,
    });
    Ok(undecided.and_then(|placed| placed.lines.first().copied()))
}

fn insert(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    layout: Layout,
    execution_date: Date,
    items: &[Item],
) -> Result<PaymentFile, Error> {
    let number = write.next_payment_file()?;
    let too_much = || store::Error::bug("the payments of a file add up to too much");
    let total: Total = items
        .iter()
        .map(|item| item.amount)
        .sum::<Option<Total>>()
        .ok_or_else(too_much)?;
    let payments = u64::try_from(items.len()).unwrap_or(u64::MAX);
    let debtor = match &account.project {
        Some(project) => {
            let number = write.resolve(Noun::Project, project.code.as_str())?;
            write.project(number, AsOf::Now)?.name
        }
        None => account.account.code.to_string(),
    };
    let message_id = format!("{number}-{}", write.ids.make::<uuid::Uuid>().simple())
        .chars()
        .take(35)
        .collect::<String>();
    let header = Header {
        number,
        message_id: message_id.clone(),
        created_at: write.now,
        execution_date,
        currency: account.currency,
        debtor: debtor.clone(),
        account: account.bank.clone(),
        count: payments,
        total,
    };
    let content_hash = payfile::hash(layout, &header, items.iter().map(Ok)).map_err(unfit)?;
    let (message_id, debtor) = (message_id.as_str(), debtor.as_str());
    let sums = (payments, total);
    let new = NewPaymentFile {
        account,
        layout,
        message_id,
        execution_date,
        debtor,
        sums,
        content_hash: &content_hash,
    };
    let inserted = write.insert_payment_file(&new)?;
    if inserted != number {
        return Err(store::Error::bug(
            "a payment file has another number than the one written into it",
        )
        .into());
    }
    for item in items {
        write.insert_file_item(
            number,
            item.withdrawal,
            (&item.end_to_end, &item.holder_name),
        )?;
    }
    Ok(write.payment_file(number.number(), AsOf::Now)?)
}

/// Tells why a payment file cannot be written.
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

fn printed(item: FileItem) -> Item {
    let FileItem {
        withdrawal,
        end_to_end,
        amount,
        holder,
        holder_name,
        bank,
        event,
        ..
    } = item;
    Item {
        withdrawal,
        end_to_end,
        amount,
        holder,
        holder_name,
        bank,
        event,
    }
}

/// A payment file with all that its bytes are made of.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The file.
    pub file: PaymentFile,
    /// What stands over its payments.
    pub header: Header,
    /// Its payments.
    pub items: Vec<Item>,
}

impl Contents {
    /// Tells whether the bytes that were made of it are those that the file was created with.
    ///
    /// # Errors
    /// [`store::Error::Damaged`] where their hash is another.
    pub fn must_hash_to(&self, hash: &str) -> Result<(), Error> {
        if self.file.content_hash == hash {
            return Ok(());
        }
        let detail = format!(
            "payment file {} no longer gives the bytes that it was created with",
            self.file.number
        );
        Err(store::Error::Damaged { detail }.into())
    }
}

/// Reads what a payment file's bytes are made of. They are the same every time:
/// [`Contents::must_hash_to`] proves it.
///
/// # Errors
/// [`Refused::PaymentFileState`] for a cancelled one.
pub fn contents(ledger: &mut Ledger, given: &str) -> Result<Contents, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::PaymentFile, given)?;
        let file = tx.payment_file(number, AsOf::Now)?;
        file.must_be_exportable()?;
        let header = Header {
            number: file.number,
            message_id: file.message_id.clone(),
            created_at: file.created_at,
            execution_date: file.execution_date,
            currency: file.currency,
            debtor: file.debtor.clone(),
            account: file.bank.clone(),
            count: file.payments,
            total: file.total,
        };
        let mut items = Vec::new();
        tx.each_file_item(file.number, |item| {
            items.push(printed(item));
            Ok::<_, Error>(())
        })?;
        Ok(Contents {
            file,
            header,
            items,
        })
    })
}

fn all_items(tx: &mut Tx<'_>, file: FileNumber) -> Result<Vec<FileItem>, Error> {
    let mut items = Vec::new();
    tx.each_file_item(file, |item| {
        items.push(item);
        Ok::<_, Error>(())
    })?;
    Ok(items)
}

/// Notes in the trail that a payment file, and so account numbers, went out.
///
/// # Errors
/// [`Refused::Forbidden`], or what the file refuses.
pub fn note_export(ledger: &mut Ledger, session: Session, given: &str) -> Result<Done<()>, Error> {
    let request = Request {
        command: "payment file export",
        activity: Activity::PaymentFileExported,
        input: &given,
    };
    ledger.write(
        session,
        request,
        |_, (), _| Ok(()),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::PaymentFile, given)?;
            let file = write.payment_file(number, AsOf::Now)?;
            file.must_be_exportable()?;
            let changes =
                json!({ "file": file.number.to_string(), "content_hash": file.content_hash });
            write.record(Fact::new(Activity::PaymentFileExported, changes))?;
            Ok(((), ()))
        },
    )
}

/// Cancels a payment file: its withdrawals are free again.
///
/// # Errors
/// Those of [`PaymentFile::cancel`].
pub fn cancel(
    ledger: &mut Ledger,
    session: Session,
    (given, reason): (&str, &str),
) -> Result<Done<PaymentFile>, Error> {
    let input = &(given, reason);
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
            let number = write.resolve(Noun::PaymentFile, given)?;
            let file = write.payment_file(number, AsOf::Now)?;
            let told = file.cancel(&write.actor, reason, write.now)?;
            write.cancel_payment_file(&file, &told)?;
            let changes = json!({
                "file": file.number.to_string(),
                "payments": file.payments,
                "total": file.total,
                "currency": file.currency,
                "reason": told.1,
            });
            let fact = Fact::new(Activity::PaymentFileCancelled, changes);
            write.record(fact.moved(Some(file.status()), "cancelled"))?;
            Ok((number, write.payment_file(number, AsOf::Now)?))
        },
    )
}

/// Lists the payment files, in order of their numbers.
///
/// # Errors
/// What the file or the sink refuses.
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
/// What the file refuses.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<(PaymentFile, Vec<FileItem>), Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::PaymentFile, given)?;
        let file = tx.payment_file(number, AsOf::Now)?;
        let items = all_items(tx, file.number)?;
        Ok((file, items))
    })
}
