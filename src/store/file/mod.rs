//! The ledger as a file: making, opening, copying and migrating it.

pub(in crate::store) mod backup;
pub(in crate::store) mod leftovers;
pub(in crate::store) mod migrate;
pub(in crate::store) mod open;
pub(in crate::store) mod reserved;
mod rollback;
pub(in crate::store) mod twin;
pub(in crate::store) mod versions;
