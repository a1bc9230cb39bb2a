//! Tables on a terminal: headings, widths and bars.

use super::terminal::{on_columns, on_terminal, pending, states};
use crate::support::{Desk, Ran};

#[test]
fn headings_are_bold_on_a_terminal_unless_colours_are_not_wanted() {
    let desk = Desk::with_register();
    let Some(ran) = on_terminal(&desk, "holder list", "", &[]) else {
        return;
    };
    assert!(ran.stdout.contains("\u{1b}[1m"), "{:?}", ran.stdout);
    for (line, variables) in [
        ("holder list", &[("NO_COLOR", "1")][..]),
        ("holder list", &[("TERM", "dumb")][..]),
        ("holder list --color never", &[][..]),
        ("--help", &[("NO_COLOR", "1")][..]),
    ] {
        let plain = on_terminal(&desk, line, "", variables).unwrap();
        assert!(
            plain.code == 0 && !plain.stdout.contains('\u{1b}'),
            "`{line}` {variables:?}: {:?}",
            plain.stdout
        );
    }
    let asked_for = on_terminal(
        &desk,
        "holder list --color always",
        "",
        &[("NO_COLOR", "1")],
    )
    .unwrap();
    assert!(
        asked_for.stdout.contains("\u{1b}[1m"),
        "a flag goes before the environment"
    );
}

/// The lines of a table, up to the first message.
fn table(ran: &Ran) -> Vec<&str> {
    ran.stdout
        .lines()
        .map(|line| line.trim_end_matches('\r'))
        .take_while(|line| !line.contains('·'))
        .collect()
}

#[test]
fn a_table_wider_than_its_terminal_leaves_out_what_counts_least_and_says_so() {
    let desk = pending();
    let Some(ran) = on_columns(&desk, 80, "withdrawal list") else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let notice = "left out of the table, which is wider than 80 columns: means, account, value date, payee; \
                see all of it with --format csv";
    assert!(
        ran.stdout.lines().any(|line| line.trim_end() == notice),
        "{}",
        ran.stdout
    );
    let shown: Vec<&str> = table(&ran)
        .into_iter()
        .filter(|line| !line.starts_with("left out"))
        .collect();
    assert_eq!(
        shown[0].split_whitespace().collect::<Vec<_>>(),
        [
            "withdrawal",
            "event",
            "holder",
            "currency",
            "requested",
            "status",
            "reference",
            "paid",
            "marks"
        ]
    );
    assert!(
        shown.iter().all(|line| line.chars().count() <= 80),
        "{}",
        ran.stdout
    );
    // A terminal that is wide enough, a pipe, a file, and formats for programs: nothing is left out
    // and nothing said.
    let whole = desk.ok("withdrawal list");
    let wide = on_columns(&desk, 180, "withdrawal list").unwrap();
    assert_eq!(table(&wide), whole.stdout.lines().collect::<Vec<_>>());
    for line in [
        "withdrawal list -f csv",
        "withdrawal list -f json",
        "withdrawal list -o list.txt",
    ] {
        let ran = on_columns(&desk, 40, line).unwrap();
        assert!(
            ran.code == 0 && !ran.stdout.contains("left out"),
            "`{line}`: {}",
            ran.stdout
        );
    }
    assert_eq!(
        std::fs::read_to_string(desk.path().join("list.txt")).unwrap(),
        whole.stdout
    );
    let quiet = on_columns(&desk, 80, "withdrawal list -q").unwrap();
    assert_eq!(table(&quiet), shown);
}

#[test]
fn a_command_that_wrote_does_not_ask_for_being_run_again_to_see_more() {
    let desk = pending();
    let Some(ran) = on_columns(
        &desk,
        60,
        "withdrawal approve --event E1 --all --expect 3:100.00 --as chi",
    ) else {
        return;
    };
    assert!(
        ran.code == 0
            && ran
                .stdout
                .contains("left out of the table, which is wider than 60 columns: "),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("--format"), "{}", ran.stdout);
    assert_eq!(states(&desk), ["approved"; 3]);
}

#[test]
fn the_tables_of_a_report_fit_their_terminal_and_texts_are_shortened_if_nothing_else_helps() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &[("2026-06-24", "S1", -700, "POS PURCHASE")]);
    let Some(ran) = on_columns(&desk, 60, "report reconciliation") else {
        return;
    };
    assert!(
        ran.stdout
            .contains("left out of tables that are wider than 60 columns: "),
        "{}",
        ran.stdout
    );
    let figures = table(&ran)
        .into_iter()
        .filter(|line| !line.starts_with("left out"));
    assert!(
        figures.clone().all(|line| line.chars().count() <= 60),
        "{}",
        ran.stdout
    );
    assert!(
        figures.clone().any(|line| line.contains("-7.00")),
        "{}",
        ran.stdout
    );
    let narrow = on_columns(&desk, 16, "user list").unwrap();
    assert!(
        narrow
            .stdout
            .contains("left out of the table, which is wider than 16 columns: status, name"),
        "{}",
        narrow.stdout
    );
    desk.done(&[
        "project",
        "add",
        "A-PROJECT-WITH-A-LONG-CODE",
        "--name",
        "P",
        "--as",
        "bola",
    ]);
    let short = on_columns(&desk, 16, "project list").unwrap();
    assert!(
        short.stdout.contains("A-PROJECT-WITH-…"),
        "{}",
        short.stdout
    );
    assert!(
        short
            .stdout
            .contains("shortened in the table, which is wider than 16 columns: project;"),
        "{}",
        short.stdout
    );
}

#[test]
fn bars_are_drawn_where_colours_are_and_nowhere_else() {
    let desk = pending();
    let drawn = |text: &str| text.contains('█');
    let Some(ran) = on_terminal(&desk, "report analytics", "", &[]) else {
        return;
    };
    assert!(ran.code == 0 && drawn(&ran.stdout), "{}", ran.stdout);
    assert!(
        drawn(&desk.ok("report analytics --color always").stdout),
        "a flag asks for it without a terminal too"
    );
    for (line, variables) in [
        ("report analytics", &[("NO_COLOR", "1")][..]),
        ("report analytics", &[("TERM", "dumb")][..]),
        ("report analytics --color never", &[][..]),
    ] {
        let plain = on_terminal(&desk, line, "", variables).unwrap();
        assert!(
            plain.code == 0 && !drawn(&plain.stdout),
            "`{line}` {variables:?}: {}",
            plain.stdout
        );
    }
    assert!(
        !drawn(&desk.ok("report analytics").stdout),
        "a pipe has plain figures"
    );
}
