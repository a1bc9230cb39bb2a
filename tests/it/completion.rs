//! Completion in the real shells.

use std::process::Command;

use crate::support::{Desk, has_program, program};

/// Runs a script in a shell for which `prorata` is the program of the tests.
fn in_shell(desk: &Desk, shell: &str, script: &str) -> Option<Vec<String>> {
    if !has_program(shell) {
        return None;
    }
    let bin = desk.path().join("bin");
    if !bin.exists() {
        std::fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(program(), bin.join("prorata")).unwrap();
    }
    let plain: &[&str] = match shell {
        "bash" => &["--norc", "--noprofile"],
        "zsh" => &["-f"],
        _ => &["--no-config"],
    };
    let output = Command::new(shell)
        .args(plain)
        .args(["-c", script])
        .current_dir(desk.path())
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .env("HOME", desk.path())
        .env("PRORATA_LEDGER", desk.ledger())
        .output()
        .unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    let found = words.lines().map(|line| {
        let name = line.split(['\t', ':']).next().unwrap_or_default();
        name.trim().to_owned()
    });
    let mut found: Vec<String> = found.filter(|name| !name.is_empty()).collect();
    found.sort();
    assert!(
        output.stderr.is_empty(),
        "{shell}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(found)
}

/// What a shell offers for the last word of a line.
fn offered(desk: &Desk, shell: &str, line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split(' ').collect();
    let last = words.last().copied().unwrap_or_default();
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let quoted = quoted.join(" ");
    let at = words.len() - 1;
    let script = match shell {
        "bash" => format!(
            "source <(prorata completions bash); COMP_WORDS=({quoted}); COMP_CWORD={at}; COMP_TYPE=9
             _clap_complete_prorata prorata '{last}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words[at - 1]
        ),
        "zsh" => format!(
            "compdef() {{ :; }}; source <(prorata completions zsh)
             _describe() {{ local name=$3; printf '%s\\n' \"${{(@P)name}}\"; }}
             words=({quoted}); CURRENT={}; _clap_dynamic_completer_prorata",
            at + 1
        ),
        _ => format!("prorata completions fish | source; complete -C '{line}'"),
    };
    in_shell(desk, shell, &script)
}

#[test]
fn shells_offer_what_is_in_the_state_that_a_command_needs() {
    let desk = Desk::with_event();
    for (holder, amount) in [("h1", 30), ("h2", 20), ("h3", 10)] {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --amount {amount} --as bola"
        ));
    }
    desk.ok("withdrawal cancel W-2 --as bola");
    desk.ok("event create F1 --project LAGOS --type exit --title Draft --amount 10 --date 2026-06-30 --as bola");
    desk.ok("holder block h3 --reason sanctioned --as bola");
    let lines: [(&str, &[&str]); 8] = [
        ("prorata withdrawal approve W-", &["W-000001", "W-000003"]),
        (
            "prorata withdrawal show W-00",
            &["W-000001", "W-000002", "W-000003"],
        ),
        ("prorata event calculate ", &["F1"]),
        ("prorata withdrawal request --event ", &["E1"]),
        ("prorata event show E", &["E1"]),
        ("prorata holder unblock ", &["h3"]),
        ("prorata holder show h", &["h1", "h2", "h3"]),
        ("prorata token register L", &["LAGOS"]),
    ];
    for shell in ["bash", "zsh", "fish"] {
        for (line, wanted) in lines {
            let Some(found) = offered(&desk, shell, line) else {
                break;
            };
            let names: Vec<&str> = found
                .iter()
                .map(String::as_str)
                .filter(|name| !name.starts_with('-'))
                .collect();
            assert_eq!(names, wanted, "{shell}: {line}");
        }
    }
}
