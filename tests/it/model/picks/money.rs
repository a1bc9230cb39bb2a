//! The arguments of requests, payments and payment files.

use super::{LAYOUTS, Picks};
use crate::model::{
    act::{Act, Bank, HolderSelection, MEANS, PaymentInput, WithdrawalSelection},
    books::{File, Payment, Share, Withdrawal},
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
            7..12 => {
                let holder = self.asked(&event).0;
                let bank = self.given(&event, &holder);
                HolderSelection::One(holder, None, bank)
            }
            _ => {
                let (holder, amount) = self.asked(&event);
                let bank = self.given(&event, &holder);
                HolderSelection::One(holder, Some(amount), bank)
            }
        };
        let has_bank = matches!(&whom, HolderSelection::One(_, _, bank) if !bank.is_empty());
        let means = if self.dice.percent(if has_bank { 96 } else { 82 }) {
            MEANS[0]
        } else {
            self.one(&MEANS[1..])
        };
        Act::Request { event, whom, means }
    }

    /// Picks who asks for how much: mostly what is there to be had.
    pub(super) fn asked(&mut self, event: &str) -> (String, Units) {
        let Ok(event) = self.books.event(event) else {
            return (self.holder(), ONE);
        };
        let minor = self.books.minor(event);
        let with_money = |share: &&Share| share.available() >= minor;
        let with_money: Vec<&Share> = (self.books.events[event].shares.iter())
            .filter(with_money)
            .collect();
        let payable: Vec<&Share> = (with_money.iter().copied())
            .filter(|share| self.books.is_payable(event, share.holder))
            .collect();
        let from = if payable.is_empty() || self.dice.percent(15) {
            &with_money
        } else {
            &payable
        };
        let Some(share) = self.dice.pick(from).filter(|_| self.dice.percent(92)) else {
            return (self.holder(), minor);
        };
        let most = share.available() / minor;
        let amount = match self.dice.below(30) {
            0 => 0,
            1 => minor * most + 1,
            2..4 => minor * (most + 1),
            4..20 => minor * most,
            _ => minor * self.dice.units(most),
        };
        (self.books.holders[share.holder].code.clone(), amount)
    }

    /// Picks bank details that go with a request: mostly none, or some if the holder has none in the
    /// event's currency.
    pub(super) fn given(&mut self, event: &str, holder: &str) -> Bank {
        let found = (self.books.event(event).ok()).zip(self.books.holder(holder).ok());
        let needs = found.is_some_and(|(event, holder)| !self.books.is_payable(event, holder));
        if needs && self.dice.percent(70) {
            Bank::of("UBA", None, "5550000001")
        } else if self.dice.percent(88) {
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
            means: None,
        }
    }

    pub(super) fn paying(&mut self) -> PaymentInput {
        // What is in a payment file is for the bank to pay.
        let withdrawal = if self.dice.percent(75) {
            self.unfiled()
        } else {
            self.withdrawal(&["approved"])
        };
        let at = self.books.withdrawal(withdrawal).ok();
        let (requested, minor) = at.map_or((ONE, ONE), |at| {
            let Withdrawal { amount, event, .. } = self.books.withdrawals[at];
            (amount, self.books.minor(event))
        });
        let amount = match self.dice.below(40) {
            0 => Some(0),
            1 => Some(requested - 1),
            2..4 => Some(requested + minor),
            4..12 => Some(requested),
            12..16 => Some(minor * self.dice.units(requested / minor)),
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
            means: self.said_means(at),
        }
    }

    /// Picks by what means a withdrawal is said to be paid: seldom by others than it was requested.
    fn said_means(&mut self, withdrawal: Option<usize>) -> Option<&'static str> {
        let means = withdrawal.map(|at| self.books.withdrawals[at].means);
        match self.dice.below(20) {
            0 => Some(self.one(&MEANS)),
            1..5 => means,
            _ => None,
        }
    }

    /// Pays several at once: mostly all that is approved of an event, in full.
    pub(super) fn payments(&mut self) -> Act {
        let event = self.books.event(&self.event(&["active"])).ok();
        let fits = |(_, withdrawal): &(usize, &Withdrawal)| {
            Some(withdrawal.event) == event
                && withdrawal.status == "approved"
                && !self.books.holders[withdrawal.holder].blocked
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
                means: None,
            })
            .collect();
        if rows.is_empty() || self.dice.percent(20) {
            // A file does not say by what means.
            let paying = self.paying();
            rows.push(PaymentInput {
                means: None,
                ..paying
            });
        }
        if let Some(payment) = self
            .dice
            .pick(&self.books.payments)
            .filter(|_| self.dice.percent(15))
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

    /// Corrects the reference or the date of a payment, mostly of one that no line is matched with.
    pub(super) fn correction(&mut self) -> Act {
        let is_open = |at: usize| {
            let withdrawal = self.books.payments[at].withdrawal;
            self.books.linked("payment", withdrawal).is_none()
        };
        let payment = self.payment_that(&is_open);
        let known = self.books.payments.get(payment);
        let reference = match self.dice.below(10) {
            0 => known.map(|payment| payment.reference.clone()),
            1 => (self.dice.pick(&self.books.payments)).map(|payment| payment.reference.clone()),
            2..8 => Some(format!("C{}", self.count)),
            _ => None,
        };
        let dated = reference.is_none() || self.dice.percent(30);
        Act::Correct {
            payment: payment + 1,
            reference,
            date: dated.then(|| self.past_day()),
        }
    }

    /// Settles a payment by hand, mostly one that is outstanding.
    pub(super) fn settlement(&mut self) -> Act {
        let is_outstanding = |at: usize| self.books.outstanding(at).is_some();
        Act::Settle(self.payment_that(&is_outstanding) + 1)
    }

    pub(super) fn settlement_undone(&mut self) -> Act {
        let is_settled = |at: usize| self.books.payments[at].settled.is_some();
        Act::UndoSettlement(self.payment_that(&is_settled) + 1)
    }

    /// Picks a payment, mostly one that fits.
    fn payment_that(&mut self, fits: &dyn Fn(usize) -> bool) -> usize {
        let all = self.books.payments.len();
        let fitting: Vec<usize> = (0..all).filter(|at| fits(*at)).collect();
        let picked = (self.dice.pick(&fitting).copied()).filter(|_| self.dice.percent(88));
        picked.unwrap_or_else(|| self.dice.below(all + 1))
    }

    pub(super) fn file(&mut self) -> Act {
        let of_event = self.dice.percent(60);
        let first = self.unfiled();
        let event = self
            .books
            .withdrawal(first)
            .ok()
            .map(|at| self.books.withdrawals[at].event);
        let project = event.map(|event| self.books.events[event].project);
        let like_it = |at: &usize| {
            let event = self.books.withdrawals[*at].event;
            Some(self.books.events[event].project) == project
        };
        let mut others: Vec<usize> = self.unfiled_ones();
        others.retain(like_it);
        let mut withdrawals = vec![first];
        for _ in 0..self.dice.below(4) {
            withdrawals.extend(self.dice.pick(&others).map(|at| at + 1));
        }
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
        // Seldom the account of another project.
        let other = project.is_some_and(|at| at != 0) && self.dice.percent(8);
        let account = if other { "OPS" } else { account }.to_owned();
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
        let unfiled = self.unfiled_ones();
        let picked = self
            .dice
            .pick(&unfiled)
            .copied()
            .filter(|_| self.dice.percent(90));
        picked.map_or_else(|| self.withdrawal(&["approved"]), |at| at + 1)
    }

    /// Lists the approved transfers that are in no payment file.
    pub(super) fn unfiled_ones(&self) -> Vec<usize> {
        let is_unfiled = |at: &usize| {
            let withdrawal = &self.books.withdrawals[*at];
            (withdrawal.status, withdrawal.means) == ("approved", "transfer")
                && self.books.file_of(*at).is_none()
        };
        (0..self.books.withdrawals.len())
            .filter(is_unfiled)
            .collect()
    }

    /// Picks a file to export, mostly one that was not exported yet.
    pub(super) fn export(&mut self) -> Act {
        let open = |at: &usize| self.books.is_open(&self.books.files[*at]);
        let open: Vec<usize> = (0..self.books.files.len()).filter(open).collect();
        let new = |at: &usize| {
            self.books.files[*at].exported.is_none() && self.books.look_again(*at + 1).is_ok()
        };
        let new: Vec<usize> = open.iter().copied().filter(new).collect();
        let from = if new.is_empty() || self.dice.percent(25) {
            &open
        } else {
            &new
        };
        let picked = (self.dice.pick(from).copied()).filter(|_| self.dice.percent(90));
        Act::FileExport(picked.unwrap_or_else(|| self.dice.below(self.books.files.len() + 1)) + 1)
    }

    /// Goes over the items that can be dropped, each with its file.
    pub(super) fn droppable(&self) -> impl Iterator<Item = (usize, usize)> {
        let several = |(_, file): &(usize, &File)| file.items().count() > 1;
        let files = self.books.files.iter().enumerate().filter(several);
        files.flat_map(|(at, file)| {
            let free = match file.exported {
                Some(_) => self.books.free_items(file),
                None => file.items().collect(),
            };
            free.into_iter().map(move |item| (at, item))
        })
    }

    /// Goes over the items of exported files that the bank has or may have paid, each with its file.
    fn settled_items(&self) -> Vec<(usize, usize)> {
        let exported = |(_, file): &(usize, &File)| file.exported.is_some();
        let files = self.books.files.iter().enumerate().filter(exported);
        let items = files.flat_map(|(at, file)| {
            let free = self.books.free_items(file);
            let settled = file.items().filter(move |item| !free.contains(item));
            settled.map(move |item| (at, item))
        });
        items.collect()
    }

    /// Picks an item of a file, mostly one that is in it with others.
    pub(super) fn item_drop(&mut self) -> Act {
        let settled = self.settled_items();
        let settled = self.dice.pick(&settled).copied();
        if let Some((file, item)) = settled.filter(|_| self.dice.percent(12)) {
            return Act::FileDrop {
                file: file + 1,
                withdrawal: item + 1,
            };
        }
        let droppable: Vec<(usize, usize)> = self.droppable().collect();
        let picked = self.dice.pick(&droppable).copied();
        if let Some((file, item)) = picked.filter(|_| self.dice.percent(75)) {
            return Act::FileDrop {
                file: file + 1,
                withdrawal: item + 1,
            };
        }
        let number = self.dice.below(self.books.files.len() + 1);
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
