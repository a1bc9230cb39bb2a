//! What must stay secret, watched over the whole run: no output, error, entry of the trail, stored
//! result or file shows an account number unasked, and what the program makes is its owner's alone.
//!
//! Every account number that a test gives to the program is learned, on the command line, in a file
//! or from the ledger itself. Shorter numbers than eight signs are left out: an amount may look the
//! same.

use std::{
    collections::HashSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::{
        LazyLock, Mutex, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use super::Ran;
use crate::figures::figure;

/// The account numbers that the fixtures of the tests and of the examples hold.
static KNOWN: LazyLock<RwLock<HashSet<String>>> = LazyLock::new(|| {
    let fixed = ["0123456101", "0123456132", "0123456163", "0000014579"].map(str::to_owned);
    let mut known = HashSet::from(fixed);
    for folder in ["quarter-end", "month-end"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(folder);
        for file in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            known.extend(column(&fs::read_to_string(file).unwrap()));
        }
    }
    RwLock::new(known)
});

static OUTPUTS: AtomicUsize = AtomicUsize::new(0);
static ENTRIES: AtomicUsize = AtomicUsize::new(0);
static FILES: AtomicUsize = AtomicUsize::new(0);

/// Of the outputs of one folder the words that may be an account number which is not known yet.
#[derive(Default)]
pub(super) struct Secrets(Mutex<HashSet<String>>);

/// The account numbers of a ledger.
const NUMBERS: &str = "SELECT account_number FROM holder_accounts UNION SELECT account_number FROM holder_accounts_history
    UNION SELECT account_number FROM withdrawal_requests UNION SELECT account_number FROM distribution_payments
    UNION SELECT account_number FROM bank_accounts";

/// What must hold none: the trail, and what keys remember.
const TRAIL: [&str; 2] = [
    "SELECT * FROM distribution_activity_log",
    "SELECT * FROM idempotency_keys",
];

/// Learns the account number of a command line.
pub(super) fn learn_from_words<'w>(words: impl IntoIterator<Item = &'w str>) {
    let mut before = "";
    for word in words {
        let given = if before == "--account-number" {
            Some(word)
        } else {
            word.strip_prefix("--account-number=")
        };
        learn(given.into_iter().map(str::to_owned));
        before = word;
    }
}

/// Learns the account numbers of a file that is brought in.
pub(super) fn learn_from_file(content: &str) {
    learn(column(content));
}

fn learn(numbers: impl IntoIterator<Item = String>) {
    let numbers: Vec<String> = numbers
        .into_iter()
        .filter_map(|number| normal(&number))
        .collect();
    if !numbers.is_empty() {
        KNOWN.write().unwrap().extend(numbers);
    }
}

/// Reads the column of account numbers of a CSV file that has one.
fn column(content: &str) -> Vec<String> {
    let header = content.lines().next().unwrap_or_default();
    let Some(at) = header
        .split(',')
        .position(|heading| heading.trim() == "account_number")
    else {
        return Vec::new();
    };
    let cell = |line: &str| {
        line.split(',')
            .nth(at)
            .map(|cell| cell.trim().trim_matches('"').to_owned())
    };
    content.lines().skip(1).filter_map(cell).collect()
}

/// Writes an account number as the ledger does; `None` for one that is too short to differ from an
/// amount.
fn normal(number: &str) -> Option<String> {
    let kept: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    looks_like_one(&kept).then(|| kept.to_ascii_uppercase())
}

fn looks_like_one(word: &str) -> bool {
    word.len() >= 8 && word.bytes().filter(u8::is_ascii_digit).count() >= 8
}

/// Returns the words of a text that may be account numbers: between other signs, or digits between
/// letters. A hash or an id in hex is one word, and a number with a point in it is an amount.
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '.');
    let words = parts
        .filter(|part| part.len() >= 8 && !is_decimal(part))
        .flat_map(|part| part.split('.'));
    words.filter(|word| looks_like_one(word)).flat_map(|word| {
        let is_hex = word
            .trim_start_matches("0x")
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit());
        let runs = word
            .split(|sign: char| !sign.is_ascii_digit())
            .filter(|run| looks_like_one(run));
        std::iter::once(word).chain(runs.filter(move |run| !is_hex && *run != word))
    })
}

fn is_decimal(part: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    part.split_once('.')
        .is_some_and(|(whole, decimals)| digits(whole) && digits(decimals))
}

/// Fails if a text shows an account number.
#[track_caller]
pub(crate) fn none_in(what: &str, text: &str) {
    let known = KNOWN.read().unwrap();
    // A script shows each command before it runs it.
    let printed = text
        .split('\n')
        .filter(|line| !line.starts_with("$ prorata "));
    for word in printed.flat_map(candidates) {
        let shown = known.contains(word) || known.contains(&word.to_ascii_uppercase());
        assert!(
            !shown,
            "the account number {word} is in {what}:\n{}",
            &text[..text.floor_char_boundary(4_000)]
        );
    }
}

