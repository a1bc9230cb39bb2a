//! The plane of a chart with an axis of amounts at the left: its grid, its labels and the line at
//! nothing.

use plotters::{
    chart::{ChartBuilder, ChartContext},
    coord::{
        cartesian::Cartesian2d,
        combinators::{BindKeyPoints as _, WithKeyPoints},
        types::RangedCoordi32,
    },
    element::Rectangle,
    prelude::SVGBackend,
    style::{
        Color as _, TRANSPARENT,
        text_anchor::{HPos, VPos},
    },
};

use super::{
    canvas::{Area, Drawn, colour, position, room, words},
    ticks::Ticks,
};
use crate::domain::signed::Signed;

/// The room above the plot.
pub(super) const ABOVE: i32 = 10;
/// The room between the labels of the axis and the plot.
const OFF_AXIS: i32 = 20;

type Line = WithKeyPoints<RangedCoordi32>;

/// Where a plane's edges are and what it measures.
pub(super) struct Plane<'a, 'b> {
    pub(super) chart: ChartContext<'a, SVGBackend<'b>, Cartesian2d<Line, Line>>,
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) base: i32,
    top: Signed,
}

/// What a plane reaches to, and the room around it.
pub(super) struct Extent {
    /// The highest position across, from zero.
    pub(super) across: i32,
    /// The highest amount.
    pub(super) highest: Signed,
    /// The room at the right.
    pub(super) at_right: i32,
    /// The room below.
    pub(super) below: i32,
}

impl<'a, 'b> Plane<'a, 'b> {
    /// Draws the grid and the axis.
    pub(super) fn draw(area: &'a Area<'b>, extent: &Extent) -> Drawn<Self> {
        let ticks = Ticks::up_to(extent.highest);
        let at = |tick: Signed| position(tick, ticks.top);
        let marks: Vec<i32> = ticks.values.iter().map(|tick| at(*tick)).collect();
        let label = |mark: &i32| {
            let tick = ticks.values.iter().find(|tick| at(**tick) == *mark);
            tick.map_or_else(String::new, |tick| ticks.label(*tick))
        };
        let widest = ticks
            .values
            .iter()
            .map(|tick| room(&ticks.label(*tick)))
            .max()
            .unwrap_or_default();
        // Across there are no key points: the library would choose some of its own.
        let mut chart = ChartBuilder::on(area)
            .margin_top(ABOVE)
            .margin_right(extent.at_right)
            .y_label_area_size(widest + OFF_AXIS)
            .x_label_area_size(extent.below)
            .build_cartesian_2d(
                (0..extent.across).with_key_points(Vec::new()),
                (0..at(ticks.top)).with_key_points(marks),
            )?;
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
        let ((left, base), (right, _)) = (
            chart.backend_coord(&(0, 0)),
            chart.backend_coord(&(extent.across, 0)),
        );
        Ok(Self {
            chart,
            left,
            right,
            base,
            top: ticks.top,
        })
    }

    /// Returns the position of an amount.
    pub(super) fn at(&self, amount: Signed) -> i32 {
        position(amount, self.top)
    }

    /// Returns the pixel of a position across.
    pub(super) fn across(&self, position: i32) -> i32 {
        self.chart.backend_coord(&(position, 0)).0
    }

    /// Draws the line at nothing, over what is on it.
    pub(super) fn ground(&self, area: &Area) -> Drawn {
        area.draw(&Rectangle::new(
            [(self.left, self.base), (self.right, self.base + 1)],
            colour::AXIS.filled(),
        ))
    }
}
