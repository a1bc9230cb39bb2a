//! Reports over several things of the ledger, as of the end of a day.
//!
//! Each report is read in one transaction. What a report is asked about must have been in the
//! ledger on its day.

mod analytics;
mod controls;
mod holders;
mod month_end;
mod reconciliation;

pub use analytics::{Dashboard, EventScope, analytics, dashboard, history};
pub use controls::{Days, controls};
pub use holders::{
    HolderStatementScope, PortfolioScope, balances, portfolio, recorded_at, statement,
};
pub use month_end::{MonthEnd, Sinks, month_end};
pub use reconciliation::{Reconciled, ReconciliationScope, reconciliation};

use crate::{
    domain::{analytics::counts, event::Event, project::Project},
    ops::Error,
    store::{self, AsOf, EventFilter, Noun, Tx},
};

fn project_at(tx: &mut Tx<'_>, given: Option<&str>, as_of: AsOf) -> Result<Option<Project>, Error> {
    let number = given
        .map(|given| tx.resolve_at(Noun::Project, given, as_of))
        .transpose()?;
    Ok(number.map(|number| tx.project(number, as_of)).transpose()?)
}

/// Reads the approved events of a project, or of all, in order of distribution date and code.
fn approved(tx: &mut Tx<'_>, filter: &EventFilter, as_of: AsOf) -> Result<Vec<Event>, Error> {
    let mut events = tx.events(filter, as_of)?;
    events.retain(counts);
    Ok(events)
}

fn too_much() -> Error {
    store::Error::bug("the amounts of a report add up to too much").into()
}
