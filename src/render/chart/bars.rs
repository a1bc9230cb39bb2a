//! Bars with their names and exact sums next to them, so that they need no axis.

use plotters::{
    chart::ChartBuilder,
    element::{Rectangle, Text},
    style::{
        Color as _,
        text_anchor::{HPos, VPos},
    },
};

use super::{
    canvas::{
        Area, Drawn, SIGN, Spot, TOP, Width, colour, fitting, of_tone, position, room, words,
    },
    columns::described,
};
use crate::{
    domain::{currency::Currency, signed::Signed},
    report::dashboard::Stack,
};

/// The height of a single bar that shows how a whole splits.
pub(super) const SPLIT: i32 = 16;
/// The height of a bar.
const BAR: i32 = 16;
/// The room between a bar and its words.
const GAP: i32 = 8;
/// The most room that names take next to bars.
const NAMES: i32 = 170;

/// Returns the height of the drawing.
pub(super) fn height(stack: &Stack, width: Width) -> i32 {
    i32::try_from(stack.categories.len()).unwrap_or_default() * row(width) + GAP
}

const fn row(width: Width) -> i32 {
    match width {
        Width::Wide => 30,
        // The words are above the bar.
        Width::Narrow => 44,
    }
}

/// Draws bars with their layers from the left: names at the left and sums at the right, or both
/// above on a narrow drawing.
pub(super) fn draw(
    stack: &Stack,
    currency: Currency,
    area: &Area,
    width: Width,
) -> Drawn<Vec<Spot>> {
    let sums: Vec<String> = stack
        .categories
        .iter()
        .map(|category| category.total.grouped(currency.decimals()))
        .collect();
    let sum_room = sums.iter().map(|sum| room(sum)).max().unwrap_or_default();
    let name_room = stack
        .categories
        .iter()
        .map(|category| room(&category.name))
        .max()
        .unwrap_or_default()
        .min(NAMES);
    let whole = width.pixels();
    let (left, right) = match width {
        Width::Wide => (name_room + GAP, whole - sum_room - GAP),
        Width::Narrow => (0, whole),
    };
    let height = row(width);
    let mut spots = Vec::with_capacity(stack.categories.len());
    for (place, ((at, category), sum)) in
        (0_i32..).zip(stack.categories.iter().enumerate().zip(&sums))
    {
        let top = place * height + GAP / 2;
        let ink = |across| words(colour::INK, across, VPos::Center);
        let label = |across| words(colour::LABEL, across, VPos::Center);
        let bar = match width {
            Width::Wide => {
                let middle = top + height / 2;
                let name = fitting(&category.name, name_room);
                area.draw(&Text::new(name, (left - GAP, middle), label(HPos::Right)))?;
                area.draw(&Text::new(sum.clone(), (whole, middle), ink(HPos::Right)))?;
                middle - BAR / 2
            }
            Width::Narrow => {
                let name = fitting(&category.name, whole - room(sum) - GAP);
                area.draw(&Text::new(name, (0, top + 12), label(HPos::Left)))?;
                area.draw(&Text::new(sum.clone(), (whole, top + 12), ink(HPos::Right)))?;
                top + 22
            }
        };
        let strip = Strip {
            left,
            right,
            top: bar,
            bottom: bar + BAR,
        };
        segments(stack, at, area, strip)?;
        spots.push(Spot {
            left: 0,
            top,
            width: whole,
            height,
            words: described(stack, currency, at),
        });
    }
    Ok(spots)
}

/// Draws one bar over the whole width.
pub(super) fn split(stack: &Stack, area: &Area) -> Drawn<Vec<Spot>> {
    segments(
        stack,
        0,
        area,
        Strip {
            left: 0,
            right: Width::Wide.pixels(),
            top: 0,
            bottom: SPLIT,
        },
    )
    .map(|()| Vec::new())
}

/// Where a bar is drawn, in pixels.
#[derive(Clone, Copy, Debug)]
struct Strip {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// Draws the layers of one category within a strip.
fn segments(stack: &Stack, category: usize, area: &Area, strip: Strip) -> Drawn {
    let highest = stack.highest();
    if highest.is_zero() {
        return Ok(());
    }
    // Sums that leave no room still leave the bar a few pixels.
    let part = area.clone().shrink(
        (strip.left, strip.top),
        (
            (strip.right - strip.left).max(SIGN),
            strip.bottom - strip.top,
        ),
    );
    let mut chart = ChartBuilder::on(&part).build_cartesian_2d(0..TOP, 0..1)?;
    let mut end = Signed::ZERO;
    for layer in &stack.layers {
        let is_drawn = |value: &&Signed| !value.is_zero() && !value.is_negative();
        let Some(value) = layer.values.get(category).filter(is_drawn) else {
            continue;
        };
        let begin = end;
        let Some(sum) = begin.checked_add(*value) else {
            continue;
        };
        end = sum;
        let corners = [(position(begin, highest), 0), (position(end, highest), 1)];
        chart.draw_series([Rectangle::new(corners, of_tone(layer.tone).filled())])?;
    }
    Ok(())
}
