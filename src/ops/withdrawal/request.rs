//! Request: one holder, a file, or everybody with money available.

use std::cell::RefCell;

use serde::Serialize;
use serde_json::json;

use super::batch::{Batch, HolderRefusal, PAGE, hand_on, recall};
use crate::{
    domain::{
        Refused,
        account::BankDetails,
        activity::{Activity, Fact},
        allocation::Allocation,
        code::WithdrawalNumber,
        event::Event,
        holder::Holder,
        session::Session,
        user::Act,
        withdrawal::{self, Ask, Means, Withdrawal, WithdrawalState, WithdrawalStatus},
    },
    intake::{self, RequestRow, Sheet, SheetFile},
    ops::{
        Error, Sink, about_event, about_withdrawal,
        books::Books,
        holder::account,
        rows::{RowPlace, each_row},
    },
    store::{AsOf, Done, Ledger, NewRequestFile, NewWithdrawal, Noun, Page, Request, WriteTx},
};

/// What is asked for, and for whom.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestSource {
    /// One holder.
    One {
        /// The holder.
        holder: String,
        /// How much.
        ask: Ask,
        /// Bank details that go with this request; empty for those on record.
        bank: BankDetails,
        /// Notes.
        notes: Option<String>,
    },
    /// Everybody with money available.
    AllHolders {
        /// What to do with those who cannot be paid.
        strictness: Strictness,
        /// Notes.
        notes: Option<String>,
    },
    /// What a file lists. A key is bound to the hash of its bytes.
    File(SheetFile),
}

/// What to do with holders who cannot be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// Leave them out and say so.
    LeaveOut,
    /// Refuse the whole.
    Refuse,
}

/// The stored form of `withdrawal request`.
#[derive(Serialize)]
pub(in crate::ops) struct WithdrawalRequest<'a> {
    pub(in crate::ops) event: &'a str,
    pub(in crate::ops) source: &'a RequestSource,
    #[serde(skip_serializing_if = "is_transfer")]
    pub(in crate::ops) means: Means,
}

/// A transfer is what is asked for unless something else is said.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_transfer(means: &Means) -> bool {
    *means == Means::Transfer
}

/// Records requests: all, or none. A file is taken again for an event only if all of its requests
/// were rejected, cancelled or returned.
///
/// # Errors
/// Those of [`withdrawal::request`]; [`Error::BadLines`] for a file; [`Refused::HoldersLeftOut`] with
/// [`Strictness::Refuse`].
pub fn request(
    ledger: &mut Ledger,
    session: Session,
    event: &str,
    (asked, means): (&RequestSource, Means),
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let rows = match asked {
        RequestSource::File(file) => intake::withdrawals(file)?,
        RequestSource::One { .. } | RequestSource::AllHolders { .. } => Sheet {
            rows: Vec::new(),
            bad: Vec::new(),
        },
    };
    let request = Request {
        command: "withdrawal request",
        activity: Activity::WithdrawalRequested,
        input: &WithdrawalRequest {
            event,
            source: asked,
            means,
        },
    };
    let each = RefCell::new(each);
    ledger.write(
        session,
        request,
        |tx, batch, at| recall(&each, tx, batch, at),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::Event, event)?;
            let event = write.event(number, AsOf::Now)?;
            write.concern = about_event(&event);
            let file_hash = match asked {
                RequestSource::File(file) => Some(file.hash().to_owned()),
                RequestSource::One { .. } | RequestSource::AllHolders { .. } => None,
            };
            if let Some(hash) = &file_hash
                && let Some(batch) = already_requested(write, &event, hash, &each)?
            {
                return Ok((batch.clone(), batch));
            }
            withdrawal::must_be_active(&event)?;
            let sink = |withdrawal| hand_on(&each, withdrawal);
            let mut run = RequestRun {
                event,
                means,
                may_be_marked: write.has_ended_items()?,
                books: Books::default(),
                batch: Batch::default(),
                each: &sink,
            };
            run.ask(write, asked, &rows)?;
            let RequestRun {
                event,
                books,
                batch,
                ..
            } = run;
            books.close(write)?;
            if let Some(hash) = &file_hash {
                remember(write, &event, &batch, hash)?;
            }
            Ok((batch.clone(), batch))
        },
    )
}

