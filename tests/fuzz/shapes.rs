//! Inputs of up to a megabyte that are built to be costly: endless lines, open quotes, deep
//! nesting, entities that multiply.

mod lines;
mod markup;

use crate::{dictionary::seeds, figures::sized};

/// How long an input is.
fn length() -> usize {
    sized(200_000, 1_000_000)
}

/// How deep elements are put into each other.
const DEEP: usize = 100_000;

/// Inputs for which the fuzzer or the twins found a mistake that is fixed.
pub(crate) const FOUND: &[(&str, &[u8])] = &[
    // The widest number had no room for a zero behind it.
    ("amount", b"999999949991994999919.9999999"),
    // A message held a control character of what was written.
    ("amount", b"\x11,250"),
    ("date", b"2026\x1b[2J"),
    ("profile", b"\x1b = 1"),
    ("csv_imports", b"holder,tokens\n\x1b[2J,\x1b[2J\n"),
    // The name of a column turned the direction of a message.
    (
        "delimited",
        "Date\u{202e},Narration,Amount\r\n2026-06-01,one,1.00\r\n2026-06-0x,two,2.00\r\n"
            .as_bytes(),
    ),
    // A message repeated what could be an account number.
    ("csv_imports", b"holder,amount\nada,0123456785x\n"),
    ("profile", b"99999999999999999999"),
    // Lines were skipped beyond the end of the text, one after the other.
    ("profile", b"name = \"x\"\nskip = 9223372036854775807\n"),
];

/// Names the costly inputs of a target.
pub(crate) fn of(target: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut shapes = everywhere();
    shapes.extend(match target {
        "amount" | "date" => numbers(),
        "delimited" => lines::delimited(),
        "ofx" => markup::ofx(),
        "camt" => markup::camt(),
        "mt940" => lines::mt940(),
        "csv_imports" => lines::imports(),
        "profile" => lines::profiles(),
        _ => Vec::new(),
    });
    for seed in seeds(target) {
        shapes.push((
            "a seed, again and again",
            long("", |_| String::from_utf8_lossy(&seed).into_owned(), ""),
        ));
    }
    shapes
}

/// Repeats what a number gives until the input is long enough.
fn long(before: &str, each: impl Fn(usize) -> String, after: &str) -> Vec<u8> {
    let (mut text, length) = (before.to_owned(), length());
    for at in 0.. {
        let next = each(at);
        if text.len() + next.len() + after.len() > length {
            break;
        }
        text.push_str(&next);
    }
    text.push_str(after);
    text.into_bytes()
}

fn same(before: &str, unit: &'static str, after: &str) -> Vec<u8> {
    long(before, |_| unit.to_owned(), after)
}

fn everywhere() -> Vec<(&'static str, Vec<u8>)> {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut shapes: Vec<_> = [
        ("zeros", "\0"),
        ("line feeds", "\n"),
        ("carriage returns", "\r"),
        ("commas", ","),
        ("tabs", "\t"),
        ("quotes", "\""),
        ("brackets", "<"),
        ("ampersands", "&"),
        ("colons", ":"),
        ("nines", "9"),
        ("points", "."),
        ("spaces", " "),
        ("letters", "a"),
        ("byte-order marks", "\u{feff}"),
        ("signs of four bytes", "\u{1f33e}"),
        ("short lines", "a\n"),
        ("short lines that end in carriage returns", "a\r"),
        ("short cells", "a,"),
        ("escapes", "\u{1b}[2J"),
    ]
    .map(|(what, unit)| (what, same("", unit, "")))
    .into();
    shapes.push(("no UTF-8", vec![0xff; length()]));
    shapes.push(("half of each sign", vec![0xc3; length()]));
    shapes.push((
        "wide text",
        [
            b"\xff\xfe".to_vec(),
            wide(&"Date,Amount\n2026-06-24,1.00\n".repeat(length() / 60)),
        ]
        .concat(),
    ));
    shapes.push((
        "wide text, half",
        [b"\xfe\xff".to_vec(), vec![0xd8; length()]].concat(),
    ));
    shapes
}

fn numbers() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("zeros behind the point", same("0.", "0", "1")),
        ("zeros before the number", same("", "0", "1.5")),
        ("grouped", same("1", ",000", "")),
        ("a year of many digits", same("", "2", "-01-01")),
    ]
}
