//! Lines over days that stay level until the next point.

use chrono::{Datelike as _, Months};
use plotters::{
    element::{Circle, PathElement, Rectangle, Text},
    style::{
        Color as _,
        text_anchor::{HPos, VPos},
    },
};

use super::{
    canvas::{Area, Drawn, Spot, Width, colour, fitting, of_line, room, words},
    plane::{Extent, Plane},
};
use crate::{
    domain::{currency::Currency, signed::Signed, time::Date},
    render::text,
    report::dashboard::{Line, Steps},
};

/// The room for the names at the ends of lines.
const NAMES: i32 = 130;
/// The least distance between such names.
const LEADING: i32 = 15;
const BELOW: i32 = 26;

/// The months between ticks that may be chosen.
const SPACINGS: [u32; 9] = [1, 2, 3, 6, 12, 24, 60, 120, 600];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Returns the height of the drawing.
pub(super) const fn height(width: Width) -> i32 {
    match width {
        Width::Wide => 290,
        Width::Narrow => 240,
    }
}

/// Draws the lines, their points, and on a wide drawing their names at their ends.
pub(super) fn draw(
    steps: &Steps,
    currency: Currency,
    area: &Area,
    width: Width,
) -> Drawn<Vec<Spot>> {
    let points = steps.lines.iter().flat_map(|line| &line.points);
    let highest = points
        .map(|(_, value)| *value)
        .max()
        .unwrap_or(Signed::ZERO);
    let at_right = if width == Width::Wide { NAMES } else { 8 };
    let mut plane = Plane::draw(
        area,
        &Extent {
            across: days(steps.from, steps.until).max(1),
            highest,
            at_right,
            below: BELOW,
        },
    )?;
    draw_lines(steps, &mut plane)?;
    plane.ground(area)?;
    draw_dates(steps, area, width, &plane)?;
    if width == Width::Wide {
        draw_names(steps, area, &plane)?;
    }
    let lines = steps.lines.iter().rev();
    let marked = lines.flat_map(|line| line.points.iter().map(move |point| (line, point)));
    Ok(marked
        .map(|(line, (date, value))| {
            let name = text::clean(&line.name);
            let (across, down) = pixels(steps, &plane, *date, *value);
            Spot {
                left: across - 9,
                top: down - 9,
                width: 18,
                height: 18,
                words: format!(
                    "{name}, {date}: {} {currency} per token so far",
                    value.grouped(0)
                ),
            }
        })
        .collect())
}

/// Draws the lines and their points. The highest line comes first and is drawn last, on top.
fn draw_lines(steps: &Steps, plane: &mut Plane<'_, '_>) -> Drawn {
    let day = |date: Date| days(steps.from, date);
    let last = day(steps.until).max(1);
    for (place, line) in steps.lines.iter().enumerate().rev() {
        let path = corners(line).map(|(date, value)| (day(date), plane.at(value)));
        let path: Vec<(i32, i32)> = path.chain([(last, plane.at(end(line)))]).collect();
        let marked: Vec<(i32, i32)> = line
            .points
            .iter()
            .map(|(date, value)| (day(*date), plane.at(*value)))
            .collect();
        plane
            .chart
            .draw_series([PathElement::new(path, of_line(place).stroke_width(2))])?;
        plane.chart.draw_series(
            marked
                .into_iter()
                .map(|point| Circle::new(point, 3, of_line(place).filled())),
        )?;
    }
    Ok(())
}

/// Draws the dates below the plane.
fn draw_dates(steps: &Steps, area: &Area, width: Width, plane: &Plane<'_, '_>) -> Drawn {
    for (date, named) in dates(steps, if width == Width::Wide { 6 } else { 4 }) {
        let (across, base) = (plane.across(days(steps.from, date)), plane.base);
        let place = (inside(across, &named, width), base + 8);
        area.draw(&Rectangle::new(
            [(across, base), (across + 1, base + 4)],
            colour::AXIS.filled(),
        ))?;
        area.draw(&Text::new(
            named,
            place,
            words(colour::LABEL, HPos::Center, VPos::Top),
        ))?;
    }
    Ok(())
}

