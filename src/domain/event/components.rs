//! Components of an event: how its amount, and each holder's gross share, splits into them.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Refused,
    allocation::{ExactShare, largest_remainder},
    component::Component,
    quantity::{Amount, Total},
    refused::ProceedsRefusal,
};

/// How much a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentTerm {
    /// This much: of the event, or for each token if the event has a declared rate.
    Amount(Amount),
    /// What the others leave.
    Rest,
}

/// A component as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewComponent {
    /// What the money is.
    pub component: Component,
    /// How much of it there is.
    pub given: ComponentTerm,
}

/// A component of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventComponent {
    /// What was given.
    pub given: NewComponent,
    /// How much of the event it is, once the event is calculated.
    pub amount: Option<Amount>,
    /// The tax withheld from it, once the event is calculated.
    pub tax: Option<Amount>,
}

/// A component with its amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentAmount {
    /// What the money is.
    pub component: Component,
    /// How much of it there is, or how much of it for each token.
    pub amount: Amount,
}

/// Checks a list of components by itself: each is given once, and at most one is the rest.
///
/// # Errors
/// [`ProceedsRefusal::ComponentTwice`], [`ProceedsRefusal::ComponentsRestTwice`].
pub fn check_components(list: &[NewComponent]) -> Result<(), Refused> {
    let rests = list
        .iter()
        .filter(|given| given.given == ComponentTerm::Rest);
    if rests.count() > 1 {
        return Err(ProceedsRefusal::ComponentsRestTwice.into());
    }
    for (at, one) in list.iter().enumerate() {
        let mut earlier = list.iter().take(at);
        if earlier.any(|other| other.component == one.component) {
            let component = one.component.clone();
            return Err(ProceedsRefusal::ComponentTwice { component }.into());
        }
    }
    Ok(())
}

/// Returns how much each component is of the whole: an event's amount, or its rate.
///
/// # Errors
/// Those of [`check_components`], and [`ProceedsRefusal::ComponentsSum`].
pub fn component_amounts(
    whole: Amount,
    list: &[NewComponent],
) -> Result<Vec<ComponentAmount>, Refused> {
    check_components(list)?;
    let sum: Option<Total> = list.iter().filter_map(|given| fixed(given.given)).sum();
    let sum = sum.and_then(|sum| Amount::from_units(sum.units()));
    let sum = sum.ok_or(ProceedsRefusal::TooLarge)?;
    let rest = whole.checked_sub(sum);
    let has_rest = list.iter().any(|given| given.given == ComponentTerm::Rest);
    let rest = match rest {
        Some(rest) if has_rest || rest.is_zero() || list.is_empty() => rest,
        Some(_) | None => return Err(ProceedsRefusal::ComponentsSum { sum, whole }.into()),
    };
    let amounts = list.iter().map(|given| ComponentAmount {
        component: given.component.clone(),
        amount: fixed(given.given).unwrap_or(rest),
    });
    Ok(amounts.collect())
}

const fn fixed(given: ComponentTerm) -> Option<Amount> {
    match given {
        ComponentTerm::Amount(amount) => Some(amount),
        ComponentTerm::Rest => None,
    }
}

/// Refuses amounts of components that cannot be split in steps of `unit`.
///
/// # Errors
/// [`ProceedsRefusal::ComponentNotAMultiple`].
pub fn check_component_units(amounts: &[ComponentAmount], unit: Amount) -> Result<(), Refused> {
    let odd = amounts
        .iter()
        .find(|component| !component.amount.is_multiple_of(unit));
    let Some(odd) = odd else { return Ok(()) };
    Err(ProceedsRefusal::ComponentNotAMultiple {
        component: odd.component.clone(),
        amount: odd.amount,
        unit,
    }
    .into())
}

