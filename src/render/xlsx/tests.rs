use std::io::{Cursor, Read};

use super::{
    super::{format::Format, list::ListWriter, samples::*, style::Style},
    *,
};

/// Reads one part of a workbook.
fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn sheet(rows: &[Vec<Cell>], columns: Columns) -> String {
    part(
        &bytes(Format::Xlsx, columns, rows).unwrap(),
        "xl/worksheets/sheet1.xml",
    )
}

#[test]
fn cells_are_typed() {
    let xml = sheet(&[kinds()], KINDS);
    for cell in [
        "<c r=\"A2\" t=\"inlineStr\"><is><t>Ada, \"Ltd\"</t></is></c>",
        "<v>1250000</v>",
        "<v>1500.5</v>",
        "<v>33.3333333</v>",
        "<v>-12</v>",
        "t=\"b\"><v>1</v>",
        "<v>46112</v>",
        "<t>******6785</t>",
        "<t>0123456785</t>",
        "<t>{\"b\":[1,null],\"a\":\"x\"}</t>",
    ] {
        assert!(xml.contains(cell), "{cell} in {xml}");
    }
    assert!(!xml.contains("r=\"L2\""), "{xml}");
}

#[test]
fn a_number_that_a_float_would_change_is_text() {
    for text in [
        "99999999.9999999",
        "123456789012.345",
        "0.0000001",
        "9999999999999.9",
    ] {
        let xml = sheet(&[vec![tokens(text), money(text, "JPY")]], &KINDS[..2]);
        assert_eq!(xml.matches(&format!("<v>{text}</v>")).count(), 2, "{xml}");
    }
    for text in [HUGE, "1000000000.0000001", "9999999999999.999"] {
        let xml = sheet(&[vec![tokens(text), money(text, "NGN")]], &KINDS[..2]);
        assert_eq!(xml.matches(&format!("<t>{text}</t>")).count(), 2, "{xml}");
    }
}

#[test]
fn fifteen_digits_survive_a_float() {
    for text in [
        "99999999.9999999",
        "123456789012.345",
        "0.0000001",
        "999999999999999",
        "100000000000000",
        "0",
    ] {
        assert_eq!(exact(text).unwrap().to_string(), text);
    }
    for text in [HUGE, "1000000000000000", "123456789012345.1"] {
        assert_eq!(exact(text), None, "{text}");
    }
}

#[test]
fn a_hostile_name_is_a_string_and_no_formula() {
    let xml = sheet(&[payment(HOSTILE, "1", "1", "NGN")], PAYMENTS);
    let shown = "=cmd|'/c'!A1\u{FFFD}[2J\u{FFFD}2J\u{FFFD}&lt;script&gt;|\"x\"\u{FFFD},";
    assert!(xml.contains(&format!("<t>{shown}</t>")), "{xml}");
    assert!(!xml.contains("<f>"), "{xml}");
}

#[test]
fn an_empty_list_has_a_frozen_header_with_a_filter() {
    let xml = sheet(&[], PAYMENTS);
    for piece in [
        "state=\"frozen\"",
        "<autoFilter ref=\"A1:F1\"/>",
        "<t>holder</t>",
        "<t>account</t>",
    ] {
        assert!(xml.contains(piece), "{piece} in {xml}");
    }
}

#[test]
fn a_record_has_a_sheet_for_its_fields_and_one_for_each_table() {
    let mut out = Vec::new();
    super::super::record(&event(), Format::Xlsx, Style::PLAIN, None, &mut out).unwrap();
    let book = part(&out, "xl/workbook.xml");
    for name in ["record", "per_holder", "left_over"] {
        assert!(book.contains(&format!("<sheet name=\"{name}\"")), "{book}");
    }
    assert!(part(&out, "xl/worksheets/sheet2.xml").contains("<t>H2</t>"));
}

