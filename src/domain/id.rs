//! Ids: UUIDs of version 7, one type per thing, so that a holder's id can never be passed for an
//! event's.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::code::Code;

macro_rules! ids {
    ($($name:ident: $what:literal),+ $(,)?) => {$(
        #[doc = concat!("The id of ", $what, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    UserId: "a user",
    ProjectId: "a project",
    HolderId: "an LP token holder",
    HolderAccountId: "a bank account of a holder",
    TokenEntryId: "an entry of the register",
    ImportId: "an import into the register",
    EventId: "a distribution event",
    AllocationId: "an allocation",
    WithdrawalId: "a withdrawal request",
    RequestFileId: "a file of withdrawal requests",
    PaymentId: "a payment",
    PaymentFileId: "a payment file",
    BankAccountId: "a bank account of the fund",
    StatementId: "a bank statement",
    LineId: "a bank line",
    MatchId: "a match of bank lines",
    ProposalId: "a proposal",
    BankRuleId: "a rule about bank lines",
    CertificateId: "a tax certificate",
    RemittanceId: "a tax remittance",
}

/// A thing that people call by a code: its id and that code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Named<I> {
    /// The id.
    pub id: I,
    /// The code that the user chose.
    pub code: Code,
}

/// A user by id and code.
pub type UserRef = Named<UserId>;
/// A project by id and code.
pub type ProjectRef = Named<ProjectId>;
/// A holder by id and code.
pub type HolderRef = Named<HolderId>;
/// An event by id and code.
pub type EventRef = Named<EventId>;
/// A bank account of the fund by id and code.
pub type AccountRef = Named<BankAccountId>;