/// Splits each gross share into components, in steps of `unit`: one column for each component, each
/// in the order of the shares.
///
/// In the order given, each component is allocated by largest remainder over what is left of each
/// share, and the last takes what is left. So rows and columns add up, and no part is negative.
/// `None` if the components do not add up to the shares, or one of them or a share is not a multiple
/// of the unit.
///
/// # Source
/// Each part is within k units of `component x share / total`, k the components up to it: what is
/// left of a share after k - 1 components is off by at most k - 1 units.
pub fn split_components(
    gross: &[Amount],
    components: &[Amount],
    unit: Amount,
) -> Option<Vec<Vec<Amount>>> {
    let steps = |amount: &Amount| {
        amount
            .is_multiple_of(unit)
            .then(|| amount.units().checked_div(unit.units()))?
    };
    let mut left: Vec<i128> = gross.iter().map(steps).collect::<Option<_>>()?;
    let mut columns = Vec::with_capacity(components.len());
    let (last, before) = components.split_last()?;
    for component in before {
        let parts = parts_of(steps(component)?, &left)?;
        for (left, part) in left.iter_mut().zip(&parts) {
            *left = left.checked_sub(*part).filter(|left| *left >= 0)?;
        }
        columns.push(parts);
    }
    if left.iter().sum::<i128>() != steps(last)? {
        return None;
    }
    columns.push(left);
    let amount = |steps: i128| Amount::from_units(steps.checked_mul(unit.units())?);
    let column = |parts: Vec<i128>| parts.into_iter().map(amount).collect();
    columns.into_iter().map(column).collect()
}

