//! `prorata proposal …`: what is new waits for a second person.

use serde_json::json;

use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

/// The fields that scripts read of a proposal.
const FIELDS: &str =
    "code kind subject amount currency proposed_by proposed_at status decided_by decided_at reason";

const ADD: &str = "bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as bola";

fn proposed() -> Desk {
    let desk = Desk::with_bank();
    desk.ok(ADD);
    desk
}

#[test]
fn a_proposal_has_no_effect_until_somebody_else_approves_it() {
    let mut desk = Desk::with_bank();
    let once = Once::done(&desk, ADD);
    let proposal = once.json();
    let fields: Vec<&str> = FIELDS.split(' ').collect();
    let printed: Vec<&str> = proposal
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(printed[..fields.len()], fields[..]);
    assert_eq!(
        (&proposal["code"], &proposal["kind"], &proposal["subject"]),
        (&json!("Q-000001"), &json!("bank_rule"), &json!("OPS"))
    );
    assert_eq!(
        (
            &proposal["amount"],
            &proposal["currency"],
            &proposal["status"]
        ),
        (&json!("500.00"), &json!("NGN"), &json!("proposed"))
    );
    assert_eq!(
        proposal["detail"],
        "debits that begin with `CHQBOOK` are a fee of at most NGN 500.00"
    );
    assert_eq!(
        (&proposal["proposed_by"], &proposal["decided_by"]),
        (&json!("bola"), &json!(null))
    );
    assert_eq!(desk.json("bank rule list OPS"), json!([]));
    let waiting = desk.json("status")["waiting"].clone();
    let rows = waiting.as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["what"] == "proposals to approve")
        .unwrap();
    assert_eq!(
        (&row["what"], &row["count"], &row["command"]),
        (
            &json!("proposals to approve"),
            &json!(1),
            &json!("prorata proposal list")
        )
    );
    let past = desk.ok("proposal list --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-01T09:00:00.000000Z");
    let approved = Once::done(&desk, "proposal approve Q-1 --as chi");
    assert_eq!(approved.json()[0]["status"], "approved");
    assert_eq!(approved.json()[0]["decided_by"], "chi");
    assert_eq!(desk.json("bank rule list OPS")[0]["approved_by"], "chi");
    assert_eq!(
        desk.ok("proposal list --as-of 2026-06-30 -f csv").stdout,
        past,
        "a past day keeps its bytes"
    );
    assert_eq!(
        desk.json("bank rule list OPS --as-of 2026-06-30"),
        json!([])
    );
    assert_eq!(desk.json("proposal show Q-000001")["status"], "approved");
    assert_eq!(desk.json("proposal list --status proposed"), json!([]));
    assert_eq!(
        desk.json("proposal list --kind bank_rule")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // The key of the proposal answers what it printed then.
    once.repeats(&desk);
    approved.conflicts(&desk, "proposal approve Q-2 --as chi");
    let log = desk.ok("audit log -f csv").stdout;
    for entry in ["proposal_recorded", "proposal_approved", "bank_rule_added"] {
        assert!(log.contains(entry), "{log}");
    }
    desk.sound();
}

