//! Forward balances: what an approval brings and carries forward, what is released, and what is
//! given up.

mod carry;
mod release;
mod write_off;

pub(super) use carry::{bring_and_carry, expected, undo};
pub use release::{Release, release};
pub(super) use write_off::take_effect;
pub use write_off::{NewWriteOff, write_off};

use super::{Error, Sink, named};
use crate::{
    domain::{
        forward::ForwardRow,
        id::{HolderId, ProjectId},
    },
    store::{AsOf, Ledger, Tx},
};

/// Which forward balances are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this project.
    pub project: Option<String>,
    /// Of this holder.
    pub holder: Option<String>,
}

/// Lists the forward balances above zero, in order of project and holder code.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, ForwardRow>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let project = named::project(tx, filter.project.as_deref(), as_of)?;
        let holder = named::holder(tx, filter.holder.as_deref(), as_of)?;
        let mut waiting = waiting(tx, (project, holder), as_of)?.into_iter();
        waiting.try_for_each(|row| each(row).map_err(Error::Output))
    })
}

/// Reads the forward balances above zero of a project, a holder or all, in order of project and holder
/// code.
pub(super) fn waiting(
    tx: &mut Tx<'_>,
    of: (Option<ProjectId>, Option<HolderId>),
    as_of: AsOf,
) -> Result<Vec<ForwardRow>, Error> {
    let mut rows = tx.forward_rows(of, as_of)?;
    rows.retain(|row| !row.balance.is_zero());
    Ok(rows)
}
