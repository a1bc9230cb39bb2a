//! What was reviewed is what is done: the hash of a selection of withdrawals.

use std::{collections::BTreeSet, str::FromStr};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{
    Refused,
    batch::{BatchTotals, add_total},
    code::WithdrawalNumber,
    currency::Currency,
    hash::hex,
    quantity::{Amount, Total},
    time::Instant,
    withdrawal::{Means, Withdrawal, WithdrawalStatus},
};

/// How many withdrawals there are, and what they add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// How many.
    pub count: u64,
    /// Their sum.
    pub total: Amount,
}

/// Why a text is not a number of withdrawals and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("write how many and their sum, like 12:250000.00")]
pub struct NotExpected;

impl FromStr for Expected {
    type Err = NotExpected;

    fn from_str(text: &str) -> Result<Self, NotExpected> {
        let (count, total) = text.split_once(':').ok_or(NotExpected)?;
        Ok(Self {
            count: count.parse().map_err(|_| NotExpected)?,
            total: Amount::parse(total).map_err(|_| NotExpected)?,
        })
    }
}

/// What a user reviewed before a command is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// The first hexadecimal digits of the hash.
    pub hash: Option<String>,
    /// The number and the sum.
    pub expected: Option<Expected>,
}

/// What a user agreed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// What was shown in a question that the user answered with yes.
    pub shown: Option<BatchTotals>,
    /// What the user reviewed before.
    pub reviewed: Reviewed,
}

/// What a selection of withdrawals is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectionDigest {
    /// How many.
    pub count: u64,
    /// Their amounts, in order of currency.
    pub totals: Vec<(Currency, Total)>,
    /// SHA-256 over one line for each, in order of number, in hexadecimal.
    pub hash: String,
}

/// Makes the digest of a selection, one withdrawal after the other.
///
/// The text that is hashed has for each withdrawal, in order of number, the line `code TAB holder TAB
/// amount TAB currency TAB bank code TAB account number TAB account name TAB means`, ended by a line
/// feed; what is not known is empty.
#[derive(Debug, Default)]
pub struct SelectionHasher {
    hasher: Sha256,
    count: u64,
    totals: Vec<(Currency, Total)>,
    last: i64,
    /// The lines that are not hashed yet, since they may come in any order.
    lines: Vec<(i64, String)>,
    order: Order,
}

/// In which order withdrawals come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// In order of number: nothing is kept.
    Ascending,
    /// In any order.
    #[default]
    Any,
}

impl SelectionHasher {
    /// Begins.
    pub fn new(order: Order) -> Self {
        Self {
            order,
            ..Self::default()
        }
    }

    /// Adds a withdrawal. Returns `None` if the amounts add up to too much.
    pub fn add<'a>(&mut self, withdrawal: impl Into<Selected<'a>>) -> Option<()> {
        let selected = withdrawal.into();
        self.count += 1;
        add_total(&mut self.totals, selected.currency, selected.amount)?;
        let (number, line) = (selected.number.number(), selected.line());
        if self.order == Order::Ascending && number > self.last {
            self.last = number;
            self.hasher.update(line);
        } else {
            self.lines.push((number, line));
        }
        Some(())
    }

    /// Ends with the digest.
    pub fn finish(mut self) -> SelectionDigest {
        self.lines.sort();
        for (_, line) in self.lines {
            self.hasher.update(line);
        }
        SelectionDigest {
            count: self.count,
            totals: self.totals,
            hash: hex(&self.hasher.finalize()),
        }
    }
}

/// What the hash of a selection says of a withdrawal.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'a> {
    /// The number.
    pub number: WithdrawalNumber,
    /// The holder's code.
    pub holder: &'a str,
    /// The amount.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// The code of the bank that it is paid to.
    pub bank_code: Option<&'a str>,
    /// The account number.
    pub account_number: Option<&'a str>,
    /// The name of the account.
    pub account_name: Option<&'a str>,
    /// How it is paid.
    pub means: Means,
}

