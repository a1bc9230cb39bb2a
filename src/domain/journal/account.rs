//! The chart of accounts.

use crate::domain::{code::Code, event::DeductionKind, signed::Signed};

/// An account of the journal, in the order of a chart of accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A bank account of the fund.
    Bank(Code),
    /// What was paid from an account that neither a bank line nor a payment file names.
    Unassigned,
    /// What a bank account shows and nothing explains yet.
    Suspense(Code),
    /// What a holder may ask for; of all holders of the project if none is named, as in a trial
    /// balance.
    Available {
        /// The project.
        project: Code,
        /// The holder.
        holder: Option<Code>,
    },
    /// What a holder asked for and did not get yet; of all holders of the project if none
    /// is named.
    Pending {
        /// The project.
        project: Code,
        /// The holder.
        holder: Option<Code>,
    },
    /// What is owed to a holder and kept for the next event; of all holders of the project if none
    /// is named.
    Forward {
        /// The project.
        project: Code,
        /// The holder.
        holder: Option<Code>,
    },
    /// Tax that was withheld and is owed to an authority.
    Tax(Code),
    /// What a project declared to its holders.
    Distributions(Code),
    /// What a project put into reserves, as a debit.
    SetAside(Code),
    /// The reserves of a project.
    Reserves(Code),
    /// Money that was brought to a bank account or taken from it.
    Funding,
    /// What was in the bank accounts before their first statement.
    Opening,
    /// Bank lines that a user explained as something else.
    Other,
    /// The proceeds that a project distributed.
    Proceeds(Code),
    /// Interest by the bank.
    Interest,
    /// Forward balances of a project that were given up, since no bank can pay them.
    WrittenOff(Code),
    /// The bank's charges, and taxes and levies on them.
    Charges,
    /// What was deducted from the proceeds of a project.
    Deductions {
        /// The project.
        project: Code,
        /// What became of it.
        kind: DeductionKind,
    },
}

/// One side of an entry: an account and what it is debited, negative if it is credited.
pub type Posting = (Account, Signed);

impl Account {
    /// Returns the account under which a trial balance shows it: those of holders by their project.
    #[must_use]
    pub fn summed(self) -> Self {
        match self {
            Self::Available { project, .. } => Self::Available {
                project,
                holder: None,
            },
            Self::Pending { project, .. } => Self::Pending {
                project,
                holder: None,
            },
            Self::Forward { project, .. } => Self::Forward {
                project,
                holder: None,
            },
            Self::Bank(_)
            | Self::Unassigned
            | Self::Suspense(_)
            | Self::Tax(_)
            | Self::Distributions(_)
            | Self::SetAside(_)
            | Self::Reserves(_)
            | Self::Proceeds(_)
            | Self::Deductions { .. }
            | Self::Funding
            | Self::Opening
            | Self::Other
            | Self::Interest
            | Self::WrittenOff(_)
            | Self::Charges => self,
        }
    }

    /// Returns the account that pays, or the one for what no account is known for.
    pub(super) fn paying(account: Option<&Code>) -> Self {
        account.map_or(Self::Unassigned, |code| Self::Bank(code.clone()))
    }
}
