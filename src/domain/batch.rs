//! How many withdrawals a command is about, and what they add up to.

use super::{
    Refused,
    currency::Currency,
    payment::OddPayment,
    quantity::{Amount, Total},
};

/// How many withdrawals, and their amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchTotals {
    /// How many.
    pub count: u64,
    /// Their amounts, in order of currency.
    pub totals: Vec<(Currency, Total)>,
    /// The payments that are odd, in order of their withdrawals on the command line or in the file.
    pub odd: Vec<OddPayment>,
}

impl BatchTotals {
    /// Adds a withdrawal, or returns `None` if the amounts add up to too much.
    pub fn add(&mut self, currency: Currency, amount: Amount) -> Option<()> {
        self.count += 1;
        add_total(&mut self.totals, currency, amount)
    }

    /// Refuses to do what nobody agreed to: the user was shown other withdrawals than these.
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

    fn words(&self) -> String {
        let noun = if self.count == 1 {
            "withdrawal"
        } else {
            "withdrawals"
        };
        let totals = self.totals.iter();
        let totals = totals
            .map(|(currency, total)| format!("{currency} {}", total.grouped(currency.decimals())));
        let totals: Vec<String> = totals.collect();
        let odd = match self.odd.len() {
            0 => String::new(),
            odd => format!(", of which {odd} to be asked about"),
        };
        format!("{} {noun}, {}{odd}", self.count, totals.join(", "))
    }
}

/// Adds an amount to totals in order of currency, or returns `None` if they add up to too much.
pub fn add_total(
    totals: &mut Vec<(Currency, Total)>,
    currency: Currency,
    amount: Amount,
) -> Option<()> {
    let amount = amount.widen();
    match totals.iter_mut().find(|(other, _)| *other == currency) {
        Some((_, total)) => *total = total.checked_add(amount)?,
        None => {
            totals.push((currency, amount));
            totals.sort_by_key(|(currency, _)| currency.code());
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        code::{FileNumber, WithdrawalNumber},
        payment::Oddity,
    };

    fn of(amounts: &[(&str, &str)]) -> BatchTotals {
        let mut totals = BatchTotals::default();
        for (currency, amount) in amounts {
            let (currency, amount) = (Currency::parse(currency), Amount::parse(amount));
            totals.add(currency.unwrap(), amount.unwrap()).unwrap();
        }
        totals
    }

    #[test]
    fn what_was_not_shown_is_refused_with_both_totals() {
        let shown = of(&[("USD", "1.5"), ("NGN", "1000"), ("NGN", "1")]);
        let other = of(&[("NGN", "1001"), ("USD", "1.5")]);
        assert!(shown.must_be(&other).is_err());
        let again = of(&[("NGN", "1"), ("NGN", "1000"), ("USD", "1.5")]);
        assert_eq!(again.must_be(&shown), Ok(()));
        let refused = of(&[("NGN", "2")]).must_be(&shown).unwrap_err();
        let words = refused.to_string();
        assert!(
            words.contains("3 withdrawals, NGN 1,001.00, USD 1.50"),
            "{words}"
        );
        assert!(words.contains("1 withdrawal, NGN 2.00"), "{words}");
    }

    #[test]
    fn a_payment_that_became_odd_after_the_question_is_refused() {
        let odd = OddPayment {
            withdrawal: WithdrawalNumber::new(1),
            oddities: vec![Oddity::InExportedFile {
                file: FileNumber::new(1),
            }],
        };
        let found = BatchTotals {
            odd: vec![odd],
            ..of(&[("NGN", "2")])
        };
        let words = found.must_be(&of(&[("NGN", "2")])).unwrap_err().to_string();
        assert!(words.contains("of which 1 to be asked about"), "{words}");
    }
}
