//! Backups restore: a copy made while others work is whole, and the work goes on from it.

use std::process::{Child, Stdio};

use crate::{
    figures::{figure, sized},
    support::{Desk, Ran},
};

fn start(desk: &Desk, line: &str) -> Child {
    desk.command(line.split_whitespace())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_copy_made_while_others_write_is_whole_and_the_work_goes_on_from_it() {
    let desk = Desk::with_event();
    let (mut copies, mut written) = (0, 0);
    for round in 0..sized(6, 200) {
        let writers: Vec<Child> = (0..6)
            .map(|n| {
                start(
                    &desk,
                    &format!("user add u{round}-{n} --role auditor --as ada --wait 60"),
                )
            })
            .collect();
        let backup = start(&desk, &format!("backup copy-{round}.db --as ada --wait 60"));
        let ran = Ran::of(backup.wait_with_output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for writer in writers {
            let ran = Ran::of(writer.wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            written += 1;
        }
        restored(&desk, &format!("copy-{round}.db"), round);
        copies += 1;
    }
    desk.sound();
    figure(
        "backups",
        &format!(
            "{copies} copies made during {written} writing commands; each verified and worked on"
        ),
    );
}

/// Asserts that a copy is a ledger that passes every check, whose trail is a beginning of the
/// other's, and that can be worked on.
fn restored(desk: &Desk, copy: &str, round: usize) {
    assert_eq!(desk.run(&format!("check -L {copy}")).code, 0);
    let head = desk.json(&format!("audit head -L {copy}"));
    desk.ok(&format!(
        "audit verify --head {}",
        head["hash"].as_str().unwrap()
    ));
    desk.ok(&format!(
        "withdrawal request --event E1 --holder h1 --amount 1 --as bola -L {copy}"
    ));
    desk.ok(&format!("withdrawal approve W-1 --as chi -L {copy}"));
    desk.ok(&format!(
        "withdrawal pay W-1 --reference R{round} --date 2026-06-01 --yes --as bola -L {copy}"
    ));
    assert_eq!(desk.run(&format!("check -L {copy}")).code, 0);
}
