//! Withholding tax: profiles, certificates.

pub mod certificate;
pub(super) mod effect;
pub mod profile;