#[test]
fn the_last_sheet_says_what_the_others_are_about() {
    let book = bytes_about(Format::Xlsx, &about("Events of LAGOS"));
    let names = part(&book, "xl/workbook.xml");
    assert!(
        names.contains("<sheet name=\"Events of LAGOS\" sheetId=\"1\""),
        "{names}"
    );
    assert!(
        names.contains("<sheet name=\"about\" sheetId=\"2\""),
        "{names}"
    );
    let xml = part(&book, "xl/worksheets/sheet2.xml");
    for row in [
        "<t>title</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>Events of LAGOS</t>".to_owned(),
        "<t>as of</t></is></c><c r=\"B3\" s=\"5\"><v>46203</v>".to_owned(),
        "<t>four eyes</t></is></c><c r=\"B4\" t=\"inlineStr\"><is><t>on</t>".to_owned(),
        "<t>audit head number</t></is></c><c r=\"B5\" s=\"6\"><v>123</v>".to_owned(),
        format!(
            "<t>audit head hash</t></is></c><c r=\"B6\" t=\"inlineStr\"><is><t>{}</t>",
            "0123456789abcdef".repeat(4)
        ),
    ] {
        assert!(xml.contains(&row), "{row} in {xml}");
    }
}

#[test]
fn a_record_without_fields_has_no_sheet_for_them() {
    let record = Record {
        fields: Vec::new(),
        ..event()
    };
    let mut out = Vec::new();
    super::super::record(
        &record,
        Format::Xlsx,
        Style::PLAIN,
        Some(&about("Event")),
        &mut out,
    )
    .unwrap();
    let names = part(&out, "xl/workbook.xml");
    let sheets: Vec<&str> = names
        .split("<sheet name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(sheets, ["per_holder", "left_over", "about"]);
}

#[test]
fn nothing_in_a_workbook_shows_when_it_was_written() {
    let book = bytes_about(Format::Xlsx, &about("Events"));
    assert!(
        book == bytes_about(Format::Xlsx, &about("Events")),
        "the same report has the same bytes"
    );
    let core = part(&book, "docProps/core.xml");
    assert_eq!(core.matches("2026-06-30T00:00:00Z").count(), 2, "{core}");
    assert!(core.contains("<dc:title>Events</dc:title>"), "{core}");
    let without = bytes(Format::Xlsx, PAYMENTS, &[]).unwrap();
    assert_eq!(
        part(&without, "docProps/core.xml")
            .matches("2000-01-01T00:00:00Z")
            .count(),
        2
    );
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    for at in 0..archive.len() {
        let time = archive.by_index(at).unwrap().last_modified();
        assert_eq!(
            time,
            Some(zip::DateTime::default()),
            "the zip archive has no times of its own"
        );
    }
}

#[test]
fn a_sheet_is_named_by_the_first_words_of_its_title() {
    for (title, name) in [
        ("Events", "Events"),
        (
            "Allocations of the event Q1/2026 [draft]",
            "Allocations of the event Q1",
        ),
        (
            "Balances of all holders of all projects",
            "Balances of all holders of all",
        ),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "report"),
        ("'quoted'", "quoted"),
        ("History", "report"),
        ("About", "report"),
        ("", "report"),
    ] {
        assert_eq!(sheet_name(Some(&about(title))), name);
        let book = part(&bytes_about(Format::Xlsx, &about(title)), "xl/workbook.xml");
        assert!(book.contains(&format!("<sheet name=\"{name}\"")), "{book}");
    }
    assert_eq!(sheet_name(None), "report");
}

#[test]
fn a_text_that_no_cell_holds_is_an_error() {
    let mut writer = ListWriter::new(Format::Xlsx, PAYMENTS, Style::PLAIN, Vec::new()).unwrap();
    assert!(
        writer
            .row(&payment(&"x".repeat(32_767), "1", "1", "NGN"))
            .is_ok()
    );
    let error = writer
        .row(&payment(&"x".repeat(32_768), "1", "1", "NGN"))
        .unwrap_err();
    assert!(
        matches!(error, Error::TextTooLong { column: "holder" }),
        "{error}"
    );
}
