//! Hostile texts in a ledger: whatever is in it, no command hands a terminal, a page or a
//! spreadsheet what these obey.

use std::fs;

use rusqlite::Connection;

use crate::{audit::populated, figures::figure, support::Desk};

/// What drives a terminal (a title, a link, the clipboard, colours, a cleared screen), breaks the
/// line, turns the direction, or cannot be seen; and markup.
const TEXT: &str = "\u{1b}]0;t\u{7}\u{1b}]8;;http://x\u{1b}\\\u{1b}]52;c;eA==\u{7}\u{9b}2J\u{1b}[31m\r\u{8}\n\t\u{7f}\u{202e}\u{2066}\u{200b}\u{2028}|<script>alert(1)</script>`";

/// The columns that hold what people and banks write.
const FREE: [&str; 17] = [
    "name",
    "title",
    "description",
    "email",
    "country",
    "bank_name",
    "account_name",
    "holder_name",
    "status_reason",
    "reason",
    "notes",
    "request_notes",
    "payment_notes",
    "rejection_reason",
    "cancellation_reason",
    "return_reason",
    "counterparty_name",
];

/// Every command that shows texts of the ledger.
const READING: [&str; 45] = [
    "user list",
    "user show ada",
    "project list",
    "project show LAGOS",
    "nav list LAGOS",
    "holder list",
    "holder show h1",
    "holder show h3",
    "token register LAGOS",
    "token history LAGOS",
    "event list",
    "event show E1",
    "event show E2",
    "event allocations E1",
    "event explain E1 h1",
    "withdrawal list",
    "withdrawal show W-1",
    "withdrawal show W-5",
    "payment list",
    "payment show P-2",
    "payment file list",
    "payment file show F-2",
    "bank list",
    "bank show OPS",
    "bank statements OPS",
    "bank lines OPS",
    "bank proposals OPS",
    "bank explain L-1",
    "bank explain L-5",
    "bank profile list",
    "bank profile show zenith",
    "report history",
    "report portfolio --holder h1",
    "report balances",
    "report allocations E1",
    "report statement --holder h1",
    "report activity",
    "report analytics",
    "report reconciliation",
    "audit log",
    "audit head",
    "audit verify",
    "status",
    "check",
    "export hledger",
];