/// Returns the requests that a file made for an event before, unless all of them were rejected,
/// cancelled or returned.
fn already_requested(
    write: &mut WriteTx<'_>,
    event: &Event,
    file_hash: &str,
    each: &RefCell<Sink<'_, Withdrawal>>,
) -> Result<Option<Batch>, Error> {
    let mut batch = Batch::default();
    for number in write.requested_by_file(event.event.id, file_hash)? {
        let withdrawal = write.withdrawal(number)?;
        batch.add(&withdrawal, withdrawal.amount)?;
        batch.repeated += 1;
        hand_on(each, withdrawal)?;
    }
    Ok((batch.count > 0).then_some(batch))
}

/// Remembers which requests a file made.
fn remember(
    write: &mut WriteTx<'_>,
    event: &Event,
    batch: &Batch,
    file_hash: &str,
) -> Result<(), Error> {
    let (mut numbers, last) = (batch.numbers(), batch.numbers().last());
    let (Some(first), Some(last)) = (numbers.next(), last) else {
        return Ok(());
    };
    Ok(write.insert_request_file(&NewRequestFile {
        event: event.event.id,
        file_hash,
        first,
        last,
    })?)
}

/// Reads the first requests of an event that are pending, approved or paid.
fn open_requests(write: &mut WriteTx<'_>, event: &Event) -> Result<Vec<WithdrawalNumber>, Error> {
    let page = Page {
        after: 0,
        limit: 100,
    };
    let mut numbers = Vec::new();
    for status in [
        WithdrawalStatus::Pending,
        WithdrawalStatus::Approved,
        WithdrawalStatus::Paid,
    ] {
        numbers.extend(write.withdrawals_in(event.event.id, status, page)?);
    }
    numbers.sort_unstable();
    Ok(numbers.into_iter().map(WithdrawalNumber::new).collect())
}

/// What is asked for with a request.
#[derive(Clone, Copy)]
struct Terms<'a> {
    ask: Ask,
    bank: &'a BankDetails,
    notes: Option<&'a str>,
}

/// A run of requests against one event.
struct RequestRun<'a> {
    event: Event,
    means: Means,
    /// Whether an item has left a payment file, so that its withdrawal and later ones are marked.
    may_be_marked: bool,
    books: Books,
    batch: Batch,
    each: &'a dyn Fn(Withdrawal) -> Result<(), Error>,
}

