//! Drawings in words: bars in eighths of a cell, and lines of a cell for each value. All of it is
//! whole numbers.

use crate::{
    domain::{currency::Currency, signed::Signed},
    report::Cell,
};

/// The parts of a cell that are filled from the left, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// The heights of a cell that is filled from below. The lowest is the ground, which means
/// nothing.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The heights of what is more than nothing.
const STEPS: i128 = 7;

/// A number next to which a bar can be drawn, in its smallest units, with the currency of money.
pub(super) type Value = (Option<Currency>, i128);

/// Returns a cell's number.
pub(super) fn value(cell: &Cell) -> Option<Value> {
    let currency = if let Cell::Money(_, currency) = cell {
        Some(*currency)
    } else {
        None
    };
    cell.number().map(|units| (currency, units))
}

/// Draws a bar of up to `cells` cells, which is as long compared with them as `value` is compared
/// with `largest`. What is more than nothing has at least an eighth; nothing, and less than
/// nothing, has no bar.
pub(super) fn bar(value: i128, largest: i128, cells: usize) -> String {
    if value <= 0 || largest <= 0 {
        return String::new();
    }
    // A total stays below 2^112 and a bar below 2^15 eighths, so the product fits; beyond, the bar
    // is full.
    let full = i128::try_from(cells).unwrap_or(0) * 8;
    let eighths = value
        .checked_mul(full)
        .map_or(full, |product| (product / largest).clamp(1, full));
    let eighths = usize::try_from(eighths).unwrap_or(0);
    format!(
        "{}{}",
        "█".repeat(eighths / 8),
        EIGHTHS.get(eighths % 8).copied().unwrap_or_default()
    )
}

/// Draws amounts as one cell each, as high compared with the highest cell as the amount is
/// compared with the largest. What is more than nothing rises above the ground.
pub(super) fn line(amounts: &[Signed]) -> String {
    let largest = amounts
        .iter()
        .map(|amount| amount.units())
        .max()
        .unwrap_or(0);
    let height = |amount: &Signed| {
        let units = amount.units();
        if units <= 0 {
            return 0;
        }
        // As above: far below 2^127. Rounded up, so that no amount looks like nothing.
        let product = units
            .checked_mul(STEPS)
            .and_then(|product| product.checked_add(largest - 1));
        product
            .and_then(|product| usize::try_from(product / largest).ok())
            .unwrap_or(HEIGHTS.len() - 1)
    };
    amounts
        .iter()
        .filter_map(|amount| HEIGHTS.get(height(amount)))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naira(amounts: &[i128]) -> Vec<Signed> {
        amounts
            .iter()
            .map(|naira| Signed::from_units(naira * 10_000_000).unwrap())
            .collect()
    }

    #[test]
    fn a_bar_is_as_long_as_its_number_is_large() {
        for (value, drawn) in [
            (80, "██████████"),
            (40, "█████"),
            (44, "█████▌"),
            (41, "█████▏"),
            (1, "▏"),
            (0, ""),
            (-80, ""),
        ] {
            assert_eq!(bar(value, 80, 10), drawn, "{value}");
        }
        assert_eq!(
            bar(1, 1_000_000, 20),
            "▏",
            "what is more than nothing is seen"
        );
        assert_eq!(
            (bar(5, 0, 20), bar(-1, -1, 20)),
            (String::new(), String::new())
        );
        assert_eq!(bar(i128::MAX, i128::MAX, 20), "█".repeat(20));
    }

    #[test]
    fn a_line_has_a_cell_for_each_amount_and_nothing_is_the_ground() {
        assert_eq!(line(&naira(&[0, 1, 2, 3, 4, 5, 6, 7])), "▁▂▃▄▅▆▇█");
        assert_eq!(line(&naira(&[0, 1, 1_000_000, -5])), "▁▂█▁");
        assert_eq!(line(&naira(&[0, 0, -1])), "▁▁▁");
        assert_eq!(line(&[]), "");
    }

    proptest! {
        #[test]
        fn a_bar_fits_and_a_larger_number_never_has_a_shorter_one(
            value in 1_i128..1 << 112, more in 0_i128..1 << 112, rest in 0_i128..1 << 112, cells in 1_usize..40,
        ) {
            let largest = value + more + rest;
            let eighths = |drawn: &str| drawn.chars().map(|sign| 0x2590 - u32::from(sign)).sum::<u32>();
            let (short, long) = (bar(value, largest, cells), bar(value + more, largest, cells));
            prop_assert!(eighths(&short) <= eighths(&long), "{short} {long}");
            prop_assert!(long.chars().count() <= cells);
            prop_assert_eq!(bar(largest, largest, cells).chars().count(), cells);
        }
    }
}
