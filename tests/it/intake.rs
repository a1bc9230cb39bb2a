//! One intake for every file: what people really have, with the right answer.

use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;

use crate::support::Desk;

const TOKENS: &str = "token import f --project LAGOS --date 2026-02-01 --add";

fn bytes(desk: &Desk, name: &str, content: &[u8]) {
    std::fs::write(desk.path().join(name), content).unwrap();
}

/// Writes a workbook with a title, typed numbers, dates and texts.
fn workbook(desk: &Desk, name: &str, rows: &[&[&str]]) {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("Notes")
        .unwrap()
        .write(0, 0, "see the other sheet")
        .unwrap();
    let sheet = book.add_worksheet().set_name("Register").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (row, cells) in rows.iter().enumerate() {
        let row = u32::try_from(row).unwrap();
        for (column, cell) in cells.iter().enumerate() {
            let column = u16::try_from(column).unwrap();
            if let Some(number) = cell.strip_prefix('#') {
                sheet
                    .write(row, column, number.parse::<f64>().unwrap())
                    .unwrap();
            } else if let Some(day) = cell.strip_prefix('@') {
                let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(day).unwrap();
                sheet.write_with_format(row, column, &day, &date).unwrap();
            } else if !cell.is_empty() {
                sheet.write(row, column, *cell).unwrap();
            }
        }
    }
    book.save(desk.path().join(name)).unwrap();
}

