//! What all charts share: colours, positions and the room that words take.

use std::io;

use plotters::{
    coord::Shift,
    drawing::DrawingAreaErrorKind,
    prelude::{DrawingArea, SVGBackend},
    style::{
        Color as _, IntoFont as _, RGBColor, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{domain::signed::Signed, render::text, report::dashboard::Tone};

/// The colours that marks are drawn in. The style sheet selects marks by them.
pub(in crate::render) mod colour {
    use plotters::style::RGBColor;

    /// Words that name a mark.
    pub(in crate::render) const INK: RGBColor = RGBColor(0x18, 0x20, 0x2E);
    /// Words at an axis.
    pub(in crate::render) const LABEL: RGBColor = RGBColor(0x55, 0x60, 0x72);
    /// Lines across the plot.
    pub(in crate::render) const GRID: RGBColor = RGBColor(0xE3, 0xE7, 0xEE);
    /// The line at nothing.
    pub(in crate::render) const AXIS: RGBColor = RGBColor(0x8A, 0x94, 0xA6);
    /// Money that reached its holder.
    pub(in crate::render) const PAID: RGBColor = RGBColor(0x0F, 0x76, 0x6E);
    /// Money that a request holds.
    pub(in crate::render) const PENDING: RGBColor = RGBColor(0xB4, 0x53, 0x09);
    /// Money that nobody asked for.
    pub(in crate::render) const UNPAID: RGBColor = RGBColor(0x7C, 0x89, 0x9F);
    /// Money that waits for the next event.
    pub(in crate::render) const CARRIED: RGBColor = RGBColor(0x7A, 0x4F, 0xB5);
    /// Tax.
    pub(in crate::render) const TAX: RGBColor = RGBColor(0xA8, 0x32, 0x4E);
    /// Money that the fund retains.
    pub(in crate::render) const RETAINED: RGBColor = RGBColor(0x4B, 0x56, 0x69);
    /// Money that is not distinguished.
    pub(in crate::render) const WHOLE: RGBColor = RGBColor(0x2B, 0x5F, 0xB8);
    /// Lines, in order.
    pub(in crate::render) const LINES: [RGBColor; 6] = [
        RGBColor(0x2B, 0x5F, 0xB9),
        RGBColor(0xB4, 0x53, 0x0A),
        RGBColor(0x0F, 0x76, 0x6F),
        RGBColor(0x8B, 0x3F, 0xA8),
        RGBColor(0xB0, 0x2A, 0x4B),
        RGBColor(0x4A, 0x55, 0x68),
    ];
}

/// The highest position: values are scaled so that the highest tick lies there.
pub(super) const TOP: i32 = 1_000_000;
/// The room that a sign of a label takes in the widest of the page's fonts, in pixels.
pub(super) const SIGN: i32 = 8;

/// How much room a chart has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Width {
    /// Next to another one on a desk, or alone on paper.
    Wide,
    /// On a phone.
    Narrow,
}

/// Where a mark shows what it stands for when the pointer is over it.
pub(super) struct Spot {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    /// What it says, without hostile signs.
    pub(super) words: String,
}

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<io::Error>>;

impl Width {
    /// All of them, each with the class of its drawing.
    pub(in crate::render) const ALL: [(Self, &'static str); 2] =
        [(Self::Wide, "wide"), (Self::Narrow, "narrow")];

    pub(super) const fn pixels(self) -> i32 {
        match self {
            Self::Wide => 760,
            Self::Narrow => 326,
        }
    }
}

/// Returns the colour of a tone.
pub(in crate::render) const fn of_tone(tone: Tone) -> RGBColor {
    match tone {
        Tone::Paid => colour::PAID,
        Tone::Pending => colour::PENDING,
        Tone::Available => colour::UNPAID,
        Tone::CarriedForward => colour::CARRIED,
        Tone::Tax => colour::TAX,
        Tone::Retained => colour::RETAINED,
        Tone::Whole => colour::WHOLE,
    }
}

/// Returns the colour of a line by its place.
pub(in crate::render) fn of_line(place: usize) -> RGBColor {
    colour::LINES
        .iter()
        .cycle()
        .nth(place)
        .copied()
        .unwrap_or(colour::INK)
}

/// Writes a colour as the library writes it.
pub(in crate::render) fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// Scales a value to a position, where `top` is the value at [`TOP`]. What is below zero stays at
/// zero.
pub(super) fn position(value: Signed, top: Signed) -> i32 {
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
pub(super) fn words(colour: RGBColor, across: HPos, down: VPos) -> TextStyle<'static> {
    let (font, color) = (("sans-serif", 14).into_font(), colour.to_backend_color());
    TextStyle {
        font,
        color,
        pos: Pos::new(across, down),
    }
}

/// Returns how wide words are at most, in pixels.
pub(super) fn room(words: &str) -> i32 {
    words.chars().map(sign_room).fold(0, i32::saturating_add)
}

/// Returns the room of a sign: capital letters are wider than others, and those of East Asia and
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
pub(super) fn fitting(words: &str, pixels: i32) -> String {
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
