//! Who may do what: operators and admins work with the bank side, everybody may read it.

use super::{THREE, filed};
use crate::{event::once::unchanged, support::Desk};

const WRITING: &[&str] = &[
    "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101",
    "bank import OPS more.csv",
    "bank reconcile OPS",
    "bank confirm L-1",
    "bank confirm L-1 L-2",
    "bank reject --account OPS --all --yes",
    "bank match L-1 W-1",
    "bank reject L-1",
    "bank match L-1 P-1",
    "bank unmatch L-1 --reason oops",
    "bank resolve L-1 --kind fee --reason fee",
    "payment file create --account OPS --event E1 --profile generic",
    "payment file export F-1 -o out.csv",
    "payment file cancel F-1 --reason typo",
];

pub(super) const READING: &[&str] = &[
    "bank list",
    "bank show OPS",
    "bank statements OPS",
    "bank lines OPS",
    "bank proposals OPS",
    "bank explain L-1",
    "bank profile list",
    "payment file list",
    "payment file show F-1",
    "report reconciliation",
];

#[test]
fn approvers_and_auditors_write_nothing_on_the_bank_side() {
    let desk = filed();
    desk.imported("june.csv", &THREE);
    desk.statement(
        "more.csv",
        100_950,
        &[("2026-06-27", "S4", -100, "POS PURCHASE D")],
    );
    for user in ["chi", "dayo"] {
        for line in WRITING {
            unchanged(&desk, || {
                desk.refused(&format!("{line} --as {user}"), 1, "user.forbidden")
            });
        }
        assert!(
            !desk.path().join("out.csv").exists(),
            "no byte of a payment file leaves"
        );
    }
    desk.sound();
}

#[test]
fn everybody_reads_the_bank_side() {
    let desk = filed();
    desk.imported("june.csv", &THREE);
    let before = std::fs::read(desk.ledger()).unwrap();
    for user in ["bola", "chi", "dayo"] {
        for line in READING {
            let ran = desk.ok(&format!("{line} --as {user}"));
            assert!(!ran.stdout.is_empty(), "{line}");
        }
    }
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "reading writes nothing"
    );
}

#[test]
fn operators_and_admins_may_do_all_of_it() {
    for user in ["bola", "ada"] {
        let desk = Desk::with_bank();
        desk.statement("june.csv", 100_000, &THREE);
        for line in [
            "bank import OPS june.csv",
            "payment file create --account OPS --event E1 --profile generic",
            "payment file cancel F-1 --reason typo",
            "payment file create --account OPS --event E1 --profile generic",
            "payment file export F-2 -o out.csv",
            "bank resolve L-1 --kind fee --reason fee",
            "bank unmatch L-1 --reason oops",
        ] {
            desk.ok(&format!("{line} --as {user}"));
        }
    }
}