impl RequestRun<'_> {
    fn ask(
        &mut self,
        write: &mut WriteTx<'_>,
        asked: &RequestSource,
        rows: &Sheet<RequestRow>,
    ) -> Result<(), Error> {
        match asked {
            RequestSource::One {
                holder,
                ask,
                bank,
                notes,
            } => {
                let (ask, notes) = (*ask, notes.as_deref());
                self.one(write, holder, Terms { ask, bank, notes })
            }
            RequestSource::AllHolders { strictness, notes } => {
                self.all_holders(write, *strictness, notes.as_deref())
            }
            RequestSource::File(_) => self.file(write, rows),
        }
    }

    fn one(
        &mut self,
        write: &mut WriteTx<'_>,
        holder: &str,
        terms: Terms<'_>,
    ) -> Result<(), Error> {
        let number = write.resolve(Noun::Holder, holder)?;
        let holder = write.holder(number, AsOf::Now)?;
        let allocation = self.allocation(write, &holder)?;
        self.take(write, &allocation, &holder, terms)
    }

    fn allocation(&self, write: &mut WriteTx<'_>, holder: &Holder) -> Result<Allocation, Error> {
        let found = write.allocation(&self.event.event, holder.holder.id, AsOf::Now)?;
        let (holder, event) = (holder.holder.code.clone(), self.event.event.code.clone());
        Ok(found.ok_or(Refused::NoAllocation { holder, event })?)
    }

    fn all_holders(
        &mut self,
        write: &mut WriteTx<'_>,
        strictness: Strictness,
        notes: Option<&str>,
    ) -> Result<(), Error> {
        let on_record = BankDetails::default();
        let terms = Terms {
            ask: Ask::All,
            bank: &on_record,
            notes,
        };
        let mut range = write.allocation_range(self.event.event.id)?;
        write.progress.begin(
            "requesting",
            u64::try_from(range.last - range.after).unwrap_or_default(),
        );
        loop {
            let page = write.available_allocations(&self.event.event, range, PAGE)?;
            let Some((end, _)) = page.last() else { break };
            range.after = end.number;
            for (allocation, holder) in page {
                match self.take(write, &allocation, &holder, terms) {
                    // What is left below the smallest amount that a bank pays cannot be asked for:
                    // nothing to do.
                    Ok(()) | Err(Error::Refused(Refused::NothingAvailable { .. })) => {}
                    Err(Error::Refused(refused)) => {
                        self.batch.left_out.push(HolderRefusal {
                            holder: allocation.holder.code,
                            refused,
                        });
                    }
                    Err(error) => return Err(error),
                }
                write.progress.advance(1);
            }
        }
        write.progress.end();
        if self.batch.count == 0 {
            self.batch.requested = open_requests(write, &self.event)?;
        }
        match (strictness, self.batch.left_out.first()) {
            (Strictness::Refuse, Some(first)) => {
                let (left_out, first) = (self.batch.left_out.len(), first.refused.to_string());
                Err(Refused::HoldersLeftOut { left_out, first }.into())
            }
            (Strictness::Refuse | Strictness::LeaveOut, _) => Ok(()),
        }
    }

    fn file(&mut self, write: &mut WriteTx<'_>, rows: &Sheet<RequestRow>) -> Result<(), Error> {
        each_row(
            write,
            "requesting",
            rows,
            &RowPlace {
                line: |row| row.line,
                column: "holder",
            },
            |write, row| {
                let terms = Terms {
                    ask: Ask::Amount(row.amount),
                    bank: &row.bank,
                    notes: row.notes.as_deref(),
                };
                self.one(write, &row.holder, terms)
            },
        )
    }

    /// Decides and records one request.
    fn take(
        &mut self,
        write: &mut WriteTx<'_>,
        allocation: &Allocation,
        holder: &Holder,
        terms: Terms<'_>,
    ) -> Result<(), Error> {
        let Terms { ask, bank, notes } = terms;
        let payable = if self.means == Means::Transfer {
            account::payable(write, holder, self.event.currency)?
        } else {
            None
        };
        let holder = payable.as_ref().unwrap_or(holder);
        let decided = withdrawal::request(
            &write.actor,
            &self.event,
            allocation,
            holder,
            ask,
            (self.means, bank),
        )?;
        let new = NewWithdrawal {
            event: &self.event,
            allocation: allocation.id,
            holder: &holder.holder,
            request: &decided,
            notes,
        };
        let (number, id) = write.insert_withdrawal(&new)?;
        self.books.move_in(write, allocation, decided.movement)?;
        let withdrawal = Withdrawal {
            number: WithdrawalNumber::new(number),
            id,
            allocation_id: allocation.id,
            event: self.event.event.clone(),
            project: self.event.project.clone(),
            holder: holder.holder.clone(),
            amount: decided.amount,
            currency: self.event.currency,
            means: decided.means,
            bank: decided.bank,
            bank_changed_by: decided.bank_changed_by,
            account: decided.account,
            payee_marks: Vec::new(),
            notes: notes.map(str::to_owned),
            requested_by: write.actor.user.clone(),
            created_at: write.now,
            state: WithdrawalState::Pending,
            marks: if self.may_be_marked {
                write.withdrawal(number)?.marks
            } else {
                Vec::new()
            },
        };
        let changes = json!({
            "withdrawal": withdrawal.number.to_string(),
            "holder": withdrawal.holder.code,
            "amount": withdrawal.amount,
            "currency": withdrawal.currency,
            "means": withdrawal.means,
            "bank_details": if bank.is_empty() { "on record" } else { "given" },
        });
        let fact =
            Fact::new(Activity::WithdrawalRequested, changes).about(about_withdrawal(&withdrawal));
        write.record(fact.moved(None, WithdrawalStatus::Pending.as_str()))?;
        self.batch.add(&withdrawal, withdrawal.amount)?;
        (self.each)(withdrawal)
    }
}
