use proptest::prelude::*;

use super::{
    canvas::{SIGN, fitting},
    *,
};
use crate::{
    domain::{currency::Currency, quantity::Total, time::parse_date},
    report::dashboard::{Category, Layer, Line, Stack, Steps, Tone},
};

fn signed(units: i128) -> Signed {
    Signed::from_units(units).unwrap()
}

fn chart(plot: Plot) -> Chart {
    let (title, description) = ("A <title>".to_owned(), "A & description".to_owned());
    Chart {
        title,
        description,
        note: None,
        currency: Currency::parse("NGN").unwrap(),
        plot,
    }
}

fn stack(names: &[&str], values: &[(i128, i128)]) -> Stack {
    let category = |(name, (a, b)): (&&str, &(i128, i128))| Category {
        name: (*name).to_owned(),
        total: signed(a + b),
    };
    let layer = |tone, values: Vec<i128>| Layer {
        name: "Layer",
        tone,
        values: values.into_iter().map(signed).collect(),
    };
    Stack {
        categories: names.iter().zip(values).map(category).collect(),
        layers: vec![
            layer(Tone::Paid, values.iter().map(|(a, _)| *a).collect()),
            layer(Tone::Pending, values.iter().map(|(_, b)| *b).collect()),
        ],
    }
}

#[test]
fn the_style_sheet_knows_every_colour_that_is_drawn() {
    let style = include_str!("../dashboard/style.css");
    let fills = [
        colour::INK,
        colour::LABEL,
        colour::AXIS,
        colour::PAID,
        colour::PENDING,
        colour::UNPAID,
        colour::CARRIED,
        colour::TAX,
        colour::RETAINED,
        colour::WHOLE,
    ];
    for fill in fills.iter().chain(&colour::LINES) {
        assert!(
            style.contains(&format!("[fill=\"{}\"]", hex(*fill))),
            "{}",
            hex(*fill)
        );
    }
    for stroke in [colour::GRID].iter().chain(&colour::LINES) {
        assert!(
            style.contains(&format!("[stroke=\"{}\"]", hex(*stroke))),
            "{}",
            hex(*stroke)
        );
    }
}

#[test]
fn a_bar_is_as_long_as_its_part_of_the_largest() {
    let bars = chart(Plot::Bars(stack(&["half", "whole"], &[(1, 1), (3, 1)])));
    let svg = svg(&bars, "x", Width::Narrow, "narrow").unwrap();
    let widths: Vec<&str> = svg
        .lines()
        .filter(|line| line.contains("fill=\"#0F766E\"") || line.contains("fill=\"#B45309\""))
        .map(|line| {
            line.split_once("width=\"")
                .unwrap()
                .1
                .split_once('"')
                .unwrap()
                .0
        })
        .collect();
    assert_eq!(widths, ["81", "81", "243", "82"], "{svg}");
    assert!(
        svg.starts_with("<svg class=\"narrow\" role=\"img\" aria-labelledby=\"x-t x-d\" viewBox=\"0 0 326 96\">\n"),
        "{svg}"
    );
    assert!(svg.contains(
        "<title id=\"x-t\">A &lt;title&gt;</title>\n<desc id=\"x-d\">A &amp; description</desc>"
    ));
    assert!(svg.contains("<title>whole: 0.0000004 NGN\nLayer 0.0000003\nLayer 0.0000001</title>"));
}

#[test]
fn what_was_brought_forward_is_said_and_not_drawn() {
    // 4 were distributed, and 6 are paid: 2 of them were brought forward.
    let mut stack = stack(&["first", "second"], &[(1, 1), (5, 1)]);
    stack.layers.push(Layer {
        name: "Carried forward",
        tone: Tone::CarriedForward,
        values: vec![signed(0), signed(-2)],
    });
    stack.categories[1].total = signed(4);
    assert_eq!((stack.reach(0), stack.reach(1)), (signed(2), signed(6)));
    assert_eq!(stack.highest(), signed(6));
    let carried = hex(colour::CARRIED);
    for plot in [Plot::Bars(stack.clone()), Plot::Columns(stack)] {
        let svg = svg(&chart(plot), "x", Width::Wide, "wide").unwrap();
        assert!(!svg.contains(&carried), "{svg}");
        assert!(
            svg.contains("second: 0.0000004 NGN\nLayer 0.0000005\nLayer 0.0000001\nCarried forward -0.0000002"),
            "{svg}"
        );
    }
}

