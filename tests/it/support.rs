//! A ledger in a folder of its own, and the program run on it with a cleared environment.

mod program;
pub(crate) mod secrets;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) use self::program::program;

/// The instant that every command of a test sees, unless the test sets another.
pub(crate) const NOW: &str = "2026-06-30T09:00:00.000000Z";

/// Returns an instant after every entry of a test.
pub(crate) fn after_all() -> prorata::domain::time::Instant {
    prorata::domain::time::Instant::parse("2900-01-01T00:00:00.000000Z").unwrap()
}

/// A folder with a ledger in it, and four users: ada (admin), bola (operator), chi (approver), dayo
/// (auditor).
pub(crate) struct Desk {
    folder: TempDir,
    now: String,
    seen: secrets::Secrets,
    /// Whether the program has a later version of the ledger than it really has.
    has_next_version: AtomicBool,
}

/// A made-up next version of the ledger.
const NEXT_VERSION: &str = "CREATE INDEX users_by_role ON users (role);
    CREATE TABLE reminders (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;";

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// A folder without a ledger.
    pub(crate) fn empty() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    fn within(folder: TempDir) -> Self {
        Self {
            folder,
            now: NOW.to_owned(),
            seen: secrets::Secrets::default(),
            has_next_version: AtomicBool::new(false),
        }
    }

    /// A folder without a ledger, in memory if the machine has such a place: for suites of very
    /// many commands.
    pub(crate) fn in_memory() -> Self {
        let folder = Path::new("/dev/shm");
        let folder = if folder.is_dir() {
            tempfile::tempdir_in(folder)
        } else {
            tempfile::tempdir()
        };
        Self::within(folder.unwrap())
    }

    /// A ledger with its four users, four eyes on.
    pub(crate) fn new() -> Self {
        Self::begun(NOW)
    }

    /// As [`Desk::new`], at another instant: the time of a ledger never goes back.
    fn begun(now: &str) -> Self {
        let mut desk = Self::empty();
        desk.at(now);
        desk.ok("init --user ada --name Ada");
        desk.ok("user add bola --role operator --as ada");
        desk.ok("user add chi --role approver --as ada");
        desk.ok("user add dayo --role auditor --as ada");
        desk
    }

    /// A ledger with the project LAGOS and the holders h1, h2, h3 with 1 token each since
    /// 2026-01-01, all with bank details.
    pub(crate) fn with_register() -> Self {
        Self::new().register()
    }

    /// As [`Desk::with_register`], at another instant.
    pub(crate) fn with_register_at(now: &str) -> Self {
        Self::begun(now).register()
    }

    fn register(self) -> Self {
        let desk = self;
        desk.ok("project add LAGOS --name Lagos-Tower --as bola");
        for (holder, account) in [
            ("h1", "0123456101"),
            ("h2", "0123456132"),
            ("h3", "0123456163"),
        ] {
            desk.ok(&format!(
                "holder add {holder} --name Name-{holder} --bank-name GTBank --bank-code 058 --account-number {account} --account-name Name-{holder} --as bola"
            ));
            desk.ok(&format!(
                "token issue {holder} 1 --project LAGOS --date 2026-01-01 --as bola"
            ));
        }
        desk
    }

    /// As [`Desk::with_register`], with the active event E1 of NGN 100.00 distributed on
    /// 2026-03-31.
    pub(crate) fn with_event() -> Self {
        let desk = Self::with_register();
        desk.event("E1", "100");
        desk
    }

    /// As [`Desk::with_event`], with the bank account OPS of LAGOS, holders with different
    /// names, and three withdrawals that were approved on 2026-06-22: W-1 of 30.00 to h1, W-2
    /// of 20.00 to h2, W-3 of 10.00 to h3.
    pub(crate) fn with_bank() -> Self {
        let mut desk = Self::begun("2026-06-22T09:00:00.000000Z").register();
        desk.event("E1", "100");
        for (holder, name) in [
            ("h1", "Adaeze Okoro"),
            ("h2", "Musa Bello"),
            ("h3", "Chidi Eze"),
        ] {
            desk.done(&[
                "holder",
                "set",
                holder,
                "--name",
                name,
                "--account-name",
                name,
                "--as",
                "bola",
            ]);
        }
        for (holder, amount) in [("h1", 30), ("h2", 20), ("h3", 10)] {
            desk.ok(&format!(
                "withdrawal request --event E1 --holder {holder} --amount {amount} --as bola"
            ));
        }
        desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
        desk.ok(ADD_ACCOUNT);
        desk.at(NOW);
        desk
    }

    /// Runs a command line given as words that must succeed.
    #[track_caller]
    pub(crate) fn done(&self, words: &[&str]) -> Ran {
        let ran = self.words(words);
        assert_eq!(ran.code, 0, "`{words:?}` failed:\n{}", ran.stderr);
        ran
    }

    /// Returns the end-to-end reference that a payment file gave to a withdrawal.
    #[track_caller]
    pub(crate) fn end_to_end(&self, file: &str, withdrawal: &str) -> String {
        let file = self.json(&format!("payment file show {file}"));
        let item = file["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["withdrawal"] == withdrawal);
        item.unwrap_or_else(|| panic!("{withdrawal} is not in {file}"))["end_to_end_reference"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Writes a statement of OPS: its opening balance in kobo, and date, reference, signed amount
    /// in kobo and text of each line.
    pub(crate) fn statement(&self, name: &str, opening: i64, lines: &[(&str, &str, i64, &str)]) {
        self.write(name, &statement(opening, lines));
    }

    /// Writes a statement of OPS that opens with NGN 1,000.00, and imports it.
    #[track_caller]
    pub(crate) fn imported(&self, name: &str, lines: &[(&str, &str, i64, &str)]) {
        self.statement(name, 100_000, lines);
        self.ok(&format!("bank import OPS {name} --as bola"));
    }

    /// Reads a bank line.
    #[track_caller]
    pub(crate) fn line(&self, code: &str) -> Value {
        let lines = self.json("bank lines OPS");
        let line = lines
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["code"] == code)
            .cloned();
        line.unwrap_or_else(|| panic!("no {code} in {lines}"))
    }

    /// Creates, calculates and approves an event of LAGOS.
    pub(crate) fn event(&self, code: &str, amount: &str) {
        self.event_on(code, "LAGOS", amount, "2026-03-31");
    }

    /// Creates, calculates and approves an event of a project and a day.
    pub(crate) fn event_on(&self, code: &str, project: &str, amount: &str, date: &str) {
        self.ok(&format!(
            "event create {code} --project {project} --type revenue --title Q1 --amount {amount} --date {date} --yes --as bola"
        ));
        self.ok(&format!("event calculate {code} --as bola"));
        self.ok(&format!("event approve {code} --as chi"));
    }

    /// Sets the clock for the commands that follow.
    pub(crate) fn at(&mut self, now: &str) {
        now.clone_into(&mut self.now);
    }

    /// Runs a program from now on that has a made-up next version of the ledger, or the real one.
    pub(crate) fn next_version(&self, exists: bool) {
        self.has_next_version.store(exists, Ordering::Relaxed);
    }

    /// Returns the folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the ledger file.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join("prorata.db")
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: &str) {
        secrets::learn_from_file(content);
        std::fs::write(self.path().join(name), content).unwrap();
    }

    /// Returns the hash of what a bulk command would be done to now: that of its dry run.
    fn reviewed(&self, words: &[std::ffi::OsString]) -> std::ffi::OsString {
        let is_value =
            |at: usize| at > 0 && (words[at - 1] == "--key" || words[at - 1] == "--hash");
        let kept = words.iter().enumerate().filter(|(at, word)| {
            !is_value(*at)
                && !["--key", "--hash", "--yes", "--dry-run"]
                    .iter()
                    .any(|flag| *word == flag)
        });
        let mut looked = self.command(kept.map(|(_, word)| word.clone()));
        let ran = Ran::unwatched(looked.arg("--dry-run").output().unwrap());
        let hash = ran.stderr.split("hash ").nth(1).unwrap_or("00000000");
        hash.split_whitespace().next().unwrap_or("00000000").into()
    }

    /// Makes a command that sees only this folder, the fixed clock and what `words` say. The word
    /// `REVIEWED` is the hash of what a bulk command would be done to now.
    pub(crate) fn command<S: AsRef<std::ffi::OsStr>>(
        &self,
        words: impl IntoIterator<Item = S>,
    ) -> Command {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        let mut words: Vec<std::ffi::OsString> = words.collect();
        if let Some(at) = words.iter().position(|word| word == "REVIEWED") {
            words[at] = self.reviewed(&words);
        }
        let mut command = Command::new(program());
        command
            .args(words)
            .current_dir(self.path())
            .env_clear()
            .env("PRORATA_TEST_NOW", &self.now)
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        if self.has_next_version.load(Ordering::Relaxed) {
            command.env("PRORATA_TEST_MIGRATION", NEXT_VERSION);
        }
        secrets::learn_from_words(command.get_args().filter_map(std::ffi::OsStr::to_str));
        command
    }

    /// Runs a command line whose words are separated by spaces.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.words(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs a command line given as words.
    #[track_caller]
    pub(crate) fn words(&self, words: &[&str]) -> Ran {
        let ran = Ran::unwatched(self.command(words).output().unwrap());
        self.seen.watch(self.path(), words, &ran);
        ran
    }

    /// Runs a command line with standard input.
    pub(crate) fn piped(&self, line: &str, input: &str) -> Ran {
        let mut command = self.command(line.split_whitespace());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that ends before it has read all is for its test to judge.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs a command that must succeed.
    #[track_caller]
    pub(crate) fn ok(&self, line: &str) -> Ran {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "`{line}` failed:\n{}", ran.stderr);
        ran
    }

    /// Runs a command that must succeed and reads its JSON.
    #[track_caller]
    pub(crate) fn json(&self, line: &str) -> Value {
        let ran = self.ok(&format!("{line} -f json"));
        serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("`{line}`: {error}: {}", ran.stdout))
    }

    /// Runs a command that must be refused with this exit code, as people read it, with these words
    /// in what it says.
    #[track_caller]
    pub(crate) fn refused_text(&self, line: &str, exit: i32, words: &str) {
        let ran = self.run(line);
        assert!(
            ran.code == exit && ran.stdout.is_empty() && ran.stderr.contains(words),
            "`{line}`: {} {} {}",
            ran.code,
            ran.stdout,
            ran.stderr
        );
    }

    /// Runs a command that must be refused with this exit code and error code, and prints no
    /// result. Returns the message.
    #[track_caller]
    pub(crate) fn refused(&self, line: &str, exit: i32, code: &str) -> String {
        let ran = self.run(&format!("{line} -f json"));
        let error: Value = ran
            .stderr
            .lines()
            .rev()
            .find_map(|line| serde_json::from_str(line).ok())
            .unwrap_or_default();
        let error = &error["error"];
        assert_eq!(
            (ran.code, error["code"].as_str()),
            (exit, Some(code)),
            "`{line}`: {} {}",
            ran.stdout,
            ran.stderr
        );
        assert_eq!(error["exit"].as_i64(), Some(i64::from(exit)));
        assert_eq!(ran.stdout, "", "a refusal prints no result");
        error["message"].as_str().unwrap().to_owned()
    }

    /// Changes the ledger with another program: rusqlite here, as the `sqlite3` shell would.
    pub(crate) fn tamper(&self, sql: &str) {
        rusqlite::Connection::open(self.ledger())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }

    /// Asserts that every check passes and the trail verifies.
    #[track_caller]
    pub(crate) fn sound(&self) {
        let check = self.run("check -f json");
        assert_eq!(check.code, 0, "{}", check.stdout);
        assert_eq!(self.run("audit verify").code, 0);
    }
}

