//! Withholding tax: profiles, certificates, what is due and what was remitted.

pub mod certificate;
pub(super) mod effect;
pub(super) mod items;
pub mod profile;
pub mod remittance;
pub mod schedule;
