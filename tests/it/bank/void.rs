//! A statement is taken back: its lines are void, and a corrected file comes in.

use serde_json::json;

use super::{THREE, classes, each};
use crate::{event::once::Once, support::Desk};

const VOID: &str = "bank statement void S-1 --reason Wrong-file --as bola";

#[test]
fn a_wrong_statement_is_taken_back_and_the_corrected_file_comes_in() {
    let mut desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    let past = desk.ok("bank lines OPS --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-01T09:00:00.000000Z");
    let once = Once::done(&desk, VOID);
    assert_eq!(once.json()["voided_by"], "bola");
    assert_eq!(once.json()["void_reason"], "Wrong-file");
    assert_eq!(classes(&desk), ["void", "void", "void"]);
    assert_eq!(
        desk.ok("bank lines OPS --as-of 2026-06-30 -f csv").stdout,
        past,
        "a past day keeps its bytes"
    );
    desk.refused(VOID, 1, "statement.void");
    desk.refused(
        "bank resolve L-1 --kind other --reason x --as bola",
        1,
        "bank.line_state",
    );
    // The same file again, with one line put right, and then another with two of the lines.
    let mut corrected = THREE;
    corrected[2].2 = -2_050;
    desk.statement("corrected.csv", 100_000, &corrected);
    let imported = desk.json("bank import OPS corrected.csv --as bola");
    assert_eq!(
        (&imported["lines_new"], &imported["lines_known"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(
        imported["findings"],
        json!([]),
        "void lines overlap with nothing"
    );
    let ran = desk.run("bank reconcile OPS --as bola -f json");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let report = desk.json("report reconciliation --account OPS");
    assert_eq!(
        report["bank_proof"][0]["closing_balance"], "999.50",
        "{report}"
    );
    assert_eq!(
        report["bank_proof"][0]["difference"], "0.00",
        "void lines are in no sum: {report}"
    );
    assert_eq!(
        each(&desk.json("bank statements OPS"), "void_reason"),
        ["Wrong-file", ""]
    );
    desk.sound();
}

#[test]
fn the_same_file_comes_in_again_after_its_statement_was_taken_back() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    desk.ok(VOID);
    let imported = desk.json("bank import OPS june.csv --as bola");
    assert_eq!(
        (&imported["statement"], &imported["lines_new"]),
        (&json!("S-000002"), &json!(3))
    );
    let again = desk.ok("bank import OPS june.csv --as bola");
    assert!(again.stderr.contains("already imported as S-000002"));
    desk.ok("bank statement void S-2 --reason again --as bola");
    desk.ok("bank import OPS june.csv --as bola");
    desk.sound();
}

#[test]
fn a_statement_with_a_matched_or_explained_line_stays_and_names_it() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    desk.ok("bank resolve L-2 --kind funding --reason rent --as bola");
    let message = desk.refused(VOID, 1, "statement.decided");
    assert!(
        message.contains("L-000002") && !message.contains("L-000001"),
        "{message}"
    );
    desk.ok("bank unmatch L-2 --reason oops --as bola");
    desk.ok(VOID);
    desk.sound();
}

#[test]
fn what_a_later_statement_has_through_it_stays() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE[..2]);
    desk.statement("more.csv", 100_000, &THREE);
    desk.ok("bank import OPS more.csv --as bola");
    let message = desk.refused(VOID, 1, "statement.needed");
    assert!(message.contains("S-000002"), "{message}");
    desk.ok("bank statement void S-2 --reason first --as bola");
    desk.ok(VOID);
    desk.sound();
}

#[test]
fn after_a_reconciliation_a_reviewer_who_did_not_import_it_takes_it_back() {
    let desk = Desk::with_bank();
    desk.statement("june.csv", 100_000, &THREE);
    desk.ok("bank import OPS june.csv --as ada");
    desk.run("bank reconcile OPS --as bola");
    desk.refused(VOID, 1, "user.forbidden");
    let message = desk.refused(
        "bank statement void S-1 --reason x --as ada",
        1,
        "statement.same_actor",
    );
    assert!(
        message.contains("a reviewer who did not import it"),
        "{message}"
    );
    let ran = desk.run("bank statement void S-1 --reason x --as ada");
    assert!(
        ran.stderr.contains("hint: approvers: chi"),
        "{}",
        ran.stderr
    );
    desk.ok("bank statement void S-1 --reason x --as chi --dry-run");
    desk.ok("bank statement void S-1 --reason x --as chi");
    assert_eq!(classes(&desk), ["void", "void", "void"]);
    let entries = desk.json("audit log --type statement_voided");
    let entry = entries.as_array().unwrap().last().unwrap();
    assert_eq!(entry["changes_summary"]["imported_by"], "ada", "{entry}");
    desk.sound();
}

#[test]
fn a_proposal_for_a_void_line_ends_and_its_payment_is_awaited_again() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference HAND --date 2026-06-23 --as bola");
    desk.statement(
        "june.csv",
        100_000,
        &[("2026-06-24", "S1", -3_000, "TRF TO ADAEZE OKORO 0123456101")],
    );
    desk.ok("bank import OPS june.csv --as bola");
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(classes(&desk), ["proposed"]);
    desk.ok("bank statement void S-1 --reason x --as chi");
    assert_eq!(classes(&desk), ["void"]);
    desk.sound();
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(classes(&desk), ["void"]);
    desk.sound();
}
