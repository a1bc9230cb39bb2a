//! From the proceeds of an event to what is distributed: an ordered list of deductions.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::domain::{
    Refused,
    code::Code,
    quantity::{Amount, Percent},
    refused::ProceedsRefusal,
    rounding::{Rounding, percent_of},
    text::{folded, name},
    words::words,
};

/// The characters that the name of a deduction may have.
const LONGEST_NAME: usize = 80;
/// The name of what a declared rate leaves of the proceeds.
const UNDISTRIBUTED: &str = "undistributed";

/// What becomes of a deduction.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeductionKind {
    /// Somebody outside is paid.
    Expense,
    /// The manager is paid.
    Fee,
    /// The fund keeps it, under the deduction's name, for a later event.
    Reserve,
    /// Anything else.
    Other,
    /// It is added: the reserve of the deduction's name is given back.
    Release,
}

/// What a percentage is taken of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeductionBase {
    /// The proceeds.
    Gross,
    /// What the deductions before it left of them.
    Rest,
}

words!(DeductionKind, DeductionBase);

/// The name of a deduction: one line of at most 80 characters. A reserve has the name of the
/// deduction that made it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DeductionName(String);

/// How much a deduction takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeductionTerm {
    /// This much.
    Amount(Amount),
    /// So many percent, rounded half up to the currency's minor unit.
    Percent(Percent, DeductionBase),
}

/// A deduction as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// What it is called in the event, and the name of the reserve.
    pub name: DeductionName,
    /// What becomes of it.
    pub kind: DeductionKind,
    /// How much.
    pub given: DeductionTerm,
}

/// A deduction with its amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deducted {
    /// What was given.
    pub deduction: Deduction,
    /// How much it takes, or adds.
    pub amount: Amount,
    /// What is left of the proceeds after it.
    pub rest: Amount,
}

/// A change of the deductions of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeductionChange {
    /// Adds one, at a position counted from 1, or as the last.
    Add {
        /// The deduction.
        deduction: Deduction,
        /// Where.
        position: Option<usize>,
    },
    /// Removes the one of this name.
    Remove(DeductionName),
}

impl DeductionName {
    /// Reads a name that somebody gives to a deduction.
    ///
    /// # Errors
    /// [`ProceedsRefusal::DeductionNameBad`], [`ProceedsRefusal::DeductionNameReserved`].
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let bad = |why: String| ProceedsRefusal::DeductionNameBad { why };
        let name = name(text).map_err(|error| bad(error.to_string()))?;
        if name.chars().count() > LONGEST_NAME {
            return Err(bad("it is longer".to_owned()).into());
        }
        if folded(&name) == UNDISTRIBUTED {
            return Err(ProceedsRefusal::DeductionNameReserved.into());
        }
        Ok(Self(name))
    }

    /// Reads a name as it is stored; `None` if it would be stored in another form.
    pub fn from_canonical(text: &str) -> Option<Self> {
        if text == UNDISTRIBUTED {
            return Some(Self::undistributed());
        }
        Self::parse(text).ok().filter(|name| name.0 == text)
    }

    /// Returns whether it is the name of what a declared rate leaves of the proceeds.
    pub fn is_undistributed(&self) -> bool {
        self.0 == UNDISTRIBUTED
    }

    /// Names what a declared rate leaves of the proceeds.
    pub fn undistributed() -> Self {
        Self(UNDISTRIBUTED.to_owned())
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether two names differ in nothing but case and width.
    pub fn is_like(&self, other: &Self) -> bool {
        folded(&self.0) == folded(&other.0)
    }
}

impl fmt::Display for DeductionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Writes an amount in canonical form, or `2.0000000% of gross`.
impl fmt::Display for DeductionTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => write!(f, "{amount}"),
            Self::Percent(percent, base) => write!(f, "{percent}% of {base}"),
        }
    }
}