/// Watches over what a command printed that nobody asked for account numbers.
#[track_caller]
pub(super) fn watch_output(ran: &Ran) {
    none_in("standard output", &ran.stdout);
    none_in("standard error", &ran.stderr);
    let outputs = OUTPUTS.fetch_add(2, Ordering::Relaxed) + 2;
    if outputs.is_multiple_of(500) {
        let (entries, files) = (
            ENTRIES.load(Ordering::Relaxed),
            FILES.load(Ordering::Relaxed),
        );
        figure(
            "confidential",
            &format!(
                "more than {outputs} outputs and messages, {entries} entries of audit trails and {files} files of a whole run \
                 scanned for {} account numbers: none is shown unasked",
                KNOWN.read().unwrap().len()
            ),
        );
    }
}

impl Secrets {
    /// Watches over a command: what it printed, and the file that it made.
    #[track_caller]
    pub(super) fn watch(&self, folder: &Path, words: &[&str], ran: &Ran) {
        // What helps has examples of account numbers, and a test may use the same ones.
        let helps = words.starts_with(&["help"]) || words.contains(&"--help");
        let asked = helps
            || words.contains(&"--show-pii")
            || words.starts_with(&["payment", "file", "export"]);
        if asked {
            none_in("standard error", &ran.stderr);
        } else {
            watch_output(ran);
            let mut seen = self.0.lock().unwrap();
            seen.extend(
                candidates(&ran.stdout)
                    .chain(candidates(&ran.stderr))
                    .map(str::to_owned),
            );
        }
        if ran.code != 0 && ran.code != 3
            || words.iter().any(|word| matches!(*word, "-n" | "--dry-run"))
        {
            return;
        }
        match *words {
            ["init", ..] => made(&folder.join("prorata.db"), true),
            ["backup", file, ..] => made(&folder.join(file), true),
            _ => {}
        }
        let named = words
            .iter()
            .position(|word| matches!(*word, "-o" | "--output"))
            .and_then(|at| words.get(at + 1));
        if let Some(name) = named {
            made(&folder.join(name), asked);
        }
    }

    /// Watches over a folder that is given up: nothing that was printed on the way, and nothing in
    /// the ledger's trail, is an account number of the ledger.
    pub(super) fn leave(&self, ledger: &Path) {
        // A test may have made something else of the file; what cannot be read holds nothing that
        // could leak.
        if let Some(conn) = opened(ledger) {
            let numbers = texts(&conn, NUMBERS).unwrap_or_default();
            learn(numbers.iter().cloned());
            let seen = self.0.lock().unwrap();
            let known: HashSet<String> =
                numbers.iter().filter_map(|number| normal(number)).collect();
            let shown = seen
                .iter()
                .find(|word| known.contains(&word.to_ascii_uppercase()));
            assert!(
                shown.is_none(),
                "the account number {shown:?} was shown unasked"
            );
            for table in TRAIL {
                for text in texts(&conn, table).unwrap_or_default() {
                    none_in(table, &text);
                    ENTRIES.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}

fn opened(ledger: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(ledger, flags).ok()?;
    conn.busy_timeout(std::time::Duration::ZERO).ok()?;
    Some(conn)
}

/// Reads the texts of each row, together.
fn texts(conn: &Connection, sql: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = conn.prepare(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..columns).map(|at| match row.get_ref(at)? {
            ValueRef::Text(text) => Ok(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                Ok(String::new())
            }
        });
        Ok(cells
            .collect::<Result<Vec<_>, rusqlite::Error>>()?
            .join("\n"))
    });
    rows?.collect()
}

/// Watches over a file or folder that the program made: nobody else may read it, and unless account
/// numbers were asked for it has none.
#[track_caller]
pub(crate) fn made(path: &Path, asked: bool) {
    let Ok(found) = fs::symlink_metadata(path) else {
        return;
    };
    let mode = found.permissions().mode() & 0o777;
    if found.is_dir() {
        assert_eq!(mode, 0o700, "{} is for its owner only", path.display());
        for entry in fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            made(&entry, asked);
        }
    } else if found.is_file() {
        assert_eq!(mode, 0o600, "{} is for its owner only", path.display());
        FILES.fetch_add(1, Ordering::Relaxed);
        let content = if asked { Vec::new() } else { unpacked(path) };
        none_in(
            &path.display().to_string(),
            &String::from_utf8_lossy(&content),
        );
    }
}

/// Reads a file; of a workbook its parts.
fn unpacked(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "xlsx") {
        return bytes;
    }
    let mut workbook = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..workbook.len() {
        std::io::copy(&mut workbook.by_index(at).unwrap(), &mut parts).unwrap();
    }
    parts
}

#[test]
fn an_account_number_is_seen_anywhere_in_a_text() {
    learn([
        "0998877665".to_owned(),
        "GB29 NWBK 6016 1331 9268 19".to_owned(),
        "1234567".to_owned(),
    ]);
    for text in [
        "0998877665",
        "to 0998877665.",
        "\"account\":\"0998877665\"",
        "ACCT0998877665XY",
        "é0998877665",
        "iban gb29NWBK60161331926819",
    ] {
        assert!(
            std::panic::catch_unwind(|| none_in("a text", text)).is_err(),
            "`{text}`"
        );
    }
    for text in [
        "******7665",
        "10998877665",
        "1234567",
        "a0998877665b",
        "0998877.665",
        "0998877665.00",
        "$ prorata x 0998877665",
    ] {
        none_in("a text", text);
    }
}
