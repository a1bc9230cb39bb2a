//! Columns in order of time.

use plotters::{
    chart::ChartBuilder,
    coord::combinators::BindKeyPoints as _,
    element::{Rectangle, Text},
    style::{
        Color as _, TRANSPARENT,
        text_anchor::{HPos, VPos},
    },
};

use super::{Area, Drawn, OFF_AXIS, Spot, Width, colour, of_tone, position, room, ticks::Ticks, words};
use crate::{
    domain::{currency::Currency, signed::Signed},
    report::dashboard::Stack,
};

/// The width of a category in positions, of which its column takes the middle.
const SLOT: i32 = 100;
/// The most that a column is wide, in pixels.
const WIDEST: i32 = 56;
const BELOW: i32 = 38;
const ABOVE: i32 = 10;
const RIGHT: i32 = 6;

/// Tells the height of the drawing.
pub(super) const fn height(width: Width) -> i32 {
    match width {
        Width::Wide => 280,
        Width::Narrow => 240,
    }
}

/// Draws columns with their layers from the bottom up, and the axis of amounts at the left.
pub(super) fn draw(stack: &Stack, currency: Currency, area: &Area) -> Drawn<Vec<Spot>> {
    let highest = stack.categories.iter().map(|category| category.total).max().unwrap_or(Signed::ZERO);
    let ticks = Ticks::up_to(highest);
    let at = |tick: Signed| position(tick, ticks.top);
    let marks: Vec<i32> = ticks.values.iter().map(|tick| at(*tick)).collect();
    let label = |mark: &i32| {
        ticks.values.iter().find(|tick| at(**tick) == *mark).map_or_else(String::new, |tick| ticks.label(*tick))
    };
    let widest = ticks.values.iter().map(|tick| room(&ticks.label(*tick))).max().unwrap_or_default();
    let count = i32::try_from(stack.categories.len()).unwrap_or(1);
    let mut chart = ChartBuilder::on(area)
        .margin_top(ABOVE)
        .margin_right(RIGHT)
        .y_label_area_size(widest + OFF_AXIS)
        .x_label_area_size(BELOW)
        .build_cartesian_2d((0..count * SLOT).with_key_points(Vec::new()), (0..at(ticks.top)).with_key_points(marks))?;
    // Across there are no key points: the library would choose some of its own.
    chart
        .configure_mesh()
        .disable_x_mesh()
        .axis_style(TRANSPARENT)
        .bold_line_style(colour::GRID)
        .light_line_style(colour::GRID)
        .set_all_tick_mark_size(6)
        .y_label_style(words(colour::LABEL, HPos::Right, VPos::Center))
        .y_label_formatter(&label)
        .draw()?;
    let (left, base) = chart.backend_coord(&(0, 0));
    let (right, _) = chart.backend_coord(&(count * SLOT, 0));
    let slot = (right - left) / count.max(1);
    let half = (SLOT / 3).min(WIDEST / 2 * SLOT / slot.max(1));
    let mut tops = vec![Signed::ZERO; stack.categories.len()];
    for layer in &stack.layers {
        let style = of_tone(layer.tone).filled();
        let columns = (0_i32..).zip(tops.iter_mut().zip(&layer.values)).filter_map(|(place, (top, value))| {
            let bottom = *top;
            *top = top.checked_add(*value)?;
            let middle = place * SLOT + SLOT / 2;
            (!value.is_zero()).then(|| Rectangle::new([(middle - half, at(bottom)), (middle + half, at(*top))], style))
        });
        let columns: Vec<_> = columns.collect();
        chart.draw_series(columns)?;
    }
    area.draw(&Rectangle::new([(left, base), (right, base + 1)], colour::AXIS.filled()))?;
    let middle = |place: i32| chart.backend_coord(&(place * SLOT + SLOT / 2, 0)).0;
    labels(stack, area, base, slot, middle)?;
    let spot = |(place, category)| Spot {
        left: middle(place) - slot / 2,
        top: ABOVE,
        width: slot,
        height: base - ABOVE,
        words: told(stack, currency, category),
    };
    Ok((0_i32..).zip(0..stack.categories.len()).map(spot).collect())
}

/// Writes the quarter under each column that has the room, and the year under its first one.
fn labels(stack: &Stack, area: &Area, base: i32, slot: i32, middle: impl Fn(i32) -> i32) -> Drawn {
    let every = usize::try_from(22 / slot.max(1) + 1).unwrap_or(1);
    let mut before = "";
    for (place, (at, category)) in (0_i32..).zip(stack.categories.iter().enumerate()) {
        let (year, quarter) = category.name.split_once('-').unwrap_or((&category.name, ""));
        if at.is_multiple_of(every) {
            let style = words(colour::LABEL, HPos::Center, VPos::Top);
            area.draw(&Text::new(quarter.to_owned(), (middle(place), base + 6), style))?;
        }
        if year != before {
            let style = words(colour::INK, HPos::Center, VPos::Top);
            area.draw(&Text::new(year.to_owned(), (middle(place), base + 21), style))?;
            before = year;
        }
    }
    Ok(())
}

/// Says what a category stands for: its name, its sum and its layers.
pub(super) fn told(stack: &Stack, currency: Currency, category: usize) -> String {
    let Some(named) = stack.categories.get(category) else { return String::new() };
    let shown = |amount: Signed| amount.grouped(currency.decimals());
    let mut words = format!("{}: {} {currency}", named.name, shown(named.total));
    let layers = stack.layers.iter().filter_map(|layer| Some((layer.name, layer.values.get(category)?)));
    if stack.layers.len() > 1 {
        for (name, value) in layers {
            words.push_str(&format!("\n{name} {}", shown(*value)));
        }
    }
    words
}
