//! `token undo` and `token imports`: a wrong register is taken back, and nothing else.

use serde_json::{Value, json};

use crate::{
    global::habits::{dry, keyed},
    support::Desk,
};

/// A project that got its register from a file with references.
fn imported() -> Desk {
    let desk = Desk::with_register();
    desk.ok("project add LEKKI --name Lekki --as bola");
    desk.write(
        "entries.csv",
        "kind,holder,to,tokens,date,reference\nissue,h1,,100,2026-01-01,C-1\nissue,h2,,50,2026-01-01,C-2\ntransfer,h1,h3,40,2026-02-01,C-3\n",
    );
    let done = desk.json(IMPORT);
    assert_eq!(
        (&done["import"], &done["added"]),
        (&json!("I-000001"), &json!(3))
    );
    desk
}

const IMPORT: &str = "token import entries.csv --project LEKKI --as bola";

fn held(desk: &Desk, day: &str) -> Vec<(String, String)> {
    let rows = desk.json(&format!("token register LEKKI --as-of {day}"));
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| {
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        (text("holder"), text("lp_tokens_held"))
    })
    .collect()
}

#[test]
fn the_last_import_is_taken_back_on_its_own_days_and_can_come_in_again() {
    let desk = imported();
    dry(&desk, "token undo I-1 --as ada");
    let ran = desk.ok("token undo I-1 --as ada");
    assert!(
        ran.stderr
            .contains("took back I-000001: 3 entries of LEKKI reversed"),
        "{}",
        ran.stderr
    );
    for day in ["2026-01-15", "2026-06-30"] {
        assert_eq!(held(&desk, day), []);
    }
    let history = desk.json("token history LEKKI");
    let history = history.as_array().unwrap();
    assert_eq!(history.len(), 6);
    let reversals: Vec<&Value> = history
        .iter()
        .filter(|entry| entry["undoes"] == "I-000001")
        .collect();
    assert_eq!(reversals.len(), 3);
    for reversal in reversals {
        let entry = history
            .iter()
            .find(|entry| entry["id"] == reversal["reverses"])
            .unwrap();
        assert_eq!(
            (&entry["tokens"], &entry["date"], &entry["import"]),
            (&reversal["tokens"], &reversal["date"], &json!("I-000001"))
        );
    }
    let imports = desk.json("token imports LEKKI");
    assert_eq!(
        (
            &imports[0]["imported_by"],
            &imports[0]["undone_by"],
            &imports[0]["entries"]
        ),
        (&json!("bola"), &json!("ada"), &json!(3))
    );
    // The file, its references too, is new again.
    let again = desk.json("token import entries.csv --project LEKKI --as ada");
    assert_eq!(
        (
            &again["import"],
            &again["already_imported"],
            &again["added"]
        ),
        (&json!("I-000002"), &json!(false), &json!(3))
    );
    assert_eq!(desk.json(IMPORT)["already_imported"], json!(true));
    assert_eq!(held(&desk, "2026-06-30").len(), 3);
    desk.refused("token undo I-1 --as ada", 1, "token.import_undone");
    keyed(
        &desk,
        "k1",
        "token undo I-2 --as ada",
        "token undo I-1 --as ada",
    );
    desk.sound();
}

#[test]
fn undo_and_an_import_by_somebody_else_is_the_way_out_for_who_imported_and_must_approve() {
    let desk = Desk::with_register();
    desk.ok("user add eve --role admin --as ada");
    desk.ok("user acknowledge eve --as chi");
    desk.ok("user set chi --status inactive --as ada");
    desk.ok("project add LEKKI --name Lekki --as bola");
    desk.write("caps.csv", "holder,tokens\nh1,10\nh2,20\n");
    let import = "token import caps.csv --project LEKKI --date 2026-01-01";
    desk.ok(&format!("{import} --as eve"));
    let event = "event create L1 --project LEKKI --type exit --title T --amount 30 --date 2026-03-31 --as ada";
    desk.ok(event);
    desk.ok("event calculate L1 --as ada");
    desk.refused("event approve L1 --as eve", 1, "event.same_register_actor");
    desk.ok("token undo I-1 --as bola");
    desk.refused("event approve L1 --as eve", 1, "event.stale");
    desk.ok(&format!("{import} --as bola"));
    desk.ok("event calculate L1 --as ada");
    desk.ok("event approve L1 --as eve");
    desk.refused("token undo I-2 --as bola", 1, "token.import_used");
    desk.refused_text(
        "token undo I-2 --as bola",
        1,
        "approved events were calculated from it: L1",
    );
    desk.sound();
}

#[test]
fn an_import_stays_if_a_later_one_or_a_later_transfer_needs_it() {
    let desk = imported();
    desk.refused("token undo I-1 --as chi", 1, "user.forbidden");
    desk.refused("token undo I-9 --as bola", 1, "import.unknown");
    desk.ok("token transfer h2 h3 5 --project LEKKI --date 2026-03-01 --as bola");
    let said = desk.refused("token undo I-1 --as bola", 1, "token.negative_balance");
    assert!(
        said.contains("`h2` would lack 5 tokens on 2026-03-01"),
        "{said}"
    );
    desk.write("caps.csv", "holder,tokens\nh1,60\nh2,45\nh3,45\nada,1\n");
    desk.ok("token import caps.csv --project LEKKI --date 2026-04-01 --replace --create-holders --as bola");
    let said = desk.refused("token undo I-1 --as bola", 1, "token.import_not_last");
    assert!(said.contains("I-000002 is"), "{said}");
    desk.ok("token undo I-2 --as bola");
    assert_eq!(
        held(&desk, "2026-06-30").len(),
        3,
        "as before the second import"
    );
    desk.ok("holder show ada");
    desk.sound();
}