impl Deducted {
    /// Returns what a declared rate leaves of the proceeds as the last deduction, or `None` if it
    /// leaves nothing.
    pub fn undistributed(left: Amount, total: Amount) -> Option<Self> {
        let amount = left.checked_sub(total).filter(|amount| !amount.is_zero())?;
        let deduction = Deduction {
            name: DeductionName::undistributed(),
            kind: DeductionKind::Other,
            given: DeductionTerm::Amount(amount),
        };
        Some(Self {
            deduction,
            amount,
            rest: total,
        })
    }
}

/// Changes the list of deductions of an event. What a declared rate leaves is not part of it: it
/// follows with the next calculation.
///
/// # Errors
/// [`ProceedsRefusal::DeductionNameUsed`], [`ProceedsRefusal::DeductionPosition`],
/// [`ProceedsRefusal::DeductionUnknown`].
pub fn change_deductions(
    event: &Code,
    list: Vec<Deducted>,
    change: &DeductionChange,
) -> Result<Vec<Deduction>, Refused> {
    let mut list = given_deductions(list);
    let named = |name: &DeductionName| list.iter().position(|other| other.name.is_like(name));
    match change {
        DeductionChange::Add {
            deduction,
            position,
        } => {
            if let Some(used) = named(&deduction.name).and_then(|at| list.get(at)) {
                return Err(ProceedsRefusal::DeductionNameUsed {
                    event: event.clone(),
                    name: used.name.to_string(),
                }
                .into());
            }
            let (deductions, last) = (list.len(), list.len() + 1);
            let position = position.unwrap_or(last);
            let at = position
                .checked_sub(1)
                .filter(|at| *at < last)
                .ok_or_else(|| ProceedsRefusal::DeductionPosition {
                    event: event.clone(),
                    deductions,
                    position,
                })?;
            list.insert(at, deduction.clone());
        }
        DeductionChange::Remove(name) => {
            let at = named(name).ok_or_else(|| ProceedsRefusal::DeductionUnknown {
                event: event.clone(),
                name: name.to_string(),
            })?;
            list.remove(at);
        }
    }
    Ok(list)
}

/// Returns the deductions that somebody gave, without what a declared rate left.
pub fn given_deductions(list: Vec<Deducted>) -> Vec<Deduction> {
    let given = list.into_iter().map(|deducted| deducted.deduction);
    given
        .filter(|deduction| deduction.name.as_str() != UNDISTRIBUTED)
        .collect()
}

/// Takes the deductions from the proceeds, one after the other.
///
/// # Errors
/// [`ProceedsRefusal::DeductionZero`], [`ProceedsRefusal::NothingLeft`],
/// [`ProceedsRefusal::TooLarge`].
pub fn deduct(
    gross: Amount,
    deductions: &[Deduction],
    minor_unit: Amount,
) -> Result<Vec<Deducted>, Refused> {
    let mut rest = gross;
    let mut list = Vec::with_capacity(deductions.len());
    for deduction in deductions {
        let amount = match deduction.given {
            DeductionTerm::Amount(amount) => amount,
            DeductionTerm::Percent(percent, base) => {
                let base = match base {
                    DeductionBase::Gross => gross,
                    DeductionBase::Rest => rest,
                };
                percent_of(base, percent, Rounding::HalfUp, minor_unit)
                    .ok_or(ProceedsRefusal::TooLarge)?
            }
        };
        let name = || deduction.name.to_string();
        if amount.is_zero() {
            return Err(ProceedsRefusal::DeductionZero { name: name() }.into());
        }
        rest = match deduction.kind {
            DeductionKind::Release => rest.checked_add(amount).ok_or(ProceedsRefusal::TooLarge)?,
            DeductionKind::Expense
            | DeductionKind::Fee
            | DeductionKind::Reserve
            | DeductionKind::Other => {
                let left = rest.checked_sub(amount).filter(|left| !left.is_zero());
                left.ok_or_else(|| ProceedsRefusal::NothingLeft {
                    name: name(),
                    amount,
                    rest,
                })?
            }
        };
        list.push(Deducted {
            deduction: deduction.clone(),
            amount,
            rest,
        });
    }
    Ok(list)
}

