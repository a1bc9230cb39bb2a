//! Rules about bank lines that users taught: which debits of an account are a fee, a tax or a levy.
//! A rule counts only after two persons agreed to it.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use thiserror::Error;

use super::{
    kind,
    line::{Line, LineKind},
    rules,
    text::{self, Tokens},
};
use crate::domain::{code::ProposalNumber, quantity::Amount, time::Date, words::words};

/// The fewest letters of a rule's text.
const FEWEST_LETTERS: usize = 3;
/// From so many digits on, a number may be a reference or an account.
const LONGEST_NUMBER: usize = 5;

/// What a rule may take a debit for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ChargeKind {
    /// The bank's charge.
    Fee,
    /// Value added tax on a charge, withholding tax.
    Tax,
    /// Stamp duty and levies.
    Levy,
}

words!(ChargeKind);

impl From<ChargeKind> for LineKind {
    fn from(kind: ChargeKind) -> Self {
        match kind {
            ChargeKind::Fee => Self::Fee,
            ChargeKind::Tax => Self::Tax,
            ChargeKind::Levy => Self::Levy,
        }
    }
}

/// The words with which a line must begin, in upper case, with single spaces and without accents.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleText(String);

/// Why a text does not make a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadRuleText {
    /// It would fit too many lines.
    #[error("it has fewer than three letters")]
    Short,
    /// A number is of one line, or an account.
    #[error("it has a number of six or more digits, which may be a reference or an account")]
    Number,
    /// Banks begin transfers with it.
    #[error("it has only words by which banks name transfers, banks or payers")]
    Transfer,
    /// What follows is who is paid.
    #[error("it has words after which banks name a payee")]
    Payee,
    /// It takes something back.
    #[error("it begins like a reversal")]
    Reversal,
}

impl RuleText {
    /// Reads a text as lines are compared with it.
    ///
    /// # Errors
    /// [`BadRuleText`] if it could fit a transfer, or names one.
    pub fn parse(text: &str) -> Result<Self, BadRuleText> {
        let folded = text::fold(text);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let joined = words.join(" ");
        let written = joined.trim_start_matches(|c: char| !c.is_alphanumeric());
        if written.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS {
            return Err(BadRuleText::Short);
        }
        if text::digit_runs(written).any(|run| run.len() > LONGEST_NUMBER) {
            return Err(BadRuleText::Number);
        }
        if rules::BENEFICIARY_WORDS
            .iter()
            .any(|word| contains(written, word))
        {
            return Err(BadRuleText::Payee);
        }
        if Tokens::new(written).each().all(names_a_transfer) {
            return Err(BadRuleText::Transfer);
        }
        let mut reversals = rules::REVERSAL_WORDS.iter();
        if reversals.any(|(word, _)| kind::begins(written, word).is_some()) {
            return Err(BadRuleText::Reversal);
        }
        Ok(Self(written.to_owned()))
    }

    /// Shows the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a text as the ledger keeps it.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Checks whether a line begins with the text, as whole words. What a payer wrote follows the
    /// words of the bank, so the text counts nowhere else.
    fn begins(&self, line: &Line) -> bool {
        let folded = text::fold(&line.description);
        let spaced = folded.split_whitespace().collect::<Vec<_>>().join(" ");
        let written = spaced.trim_start_matches(|c: char| !c.is_alphanumeric());
        kind::begins(written, &self.0).is_some()
    }
}

/// Checks whether a text has a phrase as whole words.
fn contains(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + phrase.len()..).unwrap_or_default();
        !before.is_some_and(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Checks for a word that says nothing of a charge: a channel, a bank, a payer, or a number.
fn names_a_transfer(word: &str) -> bool {
    let lists: [&[&str]; 5] = [
        &rules::NOISE_WORDS,
        &rules::LEAD_WORDS,
        &rules::PAYER_WORDS,
        &rules::BULK_WORDS,
        &rules::BANK_WORDS,
    ];
    lists.iter().any(|list| list.contains(&word)) || word.chars().all(|c| c.is_ascii_digit())
}

/// A rule about the lines of an account: a debit that begins with the text and is at most so much
/// is a charge of the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankRule {
    /// The proposal by which it came, which names it.
    pub proposal: ProposalNumber,
    /// With what a line begins.
    pub text: RuleText,
    /// What the line is.
    pub kind: ChargeKind,
    /// The most that it explains, in the currency of the account.
    pub at_most: Amount,
    /// The last day of booking on which it counts: the day on which it was removed.
    pub last_day: Option<Date>,
}

