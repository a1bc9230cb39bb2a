//! Files that are not a statement, that nobody can read, or that have one bad line: nothing of them
//! is imported.

use serde_json::{Value, json};

use super::THREE;
use crate::{
    event::once::unchanged,
    support::{Desk, statement},
};

/// Writes bytes as a statement and asserts that it is refused and changes nothing. Returns the
/// message.
#[track_caller]
fn refused(desk: &Desk, name: &str, bytes: &[u8], code: &str) -> String {
    std::fs::write(desk.path().join(name), bytes).unwrap();
    unchanged(desk, || {
        desk.refused(&format!("bank import OPS {name} --as bola"), 1, code)
    })
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_file_of_another_kind_is_refused_with_what_it_is() {
    let desk = Desk::with_bank();
    for (name, bytes, what) in [
        (
            "page.xls",
            b"<html><body><table><tr><td>Date</td></tr></table></body></html>".as_slice(),
            "an HTML page",
        ),
        (
            "book.csv",
            b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml xl/workbook.xml".as_slice(),
            "an Excel workbook (.xlsx)",
        ),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(),
            "an old Office document",
        ),
        (
            "zip.csv",
            b"PK\x03\x04\x14\x00\x00\x00statement.csv".as_slice(),
            "a ZIP archive",
        ),
        ("print.csv", b"%PDF-1.7".as_slice(), "a PDF document"),
        ("data.csv", b"{\"lines\": []}".as_slice(), "JSON"),
        (
            "pain.xml",
            b"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"/>".as_slice(),
            "a payment file",
        ),
    ] {
        let said = refused(&desk, name, bytes, "statement.not_a_statement");
        assert!(said.contains(what), "{name}: {said}");
    }
    let ledger = std::fs::read(desk.ledger()).unwrap();
    assert!(
        refused(&desk, "ledger.csv", &ledger, "statement.not_a_statement")
            .contains("an SQLite database")
    );
}

#[test]
fn an_empty_file_holds_no_statement() {
    let desk = Desk::with_bank();
    refused(&desk, "empty.csv", b"", "statement.empty");
    refused(&desk, "blank.csv", b" \r\n\r\n", "statement.empty");
    desk.refused(
        "bank import OPS missing.csv --as bola",
        4,
        "file.unreadable",
    );
}

#[test]
fn one_bad_line_anywhere_refuses_the_file_and_all_bad_lines_are_listed() {
    let desk = Desk::with_bank();
    let text = "Date,Narration,Amount\n2026-06-24,A,-30.00\n2026-06-31,B,5.00\n2026-06-25,C,much\n2026-06-26,D,1.00\n";
    std::fs::write(desk.path().join("bad.csv"), text).unwrap();
    let human = desk.run("bank import OPS bad.csv --as bola");
    assert_eq!((human.code, human.stdout.as_str()), (1, ""));
    assert!(
        human
            .stderr
            .starts_with("error: 2 bad lines in `bad.csv`; nothing was written\n"),
        "{}",
        human.stderr
    );
    for line in ["bad.csv:3: ", "bad.csv:4: "] {
        assert!(
            human.stderr.lines().any(|told| told.starts_with(line)),
            "{line}: {}",
            human.stderr
        );
    }
    assert!(
        human.stderr.contains("bad.csv:3: Date: ") && human.stderr.contains("bad.csv:4: Amount: "),
        "{}",
        human.stderr
    );
    let ran = desk.run("bank import OPS bad.csv --as bola -f json");
    let error: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    let lines = error["error"]["lines"].as_array().unwrap();
    let places: Vec<_> = lines
        .iter()
        .map(|bad| (bad["line"].clone(), bad["column"].clone()))
        .collect();
    assert_eq!(
        places,
        [(json!(3), json!("Date")), (json!(4), json!("Amount"))]
    );
    assert_eq!(
        desk.json("bank lines OPS"),
        json!([]),
        "the good lines are not taken"
    );
    assert_eq!(desk.json("bank statements OPS"), json!([]));
}

#[test]
fn a_bad_line_of_a_later_statement_refuses_the_earlier_one_too() {
    let desk = Desk::with_bank();
    let text = ":20:A\n:25:0000014579\n:28C:1/1\n:60F:C260624NGN1000,00\n:61:2606240624D30,00NTRFREF1//B1\n:62F:C260624NGN970,00\n-\n\
                :20:B\n:25:0000014579\n:28C:2/1\n:60F:C260624NGN970,00\n:61:2613250625C50,00NTRFREF2//B2\n:62F:C260625NGN1020,00\n-\n";
    refused(&desk, "two.sta", text.as_bytes(), "file.bad_lines");
    assert_eq!(desk.json("bank statements OPS"), json!([]));
}

