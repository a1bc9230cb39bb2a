//! Ticks of an axis of amounts, in whole numbers throughout: a step of 1, 2 or 5 times a power of
//! ten, and exact labels.

use crate::domain::signed::Signed;

/// How many steps an axis has at most.
const STEPS: i128 = 5;
/// Ten-millionths in one.
const ONE: i128 = 10_000_000;
/// The signs for thousands and more, the largest first.
const SIGNS: [(i128, &str); 4] = [
    (1_000_000_000_000, "T"),
    (1_000_000_000, "B"),
    (1_000_000, "M"),
    (1_000, "K"),
];

/// The ticks of an axis from zero to a value that no amount on it exceeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ticks {
    /// The values, ascending from zero.
    pub(super) values: Vec<Signed>,
    /// The highest of them.
    pub(super) top: Signed,
}

impl Ticks {
    /// Chooses ticks up to `highest`; an axis of nothing goes up to one.
    pub(super) fn up_to(highest: Signed) -> Self {
        let highest = if highest.units() > 0 {
            highest.units()
        } else {
            ONE
        };
        let step = step(highest);
        let count = (highest + step - 1) / step;
        // `highest` lies below 10^28 and a step below it, so that every tick is a number of the
        // range, or the range's end.
        let values: Vec<Signed> = (0..=count)
            .map_while(|place| Signed::from_units(place * step))
            .collect();
        let top = values.last().copied().filter(|top| top.units() >= highest);
        let top = top
            .or_else(|| Signed::from_units(highest))
            .unwrap_or(Signed::ZERO);
        Self { values, top }
    }

    /// Labels a tick exactly: `0`, `2.5M`, `5,000T`.
    pub(super) fn label(&self, tick: Signed) -> String {
        let sign = SIGNS
            .iter()
            .find(|(size, _)| self.top.units() >= size * ONE && tick.units() % size == 0);
        match sign.and_then(|(size, sign)| Some((Signed::from_units(tick.units() / size)?, sign))) {
            Some((shown, sign)) if !tick.is_zero() => format!("{}{sign}", shown.grouped(0)),
            Some(_) | None => tick.grouped(0),
        }
    }
}

/// Finds the smallest step with which few enough lead to the highest value.
fn step(highest: i128) -> i128 {
    let mut power: i128 = 1;
    loop {
        for digit in [1, 2, 5] {
            let step = digit * power;
            if step * STEPS >= highest {
                return step;
            }
        }
        // The loop ends before the power exceeds the highest value, which lies below 10^29.
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::quantity::Total;

    fn labels(highest: &str) -> Vec<String> {
        let ticks = Ticks::up_to(Total::parse(highest).unwrap().into());
        ticks.values.iter().map(|tick| ticks.label(*tick)).collect()
    }

    #[test]
    fn ticks_are_round_and_their_labels_short() {
        assert_eq!(labels("100"), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels("100.01"), ["0", "50", "100", "150"]);
        assert_eq!(
            labels("87500000"),
            ["0", "20M", "40M", "60M", "80M", "100M"]
        );
        assert_eq!(labels("1250"), ["0", "0.5K", "1K", "1.5K"]);
        assert_eq!(labels("0"), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(labels("0.0000001"), ["0", "0.0000001"]);
        assert_eq!(
            labels("9999999999999.9999999"),
            ["0", "2T", "4T", "6T", "8T", "10T"]
        );
    }

    proptest! {
        #[test]
        fn ticks_ascend_reach_the_value_and_say_exactly_what_they_are(exponent in 0_u32..28, digits in 1_i128..1_000_000_000) {
            let units = (digits * 10_i128.pow(exponent) / 1_000_000_000).clamp(1, Total::MAX.units());
            let ticks = Ticks::up_to(Signed::from_units(units).unwrap());
            prop_assert!(ticks.values.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(ticks.values.len() >= 2 && ticks.values.len() <= 6, "{ticks:?}");
            prop_assert_eq!(ticks.values[0], Signed::ZERO);
            prop_assert!(ticks.top.units() >= units);
            for tick in &ticks.values {
                let label = ticks.label(*tick);
                // The largest total is a thousand million times a million million.
            prop_assert!(label.len() <= "1,000,000,000T".len(), "{label}");
                let (digits, size) = label
                    .strip_suffix(['K', 'M', 'B', 'T'])
                    .map_or((label.as_str(), 1), |digits| {
                        let size = SIGNS.iter().find(|(_, sign)| label.ends_with(sign)).unwrap().0;
                        (digits, size)
                    });
                prop_assert_eq!(Total::parse(&digits.replace(',', "")).unwrap().units() * size, tick.units());
            }
        }

        #[test]
        fn every_total_has_ticks(units in 0..=Total::MAX.units()) {
            let ticks = Ticks::up_to(Signed::from_units(units).unwrap());
            prop_assert!(ticks.top.units() >= units && ticks.values.len() >= 2);
        }
    }
}
