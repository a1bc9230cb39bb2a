//! Request: one holder, a file, or everybody with money available.

use std::cell::RefCell;

use serde::{Serialize, ser::SerializeTuple as _};
use serde_json::json;

use super::{Batch, Error, PAGE, Sink, each_row, hand_on, recall};
use crate::{
    domain::{
        Refused,
        account::BankDetails,
        activity::{Activity, Fact},
        allocation::Allocation,
        code::{Code, WithdrawalNumber},
        event::Event,
        hash::sha256_hex,
        holder::Holder,
        session::Session,
        user::Act,
        withdrawal::{self, Ask, Withdrawal, WithdrawalState, WithdrawalStatus},
    },
    intake::{self, RequestRow, Sheet},
    ops::{about_event, about_withdrawal, books::Books},
    store::{AsOf, Done, Ledger, NewWithdrawal, Noun, Request, WriteTx},
};

/// What is asked for, and for whom.
#[derive(Clone, Debug)]
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
    /// What a file lists.
    File(Vec<u8>),
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

/// A holder who was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRefusal {
    /// The holder.
    pub holder: Code,
    /// Why.
    pub refused: Refused,
}

impl Serialize for RequestSource {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut input = serializer.serialize_tuple(2)?;
        match self {
            Self::One {
                holder,
                ask,
                bank,
                notes,
            } => {
                input.serialize_element("one")?;
                input.serialize_element(&(holder, ask, bank, notes))?;
            }
            Self::AllHolders { strictness, notes } => {
                input.serialize_element("all_holders")?;
                input.serialize_element(&(strictness, notes))?;
            }
            Self::File(bytes) => {
                input.serialize_element("file")?;
                input.serialize_element(&sha256_hex(bytes))?;
            }
        }
        input.end()
    }
}

/// Records requests: all, or none.
///
/// # Errors
/// Those of [`withdrawal::request`]; [`Error::BadLines`] for a file; [`Refused::HoldersLeftOut`] with
/// [`Strictness::Refuse`].
pub fn request(
    ledger: &mut Ledger,
    session: Session,
    event: &str,
    asked: &RequestSource,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let rows = match asked {
        RequestSource::File(bytes) => intake::withdrawals(bytes)?,
        RequestSource::One { .. } | RequestSource::AllHolders { .. } => Sheet {
            rows: Vec::new(),
            bad: Vec::new(),
        },
    };
    let request = Request {
        command: "withdrawal request",
        activity: Activity::WithdrawalRequested,
        input: &(event, asked),
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
            withdrawal::must_be_active(&event)?;
            let sink = |withdrawal| hand_on(&each, withdrawal);
            let mut run = RequestRun {
                event,
                books: Books::default(),
                batch: Batch::default(),
                each: &sink,
            };
            match asked {
                RequestSource::One {
                    holder,
                    ask,
                    bank,
                    notes,
                } => run.one(write, holder, *ask, bank, notes.as_deref())?,
                RequestSource::AllHolders { strictness, notes } => {
                    run.all_holders(write, *strictness, notes.as_deref())?
                }
                RequestSource::File(_) => run.file(write, &rows)?,
            }
            run.books.close(write)?;
            Ok((run.batch.clone(), run.batch))
        },
    )
}

/// Where the requests of one event are taken.
struct RequestRun<'a> {
    event: Event,
    books: Books,
    batch: Batch,
    each: &'a dyn Fn(Withdrawal) -> Result<(), Error>,
}

impl RequestRun<'_> {
    fn one(
        &mut self,
        write: &mut WriteTx<'_>,
        holder: &str,
        ask: Ask,
        bank: &BankDetails,
        notes: Option<&str>,
    ) -> Result<(), Error> {
        let number = write.resolve(Noun::Holder, holder)?;
        let holder = write.holder(number, AsOf::Now)?;
        let allocation = self.allocation(write, &holder)?;
        self.take(write, &allocation, &holder, ask, bank, notes)
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
        let (mut after, last) = write.allocation_range(self.event.event.id)?;
        write.progress.begin(
            "requesting",
            u64::try_from(last - after).unwrap_or_default(),
        );
        loop {
            let page = write.available_allocations(&self.event.event, (after, last), PAGE)?;
            let Some((end, _)) = page.last() else { break };
            after = end.number;
            for (allocation, holder) in page {
                match self.take(
                    write,
                    &allocation,
                    &holder,
                    Ask::All,
                    &BankDetails::default(),
                    notes,
                ) {
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
            (|row| row.line, "holder"),
            |write, row| {
                self.one(
                    write,
                    &row.holder,
                    Ask::Amount(row.amount),
                    &row.bank,
                    row.notes.as_deref(),
                )
            },
        )
    }

    /// Decides and records one request.
    fn take(
        &mut self,
        write: &mut WriteTx<'_>,
        allocation: &Allocation,
        holder: &Holder,
        ask: Ask,
        bank: &BankDetails,
        notes: Option<&str>,
    ) -> Result<(), Error> {
        let decided =
            withdrawal::request(&write.actor, &self.event, allocation, holder, ask, bank)?;
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
            bank: decided.bank,
            bank_changed_by: decided.bank_changed_by,
            notes: notes.map(str::to_owned),
            requested_by: write.actor.user.clone(),
            created_at: write.now,
            state: WithdrawalState::Pending,
        };
        let changes = json!({
            "withdrawal": withdrawal.number.to_string(),
            "holder": withdrawal.holder.code,
            "amount": withdrawal.amount,
            "currency": withdrawal.currency,
            "bank_details": if bank.is_empty() { "on record" } else { "given" },
        });
        let fact =
            Fact::new(Activity::WithdrawalRequested, changes).about(about_withdrawal(&withdrawal));
        write.record(fact.moved(None, WithdrawalStatus::Pending.as_str()))?;
        self.batch.add(&withdrawal, withdrawal.amount)?;
        (self.each)(withdrawal)
    }
}