#[test]
fn a_name_is_cut_where_there_is_no_room_and_is_never_markup() {
    let name = "<b>Ẹniọlá</b> & ".repeat(9);
    let bars = chart(Plot::Bars(stack(
        &[&name, "株式会社".repeat(9).as_str()],
        &[(1, 0), (1, 0)],
    )));
    for (width, class) in Width::ALL {
        let svg = svg(&bars, "x", width, class).unwrap();
        assert!(
            svg.contains("&lt;b&gt;") && svg.contains('…') && !svg.contains("<b>"),
            "{svg}"
        );
    }
    assert_eq!(fitting("abc\u{202e}", 100), "abc\u{FFFD}");
    assert_eq!(fitting("abcdef", 5 * SIGN), "abcd…");
    assert_eq!(fitting("abcdef", 0), "…");
}

#[test]
fn what_is_there_is_seen_in_a_small_drawing() {
    let drawn = spark(&[Signed::ZERO, signed(1), Total::MAX.into()], "<trend>").unwrap();
    assert!(drawn.contains("<title>&lt;trend&gt;</title>"));
    assert_eq!(drawn.matches("fill=\"#2B5FB8\"").count(), 2, "{drawn}");
    assert_eq!(
        spark(&[Signed::ZERO], "none")
            .unwrap()
            .matches("<rect")
            .count(),
        1,
        "nothing but the line"
    );
}

fn amounts() -> impl Strategy<Value = i128> {
    // Three of them add up to a total that a ledger holds.
    let most = Total::MAX.units() / 3;
    prop_oneof![Just(0), 0..1_000_i128, 0..=most, Just(most)]
}

proptest! {
    #[test]
    fn positions_keep_the_order_of_amounts(a in amounts(), b in amounts()) {
        let top = ticks::Ticks::up_to(signed(a.max(b))).top;
        let (low, high) = (position(signed(a.min(b)), top), position(signed(a.max(b)), top));
        prop_assert!(0 <= low && low <= high && high <= TOP);
    }

    #[test]
    fn amounts_of_every_size_are_drawn_alike_each_time(
        values in prop::collection::vec((amounts(), amounts()), 1..13),
        days in prop::collection::vec((0_u64..40_000, amounts()), 1..13),
    ) {
        let names: Vec<String> = (0..values.len()).map(|number| format!("{}-Q{}", 2000 + number / 4, number % 4 + 1)).collect();
        let stack = stack(&names.iter().map(String::as_str).collect::<Vec<_>>(), &values);
        let from = parse_date("1900-01-01").unwrap();
        let mut points: Vec<_> =
            days.iter().map(|(day, value)| (from.checked_add_days(chrono::Days::new(*day)).unwrap(), signed(*value))).collect();
        points.sort();
        let (first, last) = (points[0].0, points.last().unwrap().0);
        let lines = vec![Line { name: "a".to_owned(), points: points.clone() }, Line { name: "b".to_owned(), points }];
        let steps = Plot::Steps(Steps { lines, from: first, until: last });
        for plot in [Plot::Columns(stack.clone()), Plot::Bars(stack.clone()), Plot::Split(stack), steps] {
            let chart = chart(plot);
            for (width, class) in Width::ALL {
                let drawn = svg(&chart, "x", width, class).unwrap();
                prop_assert_eq!(&drawn, &svg(&chart, "x", width, class).unwrap());
                prop_assert!(drawn.ends_with("</svg>\n") && !drawn.contains("NaN") && !drawn.contains("\"-"), "{drawn}");
            }
        }
    }
}