/// Adds the bank account OPS, which pays for LAGOS.
pub(crate) const ADD_ACCOUNT: &str = "bank add OPS --bank-name FirstBank --bank-code 011 --account-number 0000014579 --project LAGOS --as bola";

/// Makes a statement with a preamble, debit and credit columns and running balances.
pub(crate) fn statement(opening: i64, lines: &[(&str, &str, i64, &str)]) -> String {
    let mut text = format!(
        "Account Number,0000014579\nOpening Balance,{}\n",
        naira(opening)
    );
    text.push_str("Trans Date,Value Date,Reference,Debit,Credit,Balance,Narration\n");
    let mut balance = opening;
    for (date, reference, amount, narration) in lines {
        balance += amount;
        let shown = naira(amount.abs());
        let (debit, credit) = if *amount < 0 {
            (shown.as_str(), "")
        } else {
            ("", shown.as_str())
        };
        let row = format!(
            "{date},{date},{reference},{debit},{credit},{},{narration}\n",
            naira(balance)
        );
        text.push_str(&row);
    }
    text
}

/// Shows kobo as plain naira.
pub(crate) fn naira(kobo: i64) -> String {
    let sign = if kobo < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", kobo.abs() / 100, kobo.abs() % 100)
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.seen.leave(&self.ledger());
        }
    }
}

