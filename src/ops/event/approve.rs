//! `event approve`: what is approved is what the register still gives.

use serde_json::json;

use super::{Summary, calculate::calculate_now, find, recall_summary};
use crate::{
    domain::{
        activity::{Activity, Fact},
        event::{
            self, Event, EventHands, EventStatus, Frozen, LastApproved, Share, StoredParts,
            StoredTax, calculated_amounts,
        },
        quantity::Amount,
        reviewers::Hand,
        session::Session,
        user::FourEyes,
    },
    ops::{
        Error, about_event,
        books::{self, Books},
        forward, requests, reserve, tax,
    },
    store::{AsOf, Done, Ledger, RegisterSpan, Request, WriteTx},
};

/// Reads who had a hand in an event and in what it is calculated from.
fn hands(
    write: &mut WriteTx<'_>,
    event: &Event,
    last: Option<&LastApproved>,
) -> Result<EventHands, Error> {
    let work = write.work_on_event(event.event.id)?.into_iter();
    let of_event = work.filter_map(|entry| {
        Some(Hand {
            user: entry.user,
            did: event::work(&entry.activity)?,
        })
    });
    let span = RegisterSpan {
        project: event.project.id,
        until: event.record_date,
        since: last.map(|last| last.approved_at),
    };
    let recorders = write.recorders(span)?.into_iter();
    let recorders = recorders.map(|user| Hand {
        user,
        did: "recorded register entries that count for",
    });
    let excluders = write.exclusion_recorders(event.project.id, event.record_date, last)?;
    let of_exclusions = excluders.into_iter().map(|user| Hand {
        user,
        did: "recorded or ended exclusions that count for",
    });
    let project = write.project_by_id(event.project.id)?;
    let of_profile = project
        .tax_profile_set
        .filter(|(_, at)| last.is_none_or(|last| *at > last.approved_at));
    let of_profile = of_profile.map(|(user, _)| Hand {
        user: user.id,
        did: "chose or removed the tax profile that counts for",
    });
    Ok(EventHands {
        event: of_event.collect(),
        register: recorders.chain(of_exclusions).chain(of_profile).collect(),
        last: last.map(|last| last.event.code.clone()),
    })
}

/// Approves a calculation, after the register was seen to still give it. What is approved is
/// exactly what is paid.
///
/// # Errors
/// Those of [`event::approve`] and [`event::still_calculates`].
pub fn approve(
    ledger: &mut Ledger,
    session: Session,
    given: &str,
    hash: Option<&str>,
) -> Result<Done<Summary>, Error> {
    let request = Request {
        command: "event approve",
        activity: Activity::EventApproved,
        input: &requests::EventApproval { event: given, hash },
    };
    ledger.write(session, request, recall_summary, |write| {
        let event = find(write, given)?;
        let last = write.last_approved(event.project.id, event.event.id)?;
        let hands = match write.reviewers.four_eyes {
            FourEyes::On => hands(write, &event, last.as_ref())?,
            FourEyes::Off => EventHands::default(),
        };
        let (actor, now) = (&write.actor, write.now);
        let (state, second) = event::approve(&event, actor, &write.reviewers, &hands, hash, now)?;
        let stored = stored(write, &event)?;
        event::still_calculates(&event, &stored.hash)?;
        let fresh = match calculate_now(write, &event) {
            Ok(fresh) => {
                event::still_calculates(&event, &fresh.hash)?;
                event::still_owes(&event, &stored.tax, &fresh)?;
                fresh
            }
            Err(Error::Refused(_)) => {
                return Err(event::stale(&event).into());
            }
            Err(error) => return Err(error),
        };
        let deductions = write.deductions(event.event.id, AsOf::Now)?;
        reserve::book(write, &event, &deductions)?;
        if let Some(tax) = &fresh.tax {
            tax::items::record(write, &event, tax)?;
        }
        let mut books = Books::default();
        forward::bring_and_carry(write, &event, &mut books)?;
        let balance = books.take(&event);
        let figures = event::figures(&event, &fresh, balance.into(), last.as_ref());
        let settled = event::settle(state.clone(), balance, now);
        write.update_event(&event, &settled, event.sums(balance))?;
        let mut changes = json!({
            "event": event.event.code,
            "calculation_hash": event.state.calculation().map(|calculation| &calculation.hash),
            "total_amount": event.total.amount(),
        });
        second.mark(&mut changes);
        let fact = Fact::new(Activity::EventApproved, changes).about(about_event(&event));
        write.record(fact.moved(Some(event.status().as_str()), state.status().as_str()))?;
        if settled.status() == EventStatus::Completed {
            let fact = books::settled(Activity::EventCompleted, &event, balance);
            let (was, is) = (state.status().as_str(), settled.status().as_str());
            write.record(fact.moved(Some(was), is))?;
        }
        let detail = super::detail(write, event.number)?;
        Ok(((event.number, figures.clone()), Summary { detail, figures }))
    })
}

/// The allocations of the ledger, which are what will be paid.
struct Stored {
    /// Their hash.
    hash: String,
    /// To whom the tax of each is owed.
    tax: StoredTax,
}

fn stored(write: &mut WriteTx<'_>, event: &Event) -> Result<Stored, Error> {
    let terms = write.tax_terms(event)?;
    let (Some(calculation), Some(total)) = (event.state.calculation(), event.total.amount()) else {
        return Ok(Stored {
            hash: String::new(),
            tax: StoredTax::default(),
        });
    };
    let deductions = write.deductions(event.event.id, AsOf::Now)?;
    let components = write.components(event.event.id, AsOf::Now)?;
    let parts = write.parts_of_event(event.event.id)?;
    let mut shares = Vec::new();
    write.each_allocation(&event.event, AsOf::Now, |allocation| {
        shares.push(Share {
            holder: allocation.holder,
            tokens: allocation.tokens,
            percentage: allocation.percentage,
            amount: allocation.balance.allocated(),
            assigned: allocation.assigned,
            tax: allocation.balance.tax(),
            tax_class: allocation.tax_class,
        });
        Ok::<_, Error>(())
    })?;
    let excluded = write.excluded(event)?;
    let frozen = Frozen {
        total,
        deductions: &deductions,
        components: &calculated_amounts(&components),
        total_tokens: calculation.total_tokens,
        nav: calculation.nav,
        excluded: &excluded,
        retained: event.retained,
        tax: terms.as_ref(),
    };
    let parts = StoredParts {
        components: components.len(),
        parts: &parts,
    };
    let add = |at, share: &Share, list: &mut Vec<Amount>| parts.add_to(list, at, share.amount);
    let hash = event::calculation_hash(event, &frozen, &shares, add);
    let classes = shares.iter().map(|share| share.tax_class).collect();
    Ok(Stored {
        hash,
        tax: StoredTax { terms, classes },
    })
}
