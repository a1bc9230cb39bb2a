//! The words of certificates and remittances.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::domain::words::words;

/// The word of a certificate's kind.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CertificateWord {
    /// Nothing is withheld.
    Exemption,
    /// A treaty's rate is withheld.
    Treaty,
    /// Another reduced rate is withheld.
    Reduced,
}

/// What became of a certificate.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CertificateStatus {
    /// Waits for a second person, and has no effect.
    Proposed,
    /// Counts on its days.
    Approved,
    /// Never counts.
    Rejected,
    /// Counted until a day that was set later.
    Ended,
}

/// What became of a remittance.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RemittanceStatus {
    /// Recorded; no bank line shows it yet.
    Recorded,
    /// A bank line shows it.
    Reconciled,
    /// Taken back: its items are open again.
    Reversed,
}

words!(CertificateWord, CertificateStatus, RemittanceStatus);
