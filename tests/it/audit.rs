//! `prorata audit …`

pub(crate) mod populated;
mod tamper;
