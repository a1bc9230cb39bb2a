//! The stored forms of requests that have no input of their own. A key is bound to the form in
//! which serde writes a request, so these forms do not change.

use serde::Serialize;

use super::withdrawal::Selection;
use crate::{
    domain::{account::BankDetails, currency::Currency, event::Policy, user::FourEyes},
    intake::SheetFile,
};

/// `init`.
#[derive(Serialize)]
pub(super) struct Init<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) four_eyes: FourEyes,
}

/// `backup`.
#[derive(Serialize)]
pub(super) struct Backup<'a> {
    pub(super) file: &'a str,
}

/// `holder block` and `holder unblock`.
#[derive(Serialize)]
pub(super) struct HolderBlock<'a> {
    pub(super) holder: &'a str,
    pub(super) reason: &'a str,
}

/// `user acknowledge`.
#[derive(Serialize)]
pub(super) struct UserAcknowledgement<'a> {
    pub(super) user: &'a str,
}

/// `holder account set`.
#[derive(Serialize)]
pub(super) struct HolderAccount<'a> {
    pub(super) holder: &'a str,
    pub(super) bank: &'a BankDetails,
}

/// `holder account remove`.
#[derive(Serialize)]
pub(super) struct HolderAccountRemoval<'a> {
    pub(super) holder: &'a str,
    pub(super) currency: Option<Currency>,
}

/// `history import`.
#[derive(Serialize)]
pub(super) struct HistoryImport<'a> {
    pub(super) project: &'a str,
    pub(super) file: &'a SheetFile,
}

/// `token import`.
#[derive(Serialize)]
pub(super) struct TokenImport<'a> {
    pub(super) project: &'a str,
    pub(super) file_hash: &'a str,
    pub(super) options: &'a str,
}

/// `token undo`.
#[derive(Serialize)]
pub(super) struct TokenUndo<'a> {
    pub(super) import: &'a str,
}

/// `event calculate`.
#[derive(Serialize)]
pub(super) struct EventCalculation<'a> {
    pub(super) event: &'a str,
}

/// `event include`.
#[derive(Serialize)]
pub(super) struct EventInclusion<'a> {
    pub(super) event: &'a str,
    pub(super) holders: &'a [String],
}

/// `event participants`.
#[derive(Serialize)]
pub(super) struct EventParticipants<'a> {
    pub(super) event: &'a str,
    pub(super) file: &'a SheetFile,
    pub(super) policy: &'a Policy<String>,
    pub(super) reason: &'a str,
}

/// `event approve`.
#[derive(Serialize)]
pub(super) struct EventApproval<'a> {
    pub(super) event: &'a str,
    pub(super) hash: Option<&'a str>,
}

/// `event cancel`.
#[derive(Serialize)]
pub(super) struct EventCancellation<'a> {
    pub(super) event: &'a str,
    pub(super) reason: &'a str,
}

/// `withdrawal reject`.
#[derive(Serialize)]
pub(super) struct WithdrawalRejection<'a> {
    pub(super) selection: &'a Selection,
    pub(super) reason: &'a str,
}

/// `payment file export`.
#[derive(Serialize)]
pub(super) struct FileExport<'a> {
    pub(super) file: &'a str,
}

/// `payment file drop`.
#[derive(Serialize)]
pub(super) struct FileItemDrop<'a> {
    pub(super) file: &'a str,
    pub(super) withdrawals: &'a [String],
    pub(super) reason: &'a str,
}

/// `payment file cancel`.
#[derive(Serialize)]
pub(super) struct FileCancellation<'a> {
    pub(super) file: &'a str,
    pub(super) reason: &'a str,
}

/// `proposal approve`.
#[derive(Serialize)]
pub(super) struct ProposalApproval<'a> {
    pub(super) proposals: &'a [String],
}

/// `proposal reject`.
#[derive(Serialize)]
pub(super) struct ProposalRejection<'a> {
    pub(super) proposals: &'a [String],
    pub(super) reason: &'a str,
}

/// `tax certificate approve`.
#[derive(Serialize)]
pub(super) struct CertificateApproval<'a> {
    pub(super) certificates: &'a [String],
}

/// `tax certificate reject`.
#[derive(Serialize)]
pub(super) struct CertificateRejection<'a> {
    pub(super) certificates: &'a [String],
    pub(super) reason: &'a str,
}

/// `tax remittance reverse`.
#[derive(Serialize)]
pub(super) struct RemittanceReversal<'a> {
    pub(super) remittance: &'a str,
    pub(super) reason: &'a str,
}

#[cfg(test)]
mod tests;
