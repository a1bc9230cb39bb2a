//! `prorata report allocations`: what `prorata event allocations` lists.

pub(crate) use crate::event::allocations::{Args, run};
