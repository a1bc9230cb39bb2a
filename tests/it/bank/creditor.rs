//! Lines that carry our reference and name another creditor, and totals that prove nothing: each way
//! in which money was recorded as paid to a holder who never got it.

use serde_json::json;

use crate::{event::once::unchanged, support::Desk};

const CREATE: &str = "payment file create --account OPS --event E1 --profile generic --as bola";
const EXPORT: &str = "payment file export F-1 -o out.csv --as bola";

/// A desk on which bola created and exported a file, and eve records too.
fn exported() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("user add eve --role operator --as ada");
    desk.ok(CREATE);
    desk.ok(EXPORT);
    desk
}

#[test]
fn a_bank_file_that_was_changed_after_its_export_no_longer_pays_the_holder_in_the_books() {
    let desk = exported();
    let reference = desk.end_to_end("F-1", "W-000001");
    let text = format!("NIP TRF TO MALLAM CRONY/0099887766/{reference}");
    desk.imported("june.csv", &[("2026-06-30", "B1", -3000, &text)]);
    let ran = desk.run("bank reconcile OPS --as bola");
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    assert_eq!(desk.line("L-000001")["class"], "ambiguous");
    assert_eq!(desk.json("payment list"), json!([]));
    let told = desk.ok("bank explain L-1").stdout;
    assert!(
        told.contains("another account, ******7766") && told.contains("by hand only"),
        "{told}"
    );
    desk.ok("withdrawal pay W-1 --reference HAND --date 2026-06-30 --yes --as eve");
    for who in ["bola", "eve", "dayo"] {
        let code = if who == "dayo" {
            "user.forbidden"
        } else {
            "line.other_creditor"
        };
        let line = format!("bank match L-1 P-1 --as {who}");
        let said = unchanged(&desk, || desk.refused(&line, 1, code));
        assert!(
            who == "dayo" || said.contains("names another account, ******7766"),
            "{said}"
        );
    }
    desk.ok("bank match L-1 P-1 --as chi");
    let log = desk.json("audit log --type line_matched");
    let noted = |entry: &serde_json::Value| {
        entry["changes_summary"]["other_creditor"] == "another account, ******7766"
    };
    assert!(log.as_array().unwrap().iter().any(noted), "{log}");
    desk.sound();
}

#[test]
fn an_admin_who_exported_the_file_no_longer_matches_what_it_doctored() {
    let desk = Desk::with_bank();
    desk.ok("user add eve --role admin --as ada");
    desk.ok("user acknowledge eve --as chi");
    desk.ok(CREATE);
    desk.ok("payment file export F-1 -o one.csv --as bola");
    desk.ok("payment file export F-1 -o two.csv --as ada");
    let reference = desk.end_to_end("F-1", "W-000001");
    let text = format!("NIP/{reference}/BENEFICIARY CRONY");
    desk.imported("june.csv", &[("2026-06-30", "B1", -3000, &text)]);
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(desk.line("L-000001")["class"], "ambiguous");
    desk.ok("withdrawal pay W-1 --reference HAND --date 2026-06-30 --yes --as bola");
    let said = desk.refused("bank match L-1 P-1 --as ada", 1, "line.other_creditor");
    assert!(said.contains("another name, CRONY"), "{said}");
    desk.ok("bank match L-1 P-1 --as eve");
}

#[test]
fn a_cash_withdrawal_over_the_total_of_a_file_no_longer_pays_it() {
    for is_exported in [false, true] {
        let desk = Desk::with_bank();
        desk.ok(CREATE);
        if is_exported {
            desk.ok(EXPORT);
        }
        desk.imported(
            "june.csv",
            &[("2026-06-30", "B1", -6000, "CASH WITHDRAWAL")],
        );
        let ran = desk.run("bank reconcile OPS --as bola");
        assert_eq!(ran.code, 3, "{}", ran.stdout);
        let line = desk.line("L-000001");
        assert_eq!(line["class"], "proposed");
        assert_eq!(desk.json("payment list"), json!([]));
        let told = desk.ok("bank explain L-1").stdout;
        assert!(told.contains("file"), "{told}");
        desk.sound();
    }
}

#[test]
fn the_bulk_debit_of_an_exported_file_pays_all_of_it() {
    let desk = exported();
    desk.imported(
        "june.csv",
        &[("2026-06-30", "B1", -6000, "BULK PAYMENT F-000001")],
    );
    desk.ok("bank reconcile OPS --as bola");
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), 3);
    assert_eq!(desk.json("payment file show F-1")["status"], "done");
    desk.sound();
}

#[test]
fn a_line_with_the_reference_of_a_cancelled_file_is_never_matched_by_itself() {
    let desk = exported();
    let old = desk.end_to_end("F-1", "W-000001");
    desk.ok("payment file cancel F-1 --reason lost --as chi");
    let text = format!("NIP/{old}/ADAEZE OKORO");
    desk.imported("june.csv", &[("2026-06-30", "B1", -3000, &text)]);
    let ran = desk.run("bank reconcile OPS --as bola");
    assert_eq!(ran.code, 3);
    assert_eq!(desk.line("L-000001")["class"], "proposed");
    desk.refused(
        "payment file create W-1 --account OPS --profile generic --as bola",
        1,
        "payment_file.maybe_paid",
    );
    // Paid again, the old one is a second payment.
    desk.ok("bank reject L-1 --as bola");
    desk.ok("withdrawal pay W-2 --reference HAND --date 2026-06-30 --yes --as bola");
    let second = desk.end_to_end("F-1", "W-000002");
    let text = format!("NIP/{second}/MUSA BELLO");
    desk.imported("more.csv", &[("2026-06-30", "B2", -2000, &text)]);
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(desk.line("L-000002")["class"], "duplicate_payment");
    desk.sound();
}
