//! Imports are all or nothing: if one line is bad, nothing is written, and every bad line is
//! reported.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    audit::populated::books,
    figures::figure,
    support::{Desk, Ran},
};

/// A file that a command takes in: its good lines, and some that are none.
struct Import {
    line: &'static str,
    file: &'static str,
    head: &'static str,
    good: &'static [&'static str],
    bad: &'static [&'static str],
}

const IMPORTS: [Import; 6] = [
    Import {
        line: "holder import in.csv --as bola",
        file: "in.csv",
        head: "code,name,account_number",
        good: &["n1,One,", "n2,Two,1234567890", "n3,Three,", "n4,Four,"],
        bad: &[
            "n 5,Five,",
            "n6,,",
            "h1,Known,",
            "n7,Seven,12?34",
            "n8,Eight",
        ],
    },
    Import {
        line: "token import in.csv --project LAGOS --date 2026-02-01 --add --create-holders --as bola",
        file: "in.csv",
        head: "holder,tokens",
        good: &["h1,2", "n2,0.0000001", "n3,9999", "h2,1.5"],
        bad: &[
            "n5,1e3",
            "Total:,5",
            "n7,-1",
            "n8,1.00000001",
            "n 9,1",
            "n9,",
        ],
    },
    Import {
        line: "token import in.csv --project LAGOS --as bola",
        file: "in.csv",
        head: "kind,holder,to,tokens,date",
        good: &[
            "issue,h1,,1,2026-02-01",
            "transfer,h1,h2,0.5,2026-02-02",
            "redeem,h3,,0.5,2026-02-03",
        ],
        bad: &[
            "sell,h1,,1,2026-02-01",
            "issue,h1,,1,2026-02-31",
            "transfer,h1,,1,2026-02-01",
            "issue,h9,,1,2026-02-01",
        ],
    },
    Import {
        line: "withdrawal request --event E1 --from in.csv --as bola",
        file: "in.csv",
        head: "holder,amount",
        good: &["h1,1", "h2,2.50", "h3,23.33"],
        bad: &["h9,1", "h1,0.001", "h2,x", "h3,0", ",5"],
    },
    Import {
        line: "withdrawal pay --from in.csv --yes --as bola",
        file: "in.csv",
        head: "withdrawal,reference,date,amount",
        good: &[
            "W-1,R1,2026-06-02,",
            "W-2,R2,2026-06-02,1",
            "W-3,R3,2026-06-03,",
        ],
        bad: &[
            "W-9,R9,2026-06-02,",
            "W-4,,2026-06-02,",
            "W-4,R4,2026-13-01,",
            "W-4,R4,2026-06-02,-1",
        ],
    },
    Import {
        line: "bank import OPS in.csv --as bola",
        file: "in.csv",
        head: "Date,Reference,Debit,Credit,Narration",
        good: &[
            "2026-06-24,S1,10.00,,A",
            "2026-06-24,S2,,20.00,B",
            "2026-06-25,S3,5.00,,C",
        ],
        bad: &[
            "2026-06-31,S4,10.00,,D",
            "2026-06-25,S5,1O.00,,E",
            "2026-06-25,S6,1.00,2.00,F",
        ],
    },
];

/// A ledger in which each import has something to do.
fn desk() -> Desk {
    let desk = Desk::with_bank();
    // Besides the three of the bank's desk, one that no good line pays; and an event that is still
    // free.
    desk.event("E2", "100");
    desk.ok("withdrawal request --event E2 --holder h1 --amount 1 --as bola");
    desk.ok("withdrawal approve W-4 --as chi");
    desk
}

/// Writes the good lines with bad ones at some places, and imports them; answers what was said.
fn imported(desk: &Desk, import: &Import, bad: &[(usize, &str)]) -> Ran {
    let mut lines: Vec<&str> = std::iter::once(import.head)
        .chain(import.good.iter().copied())
        .collect();
    for (place, line) in bad {
        lines.insert(*place, line);
    }
    desk.write(import.file, &format!("{}\n", lines.join("\n")));
    desk.run(&format!("{} -f json", import.line))
}

/// Reads which lines of the file were reported as bad.
fn told(ran: &Ran) -> BTreeSet<u64> {
    let error: Value = ran
        .stderr
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str(line).ok())
        .unwrap_or_default();
    let lines = error["error"]["lines"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    lines
        .iter()
        .filter_map(|line| line["line"].as_u64())
        .collect()
}

/// Asserts that a file with bad lines is refused, that each of them is reported, and that nothing was
/// written.
#[track_caller]
fn refused(desk: &Desk, import: &Import, bad: &[(usize, &str)]) {
    let before = books(desk);
    let ran = imported(desk, import, bad);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (1, ""),
        "`{}` with {bad:?}: {}",
        import.line,
        ran.stderr
    );
    let wanted: BTreeSet<u64> = bad
        .iter()
        .map(|(place, _)| u64::try_from(*place).unwrap() + 1)
        .collect();
    assert_eq!(
        told(&ran),
        wanted,
        "`{}` with {bad:?}: {}",
        import.line,
        ran.stderr
    );
    assert!(
        ran.stderr.contains("nothing was written"),
        "`{}` with {bad:?}: {}",
        import.line,
        ran.stderr
    );
    assert!(
        before == books(desk),
        "`{}` with {bad:?} wrote something",
        import.line
    );
}

#[test]
fn one_bad_line_means_that_nothing_is_written_and_every_bad_line_is_reported() {
    let mut files = 0;
    for import in &IMPORTS {
        let desk = desk();
        for line in import.bad {
            for place in 1..=import.good.len() + 1 {
                refused(&desk, import, &[(place, line)]);
                files += 1;
            }
        }
        let all: Vec<(usize, &str)> = import
            .bad
            .iter()
            .enumerate()
            .map(|(at, line)| (at + 2, *line))
            .collect();
        refused(&desk, import, &all);
        let both = [(1, import.bad[0]), (import.good.len() + 2, import.bad[1])];
        refused(&desk, import, &both);
        files += 2;
        let ran = imported(&desk, import, &[]);
        assert_eq!(
            ran.code, 0,
            "`{}` without bad lines: {}",
            import.line, ran.stderr
        );
        desk.sound();
    }
    figure(
        "imports",
        &format!(
            "{files} files with bad lines for {} commands: nothing written, every bad line told",
            IMPORTS.len()
        ),
    );
}