#[test]
fn a_day_that_is_still_to_come_and_one_before_banks_had_files_are_bad() {
    let desk = Desk::with_bank();
    for date in ["2026-07-02", "1989-12-31"] {
        let text = format!("Date,Narration,Amount\n{date},A,-30.00\n");
        refused(&desk, "when.csv", text.as_bytes(), "file.bad_lines");
    }
    // A bank may be a day ahead.
    desk.write("ahead.csv", "Date,Narration,Amount\n2026-07-01,A,-30.00\n");
    desk.ok("bank import OPS ahead.csv --as bola");
}

#[test]
fn no_message_repeats_an_account_number() {
    let desk = Desk::with_bank();
    let text = "Date,Narration,Account,Amount\n2026-06-24,A,0123456101,0123456101x\n0123456101,B,0123456101,1.00\n";
    std::fs::write(desk.path().join("pii.csv"), text).unwrap();
    for format in ["table", "json"] {
        let ran = desk.run(&format!("bank import OPS pii.csv --as bola -f {format}"));
        assert_eq!(ran.code, 1);
        assert!(!ran.stderr.contains("0123456101"), "{}", ran.stderr);
    }
}

#[test]
fn a_file_that_proves_no_reading_asks_for_a_profile() {
    let desk = Desk::with_bank();
    let said = refused(
        &desk,
        "which.csv",
        b"Date,Narration,Amount\n2026-06-24,A,1.234\n",
        "statement.undecided",
    );
    assert!(said.contains("line 2"), "{said}");
    let human = desk.run("bank import OPS which.csv --as bola");
    assert!(human.stderr.contains("--profile"), "{}", human.stderr);
}

#[test]
fn encodings_are_reported_and_can_be_named() {
    for (bytes, flags, told) in [
        (utf16(&statement(100_000, &THREE)), "", "UTF-16LE"),
        (
            [
                b"\xef\xbb\xbf".as_slice(),
                statement(100_000, &THREE).as_bytes(),
            ]
            .concat(),
            "",
            "UTF-8",
        ),
        (
            statement(100_000, &THREE)
                .replace(" A\n", " \u{e9}\n")
                .into_bytes(),
            "",
            "UTF-8",
        ),
    ] {
        let desk = Desk::with_bank();
        std::fs::write(desk.path().join("s.csv"), &bytes).unwrap();
        let imported = desk.json(&format!("bank import OPS s.csv --as bola {flags}"));
        assert_eq!(
            (&imported["encoding"], &imported["lines_new"]),
            (&json!(told), &json!(3)),
            "{imported}"
        );
    }
    let desk = Desk::with_bank();
    let bytes: Vec<u8> = statement(100_000, &THREE)
        .replace("PURCHASE A", "CAF\u{e9}")
        .chars()
        .map(|sign| u8::try_from(u32::from(sign)).unwrap())
        .collect();
    std::fs::write(desk.path().join("s.csv"), &bytes).unwrap();
    let imported = desk.json("bank import OPS s.csv --encoding windows-1252 --as bola");
    assert_eq!(imported["encoding"], "windows-1252");
    assert_eq!(desk.line("L-000001")["description"], "POS CAF\u{e9}");
    assert_eq!(
        desk.json("bank import OPS s.csv --encoding windows-1252 --as bola")["already_imported"],
        true
    );
}

#[test]
fn an_encoding_that_does_not_fit_is_refused() {
    let desk = Desk::with_bank();
    desk.write(
        "s.csv",
        &statement(100_000, &THREE).replace("PURCHASE A", "CAF\u{e9}"),
    );
    unchanged(&desk, || {
        desk.refused(
            "bank import OPS s.csv --encoding klingon --as bola",
            1,
            "statement.encoding",
        )
    });
    std::fs::write(
        desk.path().join("s.csv"),
        b"Date,Narration,Amount\n2026-06-24,CAF\xe9,-1.00\n",
    )
    .unwrap();
    unchanged(&desk, || {
        desk.refused(
            "bank import OPS s.csv --encoding utf-8 --as bola",
            1,
            "statement.encoding",
        )
    });
}
