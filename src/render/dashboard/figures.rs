//! Key figures, and charts with their captions and legends.

use std::io::Write;

use plotters::style::RGBColor;

use super::words::shown;
use crate::{
    render::{
        chart::{self, Width},
        error::Error,
        html::escaped,
        text,
    },
    report::dashboard::{Chart, Figure, Plot, Summary, Tone},
};

/// The signs of a number that has room next to others in full size.
const LONG: usize = 18;

/// Writes the key figures of each currency.
pub(super) fn summaries(summaries: &[Summary], out: &mut impl Write) -> Result<(), Error> {
    writeln!(
        out,
        "<section aria-labelledby=\"figures\">\n<h2 id=\"figures\" tabindex=\"-1\">Key figures</h2>"
    )?;
    for (place, summary) in summaries.iter().enumerate() {
        let currency = summary.currency;
        writeln!(
            out,
            "<div class=\"summary card\">\n<h3><span data-table=\"totals\" data-row=\"{place}\" data-field=\"currency\" \
             data-value=\"{currency}\">{currency}</span></h3>\n<dl class=\"money\">"
        )?;
        for known in &summary.money {
            figure(known, out)?;
        }
        writeln!(out, "</dl>\n<figure class=\"split\">")?;
        let svg = chart::svg(
            &summary.split,
            &format!("figures-{place}"),
            Width::Wide,
            "bar",
        )?;
        writeln!(
            out,
            "{svg}<figcaption>{}</figcaption>\n</figure>",
            shown(&summary.split.description)
        )?;
        writeln!(out, "<dl class=\"others\">")?;
        for known in &summary.others {
            figure(known, out)?;
        }
        writeln!(out, "</dl>\n</div>")?;
    }
    writeln!(out, "</section>")?;
    Ok(())
}

fn figure(figure: &Figure, out: &mut impl Write) -> Result<(), Error> {
    let Figure {
        label,
        value,
        unit,
        tone,
        table,
        row,
        field,
    } = figure;
    let swatch = tone.map_or_else(String::new, |tone| swatch(chart::of_tone(tone), "box"));
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!("<span class=\"unit\">{unit}</span>")
    };
    let (plain, words) = (text::plain(value), text::shown(value));
    let class = if words.len() > LONG {
        " class=\"smaller\""
    } else {
        ""
    };
    writeln!(
        out,
        "<div><dt>{swatch}{label}</dt><dd{class}><span data-table=\"{table}\" data-row=\"{row}\" data-field=\"{field}\" \
         data-value=\"{}\">{}</span>{unit}</dd></div>",
        escaped(&plain),
        escaped(&words)
    )?;
    Ok(())
}

/// Writes a chart: its caption, its legend and its drawings.
pub(super) fn chart(chart: &Chart, id: &str, out: &mut impl Write) -> Result<(), Error> {
    writeln!(
        out,
        "<figure class=\"chart card\">\n<figcaption>\n<p class=\"title\">{}</p>",
        shown(&chart.title)
    )?;
    writeln!(out, "<p>{}</p>", shown(&chart.description))?;
    legend(&chart.plot, out)?;
    if let Some(note) = &chart.note {
        writeln!(out, "<p class=\"note\">{}</p>", shown(note))?;
    }
    writeln!(out, "</figcaption>\n<div class=\"drawing\">")?;
    for (width, class) in Width::ALL {
        out.write_all(chart::svg(chart, &format!("{id}-{class}"), width, class)?.as_bytes())?;
    }
    writeln!(out, "</div>\n</figure>")?;
    Ok(())
}

/// Writes what the layers or lines are; a chart with a single one needs none.
fn legend(plot: &Plot, out: &mut impl Write) -> Result<(), Error> {
    let (class, entries): (_, Vec<(String, String)>) = match plot {
        Plot::Columns(stack) | Plot::Bars(stack) | Plot::Split(stack) => {
            let layers = stack
                .layers
                .iter()
                .filter(|layer| layer.tone != Tone::Whole);
            (
                "legend",
                layers
                    .map(|layer| {
                        (
                            swatch(chart::of_tone(layer.tone), "box"),
                            layer.name.to_owned(),
                        )
                    })
                    .collect(),
            )
        }
        // A wide drawing has the names at the ends of the lines.
        Plot::Steps(steps) => {
            let lines = steps.lines.iter().enumerate();
            (
                "legend aside",
                lines
                    .map(|(place, line)| (swatch(chart::of_line(place), "line"), line.name.clone()))
                    .collect(),
            )
        }
    };
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"{class}\">")?;
    for (swatch, name) in entries {
        writeln!(out, "<li>{swatch}{}</li>", shown(&name))?;
    }
    writeln!(out, "</ul>")?;
    Ok(())
}

/// Draws a sample of a colour, with its pattern or dashes.
fn swatch(colour: RGBColor, shape: &str) -> String {
    let hex = chart::hex(colour);
    let mark = if shape == "line" {
        format!("<polyline fill=\"none\" stroke=\"{hex}\" stroke-width=\"2\" points=\"0,6 24,6\"/>")
    } else {
        format!("<rect width=\"12\" height=\"12\" fill=\"{hex}\"/>")
    };
    let width = if shape == "line" { 24 } else { 12 };
    format!(
        "<svg class=\"swatch\" aria-hidden=\"true\" width=\"{width}\" height=\"12\" viewBox=\"0 0 {width} 12\">{mark}</svg>"
    )
}
