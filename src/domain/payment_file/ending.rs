//! How items leave a payment file: some are dropped, or the whole file is cancelled.

use std::collections::BTreeSet;

use super::{ItemNow, PaymentFile};
use crate::domain::{
    Refused,
    code::WithdrawalNumber,
    event::Approval,
    quantity::Total,
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    time::Instant,
    user::{Act, Actor, FourEyes},
};

/// Items that leave a file, and who ends them, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The row numbers of the items.
    pub rows: Vec<i64>,
    /// Who, and when.
    pub by: Approval,
    /// Why.
    pub reason: String,
    /// Who ends them after an export.
    pub second: SecondPerson,
}

/// What is left of a file after some of its items were dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropPlan {
    /// What is dropped.
    pub removal: Removal,
    /// How many payments are left.
    pub payments: u64,
    /// Their total.
    pub total: Total,
}

/// Why nothing is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DropError {
    /// A rule refuses it.
    Refused(Refused),
    /// Rules refuse some of the withdrawals.
    Items {
        /// Every refused withdrawal, and why.
        refusals: Vec<(WithdrawalNumber, Refused)>,
        /// How many withdrawals there were.
        of: usize,
    },
}

impl From<Refused> for DropError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl PaymentFile {
    /// Decides a cancellation: every item is freed that no bank line shows and that no payment is
    /// recorded for. `items` are those that are in the file. If a payment is recorded for every one,
    /// and no line shows one of them after an export, the bank may not have made it: the cancellation
    /// frees nothing and lets the payment be returned.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`Refused::PaymentFileSameActor`], [`Refused::PaymentFileState`],
    /// [`Refused::PaymentFileSettled`], [`Refused::ReasonMissing`].
    pub fn cancel(
        &self,
        items: &[ItemNow],
        actor: &Actor,
        reason: &str,
        (reviewers, now): (&Reviewers, Instant),
    ) -> Result<Removal, Refused> {
        let second = self.must_be_second_person(actor, reviewers, "cancel")?;
        if self.status() != "open" {
            return Err(self.refuse("cancelled"));
        }
        let rows: Vec<i64> = items
            .iter()
            .filter(|now| now.is_free().is_ok())
            .map(|now| now.row)
            .collect();
        let unseen = |now: &ItemNow| now.on_bank.line().is_none();
        let is_in_doubt = self.exported.is_some() && items.iter().any(unseen);
        if rows.is_empty() && !is_in_doubt {
            return Err(Refused::PaymentFileSettled { file: self.number });
        }
        let removal = removal(rows, actor, (reason, "cancel"), now)?;
        Ok(Removal { second, ..removal })
    }

    /// Decides which items are dropped. `items` are those that are in the file.
    ///
    /// # Errors
    /// [`DropError`]: [`Refused::Forbidden`], [`Refused::PaymentFileSameActor`],
    /// [`Refused::PaymentFileNoItem`], [`Refused::PaymentFileItemSettled`],
    /// [`Refused::PaymentFileEmpty`], [`Refused::ReasonMissing`].
    pub fn drop(
        &self,
        items: &[ItemNow],
        given: &BTreeSet<WithdrawalNumber>,
        actor: &Actor,
        reason: &str,
        (reviewers, now): (&Reviewers, Instant),
    ) -> Result<DropPlan, DropError> {
        let second = self.must_be_second_person(actor, reviewers, "drop items of")?;
        let find = |number| items.iter().find(|now| now.item.withdrawal == number);
        let (mut rows, mut refusals) = (Vec::new(), Vec::new());
        for number in given.iter().copied() {
            match find(number).map(|now| (now, self.may_drop(now))) {
                None => refusals.push((
                    number,
                    Refused::PaymentFileNoItem {
                        file: self.number,
                        withdrawal: number,
                    },
                )),
                Some((_, Err(refused))) => refusals.push((number, refused)),
                Some((now, Ok(()))) => rows.push(now.row),
            }
        }
        if !refusals.is_empty() {
            let of = given.len();
            return Err(DropError::Items { refusals, of });
        }
        // What a cancellation freed is no longer among the items, and still in the file's bytes: what
        // is dropped leaves them, and nothing else does.
        let dropped = items
            .iter()
            .filter(|now| given.contains(&now.item.withdrawal))
            .map(|now| now.item.amount);
        let amount = dropped.sum::<Option<Total>>();
        let total = amount.and_then(|amount| self.total.checked_sub(amount));
        let count = u64::try_from(rows.len()).ok();
        let payments = count.and_then(|count| self.payments.checked_sub(count));
        let empty = || Refused::PaymentFileEmpty { file: self.number };
        let (total, payments) = total
            .zip(payments)
            .filter(|(_, payments)| *payments > 0)
            .ok_or_else(empty)?;
        Ok(DropPlan {
            removal: Removal {
                second,
                ..removal(rows, actor, (reason, "drop"), now)?
            },
            payments,
            total,
        })
    }