impl<'a> From<&'a Withdrawal> for Selected<'a> {
    fn from(withdrawal: &'a Withdrawal) -> Self {
        let bank = withdrawal.bank.as_ref();
        Self {
            number: withdrawal.number,
            holder: withdrawal.holder.code.as_str(),
            amount: withdrawal.amount,
            currency: withdrawal.currency,
            bank_code: bank.and_then(|bank| bank.bank_code.as_deref()),
            account_number: bank.map(|bank| bank.account_number.reveal()),
            account_name: bank.and_then(|bank| bank.account_name.as_deref()),
            means: withdrawal.means,
        }
    }
}

impl Selected<'_> {
    fn line(&self) -> String {
        [
            self.number.to_string().as_str(),
            self.holder,
            &self.amount.plain(self.currency.decimals()),
            self.currency.code(),
            self.bank_code.unwrap_or_default(),
            self.account_number.unwrap_or_default(),
            self.account_name.unwrap_or_default(),
            self.means.as_str(),
        ]
        .join("\t")
            + "\n"
    }
}

impl SelectionDigest {
    /// Writes the number and the sum as `--expect` takes them, if they are in one currency.
    pub fn expected(&self) -> Option<String> {
        match self.totals.as_slice() {
            [(currency, total)] => {
                let total = total.plain(currency.decimals());
                Some(format!("{}:{total}", self.count))
            }
            _ => None,
        }
    }
}

impl Reviewed {
    /// Returns whether nothing was said of what was reviewed.
    pub const fn is_empty(&self) -> bool {
        self.hash.is_none() && self.expected.is_none()
    }

    /// Returns whether a selection is what was reviewed.
    pub fn fits(&self, found: &SelectionDigest) -> bool {
        let hash = self.hash.as_ref();
        let expected = self.expected.as_ref();
        let same = |expected: &Expected| {
            let totals: Vec<Total> = found.totals.iter().map(|(_, total)| *total).collect();
            expected.count == found.count && totals == [expected.total.widen()]
        };
        hash.is_none_or(|prefix| found.hash.starts_with(&prefix.to_ascii_lowercase()))
            && expected.is_none_or(same)
    }

    fn words(&self) -> String {
        let hash = self.hash.as_ref().map(|hash| format!("hash {hash}"));
        let expected = self.expected.as_ref();
        let expected = expected.map(|of| format!("{} for {}", of.count, of.total.grouped(2)));
        let words: Vec<String> = [hash, expected].into_iter().flatten().collect();
        words.join(", ")
    }

    /// Says that a selection is another one than was reviewed. `all` are the withdrawals of the event
    /// that the command can be done to in `states`; among their earlier states the one that was
    /// reviewed is searched for, so that what was added and what is gone can be named.
    pub fn refuse(
        &self,
        found: &SelectionDigest,
        all: &[Withdrawal],
        states: &[WithdrawalStatus],
    ) -> Refused {
        let now = selected(all.iter().map(Withdrawal::status_of), states);
        let then = self.reviewed_then(all, states);
        let list = |of: &BTreeSet<WithdrawalNumber>, but: &BTreeSet<WithdrawalNumber>| {
            of.difference(but).copied().collect()
        };
        let (added, gone) = match &then {
            Some(then) => (list(&now, then), list(then, &now)),
            None => (Vec::new(), Vec::new()),
        };
        Refused::SelectionChanged {
            reviewed: self.words(),
            count: found.count,
            hash: found.hash.get(..12).unwrap_or_default().to_owned(),
            added,
            gone,
        }
    }