/// What the rules of an account say of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleVerdict<'r> {
    /// This rule explains it.
    Explains(&'r BankRule),
    /// It begins as this rule says, and is more than the rule explains.
    TooMuch(&'r BankRule),
    /// It begins as this rule says, and names somebody else in a field of its own.
    NamesPayee(&'r BankRule),
}

/// Finds the rule that explains a line: of those that fit the first one, so that a later rule never
/// changes what an earlier one explained. A rule explains debits alone, never a reversal, and
/// nothing whose own fields say who was paid. `number` is the account's own.
pub(super) fn explain<'r>(
    line: &Line,
    line_kind: LineKind,
    rules: &'r [BankRule],
) -> Option<RuleVerdict<'r>> {
    if rules.is_empty() || line_kind == LineKind::Reversal || !line.amount.is_negative() {
        return None;
    }
    let on_day = |rule: &&BankRule| rule.last_day.is_none_or(|last| line.date <= last);
    let begins = |rule: &&BankRule| rule.text.begins(line);
    let mut near = None;
    for rule in rules.iter().filter(on_day).filter(begins) {
        if names_payee(line, &rule.text) {
            return Some(RuleVerdict::NamesPayee(rule));
        }
        // Both are ten-millionths, and the amount of a line is below 10^20.
        if line.amount.units().abs() <= rule.at_most.units() {
            return Some(RuleVerdict::Explains(rule));
        }
        near.get_or_insert(RuleVerdict::TooMuch(rule));
    }
    near
}

