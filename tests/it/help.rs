//! Help: short and long, topics, manual pages; who acts, and which program it is.

mod examples;

use crate::{architecture::commands::leaves, support::Desk};

const MORE: &str = "More: --help; flags of all commands: prorata help flags";

/// Every command, also those with others below them.
fn every_command() -> Vec<String> {
    let mut all = vec![String::new()];
    for leaf in leaves() {
        for words in 1..=leaf.len() {
            all.push(leaf[..words].join(" "));
        }
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn the_short_help_of_every_command_fits_a_screen() {
    let desk = Desk::empty();
    for command in every_command() {
        let help = desk.ok(&format!("{command} -h")).stdout;
        let lines: Vec<&str> = help.lines().collect();
        assert!(lines.len() <= 24, "`{command}`: {} lines", lines.len());
        for line in &lines {
            assert!(line.chars().count() <= 80, "`{command}`: {line}");
            assert_eq!(*line, line.trim_end(), "`{command}`");
        }
        assert_eq!(lines.last(), Some(&MORE), "`{command}`");
        assert!(lines.iter().any(|line| line.starts_with("Usage: prorata")));
        for hidden in [
            "possible values",
            "--ledger",
            "--output",
            "--dry-run",
            "--as-of",
        ] {
            assert!(!help.contains(hidden), "`{command}` shows {hidden}: {help}");
        }
    }
}

#[test]
fn the_short_help_shows_what_is_needed_first() {
    let desk = Desk::empty();
    let help = desk.ok("event create -h").stdout;
    let at = |word: &str| help.find(word).unwrap_or_else(|| panic!("{word}: {help}"));
    assert!(
        at("\n      --date <DATE>") < at("\n      --rounding"),
        "{help}"
    );
    let bare = desk.run("withdrawal");
    assert_eq!(bare.code, 2);
    assert_eq!(bare.stderr, desk.ok("withdrawal -h").stdout);
}

#[test]
fn the_long_help_of_every_command_ends_with_the_global_flags_a_line_each() {
    let desk = Desk::empty();
    for command in every_command() {
        let help = desk.ok(&format!("{command} --help")).stdout;
        let (before, global) = help.rsplit_once("\nGlobal flags:\n").unwrap();
        let flags: Vec<&str> = global.lines().collect();
        assert_eq!(flags.len(), 8, "`{command}`: {global}");
        for flag in flags {
            assert!(flag.starts_with("  ") && flag.contains("--"), "{flag}");
            assert!(flag.chars().count() <= 80, "{flag}");
        }
        if let Some((_, after)) = before.split_once("\nExamples:\n") {
            assert!(after.starts_with("  prorata "), "`{command}`: {help}");
        }
        assert!(!before.contains("--no-input"), "`{command}`");
    }
}

#[test]
fn help_with_the_words_of_a_command_is_its_long_help() {
    let desk = Desk::empty();
    for command in [
        "event create",
        "payment file",
        "status",
        "holder account set",
    ] {
        let long = desk.ok(&format!("{command} --help")).stdout;
        let help = desk.ok(&format!("help {command}")).stdout;
        assert_eq!(help.trim_end(), long.trim_end(), "{command}");
    }
}

#[test]
fn help_lists_commands_and_topics_and_shows_each_topic() {
    let desk = Desk::empty();
    let list = desk.ok("help").stdout;
    for (topic, words) in [
        ("quarter", "# A quarter"),
        ("bank", "bank reconcile"),
        ("exit-codes", "| 6 |"),
        ("json", "# JSON and CSV"),
        ("keys", "key.conflict"),
        ("files", "# Files"),
        ("dates", "# Dates"),
        ("controls", "four eyes"),
        ("flags", "prorata event create:"),
    ] {
        assert!(list.contains(&format!("  {topic} ")), "{topic}: {list}");
        let page = desk.ok(&format!("help {topic}")).stdout;
        let has = page.to_lowercase().contains(&words.to_lowercase());
        assert!(
            has && !page.contains("```") && !page.contains("]("),
            "{topic}"
        );
    }
    // A command and a topic: both.
    let bank = desk.ok("help bank").stdout;
    assert!(bank.contains("Usage: prorata bank") && bank.contains("\n## A tour\n"));
    for (words, hint) in [
        ("evnt", "did you mean `prorata help event`?"),
        ("exit-code", "did you mean `prorata help exit-codes`?"),
        ("event creat", "did you mean `prorata help event create`?"),
        ("something else", "`prorata help` lists"),
    ] {
        desk.refused_text(&format!("help {words}"), 2, hint);
    }
}

#[test]
fn help_flags_lists_the_flags_of_every_command() {
    let desk = Desk::empty();
    let flags = desk.ok("help flags").stdout;
    for leaf in leaves() {
        let heading = format!("\nprorata {}:\n", leaf.join(" "));
        assert!(flags.contains(&heading), "{heading}");
    }
    for flag in [
        "--ledger <FILE>",
        "--as-of <DATE>",
        "--record-date <DATE>",
        "--key <KEY>",
    ] {
        assert!(flags.contains(flag), "{flag}");
    }
}

#[test]
fn the_version_names_the_commit_the_ledger_and_sqlite() {
    let desk = Desk::empty();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(desk.ok("--version").stdout, format!("prorata {version}\n"));
    for line in ["--version --verbose", "-v -V", "--verbose --version"] {
        let long = desk.ok(line).stdout;
        let names: Vec<&str> = long
            .lines()
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let first = format!("prorata {version}");
        assert_eq!(
            names,
            [first.as_str(), "commit", "ledger version", "SQLite version"]
        );
        assert!(
            long.contains("ledger version: 1\nSQLite version: 3."),
            "{long}"
        );
    }
}

#[test]
fn whoami_names_the_user_the_claim_the_ledger_and_what_the_role_may() {
    let desk = Desk::new();
    let bola = desk.json("whoami --as bola");
    assert_eq!(
        bola,
        serde_json::json!({
            "user": "bola", "name": null, "role": "operator", "status": "active",
            "claimed_by": "flag", "ledger": "prorata.db", "may": ["record", "read"],
        })
    );
    let mut command = desk.command(["whoami"]);
    let ran = crate::support::Ran::of(command.env("PRORATA_AS", "ada").output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("environment"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains(
            "ada, named by PRORATA_AS, may manage users, record anything, approve or reject, read"
        ),
        "{}",
        ran.stderr
    );
    desk.refused("whoami --as nobody", 1, "user.unknown");
    desk.ok("user set chi --status inactive --as ada");
    desk.refused("whoami --as chi", 1, "user.inactive");
}

#[test]
fn a_manual_page_has_its_sections_and_its_own_flags_in_the_synopsis() {
    let desk = Desk::empty();
    desk.ok("man pages");
    let read = |name: &str| std::fs::read_to_string(desk.path().join("pages").join(name)).unwrap();
    let page = read("prorata-event-create.1");
    let mut at = 0;
    for section in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "EXAMPLES",
        "\"EXIT STATUS\"",
        "ENVIRONMENT",
        "FILES",
        "\"SEE ALSO\"",
    ] {
        let heading = format!(".SH {section}\n");
        let found = page[at..].find(&heading);
        at += found.unwrap_or_else(|| panic!("{section} in its place: {page}"));
    }
    let synopsis = page.split(".SH SYNOPSIS\n").nth(1).unwrap();
    let (synopsis, rest) = synopsis.split_once(".SH ").unwrap();
    assert!(
        synopsis.contains("project") && !synopsis.contains("ledger"),
        "{synopsis}"
    );
    assert!(rest.contains("ledger"), "the options have all flags");
    assert!(
        page.contains("prorata event create \\-\\-project MARINA"),
        "{page}"
    );
    assert!(page.contains("prorata\\-event(1)"), "{page}");
    assert!(read("prorata-event.1").contains("prorata\\-event\\-create(1)"));
}
