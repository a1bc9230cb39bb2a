//! `forward release`: what a bank can pay of a forward balance goes into an approved event.

use std::rc::Rc;

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        event::AllocationRow,
        forward::{self, ForwardKind},
        session::Session,
        user::Act,
    },
    ops::{Error, about_event, books::Books, event::allocation_row},
    store::{self, AsOf, Done, Ledger, NewForwardMovement, Noun, Request},
};

/// A forward balance to be released.
#[derive(Clone, Debug, Serialize)]
pub struct Release {
    /// The holder.
    pub holder: String,
    /// The project.
    pub project: String,
    /// The event into whose allocation it goes.
    pub event: String,
    /// Why.
    pub reason: String,
}

/// Releases what a bank can pay of a holder's forward balance, whatever the minimum, into the
/// holder's allocation of an approved event, which is active again.
///
/// # Errors
/// Those of [`forward::release`]; [`Refused::ReasonMissing`], [`Refused::NoAllocation`].
pub fn release(
    ledger: &mut Ledger,
    session: Session,
    input: &Release,
) -> Result<Done<AllocationRow>, Error> {
    let request = Request {
        command: "forward release",
        activity: Activity::ForwardReleased,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, (event, holder): (i64, i64), at| {
            let event = Rc::new(tx.event(event, AsOf::At(at))?);
            let holder = tx.holder(holder, AsOf::At(at))?;
            let row = allocation_row(tx, event, &holder, AsOf::At(at))?;
            Ok(row.ok_or_else(missing)?)
        },
        |write| {
            write.actor.must(Act::Record)?;
            let event = write.resolve(Noun::Event, &input.event)?;
            let event = write.event(event, AsOf::Now)?;
            write.concern = about_event(&event);
            if input.reason.trim().is_empty() {
                return Err(Refused::ReasonMissing { verb: "release" }.into());
            }
            let project = write.resolve(Noun::Project, &input.project)?;
            let project = write.project(project, AsOf::Now)?.project;
            let number = write.resolve(Noun::Holder, &input.holder)?;
            let of_holder = write.holder(number, AsOf::Now)?;
            let holder = &of_holder.holder;
            let before = write.forward_balance(project.id, holder.id)?;
            let amount = forward::release(&event, &project, holder, before)?;
            let allocation = write.allocation(&event.event, holder.id, AsOf::Now)?;
            let allocation = allocation.ok_or_else(|| Refused::NoAllocation {
                holder: holder.code.clone(),
                event: event.event.code.clone(),
            })?;
            forward::must_fit([event.balance, allocation.balance], amount)?;
            let kind = ForwardKind::Released;
            let new = NewForwardMovement {
                kind,
                project: project.id,
                amount,
                before,
                counterpart: None,
                reason: Some(input.reason.trim()),
            };
            write.insert_forward(&allocation, new)?;
            let changes = json!({
                "event": event.event.code,
                "holder": holder.code,
                "amount": amount,
                "currency": event.currency,
                "reason": input.reason.trim(),
            });
            write
                .record(Fact::new(Activity::ForwardReleased, changes).about(about_event(&event)))?;
            let mut books = Books::default();
            if let Some(movement) = kind.movement(amount) {
                books.move_in(write, &allocation, movement)?;
            }
            books.close(write)?;
            let event = Rc::new(write.event(event.number, AsOf::Now)?);
            let row = allocation_row(write, Rc::clone(&event), &of_holder, AsOf::Now)?;
            Ok(((event.number, number), row.ok_or_else(missing)?))
        },
    )
}

fn missing() -> store::Error {
    store::Error::bug("the allocation of a release is missing")
}