#[test]
fn who_may_not_decide_is_refused_and_nothing_is_written() {
    let desk = proposed();
    desk.ok("bank rule add OPS --text LEDGERFEE --kind fee --at-most 500 --as ada");
    for (line, code) in [
        ("proposal approve Q-2 --as ada", "proposal.same_actor"),
        ("proposal approve Q-1 --as bola", "user.forbidden"),
        ("proposal approve Q-1 --as dayo", "user.forbidden"),
        ("proposal reject Q-1 --reason x --as bola", "user.forbidden"),
        ("proposal approve Q-9 --as chi", "proposal.unknown"),
        ("proposal show Q-9", "proposal.unknown"),
        (
            "bank rule add OPS --text SMSFEE --kind fee --at-most 4 --as chi",
            "user.forbidden",
        ),
        ("bank rule remove Q-1 --as bola", "bank_rule.none"),
    ] {
        unchanged(&desk, || desk.refused(line, 1, code));
    }
    let ran = desk.run("proposal approve Q-2 --as ada");
    assert!(
        ran.stderr
            .contains("`ada` proposed Q-000002 and may not approve it (four eyes)"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("hint: approvers: chi"),
        "{}",
        ran.stderr
    );
    // All or none.
    let ran = desk.run("proposal approve Q-1 Q-2 --as ada");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(desk.json("proposal show Q-1")["status"], "proposed");
    desk.ok("proposal approve Q-1 Q-2 Q-1 --as chi");
    for line in [
        "proposal approve Q-1 --as chi",
        "proposal reject Q-1 --reason x --as chi",
    ] {
        let message = desk.refused(line, 1, "proposal.decided");
        assert!(
            message.contains("was approved by `chi` on 2026-06-30"),
            "{message}"
        );
    }
    desk.sound();
}

#[test]
fn a_rejection_is_final_and_who_proposed_may_take_it_back_so() {
    let desk = proposed();
    let once = Once::done(&desk, "proposal reject Q-1 --reason too-much --as chi");
    assert_eq!(
        (&once.json()[0]["status"], &once.json()[0]["reason"]),
        (&json!("rejected"), &json!("too-much"))
    );
    desk.refused("proposal approve Q-1 --as ada", 1, "proposal.decided");
    assert_eq!(desk.json("bank rule list OPS --all"), json!([]));
    desk.ok("bank rule add OPS --text CHQBOOK --kind fee --at-most 50 --as ada");
    desk.ok("proposal reject Q-2 --reason typo --as ada");
    desk.sound();
}

#[test]
fn without_four_eyes_the_two_steps_remain_and_one_person_may_do_both() {
    let desk = Desk::empty();
    desk.ok("init --user ada --four-eyes off");
    desk.ok(
        "bank add OPS --bank-name FirstBank --bank-code 011 --account-number 0000014579 --as ada",
    );
    desk.ok("bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as ada");
    assert_eq!(desk.json("bank rule list OPS"), json!([]));
    desk.ok("proposal approve Q-1 --as ada");
    assert_eq!(desk.json("bank rule list OPS")[0]["code"], "Q-000001");
    desk.sound();
}

#[test]
fn a_reviewer_whom_the_proposer_added_is_acknowledged_first() {
    let desk = Desk::with_bank();
    desk.ok("user add efe --role approver --as ada");
    desk.ok("bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as ada");
    desk.refused("proposal approve Q-1 --as efe", 1, "user.not_acknowledged");
    desk.ok("user acknowledge efe --as chi");
    desk.ok("proposal approve Q-1 --as efe");
    let controls = desk.json("report controls");
    let same = controls["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "same_origin" && one["subject"] == "Q-000001");
    let same = same.unwrap_or_else(|| panic!("{controls}"));
    assert_eq!(
        (
            &same["by"],
            &same["other_user"],
            &same["amount"],
            &same["currency"]
        ),
        (
            &json!("efe"),
            &json!("ada"),
            &json!("500.00"),
            &json!("NGN")
        )
    );
    desk.sound();
}

#[test]
fn an_approval_that_nobody_could_acknowledge_is_an_exception() {
    let desk = Desk::empty();
    desk.ok("init --user ada");
    desk.ok("user add efe --role approver --as ada");
    desk.ok(
        "bank add OPS --bank-name FirstBank --bank-code 011 --account-number 0000014579 --as ada",
    );
    desk.ok("bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as ada");
    desk.ok("proposal approve Q-1 --as efe");
    let controls = desk.json("report controls");
    let found = controls["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| {
            one["kind"] == "not_acknowledged"
                && one["subject"] == "Q-000001"
                && one["other_user"] == "ada"
        });
    assert!(found, "{controls}");
    desk.sound();
}

#[test]
fn check_compares_a_proposal_with_what_it_made() {
    for (sql, finding) in [
        (
            "UPDATE bank_rules SET at_most = '9999.0000000'",
            "Q-000001 was approved and its bank rule is missing or differs from it",
        ),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM bank_rules",
            "Q-000001 was approved and its bank rule is missing or differs from it",
        ),
        (
            "UPDATE proposals SET decided_by = proposed_by",
            "Q-000001 was approved by who proposed it",
        ),
        (
            "UPDATE proposals SET status = 'rejected', reason = 'x'",
            "Q-000001 made a rule and was not approved",
        ),
    ] {
        let desk = proposed();
        desk.ok("proposal approve Q-1 --as chi");
        desk.sound();
        desk.tamper(sql);
        let ran = desk.run("check -f json");
        assert_eq!(ran.code, 3, "{sql}");
        assert!(ran.stdout.contains(finding), "{sql}: {}", ran.stdout);
        assert_eq!(desk.run("audit verify").code, 3, "{sql}");
    }
}

#[test]
fn people_see_what_they_decide() {
    let desk = proposed();
    insta::assert_snapshot!(
        "proposed",
        desk.ok("bank rule add OPS --text tokenvat --kind tax --at-most 37.50 --as bola")
            .snapshot()
    );
    insta::assert_snapshot!("listed", desk.ok("proposal list").snapshot());
    insta::assert_snapshot!("shown", desk.ok("proposal show Q-2").snapshot());
    insta::assert_snapshot!(
        "approved",
        desk.ok("proposal approve Q-1 --as chi").snapshot()
    );
}