fn is_hostile(sign: char) -> bool {
    (sign.is_control() && sign != '\n')
        || matches!(sign, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[track_caller]
fn harmless(what: &str, text: &str) {
    let found = text
        .find(is_hostile)
        .map(|at| text[at..].chars().take(20).collect::<String>());
    assert!(found.is_none(), "`{what}` hands out {found:?}");
}

/// Writes a text into each cell of the free columns, with another program. Returns how many cells
/// that were.
fn plant(desk: &Desk, text: &str) -> usize {
    let conn: Connection = populated::open(desk);
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF;")
        .unwrap();
    let mut cells = 0;
    for table in populated::tables(&conn) {
        let mut statement = conn
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap();
        let columns: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for column in columns
            .into_iter()
            .filter(|column| FREE.contains(&column.as_str()))
        {
            let sql =
                format!("UPDATE {table} SET {column} = ?1 || rowid WHERE {column} IS NOT NULL");
            cells += conn.execute(&sql, [text]).unwrap();
        }
    }
    cells
}

#[test]
fn no_command_hands_a_terminal_the_texts_of_a_tampered_ledger() {
    let desk = populated::desk();
    let cells = plant(&desk, TEXT);
    let mut outputs = 0;
    for line in READING {
        for format in ["table", "json"] {
            let ran = desk.run(&format!("{line} -f {format}"));
            assert!(
                matches!(ran.code, 0 | 2 | 3 | 4),
                "`{line}`: {} {}",
                ran.code,
                ran.stderr
            );
            harmless(line, &ran.stdout);
            harmless(line, &ran.stderr);
            outputs += 1;
        }
        for extension in ["md", "html"] {
            let name = format!("out.{extension}");
            let ran = desk.run(&format!("{line} -o {name} --force"));
            harmless(line, &ran.stderr);
            let Ok(text) = fs::read_to_string(desk.path().join(&name)) else {
                continue;
            };
            harmless(&format!("{line} -o {name}"), &text);
            // An export has a layout of its own, whatever the name of its file.
            let page = extension == "html" && !line.starts_with("export");
            assert!(
                !page || !text.contains("<script>alert"),
                "`{line}`: markup is escaped"
            );
            fs::remove_file(desk.path().join(&name)).unwrap();
            outputs += 1;
        }
    }
    for line in [
        "report dashboard -o page.html",
        "report month-end 2026-06 -o folder",
        "export beancount -o books.beancount",
    ] {
        let ran = desk.run(line);
        harmless(line, &ran.stdout);
        harmless(line, &ran.stderr);
    }
    if let Ok(page) = fs::read_to_string(desk.path().join("page.html")) {
        harmless("report dashboard", &page);
        assert!(!page.contains("<script>alert"), "markup is escaped");
    }
    assert!(
        cells > 60 && outputs > 120,
        "{cells} cells, {outputs} outputs"
    );
    figure(
        "hostile_texts",
        &format!("{outputs} outputs over {cells} hostile cells, none with a control character"),
    );
}

/// A text that sets the clipboard of a terminal and turns the direction of what follows.
const HOSTILE: &str = "\u{1b}]52;c;eA==\u{7}\u{202e}x";

#[test]
fn errors_repeat_no_control_character_of_a_command_line() {
    let desk = Desk::with_bank();
    let hostile = HOSTILE;
    for words in [
        vec!["holder", "show", hostile],
        vec!["holder", "add", hostile, "--name", "x", "--as", "bola"],
        vec!["holder", "add", "h9", "--name", hostile, "--as", "bola"],
        vec![
            "nav",
            "set",
            "LAGOS",
            hostile,
            "--date",
            "2026-01-01",
            "--as",
            "bola",
        ],
        vec![
            "nav", "set", "LAGOS", "1", "--date", hostile, "--as", "bola",
        ],
        vec!["holder", "import", hostile, "--as", "bola"],
        vec![
            "bank",
            "import",
            "OPS",
            "s.csv",
            "--profile",
            hostile,
            "--as",
            "bola",
        ],
        vec![
            "bank",
            "import",
            "OPS",
            "s.csv",
            "--encoding",
            hostile,
            "--as",
            "bola",
        ],
        vec!["user", "list", "-L", hostile],
        vec!["user", "list", "-o", hostile],
        vec!["user", "list", "--as", hostile],
        vec![hostile],
    ] {
        desk.write("s.csv", "Date,Narration,Amount\n2026-06-24,A,-1.00\n");
        let ran = desk.words(&words);
        assert!(
            matches!(ran.code, 1 | 2 | 4),
            "{words:?}: {} {}",
            ran.code,
            ran.stderr
        );
        harmless(words[0], &format!("{}{}", ran.stdout, ran.stderr));
    }
}

#[test]
fn errors_repeat_no_control_character_of_a_file() {
    let desk = Desk::with_bank();
    let hostile = HOSTILE;
    for (line, text) in [
        (
            "holder import f.csv --as bola",
            format!("code,name\n{hostile},x\na,{hostile}\n"),
        ),
        (
            "holder import f.csv --as bola",
            format!("code,{hostile}\na,b\n"),
        ),
        (
            "token import f.csv --project LAGOS --date 2026-01-02 --add --as bola",
            format!("holder,tokens\na,{hostile}\n"),
        ),
        (
            "withdrawal request --event E1 --from f.csv --as bola",
            format!("holder,amount\n{hostile},{hostile}\n"),
        ),
        (
            "withdrawal pay --from f.csv --as bola",
            format!("withdrawal,reference,date\nW-1,{hostile},{hostile}\n"),
        ),
        (
            "bank import OPS f.csv --as bola",
            format!("Date,Narration,Amount\n{hostile},A,-1.00\n2026-06-24,A,{hostile}\n"),
        ),
        (
            "bank import OPS f.csv --as bola",
            format!("Date,{hostile},Amount\n31/31/2026,A,{hostile}\n"),
        ),
    ] {
        desk.write("f.csv", &text);
        for format in ["table", "json"] {
            let ran = desk.run(&format!("{line} -f {format}"));
            assert_eq!(ran.code, 1, "`{line}`: {}", ran.stderr);
            harmless(line, &format!("{}{}", ran.stdout, ran.stderr));
        }
    }
}

#[test]
fn no_cell_of_a_csv_file_is_a_formula() {
    let desk = populated::desk();
    for begins in ["=HYPERLINK(1)", "+1", "-cmd", "@SUM(1)", "\tx", "\rx"] {
        plant(&desk, begins);
        for line in READING {
            let ran = desk.run(&format!("{line} -f csv"));
            if ran.code != 0 {
                continue;
            }
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(ran.stdout.as_bytes());
            for record in reader.records().map(Result::unwrap) {
                for cell in &record {
                    assert!(
                        !cell.starts_with(begins),
                        "`{line}` with {begins:?}: {cell:?}"
                    );
                }
            }
        }
    }
}
