//! What a user says of many lines at once, and what is asked before it is done.

use serde::Serialize;

use crate::domain::{
    Refused, bank::BankLine, currency::Currency, matching::LinkKind, quantity::Total,
    signed::Signed,
};

/// What a user decides about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineDecision {
    /// The proposal for it is right.
    Confirm {
        /// Why, if that is said.
        reason: Option<String>,
    },
    /// The proposal for it is wrong.
    Reject,
    /// It pays or returns these payments, pays these approved withdrawals, or remits this tax.
    Match {
        /// What it is matched with, as the user names it.
        with: Vec<String>,
    },
    /// It has nothing to do with payments.
    Resolve {
        /// What it is.
        kind: LinkKind,
        /// Why.
        reason: String,
    },
}

/// The kind of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionVerb {
    /// The proposal for a line is right.
    Confirm,
    /// The proposal for a line is wrong.
    Reject,
    /// A line is matched by hand.
    Match,
    /// A line is explained.
    Resolve,
}

/// How many lines a command is about, and what they add up to in either direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineTotals {
    /// How many.
    pub count: u64,
    /// Their amounts without their signs, in order of currency.
    pub totals: Vec<(Currency, Total)>,
}

impl DecisionVerb {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Confirm, Self::Reject, Self::Match, Self::Resolve];

    /// Returns the word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reject => "reject",
            Self::Match => "match",
            Self::Resolve => "resolve",
        }
    }
}

impl LineDecision {
    /// Returns the kind of the decision.
    pub const fn verb(&self) -> DecisionVerb {
        match self {
            Self::Confirm { .. } => DecisionVerb::Confirm,
            Self::Reject => DecisionVerb::Reject,
            Self::Match { .. } => DecisionVerb::Match,
            Self::Resolve { .. } => DecisionVerb::Resolve,
        }
    }
}

impl LineTotals {
    /// Adds a line, or returns `None` if the amounts add up to too much.
    pub fn add(&mut self, line: &BankLine) -> Option<()> {
        self.count += 1;
        let amount = line.line.amount.magnitude();
        match self
            .totals
            .iter_mut()
            .find(|(currency, _)| *currency == line.currency)
        {
            Some((_, total)) => *total = total.checked_add(amount)?,
            None => {
                self.totals.push((line.currency, amount));
                self.totals.sort_by_key(|(currency, _)| currency.code());
            }
        }
        Some(())
    }

    /// Refuses to decide other lines than the user was shown.
    ///
    /// # Errors
    /// [`Refused::ChangedMeanwhile`].
    pub fn must_be(&self, shown: &Self) -> Result<(), Refused> {
        if self == shown {
            return Ok(());
        }
        Err(Refused::ChangedMeanwhile {
            shown: shown.words(),
            found: self.words(),
        })
    }

    /// Says how many there are and what they add up to.
    pub fn words(&self) -> String {
        let noun = if self.count == 1 { "line" } else { "lines" };
        let totals = self.totals.iter().map(|(currency, total)| {
            let total = Signed::from(*total).grouped(currency.decimals());
            format!(", {currency} {total}")
        });
        format!("{} {noun}{}", self.count, totals.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quantity::Amount;

    fn of(count: u64, amount: &str) -> LineTotals {
        LineTotals {
            count,
            totals: vec![(
                Currency::parse("NGN").unwrap(),
                Amount::parse(amount).unwrap().widen(),
            )],
        }
    }

    #[test]
    fn other_lines_than_were_shown_are_refused_with_both_sums() {
        assert_eq!(of(2, "50").must_be(&of(2, "50")), Ok(()));
        let refused = of(3, "1000").must_be(&of(2, "50")).unwrap_err().to_string();
        assert!(refused.contains("3 lines, NGN 1,000.00"), "{refused}");
        assert!(refused.contains("2 lines, NGN 50.00"), "{refused}");
        assert_eq!(of(1, "1").words(), "1 line, NGN 1.00");
    }
}
