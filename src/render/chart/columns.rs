//! Columns in order of time.

use std::fmt::Write as _;

use plotters::{
    element::{Rectangle, Text},
    style::{
        Color as _,
        text_anchor::{HPos, VPos},
    },
};

use super::{
    canvas::{Area, Drawn, Spot, Width, colour, of_tone, words},
    plane::{ABOVE, Extent, Plane},
};
use crate::{
    domain::{currency::Currency, signed::Signed},
    render::text,
    report::dashboard::Stack,
};

/// The width of a category in positions, of which its column takes the middle.
const SLOT: i32 = 100;
/// The most that a column is wide, in pixels.
const WIDEST: i32 = 56;
const BELOW: i32 = 38;
const AT_RIGHT: i32 = 6;

/// Returns the height of the drawing.
pub(super) const fn height(width: Width) -> i32 {
    match width {
        Width::Wide => 280,
        Width::Narrow => 240,
    }
}

/// Draws columns with their layers from the bottom up, and the axis of amounts at the left.
pub(super) fn draw(stack: &Stack, currency: Currency, area: &Area, count: i32) -> Drawn<Vec<Spot>> {
    let highest = stack.highest();
    let mut plane = Plane::draw(
        area,
        &Extent {
            across: count * SLOT,
            highest,
            at_right: AT_RIGHT,
            below: BELOW,
        },
    )?;
    let slot = (plane.right - plane.left) / count;
    let half = (SLOT / 3).min(WIDEST / 2 * SLOT / slot.max(1));
    let mut tops = vec![Signed::ZERO; stack.categories.len()];
    for layer in &stack.layers {
        let style = of_tone(layer.tone).filled();
        let columns = (0_i32..)
            .zip(tops.iter_mut().zip(&layer.values))
            .filter(|(_, (_, value))| !value.is_negative())
            .filter_map(|(place, (top, value))| {
                let (bottom, middle) = (*top, place * SLOT + SLOT / 2);
                *top = top.checked_add(*value)?;
                let corners = [
                    (middle - half, plane.at(bottom)),
                    (middle + half, plane.at(*top)),
                ];
                (!value.is_zero()).then(|| Rectangle::new(corners, style))
            });
        let columns: Vec<_> = columns.collect();
        plane.chart.draw_series(columns)?;
    }
    plane.ground(area)?;
    let middle = |place: i32| plane.across(place * SLOT + SLOT / 2);
    labels(stack, area, plane.base, slot, middle)?;
    let spot = |(place, category)| Spot {
        left: middle(place) - slot / 2,
        top: ABOVE,
        width: slot,
        height: plane.base - ABOVE,
        words: described(stack, currency, category),
    };
    Ok((0_i32..).zip(0..stack.categories.len()).map(spot).collect())
}

/// Writes the quarter under each column that has the room, and the year under its first one.
fn labels(stack: &Stack, area: &Area, base: i32, slot: i32, middle: impl Fn(i32) -> i32) -> Drawn {
    let every = usize::try_from(22 / slot.max(1) + 1).unwrap_or(1);
    let mut before = "";
    for (place, (at, category)) in (0_i32..).zip(stack.categories.iter().enumerate()) {
        let (year, quarter) = category
            .name
            .split_once('-')
            .unwrap_or((&category.name, ""));
        if at.is_multiple_of(every) {
            let style = words(colour::LABEL, HPos::Center, VPos::Top);
            area.draw(&Text::new(
                quarter.to_owned(),
                (middle(place), base + 6),
                style,
            ))?;
        }
        if year != before {
            let style = words(colour::INK, HPos::Center, VPos::Top);
            area.draw(&Text::new(
                year.to_owned(),
                (middle(place), base + 21),
                style,
            ))?;
            before = year;
        }
    }
    Ok(())
}

/// Says what a category stands for: its name, its sum and its layers.
pub(super) fn described(stack: &Stack, currency: Currency, category: usize) -> String {
    let Some(named) = stack.categories.get(category) else {
        return String::new();
    };
    let shown = |amount: Signed| amount.grouped(currency.decimals());
    let mut words = format!(
        "{}: {} {currency}",
        text::clean(&named.name),
        shown(named.total)
    );
    let layers = stack
        .layers
        .iter()
        .filter_map(|layer| Some((layer.name, layer.values.get(category)?)));
    if stack.layers.len() > 1 {
        for (name, value) in layers {
            // Writing to a string cannot fail.
            let _ = write!(words, "\n{name} {}", shown(*value));
        }
    }
    words
}