#[test]
fn delimiters_encodings_and_workbooks_are_read_the_same() {
    let text = "code;name;email\nada;Adaézé;a@x.ng\nbayo;Bayo;\n";
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".to_vec(), wide.clone()].concat();
    for (name, content) in [
        ("semicolon", text.as_bytes().to_vec()),
        ("tab", text.replace(';', "\t").into_bytes()),
        ("bar", text.replace(';', "|").into_bytes()),
        ("mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("latin", latin),
        ("wide", wide),
        ("marked", marked),
        ("returns", text.replace('\n', "\r").into_bytes()),
    ] {
        let desk = Desk::new();
        bytes(&desk, "f", &content);
        let done = desk.json("holder import f --as bola");
        assert_eq!(done["added"], 2, "{name}");
        assert_eq!(desk.json("holder show ada")["name"], "Adaézé", "{name}");
    }
    let desk = Desk::new();
    workbook(
        &desk,
        "f",
        &[
            &["Holders"],
            &[],
            &["code", "name", "account_number"],
            &["ada", "Adaézé", "0123456785"],
        ],
    );
    assert_eq!(desk.json("holder import f --as bola")["added"], 1);
    assert_eq!(desk.json("holder show ada")["name"], "Adaézé");
    desk.refused(
        "holder import f --sheet Notes --as bola",
        1,
        "file.bad_lines",
    );
    desk.refused(
        "holder import f --sheet Nowhere --as bola",
        1,
        "file.no_sheet",
    );
}

#[test]
fn what_was_decided_about_an_encoding_is_said() {
    let desk = Desk::new();
    bytes(&desk, "f", b"code,name\nada,Ad\xe9z\xe9\n");
    let ran = desk.ok("holder import f --as bola");
    assert!(
        ran.stderr.contains("decided: the text is windows-1252"),
        "{}",
        ran.stderr
    );
    let ran = desk.ok("holder import f --update --encoding windows-1252 --as bola");
    assert!(!ran.stderr.contains("decided"), "{}", ran.stderr);
}

#[test]
fn what_is_not_a_table_is_named() {
    let desk = Desk::new();
    for (name, content, words) in [
        ("p", &b"%PDF-1.7"[..], "PDF"),
        ("h", b"<html><table></table>", "HTML"),
        ("z", b"PK\x03\x04....x.csv", "ZIP"),
        ("x", b"PK\x03\x04....[Content_Types].xml", "damaged"),
        (
            "o",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
            "old Office document",
        ),
    ] {
        bytes(&desk, name, content);
        let message = desk.refused(
            &format!("holder import {name} --as bola"),
            1,
            "file.not_a_table",
        );
        assert!(message.contains(words), "{message}");
        assert!(
            message.contains(&format!("`{name}` cannot be read")),
            "{message}"
        );
    }
}

#[test]
fn a_cause_of_many_lines_is_said_once_and_the_hint_counts() {
    let desk = Desk::new();
    desk.write("f", "code,name\na,A\nb,B\nc,C\nd,D\n");
    desk.ok("holder import f --as bola");
    let again = desk.run("holder import f --as bola");
    assert_eq!(again.code, 1);
    assert_eq!(
        again.stderr.matches("already exists").count(),
        1,
        "{}",
        again.stderr
    );
    assert!(
        again.stderr.contains("the same in 4 lines: 2-5"),
        "{}",
        again.stderr
    );
    assert!(
        again.stderr.contains("hint: to change the 4 holders"),
        "{}",
        again.stderr
    );
}

#[test]
fn headings_of_another_program_are_suggested_and_taken() {
    let desk = Desk::new();
    desk.write(
        "f",
        "Investor ID,Name,Account No,Rank\nada,Ada,0123456785,1\n",
    );
    let ran = desk.run("holder import f --as bola");
    assert_eq!(ran.code, 1);
    let flag = "--columns 'code=Investor ID,account_number=Account No'";
    assert!(
        ran.stderr.contains(&format!("hint: add `{flag}`")),
        "{}",
        ran.stderr
    );
    let words = [
        "holder",
        "import",
        "f",
        "--columns",
        "code=Investor ID,account_number=Account No",
        "--as",
        "bola",
    ];
    assert_eq!(desk.words(&words).code, 0);
    desk.refused(
        "holder import f --columns code=1,kode=2 --as bola",
        1,
        "file.bad_lines",
    );
}

#[test]
fn registers_that_people_have_give_the_right_answer() {
    let desk = Desk::with_register();
    // 02: a total row.
    desk.write(
        "f",
        "holder,tokens\nada,100\nbayo,100\nchidi,200\nTotal,400\n",
    );
    let ran = desk.run(&format!("{TOKENS} --create-holders --as bola"));
    assert!(
        ran.code == 1 && ran.stderr.contains("f:5: "),
        "{}",
        ran.stderr
    );
    // 04: no headings.
    desk.write("f", "0xC4Bf5e5019C5859E5dAF9fAB2882D8D1A82ED80E,209\n0xE330Ff7a9d6516b9Cf8e513e3cAE3A524Ee57fe0,53\n");
    let done = desk.json(&format!(
        "{TOKENS} --columns holder=1,tokens=2 --header no --create-holders --as bola"
    ));
    assert_eq!((&done["rows"], &done["tokens"]), (&json!(2), &json!("262")));
    // 05: names, no codes.
    desk.write(
        "f",
        "Shareholder,Shares\nAda Obi,100\n\"Eze, John & Mary (joint)\",50\nỌlá Ventures Ltd,25\n",
    );
    let line = format!("{TOKENS} --columns name=Shareholder,tokens=Shares --make-codes --as bola");
    let done = desk.json(&line);
    assert_eq!(
        (&done["tokens"], &done["holders_added"]),
        (&json!("175"), &json!(3))
    );
    assert_eq!(
        done["codes"][1],
        json!({"code": "eze-john-mary-joint", "name": "Eze, John & Mary (joint)", "holder": "added"})
    );
    assert_eq!(
        desk.json("holder show ola-ventures-ltd")["name"],
        "Ọlá Ventures Ltd"
    );
    // Somebody else has the code; who has the name keeps it.
    desk.ok("holder add eze-obi --name Other --as bola");
    desk.write("f", "name,tokens\nEze Obi,1\nADA OBI,1\nEze Obi,3\n");
    let made = desk.run(&format!("{TOKENS} --make-codes --as bola"));
    assert!(
        made.code == 1 && made.stderr.contains("--add-up"),
        "{}",
        made.stderr
    );
    let done = desk.json(&format!("{TOKENS} --make-codes --add-up --as bola"));
    assert_eq!(done["codes"][0]["code"], "eze-obi-2");
    assert_eq!(
        done["codes"][1],
        json!({"code": "ada-obi", "name": "ADA OBI", "holder": "exists"})
    );
    assert_eq!(
        (&done["rows"], &done["added"], &done["tokens"]),
        (&json!(3), &json!(2), &json!("5"))
    );
    // 06: the smallest unit.
    desk.write(
        "f",
        "address,balance\n0xabc,1500000000000000000\n0xdef,2000000000000000000000\n",
    );
    let done = desk.json(&format!(
        "{TOKENS} --columns holder=address,tokens=balance --scale 18 --create-holders --as bola"
    ));
    assert_eq!(done["tokens"], "2001.5");
    // 07: numbers as Excel writes them.
    desk.write(
        "f",
        "holder,tokens\na,\"1,250,000.50\"\nb,1.5E+06\nc,2 000\n",
    );
    let ran = desk.run(&format!("{TOKENS} --create-holders --as bola"));
    assert!(
        ran.code == 1 && ran.stderr.matches("--thousands ,").count() == 3,
        "{}",
        ran.stderr
    );
    for option in ["--thousands ,", "--decimal-mark .", "--thousands"] {
        let done = desk.json(&format!("{TOKENS} --create-holders -n {option} --as bola"));
        assert_eq!(done["tokens"], "2752000.5", "{option}");
    }
    // 08: two certificates of one holder.
    desk.write(
        "f",
        "holder,tokens,certificate\nobi,100,C-1\nobi,50,C-2\nada,10,C-3\n",
    );
    desk.refused(
        &format!("{TOKENS} --create-holders --as bola"),
        1,
        "file.bad_lines",
    );
    desk.ok(&format!("{TOKENS} --add-up --create-holders --as bola"));
    let history = desk.json("token history LAGOS --holder obi");
    let references: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["reference"].as_str())
        .collect();
    assert_eq!(references, ["C-1", "C-2"]);
    desk.sound();
}

