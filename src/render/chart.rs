//! Charts as SVG, drawn by `plotters` on whole numbers.
//!
//! Values are scaled to whole positions below 10^7 and ticks are chosen and labelled in exact
//! arithmetic, so that the library's own rounding touches pixels only. Every mark has one of the
//! colours of [`colour`]; the page's style sheet gives each of them its value in the light and in
//! the dark theme.

mod bars;
mod canvas;
mod columns;
mod plane;
mod steps;
mod ticks;

use std::fmt::Write as _;

use plotters::{
    element::Rectangle,
    prelude::{IntoDrawingArea as _, SVGBackend},
    style::Color as _,
};

use canvas::{Spot, TOP, position};
pub(super) use canvas::{Width, colour, hex, of_line, of_tone};

use super::{error::Error, html::escaped, text};
use crate::{
    domain::signed::Signed,
    report::dashboard::{Chart, Plot},
};

/// What the library writes at all words; the style sheet says it once.
const FONT: &str = " font-family=\"sans-serif\" font-size=\"11.290322580645162\"";
/// The width of a column in a small drawing, in pixels.
const SPARK: u32 = 10;

/// Draws a chart; `id` is the beginning of the ids in it, which must be the only ones of the page.
pub(super) fn svg(chart: &Chart, id: &str, width: Width, class: &str) -> Result<String, Error> {
    let pixels = width.pixels();
    let height = match &chart.plot {
        Plot::Columns(_) => columns::height(width),
        Plot::Bars(stack) => bars::height(stack, width),
        Plot::Split(_) => bars::SPLIT,
        Plot::Steps(_) => steps::height(width),
    };
    let mut drawing = String::new();
    let size = Size {
        width: u32::try_from(pixels).unwrap_or_default(),
        height: u32::try_from(height).unwrap_or_default(),
    };
    let area = SVGBackend::with_string(&mut drawing, (size.width, size.height)).into_drawing_area();
    let spots = match &chart.plot {
        Plot::Columns(stack) => {
            let count = i32::try_from(stack.categories.len())
                .unwrap_or(i32::from(i16::MAX))
                .max(1);
            columns::draw(stack, chart.currency, &area, count)
        }
        Plot::Bars(stack) => bars::draw(stack, chart.currency, &area, width),
        Plot::Split(stack) => bars::split(stack, &area),
        Plot::Steps(steps) => steps::draw(steps, chart.currency, &area, width),
    };
    let spots = spots
        .and_then(|spots| area.present().map(|()| spots))
        .map_err(|error| Error::Chart(error.to_string()))?;
    drop(area);
    Ok(dressed(&drawing, chart, id, class, &spots, size))
}

/// The size of a drawing, in pixels.
#[derive(Clone, Copy, Debug)]
struct Size {
    width: u32,
    height: u32,
}

/// Gives a drawing its own opening tag with a name and a description, and the spots on top.
fn dressed(
    drawing: &str,
    chart: &Chart,
    id: &str,
    class: &str,
    spots: &[Spot],
    size: Size,
) -> String {
    let marks = marks(drawing);
    let Size { width, height } = size;
    let stretch = if matches!(chart.plot, Plot::Split(_)) {
        " preserveAspectRatio=\"none\""
    } else {
        ""
    };
    let (title, description) = (
        escaped(&text::clean(&chart.title)),
        escaped(&text::clean(&chart.description)),
    );
    let mut svg = format!(
        "<svg class=\"{class}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {width} {height}\"{stretch}>\n\
         <title id=\"{id}-t\">{title}</title>\n<desc id=\"{id}-d\">{description}</desc>\n{marks}"
    );
    for spot in spots {
        let Spot {
            left,
            top,
            width,
            height,
            words,
        } = spot;
        let words = escaped(words);
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<rect class=\"spot\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"><title>{words}</title></rect>"
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws amounts over time as a row of small columns, with what they are as its name.
pub(super) fn spark(amounts: &[Signed], name: &str) -> Result<String, Error> {
    let size = (SPARK * u32::try_from(amounts.len()).unwrap_or(1), 20);
    let highest = amounts
        .iter()
        .copied()
        .max()
        .filter(|highest| highest.units() > 0);
    let mut drawing = String::new();
    let area = SVGBackend::with_string(&mut drawing, size).into_drawing_area();
    let slot = i32::try_from(SPARK).unwrap_or_default();
    let base = [
        (0, 19),
        (slot * i32::try_from(amounts.len()).unwrap_or(1) - 2, 20),
    ];
    let drawn = area
        .draw(&Rectangle::new(base, colour::AXIS.filled()))
        .and_then(|()| {
            for (place, amount) in (0_i32..)
                .zip(amounts)
                .filter(|(_, amount)| amount.units() > 0)
            {
                // What is there is seen, however small it is next to the highest.
                let height = highest
                    .map_or(0, |highest| position(*amount, highest) * 18 / TOP)
                    .max(1);
                let corners = [(place * slot, 19 - height), (place * slot + slot - 2, 19)];
                area.draw(&Rectangle::new(corners, colour::WHOLE.filled()))?;
            }
            area.present()
        });
    drawn.map_err(|error| Error::Chart(error.to_string()))?;
    drop(area);
    let (width, height) = size;
    let name = escaped(&text::clean(name));
    Ok(format!(
        "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><title>{name}</title>\n{}</svg>",
        marks(&drawing)
    ))
}

/// Takes the marks out of a drawing: what is between its tags.
fn marks(drawing: &str) -> String {
    let marks = drawing.split_once(">\n").map_or("", |(_, rest)| rest);
    marks
        .trim_end()
        .trim_end_matches("</svg>")
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(FONT, "")
}

#[cfg(test)]
mod tests;