    /// Checks whether an item may be dropped. Before the first export nothing left the ledger, so
    /// every item may.
    fn may_drop(&self, now: &ItemNow) -> Result<(), Refused> {
        let may = match self.exported {
            None => Ok(()),
            Some(_) => now.is_free(),
        };
        may.map_err(|why| Refused::PaymentFileItemSettled {
            file: self.number,
            withdrawal: now.item.withdrawal,
            why,
        })
    }

    /// Refuses whoever may not take items out of the file. After an export the bank may have paid
    /// it: a second person decides, who did not export it first.
    fn must_be_second_person(
        &self,
        actor: &Actor,
        reviewers: &Reviewers,
        verb: &'static str,
    ) -> Result<SecondPerson, Refused> {
        let Some(exported) = &self.exported else {
            actor.must(Act::Record)?;
            return Ok(SecondPerson::default());
        };
        if reviewers.four_eyes == FourEyes::On || !actor.role.may(Act::Record) {
            actor.must(Act::Review)?;
        }
        let exporter = [Hand {
            user: exported.by.id,
            did: "exported",
        }];
        let work = Work {
            hands: &exporter,
            acts: &[Act::Review],
            what: &self.number,
        };
        reviewers.second_person(actor, work, |OwnHand { may, .. }| {
            Refused::PaymentFileSameActor {
                file: self.number,
                actor: actor.user.code.clone(),
                verb,
                may,
            }
        })
    }
}

impl ItemNow {
    /// Checks whether the bank cannot have paid the item and no payment is recorded for it, or
    /// returns why it stays in its file.
    fn is_free(&self) -> Result<(), String> {
        match (self.on_bank.line(), self.payment) {
            (Some(line), _) => Err(format!("bank line {line} shows or may show it")),
            (None, Some(payment)) => Err(format!("{payment} is recorded for it")),
            (None, None) => Ok(()),
        }
    }
}

