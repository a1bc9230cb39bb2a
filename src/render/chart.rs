//! Charts as SVG, drawn by `plotters` on whole numbers.
//!
//! Values are scaled to whole positions below 10^7 and ticks are chosen and labelled in exact
//! arithmetic, so that the library's own rounding touches pixels only. Every mark has one of the
//! colours of [`colour`]; the page's style sheet gives each of them its value in the light and in
//! the dark theme.

mod bars;
mod columns;
mod plane;
mod steps;
mod ticks;

use std::{fmt::Write as _, io};

use plotters::{
    coord::Shift,
    drawing::DrawingAreaErrorKind,
    element::Rectangle,
    prelude::{DrawingArea, IntoDrawingArea as _, SVGBackend},
    style::{
        Color as _, IntoFont as _, RGBColor, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::{error::Error, html::escaped, text};
use crate::{
    domain::signed::Signed,
    report::dashboard::{Chart, Plot, Tone},
};

/// The colours that marks are drawn in. The style sheet selects marks by them.
pub(super) mod colour {
    use plotters::style::RGBColor;

    /// Words that name a mark.
    pub(in super::super) const INK: RGBColor = RGBColor(0x18, 0x20, 0x2E);
    /// Words at an axis.
    pub(in super::super) const LABEL: RGBColor = RGBColor(0x55, 0x60, 0x72);
    /// Lines across the plot.
    pub(in super::super) const GRID: RGBColor = RGBColor(0xE3, 0xE7, 0xEE);
    /// The line at nothing.
    pub(in super::super) const AXIS: RGBColor = RGBColor(0x8A, 0x94, 0xA6);
    /// Money that reached its holder.
    pub(in super::super) const PAID: RGBColor = RGBColor(0x0F, 0x76, 0x6E);
    /// Money that a request holds.
    pub(in super::super) const PENDING: RGBColor = RGBColor(0xB4, 0x53, 0x09);
    /// Money that nobody asked for.
    pub(in super::super) const UNPAID: RGBColor = RGBColor(0x7C, 0x89, 0x9F);
    /// Money that is not told apart.
    pub(in super::super) const WHOLE: RGBColor = RGBColor(0x2B, 0x5F, 0xB8);
    /// Lines, in order.
    pub(in super::super) const LINES: [RGBColor; 6] = [
        RGBColor(0x2B, 0x5F, 0xB9),
        RGBColor(0xB4, 0x53, 0x0A),
        RGBColor(0x0F, 0x76, 0x6F),
        RGBColor(0x8B, 0x3F, 0xA8),
        RGBColor(0xB0, 0x2A, 0x4B),
        RGBColor(0x4A, 0x55, 0x68),
    ];
}

/// The highest position: values are scaled so that the highest tick lies there.
const TOP: i32 = 1_000_000;
/// The room that a sign of a label takes in the widest of the page's fonts, in pixels.
const SIGN: i32 = 8;

/// What the library writes at all words; the style sheet says it once.
const FONT: &str = " font-family=\"sans-serif\" font-size=\"11.290322580645162\"";
/// The width of a column in a small drawing, in pixels.
const SPARK: u32 = 10;

/// How much room a chart has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Beside another one on a desk, or alone on paper.
    Wide,
    /// On a phone.
    Narrow,
}

/// Where a mark tells what it stands for when it is pointed at.
struct Spot {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
    /// What it says, without hostile signs.
    words: String,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<io::Error>>;

impl Width {
    /// All of them, each with the class of its drawing.
    pub(super) const ALL: [(Self, &'static str); 2] =
        [(Self::Wide, "wide"), (Self::Narrow, "narrow")];

    const fn pixels(self) -> i32 {
        match self {
            Self::Wide => 760,
            Self::Narrow => 326,
        }
    }
}

/// Tells the colour of a tone.
pub(super) const fn of_tone(tone: Tone) -> RGBColor {
    match tone {
        Tone::Paid => colour::PAID,
        Tone::Pending => colour::PENDING,
        Tone::Available => colour::UNPAID,
        Tone::Whole => colour::WHOLE,
    }
}

/// Tells the colour of a line by its place.
pub(super) fn of_line(place: usize) -> RGBColor {
    colour::LINES
        .iter()
        .cycle()
        .nth(place)
        .copied()
        .unwrap_or(colour::INK)
}

/// Writes a colour as the library writes it.
pub(super) fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

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
    let size = (
        u32::try_from(pixels).unwrap_or_default(),
        u32::try_from(height).unwrap_or_default(),
    );
    let area = SVGBackend::with_string(&mut drawing, size).into_drawing_area();
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

/// Gives a drawing its own opening tag with a name and a description, and the spots on top.
fn dressed(
    drawing: &str,
    chart: &Chart,
    id: &str,
    class: &str,
    spots: &[Spot],
    (width, height): (u32, u32),
) -> String {
    let marks = marks(drawing);
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
                // What is there is seen, however small it is beside the highest.
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

/// Takes the marks out of a drawing: what stands between its tags.
fn marks(drawing: &str) -> String {
    let marks = drawing.split_once(">\n").map_or("", |(_, rest)| rest);
    marks
        .trim_end()
        .trim_end_matches("</svg>")
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(FONT, "")
}

/// Scales a value to a position, where `top` is the value at [`TOP`]. What is below zero stays at
/// zero.
fn position(value: Signed, top: Signed) -> i32 {
    // A value lies below 10^29 and TOP at 10^6, so that the product stays below 2^127.
    let scaled = value
        .units()
        .max(0)
        .checked_mul(i128::from(TOP))
        .and_then(|scaled| scaled.checked_div(top.units()));
    scaled
        .and_then(|scaled| i32::try_from(scaled).ok())
        .unwrap_or_default()
}

/// The style of words: their colour and where they stand about their point.
fn words(colour: RGBColor, across: HPos, down: VPos) -> TextStyle<'static> {
    let (font, color) = (("sans-serif", 14).into_font(), colour.to_backend_color());
    TextStyle {
        font,
        color,
        pos: Pos::new(across, down),
    }
}

/// Tells how wide words are at most, in pixels.
fn room(words: &str) -> i32 {
    words.chars().map(sign_room).fold(0, i32::saturating_add)
}

/// Tells the room of a sign: capital letters are wider than others, and those of East Asia and
/// pictures twice as wide.
const fn sign_room(sign: char) -> i32 {
    match sign {
        'M' | 'W' | 'm' | 'w' | '@' | '%' => SIGN + 4,
        'A'..='Z' | '\u{C0}'..='\u{DE}' => SIGN + 2,
        '\u{1100}'.. => SIGN * 2,
        _ => SIGN,
    }
}

/// Cuts words that need more room, and ends them with `…`.
fn fitting(words: &str, pixels: i32) -> String {
    let words = text::clean(words);
    if room(&words) <= pixels {
        return words.into_owned();
    }
    let mut left = pixels - SIGN;
    let kept: String = words
        .chars()
        .take_while(|sign| {
            left -= sign_room(*sign);
            left >= 0
        })
        .collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests;
