//! Every error code has a reproducer, and leaves everything but the audit trail as it was.

mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::fs::PermissionsExt,
};

use table::{CASES, Case, Prepare, UNPROVOKED};

use crate::{audit::populated, event::once::unchanged, support::Desk};

/// The ledger that most cases begin with.
fn desk() -> Desk {
    let desk = Desk::with_event();
    desk.write("caps.csv", "holder,tokens\nh1,1\n");
    desk.write("sum.csv", "holder,tokens\nh1,1\nh2,1\nh3,2\n");
    desk.write("bad.csv", "holder,amount\nh1,much\n");
    desk.write("there.csv", "");
    desk.write("page.xls", "<html><table></table></html>");
    desk.write("which.csv", "Date,Narration,Amount\n2026-04-02,A,1.234\n");
    desk.write(
        "lines.csv",
        "Date,Narration,Amount\n2026-04-02,A,-10.00\n2026-04-02,B,-9.00\n2026-04-02,C,-10.00\n",
    );
    desk.write(
        "credit.csv",
        "Date,Narration,Amount\n2026-06-30,BACK,10.00\n2026-06-30,POS,-1.00\n",
    );
    desk.write(
        "more.csv",
        "Date,Narration,Amount\n2026-04-02,A,-10.00\n2026-04-03,D,-1.00\n",
    );
    desk.write(
        "alike.csv",
        "Date,Narration,Amount\n2026-04-02,X,-10.00\n2026-04-02,Y,-9.00\n2026-04-02,Z,-10.00\n",
    );
    desk.write(
        "two.sta",
        ":20:A\n:25:5550009002\n:60F:C260401NGN10,00\n:62F:C260401NGN10,00\n-\n:20:B\n:25:7770007777\n:60F:C260401NGN5,00\n:62F:C260401NGN5,00\n-\n",
    );
    desk.write("history.csv", crate::history::FILE);
    desk.write(
        "crony.csv",
        "Date,Narration,Amount\n2026-04-02,TRX-7777 TRF TO CRONY,-10.00\n",
    );
    desk.write(
        "named.csv",
        "Date,Narration,Amount\n2026-06-30,TRF/0123456132,-10.00\n",
    );
    desk.write(
        "spare.csv",
        "Account Number,0123456101\nDate,Narration,Amount\n2026-04-02,A,-10.00\n",
    );
    for (file, rest) in [
        (
            "narrow.toml",
            "[[rule]]\nresidence = \"resident\"\nrate = \"5\"\n",
        ),
        (
            "over.toml",
            "valid_until = \"2026-03-30\"\n[[rule]]\nrate = \"5\"\n",
        ),
        (
            "numbers.toml",
            "missing_number = \"refuse\"\n[[rule]]\nrate = \"5\"\n[[authority]]\ncode = \"A\"\nremit_day = 10\n",
        ),
        ("above.toml", "[[rule]]\nrate = \"101\"\n"),
        (
            "twice.toml",
            "[[rule]]\nkind = \"fund\"\nrate = \"1\"\n[[rule]]\nresidence = \"resident\"\nrate = \"2\"\n",
        ),
    ] {
        let head = "name = \"own\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n";
        desk.write(file, &format!("{head}{rest}"));
    }
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("holder add h4 --name Four --as bola");
    desk.ok("event create E2 --project LAGOS --type exit --title T --amount 10 --date 2026-03-31 --as bola --key k");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 10 --as bola");
    desk.ok("withdrawal approve W-000002 --as chi");
    desk
}

/// Does to the ledger what no command does. Returns what must stay alive while the command runs.
fn prepare(desk: &Desk, what: Prepare) -> Option<rusqlite::Connection> {
    match what {
        Prepare::Nothing => {}
        // A run of the reconciliation that leaves something ends with 3.
        Prepare::Commands(lines) => lines.iter().for_each(|line| {
            let ran = desk.run(line);
            assert!(ran.code == 0 || ran.code == 3, "`{line}`: {}", ran.stderr);
        }),
        Prepare::Sql(sql) => desk.tamper(sql),
        Prepare::Lock => {
            let conn = populated::open(desk);
            conn.execute_batch("BEGIN IMMEDIATE").unwrap();
            return Some(conn);
        }
        Prepare::NextVersion => desk.next_version(true),
        Prepare::Unreleased => {
            let unreleased = std::fs::read(crate::ledger::migrate::UNRELEASED).unwrap();
            std::fs::write(desk.ledger(), unreleased).unwrap();
        }
        Prepare::Garbage => std::fs::write(desk.ledger(), "no ledger at all").unwrap(),
        Prepare::Mode(mode) => {
            std::fs::set_permissions(desk.ledger(), PermissionsExt::from_mode(mode)).unwrap();
        }
    }
    None
}

