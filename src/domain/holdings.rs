//! Files of holdings: what one says of a register that has holdings already.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    code::Code,
    quantity::{Tokens, Total},
};

/// What a file of holdings does to a register that has holdings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingHoldings {
    /// Nothing: the file is refused.
    Refuse,
    /// They stay, and what the file lists is issued on top.
    Add,
    /// They become what the file lists.
    Replace,
}

/// The tokens of one holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderTokens {
    /// The holder.
    pub holder: Code,
    /// The tokens.
    pub tokens: Tokens,
}

/// How many holders have tokens, and how many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterTotal {
    /// The holders.
    pub holders: u64,
    /// Their tokens.
    pub tokens: Total,
}

/// One holder in the register and in a file of holdings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingChange {
    /// The holder.
    pub holder: Code,
    /// The tokens in the register before.
    pub before: Total,
    /// The tokens in the file.
    pub file: Total,
    /// The tokens in the register after.
    pub after: Total,
}

/// A register and a file of holdings, holder by holder in order of their codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The register before.
    pub before: RegisterTotal,
    /// The file.
    pub file: RegisterTotal,
    /// The register after.
    pub after: RegisterTotal,
    /// Every holder of either.
    pub holders: Vec<HoldingChange>,
}

impl RegisterTotal {
    /// No holder and no tokens.
    pub const ZERO: Self = Self {
        holders: 0,
        tokens: Total::ZERO,
    };

    fn add(&mut self, tokens: Total) -> Option<()> {
        if tokens != Total::ZERO {
            self.holders += 1;
        }
        self.tokens = self.tokens.checked_add(tokens)?;
        Some(())
    }
}

impl std::fmt::Display for RegisterTotal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let noun = if self.holders == 1 {
            "holder"
        } else {
            "holders"
        };
        write!(
            f,
            "{} {noun} with {} tokens",
            self.holders,
            self.tokens.grouped(0)
        )
    }
}

/// Compares a register with a file of holdings. Codes are compared without case. Returns `None` if
/// the tokens add up to too much.
pub fn compare(
    register: &[HolderTokens],
    file: &[HolderTokens],
    how: ExistingHoldings,
) -> Option<Comparison> {
    let mut holders: BTreeMap<String, HoldingChange> = BTreeMap::new();
    let unknown = |held: &HolderTokens| HoldingChange {
        holder: held.holder.clone(),
        before: Total::ZERO,
        file: Total::ZERO,
        after: Total::ZERO,
    };
    let key = |held: &HolderTokens| held.holder.as_str().to_ascii_lowercase();
    for held in register {
        let change = holders.entry(key(held)).or_insert_with(|| unknown(held));
        change.before = change.before.checked_add(held.tokens.widen())?;
    }
    for held in file {
        let change = holders.entry(key(held)).or_insert_with(|| unknown(held));
        change.file = change.file.checked_add(held.tokens.widen())?;
    }
    let mut comparison = Comparison {
        before: RegisterTotal::ZERO,
        file: RegisterTotal::ZERO,
        after: RegisterTotal::ZERO,
        holders: Vec::with_capacity(holders.len()),
    };
    for mut change in holders.into_values() {
        change.after = match how {
            ExistingHoldings::Replace => change.file,
            ExistingHoldings::Refuse | ExistingHoldings::Add => {
                change.before.checked_add(change.file)?
            }
        };
        comparison.before.add(change.before)?;
        comparison.file.add(change.file)?;
        comparison.after.add(change.after)?;
        comparison.holders.push(change);
    }
    Some(comparison)
}

/// Returns whether a file of at least three rows ends with a row that has what all rows above have
/// together: it may be a row of totals.
pub fn ends_with_the_sum(rows: &[Tokens]) -> bool {
    let Some((last, above)) = rows.split_last() else {
        return false;
    };
    let sum: Option<Total> = above.iter().copied().sum();
    above.len() >= 2 && !last.is_zero() && sum == Some(last.widen())
}

/// Returns whether the name of a row says that it is a row of totals: `total`, `sum`,
/// `grand total` or `subtotal`, without regard to case, blanks and a colon at the end.
pub fn names_a_total(text: &str) -> bool {
    let text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let word = text.strip_suffix(':').unwrap_or(&text).to_lowercase();
    matches!(word.as_str(), "total" | "sum" | "grandtotal" | "subtotal")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(list: &[(&str, &str)]) -> Vec<HolderTokens> {
        let one = |(holder, tokens): &(&str, &str)| HolderTokens {
            holder: Code::parse(holder).unwrap(),
            tokens: Tokens::parse(tokens).unwrap(),
        };
        list.iter().map(one).collect()
    }

    fn shown(how: ExistingHoldings) -> (Vec<String>, String) {
        let register = held(&[("ada", "100"), ("bayo", "100"), ("chidi", "200")]);
        let file = held(&[("ADA", "100"), ("chidi", "200"), ("dayo", "100")]);
        let compared = compare(&register, &file, how).unwrap();
        let line = |change: &HoldingChange| {
            format!(
                "{} {} {} {}",
                change.holder,
                change.before.grouped(0),
                change.file.grouped(0),
                change.after.grouped(0)
            )
        };
        let holders = compared.holders.iter().map(line).collect();
        (holders, compared.after.to_string())
    }

    #[test]
    fn a_register_that_is_replaced_becomes_the_file() {
        let (holders, after) = shown(ExistingHoldings::Replace);
        assert_eq!(
            holders,
            [
                "ada 100 100 100",
                "bayo 100 0 0",
                "chidi 200 200 200",
                "dayo 0 100 100"
            ]
        );
        assert_eq!(after, "3 holders with 400 tokens");
    }

    #[test]
    fn a_file_on_top_doubles_what_both_have() {
        let (holders, after) = shown(ExistingHoldings::Add);
        assert_eq!(
            holders,
            [
                "ada 100 100 200",
                "bayo 100 0 100",
                "chidi 200 200 400",
                "dayo 0 100 100"
            ]
        );
        assert_eq!(after, "4 holders with 800 tokens");
    }

    #[test]
    fn a_last_row_with_the_sum_of_the_others_is_found_from_three_rows_on() {
        let rows = |list: &[&str]| -> Vec<Tokens> {
            list.iter()
                .map(|tokens| Tokens::parse(tokens).unwrap())
                .collect()
        };
        for (list, is_sum) in [
            (vec!["100", "100", "200", "400"], true),
            (vec!["0.5", "0", "0.5"], true),
            (vec!["100", "100"], false),
            (vec!["1", "2", "4"], false),
            (vec!["3", "1", "2"], false),
            (vec!["0", "0", "0"], false),
            (vec![], false),
        ] {
            assert_eq!(ends_with_the_sum(&rows(&list)), is_sum, "{list:?}");
        }
    }

    #[test]
    fn only_the_words_of_a_total_name_one() {
        for name in [
            "Total",
            " TOTAL: ",
            "sum",
            "Grand  Total",
            "sub total",
            "SubTotal :",
        ] {
            assert!(names_a_total(name), "{name}");
        }
        for name in [
            "Total Energies",
            "summer",
            "total-1",
            "",
            "tot",
            "t o t a l s",
        ] {
            assert!(!names_a_total(name), "{name}");
        }
    }
}
