//! An export looks again: what happened to the items of a file since it was created.

use super::{FileItem, PaymentFile};
use crate::domain::{
    Refused,
    code::{LineNumber, PaymentNumber},
    event::EventStatus,
    file_item::{Change, ItemChange},
    holder::HolderStatus,
    status::WithdrawalStatus,
};

/// A live item of a payment file, and what the ledger says about it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemNow {
    /// The row number of the item.
    pub row: i64,
    /// The item.
    pub item: FileItem,
    /// The payment of its withdrawal, if one is recorded.
    pub payment: Option<PaymentNumber>,
    /// Whether the holder may be paid.
    pub holder_status: HolderStatus,
    /// The status of the event.
    pub event_status: EventStatus,
    /// Whether the holder's bank details are those of the item.
    pub account: AccountNow,
    /// What the bank shows of it.
    pub on_bank: OnBank,
}

/// Whether the bank details of a holder changed since a withdrawal was requested. Compared are
/// number, code and account name, not the spelling of the bank's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountNow {
    /// They are the same, or what the item says.
    Same,
    /// They changed.
    Changed,
}

/// What the bank shows of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBank {
    /// Nothing.
    Nothing,
    /// A line shows or may show it.
    Maybe(LineNumber),
    /// A line shows that it was paid through this very file.
    Paid(LineNumber),
}

impl OnBank {
    /// Returns the line that shows or may show the item.
    pub const fn line(self) -> Option<LineNumber> {
        match self {
            Self::Nothing => None,
            Self::Maybe(line) | Self::Paid(line) => Some(line),
        }
    }
}

impl ItemNow {
    /// Returns what speaks against paying the item, if anything does. What a bank line shows as
    /// paid through this very file can no longer be stopped.
    fn change(&self) -> Option<Change> {
        if matches!(self.on_bank, OnBank::Paid(_)) {
            return None;
        }
        let status = self.item.status;
        match (status, self.payment) {
            (WithdrawalStatus::Approved, _) => {}
            (WithdrawalStatus::Paid, Some(payment)) => return Some(Change::Paid(payment)),
            (
                WithdrawalStatus::Pending
                | WithdrawalStatus::Rejected
                | WithdrawalStatus::Cancelled
                | WithdrawalStatus::Paid
                | WithdrawalStatus::Returned,
                _,
            ) => return Some(Change::Status(status)),
        }
        if let HolderStatus::Blocked { reason } = &self.holder_status {
            return Some(Change::HolderBlocked(reason.clone()));
        }
        if self.event_status == EventStatus::Cancelled {
            return Some(Change::EventCancelled);
        }
        (self.account == AccountNow::Changed).then_some(Change::BankDetails)
    }
}

impl PaymentFile {
    /// Refuses to export a file if something happened since that speaks against one of its items.
    ///
    /// # Errors
    /// [`Refused::PaymentFileState`], [`Refused::PaymentFileChanged`] with every such item.
    pub fn must_be_payable(&self, items: &[ItemNow]) -> Result<(), Refused> {
        self.must_be_exportable()?;
        let change = |now: &ItemNow| {
            now.change().map(|change| ItemChange {
                withdrawal: now.item.withdrawal,
                holder: now.item.holder.clone(),
                change,
            })
        };
        let changes: Vec<ItemChange> = items.iter().filter_map(change).collect();
        if changes.is_empty() {
            return Ok(());
        }
        Err(Refused::PaymentFileChanged {
            file: self.number,
            changes,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{
        payment_file::tests::{file, item},
        withdrawal::tests::blocked,
    };

    pub(in crate::domain::payment_file) fn now(number: i64) -> ItemNow {
        ItemNow {
            row: number,
            item: item(number),
            payment: None,
            holder_status: HolderStatus::Active,
            event_status: EventStatus::Active,
            account: AccountNow::Same,
            on_bank: OnBank::Nothing,
        }
    }

    fn with_status(number: i64, status: WithdrawalStatus) -> ItemNow {
        let mut now = now(number);
        now.item.status = status;
        now
    }

    #[test]
    fn every_item_that_changed_is_named_and_the_others_are_not() {
        let paid = |number| ItemNow {
            payment: Some(PaymentNumber::new(7)),
            ..with_status(number, WithdrawalStatus::Paid)
        };
        let items = [
            now(1),
            ItemNow {
                holder_status: blocked(),
                ..now(2)
            },
            ItemNow {
                event_status: EventStatus::Cancelled,
                ..now(3)
            },
            paid(4),
            with_status(5, WithdrawalStatus::Returned),
            with_status(6, WithdrawalStatus::Cancelled),
            ItemNow {
                account: AccountNow::Changed,
                ..now(7)
            },
            ItemNow {
                on_bank: OnBank::Maybe(LineNumber::new(1)),
                ..now(8)
            },
        ];
        let Err(Refused::PaymentFileChanged { changes, .. }) = file().must_be_payable(&items)
        else {
            panic!("nothing was refused");
        };
        let named: Vec<i64> = changes
            .iter()
            .map(|change| change.withdrawal.number())
            .collect();
        assert_eq!(named, [2, 3, 4, 5, 6, 7]);
        assert_eq!(
            changes[2].to_string(),
            "W-000004 of `h1`: P-000007 is recorded for it"
        );
    }

    #[test]
    fn what_the_bank_paid_through_this_file_no_longer_hinders_an_export() {
        let line = LineNumber::new(1);
        for status in WithdrawalStatus::ALL.iter().copied() {
            let shown = ItemNow {
                on_bank: OnBank::Paid(line),
                holder_status: blocked(),
                account: AccountNow::Changed,
                ..with_status(1, status)
            };
            assert_eq!(file().must_be_payable(&[shown]), Ok(()), "{status}");
        }
    }
}