#[test]
fn every_code_has_its_exit_and_changes_nothing_but_the_trail() {
    let desk = desk();
    let whole = std::fs::read(desk.ledger()).unwrap();
    for Case {
        code,
        exit,
        before,
        line,
    } in CASES
    {
        std::fs::write(desk.ledger(), &whole).unwrap();
        desk.next_version(false);
        let held = prepare(&desk, *before);
        let readable = matches!(before, Prepare::Nothing | Prepare::Commands(_));
        let (json, human) = if readable {
            unchanged(&desk, || (desk.refused(line, *exit, code), desk.run(line)))
        } else {
            // Reading the file here would give up the lock that this process holds on it.
            let bytes = if held.is_some() {
                whole.clone()
            } else {
                std::fs::read(desk.ledger()).unwrap()
            };
            let ran = (desk.refused(line, *exit, code), desk.run(line));
            drop(held);
            assert!(
                bytes == std::fs::read(desk.ledger()).unwrap(),
                "{code}: the file's bytes stay"
            );
            ran
        };
        std::fs::set_permissions(desk.ledger(), PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!((human.code, human.stdout.as_str()), (*exit, ""), "{code}");
        let first = human
            .stderr
            .lines()
            .next()
            .unwrap()
            .strip_prefix("error: ")
            .unwrap_or_else(|| panic!("{code}: {}", human.stderr));
        let (json, first) = (
            without_temporary_names(&json),
            &without_temporary_names(first),
        );
        assert!(
            json.starts_with(first) || *exit == 2,
            "{code}: people and programs read the same: {first} / {json}"
        );
        let causes: Vec<&str> = first.split(": ").collect();
        let once: BTreeSet<&str> = causes.iter().copied().collect();
        assert_eq!(
            once.len(),
            causes.len(),
            "{code}: each cause is named once: {first}"
        );
        let word = first.split(' ').next().unwrap();
        let proper = ["NGN"].contains(&word) || word.starts_with('`');
        assert!(
            proper || !word.contains(char::is_uppercase),
            "{code}: lower case: {first}"
        );
        assert!(
            !first.ends_with(['.', '!']),
            "{code}: no full stop: {first}"
        );
        for hint in human
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("hint: "))
        {
            assert!(!hint.ends_with(['.', '!']), "{code}: no full stop: {hint}");
        }
        let writes =
            line.contains("--as bola") || line.contains("--as chi") || line.contains("--as ada");
        if *exit == 1 && writes && *code != "output.exists" {
            assert!(
                first.ends_with("nothing was written") || first.contains("nothing was written"),
                "{code}: {first}"
            );
        }
    }
}

fn without_temporary_names(message: &str) -> String {
    regex::Regex::new(r"\.prorata-\w+")
        .unwrap()
        .replace_all(message, "[temporary]")
        .into_owned()
}

#[test]
fn a_file_name_without_a_known_extension_is_wrong_usage() {
    let desk = Desk::new();
    let ran = desk.run("event list -o list.pdf");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr
            .starts_with("error: `list.pdf` has no known extension; end it in"),
        "{}",
        ran.stderr
    );
    assert!(!desk.path().join("list.pdf").exists());
}

/// Finds the codes in a source file between double quotes.
fn codes_in(source: &str) -> BTreeSet<String> {
    let code = regex::Regex::new(r#""([a-z_]+\.[a-z_]+)""#).unwrap();
    code.captures_iter(source)
        .map(|found| found[1].to_owned())
        .collect()
}

#[test]
fn the_table_names_every_code_of_the_source() {
    let mut codes = codes_in(include_str!("../../src/domain/refused/code.rs"));
    assert!(codes.len() > 40, "the codes were found: {codes:?}");
    codes.extend(codes_in(include_str!(
        "../../src/domain/refused/proceeds.rs"
    )));
    codes.extend(codes_in(include_str!("../../src/domain/tax/refused.rs")));
    codes.extend(codes_in(include_str!("../../src/bin/prorata/exit.rs")));
    codes.extend(codes_in(include_str!("../../src/bin/prorata/usage.rs")));
    codes.extend(codes_in(include_str!("../../src/bin/prorata/message.rs")));
    for noun in [
        "user",
        "project",
        "holder",
        "event",
        "withdrawal",
        "payment",
        "bank",
        "bank_line",
        "payment_file",
        "statement",
        "import",
        "proposal",
    ] {
        codes.insert(format!("{noun}.unknown"));
        codes.insert(format!("{noun}.ambiguous"));
    }
    // It is not an error of a part of the program, but the end of all of it.
    codes.insert("interrupted".to_owned());
    let provoked: BTreeSet<&str> = CASES.iter().map(|case| case.code).collect();
    let excused: BTreeSet<&str> = UNPROVOKED.iter().map(|of| of.code).collect();
    for code in &codes {
        assert!(
            provoked.contains(code.as_str()) || excused.contains(code.as_str()),
            "`{code}` has no reproducer"
        );
    }
    for code in provoked.iter().chain(&excused) {
        assert!(
            codes.contains(*code),
            "`{code}` is not a code of the source"
        );
    }
    assert!(provoked.is_disjoint(&excused));
    for of in UNPROVOKED {
        assert!(!of.reason.is_empty(), "{}", of.code);
    }
}

/// Writes `docs/errors.md` from the codes, their exits and their reproducers.
fn errors_page() -> String {
    let mut codes: BTreeMap<&str, (i32, &str)> = UNPROVOKED
        .iter()
        .map(|of| (of.code, (of.exit, "")))
        .collect();
    for case in CASES {
        let (exit, _) = codes.entry(case.code).or_insert((case.exit, case.line));
        assert_eq!(*exit, case.exit, "{}: one code, one exit", case.code);
    }
    // It is not an error.
    codes.remove("output.closed");
    let rows = codes.iter().map(|(code, (exit, line))| {
        let example = if line.is_empty() {
            String::new()
        } else {
            format!("`{}`", line.replace('|', "\\|"))
        };
        format!("| `{code}` | {exit} | {example} |\n")
    });
    format!(
        "\
# Error codes

The codes are stable. What the exit codes mean, and how an error looks in JSON, is in
[scripts.md](scripts.md#exit-codes). The last column has a command that the tests run to provoke the error.

This page is made from the program: `UPDATE_DOCS=1 cargo test --test it docs_errors` writes it.

| code | exit | for example |
|---|---|---|
{}",
        rows.collect::<String>()
    )
}

#[test]
fn docs_errors_lists_every_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md");
    let page = errors_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == page,
        "`docs/errors.md` differs from the codes; write it with `UPDATE_DOCS=1 cargo test --test it docs_errors`"
    );
}