    /// Finds the last state of the withdrawals of an event that is what was reviewed.
    fn reviewed_then(
        &self,
        all: &[Withdrawal],
        states: &[WithdrawalStatus],
    ) -> Option<BTreeSet<WithdrawalNumber>> {
        if all.len() > MOST_WITHDRAWALS {
            return None;
        }
        let instants: BTreeSet<Instant> = all.iter().flat_map(Withdrawal::instants).collect();
        for instant in instants.into_iter().rev().take(MOST_INSTANTS) {
            let then = all.iter().cloned().filter_map(|one| one.at(instant));
            let then: Vec<Withdrawal> = then.filter(|one| states.contains(&one.status())).collect();
            let mut hasher = SelectionHasher::new(Order::Any);
            then.iter().try_for_each(|one| hasher.add(one))?;
            if self.fits(&hasher.finish()) {
                return Some(then.into_iter().map(|one| one.number).collect());
            }
        }
        None
    }
}

/// In how many withdrawals, and back to how many steps, the reviewed state is searched for.
const MOST_WITHDRAWALS: usize = 10_000;
const MOST_INSTANTS: usize = 200;

fn selected(
    all: impl Iterator<Item = (WithdrawalNumber, WithdrawalStatus)>,
    states: &[WithdrawalStatus],
) -> BTreeSet<WithdrawalNumber> {
    let in_state = all.filter(|(_, status)| states.contains(status));
    in_state.map(|(number, _)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::withdrawal::tests::withdrawal;

    fn numbered(number: i64, created_at: &str) -> Withdrawal {
        Withdrawal {
            number: WithdrawalNumber::new(number),
            created_at: Instant::parse(&format!("{created_at}T09:00:00.000000Z")).unwrap(),
            ..withdrawal(WithdrawalStatus::Pending)
        }
    }

    fn digest(order: Order, all: &[&Withdrawal]) -> SelectionDigest {
        let mut hasher = SelectionHasher::new(order);
        for one in all.iter().copied() {
            hasher.add(one).unwrap();
        }
        hasher.finish()
    }

    #[test]
    fn the_hash_is_over_the_lines_in_order_of_number() {
        let (one, two) = (numbered(1, "2026-06-01"), numbered(2, "2026-06-02"));
        let both = digest(Order::Ascending, &[&one, &two]);
        assert_eq!(both, digest(Order::Any, &[&two, &one]));
        assert_eq!(both.expected().unwrap(), "2:80.00");
        let bank = one.bank.as_ref().unwrap();
        let account = bank.account_number.reveal();
        let text = format!("W-000001\th1\t40.00\tNGN\t058\t{account}\t\ttransfer\n");
        assert_eq!(
            digest(Order::Any, &[&one]).hash,
            crate::domain::hash::sha256_hex(text.as_bytes())
        );
    }

    #[test]
    fn another_selection_than_was_reviewed_is_refused_with_what_is_new_and_gone() {
        let (one, two, three) = (
            numbered(1, "2026-06-01"),
            numbered(2, "2026-06-02"),
            numbered(3, "2026-06-30"),
        );
        let shown = digest(Order::Any, &[&one, &two]);
        let mut reviewed = Reviewed {
            hash: Some(shown.hash[..8].to_uppercase()),
            expected: "2:80".parse().ok(),
        };
        assert!(reviewed.fits(&shown));
        let found = digest(Order::Any, &[&one, &three]);
        assert!(!reviewed.fits(&found), "as many, with the same sum");
        let gone = Withdrawal {
            state: withdrawal(WithdrawalStatus::Rejected).state,
            ..two
        };
        let all = [one, gone, three];
        let Refused::SelectionChanged { added, gone, .. } =
            reviewed.refuse(&found, &all, &[WithdrawalStatus::Pending])
        else {
            panic!("it is another selection");
        };
        assert_eq!(added, [WithdrawalNumber::new(3)]);
        assert_eq!(gone, [WithdrawalNumber::new(2)]);
        reviewed.hash = None;
        assert!(reviewed.fits(&found), "the number and the sum are the same");
        assert!("2".parse::<Expected>().is_err() && "x:1".parse::<Expected>().is_err());
    }
}