fn removal(
    rows: Vec<i64>,
    actor: &Actor,
    (reason, verb): (&str, &'static str),
    now: Instant,
) -> Result<Removal, Refused> {
    match reason.trim() {
        "" => Err(Refused::ReasonMissing { verb }),
        reason => Ok(Removal {
            rows,
            by: Approval {
                by: actor.user.clone(),
                at: now,
            },
            reason: reason.to_owned(),
            second: SecondPerson::default(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        code::{LineNumber, PaymentNumber},
        event::tests::{amount, desk, named, now},
        payment_file::{
            OnBank,
            changes::tests::now as item_now,
            tests::{exported, file},
        },
        user::Role,
    };

    fn actor(code: &str, role: Role) -> Actor {
        Actor {
            user: named(code),
            role,
        }
    }

    fn code<T, E: Into<DropError>>(result: Result<T, E>) -> &'static str {
        match result.map_err(Into::into) {
            Ok(_) => "done",
            Err(DropError::Refused(refused)) => refused.code(),
            Err(DropError::Items { refusals, .. }) => refusals[0].1.code(),
        }
    }

    #[test]
    fn who_may_take_items_out_of_a_file() {
        use Role::{Admin, Approver, Auditor, Operator};
        let items = [item_now(1), item_now(2)];
        let given = BTreeSet::from([WithdrawalNumber::new(1)]);
        let (on, off) = (FourEyes::On, FourEyes::Off);
        let ada = || exported("ada");
        for (file, who, role, four_eyes, expected) in [
            (file(), "bola", Operator, on, "done"),
            (file(), "ada", Admin, on, "done"),
            (file(), "chi", Approver, on, "user.forbidden"),
            (file(), "dan", Auditor, off, "user.forbidden"),
            (ada(), "bola", Operator, on, "user.forbidden"),
            (ada(), "ada", Admin, on, "payment_file.same_actor"),
            (ada(), "chi", Approver, on, "done"),
            (ada(), "eve", Admin, on, "done"),
            (ada(), "ada", Admin, off, "done"),
            (ada(), "bola", Operator, off, "done"),
            (ada(), "chi", Approver, off, "done"),
            (ada(), "dan", Auditor, off, "user.forbidden"),
        ] {
            let actor = actor(who, role);

            let when = (desk(four_eyes), now());
            let cancelled = code(file.cancel(&items, &actor, "why", when));
            let dropped = code(file.drop(&items, &given, &actor, "why", when));
            assert_eq!(
                (cancelled, dropped),
                (expected, expected),
                "{who}, {four_eyes}, {:?}",
                file.exported
            );
        }
    }

    #[test]
    fn an_exported_file_keeps_what_the_bank_shows_or_a_payment_is_recorded_for() {
        let shown = ItemNow {
            on_bank: OnBank::Maybe(LineNumber::new(9)),
            ..item_now(1)
        };
        let paid = ItemNow {
            payment: Some(PaymentNumber::new(9)),
            ..item_now(2)
        };
        let (chi, when) = (actor("chi", Role::Approver), (desk(FourEyes::On), now()));
        let items = [shown.clone(), paid.clone(), item_now(3)];
        let removal = exported("bola")
            .cancel(&items, &chi, " why ", when)
            .unwrap();
        assert_eq!((removal.rows, removal.reason.as_str()), (vec![3], "why"));
        // What is recorded and not seen may never have been made: a cancellation frees nothing, and
        // ends that it may be in flight.
        let unseen = [shown.clone(), paid.clone()];
        let removal = exported("bola").cancel(&unseen, &chi, "why", when).unwrap();
        assert_eq!(removal.rows, [0_i64; 0]);
        for (file, items) in [(exported("bola"), vec![shown]), (file(), vec![paid])] {
            let bola = actor("bola", Role::Admin);
            let who = if file.exported.is_some() { &chi } else { &bola };
            let kept = file.cancel(&items, who, "why", when);
            assert_eq!(code(kept), "payment_file.settled");
        }
        for (number, expected) in [
            (1, "payment_file.item_settled"),
            (2, "payment_file.item_settled"),
            (3, "done"),
            (4, "payment_file.no_item"),
        ] {
            let given = BTreeSet::from([WithdrawalNumber::new(number)]);
            let found = exported("bola").drop(&items, &given, &chi, "why", when);
            assert_eq!(code(found), expected, "{number}");
        }
    }

    #[test]
    fn before_an_export_every_item_may_be_dropped_but_the_last() {
        let paid = ItemNow {
            payment: Some(PaymentNumber::new(9)),
            ..item_now(1)
        };
        let (bola, when) = (actor("bola", Role::Operator), (desk(FourEyes::On), now()));
        let items = [paid, item_now(2), item_now(3)];
        let given = |numbers: &[i64]| -> BTreeSet<WithdrawalNumber> {
            numbers
                .iter()
                .map(|number| WithdrawalNumber::new(*number))
                .collect()
        };
        let drop = file()
            .drop(&items, &given(&[1, 3]), &bola, "why", when)
            .unwrap();
        assert_eq!(drop.removal.rows, [1, 3]);
        assert_eq!((drop.payments, drop.total), (1, amount("40").widen()));
        // The cancellation freed W-2 and W-3, and W-1 stayed: its bytes keep those two.
        let by = exported("bola").exported.unwrap();
        let cancelled = PaymentFile {
            cancelled: Some((by, "why".to_owned())),
            ..file()
        };
        let drop = cancelled
            .drop(&items[..1], &given(&[1]), &bola, "why", when)
            .unwrap();
        assert_eq!((drop.payments, drop.total), (2, amount("80").widen()));
        let all = file().drop(&items, &given(&[1, 2, 3]), &bola, "why", when);
        assert_eq!(code(all), "payment_file.empty");
        let silent = file().drop(&items, &given(&[1]), &bola, " ", when);
        assert_eq!(code(silent), "reason.missing");
    }
}