/// Allocates the steps of a component over what is left of the shares.
fn parts_of(steps: i128, left: &[i128]) -> Option<Vec<i128>> {
    if steps == 0 {
        return Some(vec![0; left.len()]);
    }
    if steps > left.iter().sum::<i128>() {
        return None;
    }
    let parts = largest_remainder(steps, left)?;
    Some(parts.into_iter().map(ExactShare::units).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn given(list: &[(&str, &str)]) -> Vec<NewComponent> {
        let term = |text: &str| match text {
            "rest" => ComponentTerm::Rest,
            text => ComponentTerm::Amount(amount(text)),
        };
        list.iter()
            .map(|(name, text)| NewComponent {
                component: Component::parse(name).unwrap(),
                given: term(text),
            })
            .collect()
    }

    fn amounts(whole: &str, list: &[(&str, &str)]) -> Result<Vec<String>, &'static str> {
        let amounts =
            component_amounts(amount(whole), &given(list)).map_err(|refused| refused.code())?;
        Ok(amounts.iter().map(|one| one.amount.plain(2)).collect())
    }

    fn columns(gross: &[&str], components: &[&str], unit: &str) -> Vec<Vec<String>> {
        let [gross, components] = [gross, components]
            .map(|list| list.iter().map(|text| amount(text)).collect::<Vec<_>>());
        let columns = split_components(&gross, &components, amount(unit)).unwrap();
        columns
            .into_iter()
            .map(|column| column.into_iter().map(|part| part.plain(2)).collect())
            .collect()
    }

    #[test]
    fn components_add_up_to_the_event() {
        let half = [("income", "50"), ("capital_gain", "50")];
        assert_eq!(amounts("100", &half).unwrap(), ["50.00", "50.00"]);
        assert_eq!(amounts("100.01", &half), Err("event.components_sum"));
        assert_eq!(amounts("99.99", &half), Err("event.components_sum"));
        let rest = [
            ("return_of_capital", "rest"),
            ("income", "0"),
            ("other:claim", "40"),
        ];
        assert_eq!(amounts("100", &rest).unwrap(), ["60.00", "0.00", "40.00"]);
        assert_eq!(amounts("39.99", &rest), Err("event.components_sum"));
        let twice = [("income", "rest"), ("capital_gain", "rest")];
        assert_eq!(amounts("100", &twice), Err("event.components_sum"));
        let same = [("income", "50"), ("INCOME", "50")];
        assert_eq!(amounts("100", &same), Err("event.component_twice"));
        assert_eq!(amounts("100", &[]).unwrap(), Vec::<String>::new());
        let large = [("income", "9999999999999"), ("interest", "9999999999999")];
        assert_eq!(amounts("100", &large), Err("event.too_large"));
    }

    #[test]
    fn each_component_is_a_multiple_of_the_unit() {
        let parts = component_amounts(
            amount("1"),
            &given(&[("income", "0.995"), ("interest", "rest")]),
        );
        let refused = check_component_units(&parts.unwrap(), amount("0.01")).unwrap_err();
        assert_eq!(refused.code(), "event.not_a_multiple");
    }

    #[test]
    fn two_halves_over_three_equal_holders() {
        let gross = ["33.34", "33.33", "33.33"];
        assert_eq!(
            columns(&gross, &["50", "50"], "0.01"),
            [["16.67", "16.67", "16.66"], ["16.67", "16.66", "16.67"]]
        );
        assert_eq!(columns(&gross, &["100"], "0.01"), [gross]);
        // What is left of a holder's share counts, so a component of 0 and one of all are fine.
        assert_eq!(
            columns(&gross, &["0", "100", "0"], "0.01"),
            [["0.00"; 3], gross, ["0.00"; 3]]
        );
        assert_eq!(
            columns(&gross, &["100", "0", "0"], "0.01"),
            [gross, ["0.00"; 3], ["0.00"; 3]]
        );
    }

    #[test]
    fn the_smallest_unit_can_be_split() {
        assert_eq!(
            columns(
                &["0.0000002", "0.0000001"],
                &["0.0000002", "0.0000001"],
                "0.0000001"
            ),
            [["0.0000001", "0.0000001"], ["0.0000001", "0.00"]]
        );
    }

    #[test]
    fn components_that_do_not_fit_the_shares_are_not_split() {
        let split = |components: &[&str]| {
            let components: Vec<Amount> = components.iter().map(|text| amount(text)).collect();
            split_components(&[amount("1"), amount("2")], &components, amount("0.01"))
        };
        assert_eq!(split(&["2.99"]), None);
        assert_eq!(split(&["3.01", "0"]), None);
        assert_eq!(split(&["1", "1.99"]), None);
        assert_eq!(split(&["0.005", "2.995"]), None);
        assert_eq!(split(&[]), None);
    }

    fn shares() -> impl Strategy<Value = Vec<i128>> {
        prop_oneof![
            proptest::collection::vec(0..50_i128, 1..30),
            proptest::collection::vec(0..Amount::MAX.units() / 1_000, 1..30),
        ]
    }

    proptest! {
        #[test]
        fn rows_and_columns_add_up_and_each_part_is_close(
            gross in shares(), cuts in proptest::collection::vec(0..=1_000_i128, 0..4),
        ) {
            let total: i128 = gross.iter().sum();
            let mut cuts: Vec<i128> = cuts.into_iter().map(|cut| total * cut / 1_000).collect();
            cuts.sort_unstable();
            cuts.push(total);
            let mut before = 0;
            let components: Vec<i128> = cuts.into_iter().map(|cut| {
                let part = cut - before;
                before = cut;
                part
            }).collect();
            let unit = Amount::SMALLEST;
            let amounts = |units: &[i128]| -> Vec<Amount> {
                units.iter().map(|units| Amount::from_units(*units).unwrap()).collect()
            };
            let columns = split_components(&amounts(&gross), &amounts(&components), unit).unwrap();
            prop_assert_eq!(columns.len(), components.len());
            for (column, component) in columns.iter().zip(&components) {
                prop_assert_eq!(column.iter().map(|part| part.units()).sum::<i128>(), *component);
            }
            for (at, share) in gross.iter().enumerate() {
                prop_assert_eq!(columns.iter().map(|column| column[at].units()).sum::<i128>(), *share);
                for (k, (column, component)) in columns.iter().zip(&components).enumerate() {
                    // |part·total − component·share| ≤ k·total, the bound of the documentation.
                    let wide = ethnum::I256::from;
                    let off = wide(column[at].units()) * wide(total) - wide(*component) * wide(*share);
                    let k = i128::try_from(k + 1).unwrap();
                    prop_assert!(off.abs() <= wide(k) * wide(total), "{} of {}", k, off);
                }
            }
        }
    }
}