#[test]
fn a_register_in_a_workbook_is_read_as_typed() {
    let desk = Desk::with_register();
    workbook(
        &desk,
        "f",
        &[
            &["Register of LAGOS"],
            &["Holder", "Tokens", "Name"],
            &["ada", "#1250000.5", "Ada"],
            &["bayo", "#0", "Bayo"],
            &[],
            &["chidi", "#33.3333333333333", "Chidi"],
        ],
    );
    let ran = desk.run(&format!("{TOKENS} --create-holders --as bola"));
    assert!(
        ran.code == 1 && ran.stderr.contains("f:6: Tokens: "),
        "{}",
        ran.stderr
    );
    let done = desk.json(&format!("{TOKENS} --create-holders --round down --as bola"));
    assert_eq!(done["tokens"], "1250033.8333333");
    assert_eq!(
        (&done["rows_left_out"], &done["rows"]),
        (&json!(1), &json!(3))
    );
    desk.sound();
}

#[test]
fn payments_and_requests_come_from_workbooks_with_typed_dates() {
    let desk = Desk::with_event();
    workbook(
        &desk,
        "r",
        &[&["Holder", "Amount"], &["h1", "#1"], &["h2", "2.50"]],
    );
    let rows = desk.json("withdrawal request --event E1 --from r --as bola");
    assert_eq!(
        (&rows[0]["requested_amount"], &rows[1]["requested_amount"]),
        (&json!("1.00"), &json!("2.50"))
    );
    desk.ok("withdrawal approve W-1 --as chi");
    let typed: &[&[&str]] = &[
        &["Paid"],
        &["Withdrawal", "Reference", "Date"],
        &["W-1", "R1", "@2026-06-02"],
    ];
    workbook(&desk, "p", typed);
    let rows = desk.json("withdrawal pay --from p --yes --as bola");
    assert_eq!(rows[0]["payment_date"], "2026-06-02");
    desk.refused("withdrawal list --event E1 --sheet x", 2, "usage.invalid");
    desk.refused(
        "withdrawal request --event E1 --all-holders --scale 2 --as bola",
        2,
        "usage.invalid",
    );
}
