//! The ids of what the arguments of a list name. What came into the ledger after the day of the
//! list is as unknown as it was then.

use super::Error;
use crate::{
    domain::id::{EventId, HolderId, ProjectId},
    store::{AsOf, Noun, Tx},
};

/// Returns the id of the event that is given, if one is.
pub(super) fn event(
    tx: &mut Tx<'_>,
    given: Option<&str>,
    as_of: AsOf,
) -> Result<Option<EventId>, Error> {
    let Some(given) = given else { return Ok(None) };
    let number = tx.resolve_at(Noun::Event, given, as_of)?;
    Ok(Some(tx.event(number, AsOf::Now)?.event.id))
}

/// Returns the id of the project that is given, if one is.
pub(super) fn project(
    tx: &mut Tx<'_>,
    given: Option<&str>,
    as_of: AsOf,
) -> Result<Option<ProjectId>, Error> {
    let Some(given) = given else { return Ok(None) };
    let number = tx.resolve_at(Noun::Project, given, as_of)?;
    Ok(Some(tx.project(number, AsOf::Now)?.project.id))
}

/// Returns the id of the holder that is given, if one is.
pub(super) fn holder(
    tx: &mut Tx<'_>,
    given: Option<&str>,
    as_of: AsOf,
) -> Result<Option<HolderId>, Error> {
    let Some(given) = given else { return Ok(None) };
    let number = tx.resolve_at(Noun::Holder, given, as_of)?;
    Ok(Some(tx.holder(number, AsOf::Now)?.holder.id))
}
