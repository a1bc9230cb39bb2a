//! The arguments of requests, payments and payment files.

use super::{LAYOUTS, Picks};
use crate::model::{
    act::{Act, Bank, HolderSelection, PaymentInput, WithdrawalSelection},
    books::{Payment, Withdrawal},
    units::{ONE, Units},
};

impl Picks<'_> {
    pub(super) fn request(&mut self) -> Act {
        let event = self.event(&["active"]);
        let whom = match self.dice.below(20) {
            0..5 => HolderSelection::Everybody {
                strict: self.dice.percent(20),
            },
            5..7 => {
                let rows = 1 + self.dice.below(4);
                HolderSelection::Rows((0..rows).map(|_| self.asked(&event)).collect())
            }
            7..12 => HolderSelection::One(self.asked(&event).0, None, self.given()),
            _ => {
                let (holder, amount) = self.asked(&event);
                HolderSelection::One(holder, Some(amount), self.given())
            }
        };
        Act::Request { event, whom }
    }

    /// Picks who asks for how much: mostly what is there to be had.
    pub(super) fn asked(&mut self, event: &str) -> (String, Units) {
        let Ok(event) = self.books.event(event) else {
            return (self.holder(), ONE);
        };
        let minor = self.books.minor(event);
        let with_money: Vec<_> = self.books.events[event]
            .shares
            .iter()
            .filter(|share| share.available() >= minor)
            .collect();
        let Some(share) = self
            .dice
            .pick(&with_money)
            .filter(|_| self.dice.percent(92))
        else {
            return (self.holder(), minor);
        };
        let most = share.available() / minor;
        let amount = match self.dice.below(30) {
            0 => 0,
            1 => minor * most + 1,
            2..4 => minor * (most + 1),
            4..14 => minor * most,
            _ => minor * self.dice.units(most),
        };
        (self.books.holders[share.holder].code.clone(), amount)
    }

    pub(super) fn given(&mut self) -> Bank {
        if self.dice.percent(85) {
            Bank::default()
        } else {
            self.bank_details()
        }
    }

    pub(super) fn review(&mut self, verb: &'static str) -> Act {
        let open: &[&str] = if verb == "withdrawal cancel" {
            &["pending", "approved"]
        } else {
            &["pending"]
        };
        let which = match self.dice.below(20) {
            0..4 => WithdrawalSelection::AllOf(self.event(&["active"])),
            4..6 => WithdrawalSelection::These(
                (0..2 + self.dice.below(2))
                    .map(|_| self.withdrawal(open))
                    .collect(),
            ),
            _ => WithdrawalSelection::These(vec![self.withdrawal(open)]),
        };
        Act::Review { verb, which }
    }

    pub(super) fn payment(&mut self) -> Act {
        let paid: Vec<&Payment> = self.books.payments.iter().collect();
        if self.dice.percent(10)
            && let Some(payment) = self.dice.pick(&paid)
        {
            return Act::Pay(self.paid_again(payment));
        }
        Act::Pay(self.paying())
    }

    /// Returns the input of a payment again, the same or almost the same.
    pub(super) fn paid_again(&mut self, payment: &Payment) -> PaymentInput {
        let Payment {
            withdrawal,
            amount,
            reference,
            date,
            ..
        } = payment;
        let (mut reference, mut date, mut amount) = (reference.clone(), *date, Some(*amount));
        match self.dice.below(8) {
            0 => reference.push('x'),
            1 => date = date.pred_opt().unwrap(),
            2 => amount = amount.map(|amount| amount + ONE),
            3 => amount = None,
            _ => {}
        }
        PaymentInput {
            withdrawal: withdrawal + 1,
            reference,
            date,
            amount,
        }
    }

    pub(super) fn paying(&mut self) -> PaymentInput {
        let withdrawal = self.withdrawal(&["approved"]);
        let at = self.books.withdrawal(withdrawal).ok();
        let (requested, minor) = at.map_or((ONE, ONE), |at| {
            let Withdrawal { amount, event, .. } = self.books.withdrawals[at];
            (amount, self.books.minor(event))
        });
        let amount = match self.dice.below(40) {
            0 => Some(0),
            1 => Some(requested - 1),
            2..4 => Some(requested + minor),
            4..8 => Some(requested),
            8..16 => Some(minor * self.dice.units(requested / minor)),
            _ => None,
        };
        let used = if self.dice.percent(7) {
            self.dice.pick(&self.books.payments)
        } else {
            None
        };
        let reference = used.map(|payment| payment.reference.clone());
        let reference =
            reference.unwrap_or_else(|| format!("R{}-{}", self.count, self.dice.below(1_000_000)));
        PaymentInput {
            withdrawal,
            reference,
            date: self.past_day(),
            amount,
        }
    }

    /// Pays several at once: mostly all that is approved of an event, in full.
    pub(super) fn payments(&mut self) -> Act {
        let event = self.books.event(&self.event(&["active"])).ok();
        let fits = |(_, withdrawal): &(usize, &Withdrawal)| {
            Some(withdrawal.event) == event && withdrawal.status == "approved"
        };
        let approved: Vec<usize> = self
            .books
            .withdrawals
            .iter()
            .enumerate()
            .filter(fits)
            .map(|(at, _)| at + 1)
            .collect();
        let date = self.past_day();
        let mut rows: Vec<PaymentInput> = (approved.into_iter())
            .map(|withdrawal| PaymentInput {
                withdrawal,
                reference: format!("F{}-{withdrawal}", self.count),
                date,
                amount: None,
            })
            .collect();
        if rows.is_empty() || self.dice.percent(40) {
            rows.push(self.paying());
        }
        if let Some(payment) = self
            .dice
            .pick(&self.books.payments)
            .filter(|_| self.dice.percent(25))
        {
            rows.push(self.paid_again(payment));
        }
        Act::PayFile(rows)
    }

    pub(super) fn giving_back(&mut self) -> Act {
        let standing = |(_, payment): &(usize, &Payment)| payment.returned.is_none();
        let standing: Vec<usize> = self
            .books
            .payments
            .iter()
            .enumerate()
            .filter(standing)
            .map(|(at, _)| at)
            .collect();
        let picked = self
            .dice
            .pick(&standing)
            .copied()
            .filter(|_| self.dice.percent(85));
        let payment = picked.unwrap_or_else(|| self.dice.below(self.books.payments.len() + 2));
        let paid_on = self
            .books
            .payments
            .get(payment)
            .map_or(self.books.today, |payment| payment.date);
        let date = match self.dice.below(12) {
            0 => paid_on.pred_opt().unwrap(),
            1 => self.books.today.succ_opt().unwrap(),
            2..5 => paid_on,
            _ => self.books.today.max(paid_on),
        };
        Act::Return {
            payment: payment + 1,
            date,
        }
    }

    pub(super) fn file(&mut self) -> Act {
        let of_event = self.dice.percent(40);
        let withdrawals: Vec<usize> = (0..=self.dice.below(2)).map(|_| self.unfiled()).collect();
        let event = self
            .books
            .withdrawal(withdrawals[0])
            .ok()
            .map(|at| self.books.withdrawals[at].event);
        let project = event.map(|event| self.books.events[event].project);
        let fits: Vec<&str> = (self.books.accounts.iter())
            .filter(|account| {
                project.is_some_and(|at| self.books.projects[at].currency == account.currency)
            })
            .map(|account| account.code.as_str())
            .collect();
        let account = self
            .dice
            .pick(&fits)
            .copied()
            .filter(|_| self.dice.percent(85));
        let account = account.unwrap_or_else(|| {
            if self.dice.percent(80) {
                self.one(&["OPS", "SPARE", "KWD"])
            } else {
                "NONE"
            }
        });
        let account = account.to_owned();
        let which = match event.filter(|_| of_event) {
            Some(event) => WithdrawalSelection::AllOf(self.books.events[event].code.clone()),
            None => WithdrawalSelection::These(withdrawals),
        };
        Act::FileCreate {
            account,
            which,
            layout: self.one(&LAYOUTS),
        }
    }

    /// Picks a withdrawal's number, mostly of one that is approved and in no payment file.
    pub(super) fn unfiled(&mut self) -> usize {
        let is_unfiled = |at: &usize| {
            self.books.withdrawals[*at].status == "approved" && self.books.file_of(*at).is_none()
        };
        let unfiled: Vec<usize> = (0..self.books.withdrawals.len())
            .filter(is_unfiled)
            .collect();
        let picked = self
            .dice
            .pick(&unfiled)
            .copied()
            .filter(|_| self.dice.percent(90));
        picked.map_or_else(|| self.withdrawal(&["approved"]), |at| at + 1)
    }

    /// Picks an item of a file, mostly one that is in it.
    pub(super) fn item_drop(&mut self) -> Act {
        let files = self.books.files.len();
        let number = self.dice.below(files + 1);
        let items: Vec<usize> = (self.books.files.get(number))
            .map(|file| file.items().collect())
            .unwrap_or_default();
        let picked = self
            .dice
            .pick(&items)
            .copied()
            .filter(|_| self.dice.percent(80));
        let withdrawal = picked.map_or_else(|| self.withdrawal(&["approved"]), |at| at + 1);
        Act::FileDrop {
            file: number + 1,
            withdrawal,
        }
    }

    pub(super) fn file_cancellation(&mut self) -> Act {
        let open = |at: &usize| {
            let file = &self.books.files[*at];
            self.books.is_open(file) && !self.books.free_items(file).is_empty()
        };
        let open: Vec<usize> = (0..self.books.files.len()).filter(open).collect();
        let picked = self
            .dice
            .pick(&open)
            .copied()
            .filter(|_| self.dice.percent(75));
        Act::FileCancel(picked.unwrap_or_else(|| self.dice.below(self.books.files.len() + 1)) + 1)
    }
}
