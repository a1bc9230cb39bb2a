//! Money moved within one transaction: allocations at once, the totals of their events at its end.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::json;

use super::{Error, about_event};
use crate::{
    domain::{
        activity::{Activity, Fact},
        allocation::{Allocation, Balance, Movement},
        event::{Event, EventStatus, settle},
        id::EventId,
        withdrawal::Withdrawal,
    },
    store::{self, WriteTx},
};

/// The events whose money moved in this transaction, with their balances so far.
#[derive(Default)]
pub(super) struct Books {
    events: BTreeMap<EventId, (Event, Balance)>,
}

impl Books {
    /// Moves a withdrawal's money in its allocation and in its event.
    pub(super) fn move_money(
        &mut self,
        write: &mut WriteTx<'_>,
        withdrawal: &Withdrawal,
        movement: Movement,
    ) -> Result<(), Error> {
        let allocation = write.allocation_by_id(&withdrawal.event, withdrawal.allocation_id)?;
        self.move_in(write, &allocation, movement)
    }

    /// Moves money in an allocation that was just read, and in its event.
    pub(super) fn move_in(
        &mut self,
        write: &mut WriteTx<'_>,
        allocation: &Allocation,
        movement: Movement,
    ) -> Result<(), Error> {
        let moved = allocation
            .balance
            .after(movement)
            .ok_or_else(|| impossible(allocation))?;
        write.update_allocation(allocation, moved)?;
        let (_, balance) = self.open(write, allocation.event.id)?;
        *balance = balance
            .after(movement)
            .ok_or_else(|| impossible(allocation))?;
        Ok(())
    }

    /// Moves money in an event only, for a step that writes its allocation itself.
    pub(super) fn count(
        &mut self,
        write: &mut WriteTx<'_>,
        event: &Event,
        movement: Movement,
    ) -> Result<(), Error> {
        let (_, balance) = self.open(write, event.event.id)?;
        *balance = balance.after(movement).ok_or_else(|| {
            store::Error::bug(format!(
                "a movement does not fit the event `{}`",
                event.event.code
            ))
        })?;
        Ok(())
    }

    /// Returns an event whose money is about to move, as it was before the transaction.
    pub(super) fn event(&mut self, write: &mut WriteTx<'_>, id: EventId) -> Result<&Event, Error> {
        let (event, _) = self.open(write, id)?;
        Ok(event)
    }

    /// Reads an event once.
    fn open(
        &mut self,
        write: &mut WriteTx<'_>,
        id: EventId,
    ) -> Result<&mut (Event, Balance), Error> {
        Ok(match self.events.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let event = write.event_by_id(id)?;
                let balance = event.balance;
                new.insert((event, balance))
            }
        })
    }

    /// Takes an event's balance out, for a step that writes the event itself.
    pub(super) fn take(&mut self, event: &Event) -> Balance {
        self.events
            .remove(&event.event.id)
            .map_or(event.balance, |(_, balance)| balance)
    }

    /// Writes the totals of the events, and completes or reopens those that were paid out or no
    /// longer are.
    pub(super) fn close(self, write: &mut WriteTx<'_>) -> Result<(), Error> {
        for (before, balance) in self.events.into_values() {
            let state = settle(before.state.clone(), balance, write.now);
            write.update_event(&before, &state, before.sums(balance))?;
            let activity = match (before.status(), state.status()) {
                (was, is) if was == is => continue,
                (_, EventStatus::Completed) => Activity::EventCompleted,
                _ => Activity::EventReopened,
            };
            let fact = settled(activity, &before, balance);
            write.record(fact.moved(Some(before.status().as_str()), state.status().as_str()))?;
        }
        Ok(())
    }
}

/// Says in an entry that an event was completed or is active again.
pub(super) fn settled(activity: Activity, event: &Event, balance: Balance) -> Fact {
    let changes = json!({ "event": event.event.code, "total_withdrawn": balance.withdrawn() });
    Fact::new(activity, changes).about(about_event(event))
}

fn impossible(allocation: &Allocation) -> Error {
    store::Error::bug(format!(
        "a movement does not fit the allocation {}",
        allocation.id
    ))
    .into()
}