/// Draws the names of the lines at their ends.
fn draw_names(steps: &Steps, area: &Area, plane: &Plane<'_, '_>) -> Drawn {
    let heights: Vec<i32> = steps
        .lines
        .iter()
        .map(|line| pixels(steps, plane, steps.until, end(line)).1)
        .collect();
    let heights = spread(&heights, plane.base);
    for ((place, line), height) in steps.lines.iter().enumerate().zip(heights) {
        let style = words(of_line(place), HPos::Left, VPos::Center);
        area.draw(&Text::new(
            fitting(&line.name, NAMES - 10),
            (plane.right + 8, height),
            style,
        ))?;
    }
    Ok(())
}

/// Returns where a value of a day is in the drawing.
fn pixels(steps: &Steps, plane: &Plane<'_, '_>, date: Date, value: Signed) -> (i32, i32) {
    let point = (days(steps.from, date), plane.at(value));
    plane.chart.backend_coord(&point)
}

/// Returns the corners of a line: level up to each point, then up to its value.
fn corners(line: &Line) -> impl Iterator<Item = (Date, Signed)> {
    let levels = [None]
        .into_iter()
        .chain(line.points.iter().map(|(_, value)| Some(*value)));
    line.points
        .iter()
        .zip(levels)
        .flat_map(|((date, value), level)| {
            level
                .map(|level| (*date, level))
                .into_iter()
                .chain([(*date, *value)])
        })
}

fn end(line: &Line) -> Signed {
    line.points.last().map_or(Signed::ZERO, |(_, value)| *value)
}

fn days(from: Date, date: Date) -> i32 {
    i32::try_from(date.signed_duration_since(from).num_days()).unwrap_or_default()
}

/// Chooses the beginnings of months that are named on the axis, or its ends if there are too few
/// of them.
fn dates(steps: &Steps, most: usize) -> Vec<(Date, String)> {
    let shown = |date: Date, spacing: u32| {
        let month = usize::try_from(date.month0())
            .ok()
            .and_then(|month| MONTHS.get(month))
            .copied()
            .unwrap_or_default();
        if spacing < 12 {
            format!("{month} {}", date.year())
        } else {
            date.year().to_string()
        }
    };
    for spacing in SPACINGS {
        let found: Vec<Date> = beginnings(steps, spacing).take(most + 1).collect();
        if found.len() < 2 {
            break;
        }
        if found.len() <= most {
            return found
                .into_iter()
                .map(|date| (date, shown(date, spacing)))
                .collect();
        }
    }
    let mut ends = vec![(steps.from, steps.from.to_string())];
    if steps.until > steps.from {
        ends.push((steps.until, steps.until.to_string()));
    }
    ends
}

/// Lists the first days of months that are a multiple of so many months away from the beginning of
/// the calendar.
fn beginnings(steps: &Steps, spacing: u32) -> impl Iterator<Item = Date> {
    let months = steps.from.year() * 12 + i32::try_from(steps.from.month0()).unwrap_or_default();
    let spaced = i32::try_from(spacing).unwrap_or(1);
    let number = months.div_euclid(spaced) * spaced;
    let month = u32::try_from(number.rem_euclid(12)).unwrap_or_default() + 1;
    let first = Date::from_ymd_opt(number.div_euclid(12), month, 1);
    let (from, until) = (steps.from, steps.until);
    std::iter::successors(first, move |date| {
        date.checked_add_months(Months::new(spacing))
    })
    .skip_while(move |date| *date < from)
    .take_while(move |date| *date <= until)
}

/// Keeps words under a tick within the drawing.
fn inside(across: i32, words: &str, width: Width) -> i32 {
    let half = room(words) / 2;
    across.min(width.pixels() - half).max(half)
}

/// Moves names apart that would cover each other; they come from the top down and stay above
/// `base`.
fn spread(heights: &[i32], base: i32) -> Vec<i32> {
    let mut lowest = i32::MIN;
    let mut spread: Vec<i32> = Vec::with_capacity(heights.len());
    for height in heights {
        let height = (*height).max(lowest);
        lowest = height + LEADING;
        spread.push(height);
    }
    let mut highest = base;
    for height in spread.iter_mut().rev() {
        *height = (*height).min(highest);
        highest = *height - LEADING;
    }
    spread
}