impl Ran {
    /// Reads what a program printed that was not asked for account numbers.
    #[track_caller]
    pub(crate) fn of(output: std::process::Output) -> Self {
        let ran = Self::unwatched(output);
        secrets::watch_output(&ran);
        ran
    }

    /// Reads what a program printed that may show account numbers.
    pub(crate) fn unwatched(output: std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Shows exit code, stdout and stderr for a snapshot, with ids and hashes taken out.
    pub(crate) fn snapshot(&self) -> String {
        let mut shown = format!(
            "exit {}\n--- stdout\n{}--- stderr\n{}",
            self.code, self.stdout, self.stderr
        );
        for (pattern, with) in [
            (
                r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}",
                "[uuid]",
            ),
            (r"\b[0-9a-f]{64}\b", "[hash]"),
            (r"audit head (\d+) [0-9a-f]{12}", "audit head $1 [hash]"),
        ] {
            shown = regex::Regex::new(pattern)
                .unwrap()
                .replace_all(&shown, with)
                .into_owned();
        }
        shown
    }
}

/// Skips a test, with a line that says so, if an outside program is missing; under `CI` a
/// missing program is a failure.
pub(crate) fn has_program(name: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {name}")])
        .output()
        .is_ok_and(|found| found.status.success());
    assert!(
        found || std::env::var_os("CI").is_none(),
        "`{name}` is missing, and under CI nothing is skipped"
    );
    if !found {
        println!("skipped: `{name}` is not installed");
    }
    found
}
