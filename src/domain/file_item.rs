//! What happens to the items of payment files after their creation: how they end, what that says about
//! their withdrawals, and what an export finds changed.

use std::fmt;

use strum::{IntoStaticStr, VariantArray};

use super::{
    code::{Code, FileNumber, PaymentNumber, WithdrawalNumber},
    status::WithdrawalStatus,
    time::Instant,
    words::words,
};

/// The most days from the creation of a payment file to its execution.
pub const LATEST_EXECUTION: i64 = 366;

/// How an item of a payment file ended: its withdrawal is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ItemEnd {
    /// It was taken out of the file.
    Dropped,
    /// Its file was cancelled.
    Cancelled,
}

/// An item of an earlier payment file that was dropped, or whose exported file was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The file.
    pub file: FileNumber,
    /// How the item ended.
    pub ended: ItemEnd,
    /// When.
    pub at: Instant,
    /// The earlier request that the item was for, if it is not the marked one.
    pub earlier: Option<WithdrawalNumber>,
}

/// What happened to an item since its file was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// The holder.
    pub holder: Code,
    /// What happened.
    pub change: Change,
}

/// What speaks against paying an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The holder was blocked, for this reason.
    HolderBlocked(String),
    /// The event was cancelled.
    EventCancelled,
    /// A payment is recorded that did not go through this file.
    Paid(PaymentNumber),
    /// The withdrawal has another status.
    Status(WithdrawalStatus),
    /// The holder's bank details changed since the request.
    BankDetails,
}

words!(ItemEnd);

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file;
        match (self.earlier, self.ended) {
            (None, ItemEnd::Dropped) => write!(f, "dropped from {file}"),
            (None, ItemEnd::Cancelled) => write!(f, "was in cancelled {file}"),
            (Some(earlier), ItemEnd::Dropped) => write!(f, "{earlier} was dropped from {file}"),
            (Some(earlier), ItemEnd::Cancelled) => {
                write!(f, "{earlier} was in cancelled {file}")
            }
        }
    }
}

impl fmt::Display for ItemChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            withdrawal, holder, ..
        } = self;
        write!(f, "{withdrawal} of `{holder}`: ")?;
        match &self.change {
            Change::HolderBlocked(reason) => write!(f, "the holder is blocked ({reason})"),
            Change::EventCancelled => f.write_str("the event is cancelled"),
            Change::Paid(payment) => write!(f, "{payment} is recorded for it"),
            Change::Status(status) => write!(f, "it is {status}"),
            Change::BankDetails => {
                f.write_str("the bank details of the holder changed since the request")
            }
        }
    }
}

/// Words what happened to all items.
pub(super) fn list(changes: &[ItemChange]) -> String {
    let words: Vec<String> = changes.iter().map(ToString::to_string).collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::tests::now;

    #[test]
    fn a_mark_names_the_file_and_an_earlier_request() {
        let mark = Mark {
            file: FileNumber::new(1),
            ended: ItemEnd::Dropped,
            at: now(),
            earlier: None,
        };
        assert_eq!(mark.to_string(), "dropped from F-000001");
        let cancelled = Mark {
            ended: ItemEnd::Cancelled,
            ..mark
        };
        assert_eq!(cancelled.to_string(), "was in cancelled F-000001");
        let earlier = Mark {
            earlier: Some(WithdrawalNumber::new(3)),
            ..cancelled
        };
        assert_eq!(earlier.to_string(), "W-000003 was in cancelled F-000001");
    }
}