/// Returns what is left of the proceeds after the deductions.
pub fn left_of(gross: Amount, list: &[Deducted]) -> Amount {
    list.last().map_or(gross, |last| last.rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn deduction(name: &str, kind: DeductionKind, given: &str) -> Deduction {
        let given = match given.split_once("% of ") {
            None => DeductionTerm::Amount(amount(given)),
            Some((percent, base)) => DeductionTerm::Percent(
                Percent::parse(percent).unwrap(),
                if base == "gross" {
                    DeductionBase::Gross
                } else {
                    DeductionBase::Rest
                },
            ),
        };
        Deduction {
            name: DeductionName::parse(name).unwrap(),
            kind,
            given,
        }
    }

    /// Returns each amount and what is left after it.
    fn steps(gross: &str, list: &[(DeductionKind, &str)]) -> Result<Vec<String>, &'static str> {
        let deductions: Vec<Deduction> = list
            .iter()
            .enumerate()
            .map(|(at, (kind, given))| deduction(&format!("d{at}"), *kind, given))
            .collect();
        let deducted =
            deduct(amount(gross), &deductions, amount("0.01")).map_err(|refused| refused.code())?;
        Ok(deducted
            .iter()
            .map(|step| format!("{} {}", step.amount.plain(2), step.rest.plain(2)))
            .collect())
    }

    #[test]
    fn deductions_are_taken_in_their_order() {
        use DeductionKind::{Expense, Fee, Other, Release, Reserve};
        let quarter = [
            (Expense, "350000"),
            (Fee, "2% of gross"),
            (Reserve, "5% of rest"),
        ];
        assert_eq!(
            steps("12500000", &quarter).unwrap(),
            [
                "350000.00 12150000.00",
                "250000.00 11900000.00",
                "595000.00 11305000.00"
            ]
        );
        let next = [(Release, "595000"), (Other, "1250.50")];
        assert_eq!(
            steps("8000000", &next).unwrap(),
            ["595000.00 8595000.00", "1250.50 8593749.50"]
        );
        let odd = [(Fee, "2.5% of gross"), (Reserve, "33.3333333% of rest")];
        assert_eq!(
            steps("1000.01", &odd).unwrap(),
            ["25.00 975.01", "325.00 650.01"]
        );
    }

    #[test]
    fn something_is_taken_and_something_is_left() {
        use DeductionKind::{Expense, Fee, Release};
        let zero = "event.deduction_zero";
        assert_eq!(steps("1000", &[(Expense, "0")]), Err(zero));
        assert_eq!(steps("0.49", &[(Fee, "1% of gross")]), Err(zero));
        assert_eq!(
            steps("0.50", &[(Fee, "1% of gross")]).unwrap(),
            ["0.01 0.49"]
        );
        let nothing = "event.nothing_left";
        assert_eq!(steps("1000", &[(Expense, "1000")]), Err(nothing));
        assert_eq!(steps("1000", &[(Expense, "1000.01")]), Err(nothing));
        assert_eq!(
            steps("1000", &[(Expense, "400"), (Fee, "60% of gross")]),
            Err(nothing)
        );
        // A release after it does not help: nothing is left at its place.
        assert_eq!(
            steps("1000", &[(Expense, "1000"), (Release, "500")]),
            Err(nothing)
        );
        assert_eq!(
            steps("1000", &[(Release, "500"), (Expense, "1000")]).unwrap(),
            ["500.00 1500.00", "1000.00 500.00"]
        );
        assert_eq!(
            steps("9999999999999.99", &[(Release, "0.01")]),
            Err("event.too_large")
        );
    }

    #[test]
    fn a_name_is_one_short_line() {
        let code = |text: &str| DeductionName::parse(text).unwrap_err().code();
        for bad in ["", "  ", "a\tb", "a\nb", &"x".repeat(81), "Undistributed"] {
            assert_eq!(code(bad), "event.deduction_name", "{bad:?}");
        }
        let longest = "é".repeat(80);
        let name = DeductionName::parse(&longest).unwrap();
        assert_eq!(DeductionName::from_canonical(&longest), Some(name));
        assert_eq!(DeductionName::from_canonical(" audit"), None);
        let audit = DeductionName::parse(" Audit ").unwrap();
        assert!(audit.is_like(&DeductionName::parse("AUDIT").unwrap()));
    }

    #[test]
    fn a_list_is_changed_by_name_and_position() {
        let event = Code::parse("E1").unwrap();
        let given = |name: &str| deduction(name, DeductionKind::Fee, "1");
        let mut list = Vec::new();
        let mut change = |change: DeductionChange| {
            let deducted = deduct(amount("100"), &list, amount("0.01")).unwrap();
            let changed = change_deductions(&event, deducted, &change);
            let names = |list: &[Deduction]| list.iter().map(|one| one.name.to_string()).collect();
            match changed {
                Ok(changed) => {
                    list = changed;
                    Ok::<Vec<String>, &str>(names(&list))
                }
                Err(refused) => Err(refused.code()),
            }
        };
        let add = |name: &str, position: Option<usize>| DeductionChange::Add {
            deduction: given(name),
            position,
        };
        let remove = |name: &str| DeductionChange::Remove(DeductionName::parse(name).unwrap());
        assert_eq!(change(add("b", None)).unwrap(), ["b"]);
        assert_eq!(change(add("a", Some(1))).unwrap(), ["a", "b"]);
        assert_eq!(change(add("c", Some(3))).unwrap(), ["a", "b", "c"]);
        assert_eq!(change(add("B", None)), Err("event.deduction_name"));
        for nowhere in [0, 5] {
            let refused = change(add("d", Some(nowhere)));
            assert_eq!(refused, Err("event.deduction_position"));
        }
        assert_eq!(change(remove("A")).unwrap(), ["b", "c"]);
        assert_eq!(change(remove("a")), Err("event.deduction_name"));
    }

    #[test]
    fn what_a_rate_leaves_is_the_last_deduction() {
        let left = Deducted::undistributed(amount("100"), amount("99.98")).unwrap();
        assert_eq!(
            (left.deduction.name.as_str(), left.amount, left.rest),
            ("undistributed", amount("0.02"), amount("99.98"))
        );
        assert_eq!(Deducted::undistributed(amount("1"), amount("1")), None);
        assert_eq!(given_deductions(vec![left]), []);
    }

    fn kinds() -> impl Strategy<Value = DeductionKind> {
        proptest::sample::select(DeductionKind::ALL)
    }

    fn terms() -> impl Strategy<Value = DeductionTerm> {
        prop_oneof![
            (0..5_000_000_000_i128)
                .prop_map(|units| DeductionTerm::Amount(Amount::from_units(units).unwrap())),
            (0..1_000_000_000_i128, any::<bool>()).prop_map(|(units, of_rest)| {
                let base = if of_rest {
                    DeductionBase::Rest
                } else {
                    DeductionBase::Gross
                };
                DeductionTerm::Percent(Percent::from_units(units).unwrap(), base)
            }),
        ]
    }

    proptest! {
        #[test]
        fn proceeds_and_releases_are_what_is_deducted_and_left(
            gross in 1..100_000_000_000_i128,
            list in proptest::collection::vec((kinds(), terms()), 0..8),
        ) {
            let gross = Amount::from_units(gross).unwrap();
            let deductions: Vec<Deduction> = list.into_iter().enumerate().map(|(at, (kind, given))| Deduction {
                name: DeductionName::parse(&format!("d{at}")).unwrap(), kind, given,
            }).collect();
            if let Ok(list) = deduct(gross, &deductions, amount("0.01")) {
                let signed = list.iter().map(|step| match step.deduction.kind {
                    DeductionKind::Release => step.amount.units(),
                    DeductionKind::Expense | DeductionKind::Fee | DeductionKind::Reserve | DeductionKind::Other =>
                        -step.amount.units(),
                });
                let left = left_of(gross, &list);
                prop_assert_eq!(gross.units() + signed.sum::<i128>(), left.units());
                prop_assert!(!left.is_zero());
                for step in &list {
                    prop_assert!(!step.amount.is_zero() && !step.rest.is_zero());
                    if matches!(step.deduction.given, DeductionTerm::Percent(..)) {
                        prop_assert!(step.amount.is_multiple_of(amount("0.01")));
                    }
                }
            }
        }
    }
}