/// Checks whether a field of the line says who was paid: an account, or a name that is not the
/// bank's own words again.
fn names_payee(line: &Line, rule: &RuleText) -> bool {
    let is_number = |number: &str| number.contains(|c: char| c.is_ascii_digit());
    let is_name = |name: &str| {
        let folded = text::fold(name);
        let is_charge = kind::begins(&folded, rule.as_str()).is_some();
        let mut words = folded.split(|c: char| !c.is_alphanumeric());
        !is_charge && words.any(|word| !word.is_empty() && !rules::BANK_WORDS.contains(&word))
    };
    line.counterparty_account.as_deref().is_some_and(is_number)
        || line.counterparty_name.as_deref().is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{code::LineNumber, signed::Signed, time::parse_date};

    fn rule(proposal: i64, text: &str, at_most: &str) -> BankRule {
        BankRule {
            proposal: ProposalNumber::new(proposal),
            text: RuleText::parse(text).unwrap(),
            kind: ChargeKind::Fee,
            at_most: Amount::parse(at_most).unwrap(),
            last_day: None,
        }
    }

    fn line(amount: &str, description: &str) -> Line {
        Line {
            number: LineNumber::new(1),
            date: parse_date("2026-06-10").unwrap(),
            value_date: None,
            amount: match amount.strip_prefix('-') {
                Some(out) => Signed::debit(Amount::parse(out).unwrap()),
                None => Signed::credit(Amount::parse(amount).unwrap()),
            },
            description: description.to_owned(),
            reference: None,
            bank_id: None,
            end_to_end: None,
            counterparty_name: None,
            counterparty_account: None,
            reversal: false,
        }
    }

    fn explained(line: &Line, rules: &[BankRule]) -> Option<i64> {
        match explain(line, LineKind::Principal, rules) {
            Some(RuleVerdict::Explains(rule)) => Some(rule.proposal.number()),
            Some(RuleVerdict::TooMuch(_) | RuleVerdict::NamesPayee(_)) | None => None,
        }
    }

    #[test]
    fn a_text_that_could_fit_a_transfer_makes_no_rule() {
        for (text, why) in [
            ("", BadRuleText::Short),
            ("F", BadRuleText::Short),
            ("12 A/C", BadRuleText::Short),
            ("SWIFT CHARGE 0123456785", BadRuleText::Number),
            ("FEE 123456", BadRuleText::Number),
            ("NIP TRANSFER", BadRuleText::Transfer),
            ("trf", BadRuleText::Transfer),
            ("TRANSFER 12 ZENITH", BadRuleText::Transfer),
            ("FROM GTBANK", BadRuleText::Transfer),
            ("TRF TO ADA OBI", BadRuleText::Payee),
            ("CHARGE TRANSFER TO ADA", BadRuleText::Payee),
            ("RVSL SWIFT CHARGE", BadRuleText::Reversal),
        ] {
            assert_eq!(RuleText::parse(text), Err(why), "{text}");
        }
        for (text, kept) in [
            ("  Swift   chargé ", "SWIFT CHARGE"),
            ("* NIP CHARGE", "NIP CHARGE"),
            ("COT", "COT"),
            ("TRANSFER TOKEN FEE", "TRANSFER TOKEN FEE"),
        ] {
            assert_eq!(RuleText::parse(text).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn a_debit_that_begins_with_the_text_is_explained_up_to_the_limit() {
        let rules = [rule(1, "SWIFT CHARGE", "5000")];
        for (amount, text, fits) in [
            ("-5000", "SWIFT CHARGE TRF TO HELIOS LTD", true),
            ("-0.01", "*swift  charge/AB12", true),
            ("-5000.01", "SWIFT CHARGE", false),
            ("5000", "SWIFT CHARGE", false),
            ("-5000", "SWIFT CHARGES", false),
            ("-5000", "SWIFTCHARGE", false),
            ("-5000", "NIP SWIFT CHARGE", false),
            ("-5000", "TRF TO ADA OBI SWIFT CHARGE", false),
            ("-5000", "RVSL SWIFT CHARGE", false),
        ] {
            assert_eq!(
                explained(&line(amount, text), &rules),
                fits.then_some(1),
                "{amount} {text}"
            );
        }
        assert_eq!(
            explain(&line("-5000", "SWIFT CHARGE"), LineKind::Reversal, &rules),
            None
        );
        assert_eq!(
            explain(
                &line("-5000.01", "SWIFT CHARGE"),
                LineKind::Principal,
                &rules
            ),
            Some(RuleVerdict::TooMuch(&rules[0]))
        );
    }

    #[test]
    fn a_field_that_says_who_was_paid_contradicts_a_rule() {
        let rules = [rule(1, "SWIFT CHARGE", "5000")];
        let plain = line("-10", "SWIFT CHARGE");
        let named = |name: &str| Line {
            counterparty_name: Some(name.to_owned()),
            ..plain.clone()
        };
        assert_eq!(explained(&named("ADA OBI"), &rules), None);
        assert_eq!(explained(&named("ZENITH BANK"), &rules), Some(1));
        assert_eq!(explained(&named("Swift charge 12"), &rules), Some(1));
        let to_account = Line {
            counterparty_account: Some("0123456785".to_owned()),
            ..plain.clone()
        };
        assert_eq!(
            explain(&to_account, LineKind::Principal, &rules),
            Some(RuleVerdict::NamesPayee(&rules[0]))
        );
    }

    #[test]
    fn a_removed_rule_counts_up_to_its_last_day_and_the_first_that_fits_explains() {
        let removed = BankRule {
            last_day: parse_date("2026-06-10").ok(),
            ..rule(1, "SWIFT CHARGE", "5000")
        };
        let rules = [
            removed,
            rule(2, "SWIFT CHARGE", "9000"),
            rule(3, "SWIFT", "9999"),
        ];
        let on = |date: &str, amount: &str| Line {
            date: parse_date(date).unwrap(),
            ..line(amount, "SWIFT CHARGE")
        };
        assert_eq!(explained(&on("2026-06-10", "-5000"), &rules), Some(1));
        assert_eq!(explained(&on("2026-06-11", "-5000"), &rules), Some(2));
        assert_eq!(explained(&on("2026-06-10", "-6000"), &rules), Some(2));
        assert_eq!(explained(&on("2026-06-10", "-9500"), &rules), Some(3));
        assert_eq!(explained(&on("2026-06-10", "-9999.01"), &rules), None);
    }
}
