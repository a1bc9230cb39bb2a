//! Who may run which command: the table in `docs/controls.md` is made from what the program does, so
//! that no command can be forgotten.

use std::{collections::BTreeSet, fmt::Write as _};

use crate::{architecture::commands::leaves, faults::commands::WRITING};

/// What four eyes ask for besides the role: the command, who may not, and the code of the refusal.
#[rustfmt::skip]
const SECOND_PERSON: &[(&str, &str, &str)] = &[
    ("event approve", "the user who created or calculated it, or recorded a register entry that counts for it since the project's last approved event", "event.same_actor"),
    ("withdrawal approve", "the user who requested it, had a hand in its bank details, or unblocked the holder in the last 90 days", "withdrawal.same_actor"),
    ("withdrawal pay", "the user who approved it", "withdrawal.same_approver"),
    ("payment return", "the user who recorded the payment", "payment.same_actor"),
    ("payment settle", "the user who recorded the payment or its return", "payment.same_actor"),
    ("payment correct", "the user who recorded the payment", "payment.same_actor"),
    ("payment file drop", "after an export: an approver or an admin who did not export it first", "payment_file.same_actor"),
    ("payment file cancel", "after an export: an approver or an admin who did not export it first", "payment_file.same_actor"),
    ("bank confirm", "if the line names another creditor: an approver or an admin who neither created or exported the file nor recorded the payment; a remittance: an approver or an admin who did not record it", "line.other_creditor"),
    ("bank match", "of a withdrawal that nobody recorded as paid, the user who approved it; if the line names another creditor: an approver or an admin who neither created or exported the file nor recorded the payment; a remittance: an approver or an admin who did not record it", "line.other_creditor"),
    ("tax remittance reverse", "the user who recorded it", "tax.same_actor"),
    ("bank statement void", "the user who imported it; before any reconciliation an operator may, and an approver may not", "statement.same_actor"),
    ("proposal approve", "the user who proposed it", "proposal.same_actor"),
    ("user acknowledge", "the user, and who is behind the addition or change of the user", "user.same_actor"),
];

const ROLES: [(&str, &str); 4] = [
    ("ada", "admin"),
    ("bola", "operator"),
    ("chi", "approver"),
    ("dayo", "auditor"),
];

/// Makes the table by running every command that writes as a user of each role.
fn table() -> String {
    let known: Vec<String> = leaves().into_iter().map(|words| words.join(" ")).collect();
    let mut named = BTreeSet::new();
    let mut table = String::from(
        "| command | admin | operator | approver | auditor | with four eyes on, not |\n|---|---|---|---|---|---|\n",
    );
    for command in WRITING.iter().filter(|command| command.keyed) {
        let (words, _) = command
            .line
            .split_once(" --as ")
            .unwrap_or((command.line, ""));
        let name = (known.iter())
            .filter(|name| words == name.as_str() || words.starts_with(&format!("{name} ")))
            .max_by_key(|name| name.len())
            .unwrap();
        if name == "init" || !named.insert(name.clone()) {
            continue;
        }
        let desk = command.desk();
        let may = ROLES.map(|(user, _)| {
            let ran = desk.run(&format!("{words} --dry-run --as {user} -f json"));
            if ran.stderr.contains("\"user.forbidden\"") {
                "-"
            } else {
                "yes"
            }
        });
        let second = SECOND_PERSON.iter().find(|(of, _, _)| of == name);
        let second = second.map_or("", |(_, who, _)| who);
        writeln!(table, "| `{name}` | {} | {second} |", may.join(" | ")).unwrap();
    }
    for (command, _, _) in SECOND_PERSON {
        assert!(named.contains(*command), "`{command}` is not in the table");
    }
    table
}

#[test]
fn docs_roles_say_of_every_command_that_writes_who_may_run_it() {
    const HEADING: &str = "## Every command that writes\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/controls.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(HEADING).unwrap();
    let (intro, rest) = rest.split_once("| command |").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let fresh = format!("{before}{HEADING}{intro}{}\n{after}", table());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == fresh,
        "`docs/controls.md` differs from the roles; write it with `UPDATE_DOCS=1 cargo test --test it docs_roles`"
    );
    let errors = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md");
    let errors = std::fs::read_to_string(errors).unwrap();
    for (command, _, code) in SECOND_PERSON {
        assert!(errors.contains(&format!("`{code}`")), "{command}: {code}");
    }
}

/// A rule that compares the acting user with somebody by itself would forget who must be
/// acknowledged first, so only one function does.
#[test]
fn only_the_rule_of_the_second_person_asks_whether_it_is_the_same_user() {
    const ALLOWED: [&str; 3] = ["reviewers.rs", "user.rs", "event/approval.rs"];
    let domain = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain");
    let mut folders = vec![domain.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.strip_prefix(&domain).unwrap().display().to_string();
            let compares = text.contains("== actor.user.id") || text.contains("actor.user.id ==");
            if compares && !ALLOWED.contains(&name.as_str()) {
                found.push(name);
            }
        }
    }
    assert_eq!(found, [""; 0], "use `Reviewers::second_person`");
}
