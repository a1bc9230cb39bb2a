//! Damaged files: bits flipped, pages cut off, emptied, swapped. Each is refused, or found, or
//! proven to mean the same.

use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::Duration,
};

use prorata::{
    ops,
    store::{self, Access, AsOf, Ledger},
};
use rusqlite::{Connection, OpenFlags, types::Value};

use crate::{
    audit::populated,
    figures::{figure, sized},
    support::Desk,
};

/// The size of a ledger's pages.
pub(super) const PAGE: usize = 16_384;

/// How many threads share the flips.
const THREADS: usize = 2;

/// What every row of every table holds, and the schema.
type Content = BTreeMap<String, Vec<Vec<Value>>>;

/// What became of a damaged file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// Nothing is read from it.
    Refused,
    /// A check names what is wrong.
    Found,
    /// Both checks pass.
    Passed,
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }
}

/// Chooses bits of a file: in its header, at the beginning of its pages, and anywhere.
fn bits(length: usize, count: usize) -> Vec<usize> {
    let mut dice = Dice(20_260_630);
    let pages = length / PAGE;
    (0..count)
        .map(|at| {
            let byte = match at % 10 {
                0 => dice.below(100),
                1 => dice.below(pages) * PAGE + dice.below(12),
                2 => dice.below(pages) * PAGE + 8 + dice.below(200),
                _ => dice.below(length),
            };
            byte * 8 + dice.below(8)
        })
        .collect()
}

/// Reads all that a ledger means, with another program than ours, or nothing if that program
/// cannot.
fn content(path: &Path) -> Option<Content> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let mut content = Content::new();
    for (table, columns) in std::iter::once("sqlite_schema".to_owned())
        .chain(populated::tables(&conn))
        .map(|table| {
            // The pages where tables begin are where they are, and no part of what the ledger
            // means.
            let columns = if table == "sqlite_schema" {
                "type, name, tbl_name, sql"
            } else {
                "rowid, *"
            };
            (table, columns)
        })
    {
        let mut statement = conn
            .prepare(&format!(
                "SELECT {columns} FROM {table} NOT INDEXED ORDER BY rowid"
            ))
            .ok()?;
        let width = statement.column_count();
        let rows = statement
            .query_map([], |row| (0..width).map(|at| row.get(at)).collect())
            .ok()?;
        content.insert(table, rows.collect::<Result<_, _>>().ok()?);
    }
    Some(content)
}

/// Reads a ledger as `check`, `audit verify`, `status` and some lists do; a bug is an error.
fn verdict(path: &Path) -> Result<Verdict, String> {
    let mut ledger = match Ledger::open(path, Access::Read, Duration::from_secs(1)) {
        Ok(ledger) => ledger,
        Err(error) => return no_bug(&error.into()).map(|()| Verdict::Refused),
    };
    let checked = ops::ledger::check(&mut ledger, crate::support::after_all());
    let verified = ops::audit::verify(&mut ledger, None);
    let answers = [
        checked.as_ref().err(),
        verified.as_ref().err(),
        // What shows the books may refuse, but never end as a bug.
        ops::ledger::status(
            &mut ledger,
            crate::support::after_all(),
            &ops::ledger::StatusScope::default(),
        )
        .err()
        .as_ref(),
        ops::holder::list(&mut ledger, None, AsOf::Now, &mut |_| Ok(()))
            .err()
            .as_ref(),
        ops::withdrawal::list(
            &mut ledger,
            &ops::withdrawal::Filter::default(),
            AsOf::Now,
            &mut |_| Ok(()),
        )
        .err()
        .as_ref(),
        ops::report::balances(&mut ledger, None, AsOf::Now, &mut |_| Ok(()))
            .err()
            .as_ref(),
    ]
    .into_iter()
    .flatten()
    .try_for_each(no_bug);
    answers?;
    Ok(match (checked, verified) {
        (Ok(checks), _) if checks.iter().any(|check| !check.findings.is_empty()) => Verdict::Found,
        (_, Ok(verified)) if !verified.findings.is_empty() => Verdict::Found,
        (Ok(_), Ok(_)) => Verdict::Passed,
        (Err(_), _) | (_, Err(_)) => Verdict::Refused,
    })
}

fn no_bug(error: &ops::Error) -> Result<(), String> {
    let bug = matches!(error, ops::Error::Store(store::Error::Bug(_)));
    if bug || error.to_string().is_empty() {
        Err(format!("it ends as a bug: {error}"))
    } else {
        Ok(())
    }
}

/// Judges a damaged file, and proves that one which passes means the same as the whole one.
fn judged(path: &Path, bytes: &[u8], whole: &Content) -> Result<Verdict, String> {
    fs::write(path, bytes).unwrap();
    let judged = catch_unwind(AssertUnwindSafe(|| verdict(path)))
        .unwrap_or_else(|_| Err("a panic".to_owned()))?;
    if fs::read(path).unwrap() != bytes {
        return Err("looking changed the file".to_owned());
    }
    if path.with_extension("db-journal").exists() {
        return Err("a journal was left".to_owned());
    }
    if judged == Verdict::Passed
        && let Some(difference) = difference(content(path), whole)
    {
        return Err(format!("both checks pass, and {difference}"));
    }
    Ok(judged)
}

/// Returns in what a ledger means something else than the whole one.
fn difference(damaged: Option<Content>, whole: &Content) -> Option<String> {
    let Some(damaged) = damaged else {
        return Some("another program cannot read it".to_owned());
    };
    let tables = whole.iter().find_map(|(table, rows)| {
        let other = damaged.get(table)?;
        let row = rows.iter().zip(other).find(|(row, other)| row != other)?;
        Some(format!("`{table}` has {:?} and had {:?}", row.1, row.0))
    });
    tables.or_else(|| (damaged != *whole).then(|| "there are other tables or rows".to_owned()))
}

/// What became of many damaged files.
#[derive(Default)]
struct Judged {
    verdicts: Vec<Verdict>,
    faults: Vec<String>,
}

impl Judged {
    fn add(&mut self, what: impl FnOnce() -> String, judged: Result<Verdict, String>) {
        match judged {
            Ok(verdict) => self.verdicts.push(verdict),
            Err(fault) => self.faults.push(format!("{}: {fault}", what())),
        }
    }

    fn append(mut self, other: Self) -> Self {
        self.verdicts.extend(other.verdicts);
        self.faults.extend(other.faults);
        self
    }

    fn count(&self, wanted: &Verdict) -> usize {
        self.verdicts
            .iter()
            .filter(|verdict| *verdict == wanted)
            .count()
    }

    /// Returns the counts, after asserting that there was no fault.
    #[track_caller]
    fn told(&self, what: &str) -> String {
        assert!(
            self.faults.is_empty(),
            "{} faults:\n{}",
            self.faults.len(),
            self.faults.join("\n")
        );
        let [refused, found, passed] =
            [Verdict::Refused, Verdict::Found, Verdict::Passed].map(|wanted| self.count(&wanted));
        let all = self.verdicts.len();
        format!("{all} {what}: {refused} refused, {found} found, {passed} proven to mean the same")
    }
}

/// Makes a file next to the ledger, private as a ledger is.
fn private(desk: &Desk, name: &str) -> std::path::PathBuf {
    let path = desk.path().join(name);
    fs::copy(desk.ledger(), &path).unwrap();
    path
}

#[test]
fn a_flipped_bit_is_refused_or_found_or_means_nothing() {
    let desk = populated::desk();
    desk.sound();
    let (bytes, whole) = (
        fs::read(desk.ledger()).unwrap(),
        content(&desk.ledger()).unwrap(),
    );
    let bits = bits(bytes.len(), sized(3_000, 30_000));
    let judged = std::thread::scope(|scope| {
        let shares = bits.chunks(bits.len().div_ceil(THREADS)).enumerate();
        let running = shares.map(|(at, share)| {
            let (path, mut bytes, whole) = (
                private(&desk, &format!("flipped-{at}.db")),
                bytes.clone(),
                &whole,
            );
            scope.spawn(move || {
                let mut judged = Judged::default();
                for bit in share {
                    bytes[bit / 8] ^= 1 << (bit % 8);
                    judged.add(
                        || format!("bit {} of byte {}", bit % 8, bit / 8),
                        self::judged(&path, &bytes, whole),
                    );
                    bytes[bit / 8] ^= 1 << (bit % 8);
                }
                judged
            })
        });
        let running: Vec<_> = running.collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .fold(Judged::default(), Judged::append)
    });
    for wanted in [Verdict::Refused, Verdict::Found, Verdict::Passed] {
        assert!(
            judged.count(&wanted) > 0,
            "none is {wanted:?}: the flips were not spread"
        );
    }
    figure("flips", &judged.told("flipped bits"));
}

#[test]
fn no_command_ends_as_a_bug_on_a_ledger_with_a_flipped_bit() {
    let desk = populated::desk();
    let bytes = fs::read(desk.ledger()).unwrap();
    let mut codes = BTreeMap::<i32, u32>::new();
    for bit in bits(bytes.len(), sized(150, 1_500)) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(desk.ledger(), &flipped).unwrap();
        let what = format!("bit {} of byte {}", bit % 8, bit / 8);
        for line in [
            "check",
            "audit verify",
            "status",
            "report balances",
            "withdrawal list",
        ] {
            let ran = desk.run(line);
            *codes.entry(ran.code).or_default() += 1;
            assert!(
                matches!(ran.code, 0 | 3 | 4),
                "{what}: `{line}` ends with {}: {}",
                ran.code,
                ran.stderr
            );
            assert!(
                !ran.stderr.contains("panicked"),
                "{what}: `{line}`: {}",
                ran.stderr
            );
            assert!(
                ran.code != 4 || ran.stderr.starts_with("error: "),
                "{what}: `{line}`: {}",
                ran.stderr
            );
            assert!(
                ran.code != 3 || matches!(line, "check" | "audit verify"),
                "{what}: `{line}`"
            );
        }
        assert!(
            fs::read(desk.ledger()).unwrap() == flipped,
            "{what}: reading changed the file"
        );
        let ran = desk.run("user add eve --role auditor --as ada");
        assert!(
            matches!(ran.code, 0 | 1 | 4),
            "{what}: writing ends with {}: {}",
            ran.code,
            ran.stderr
        );
        assert!(
            ran.code == 0 || ran.stderr.contains("nothing was written"),
            "{what}: {}",
            ran.stderr
        );
    }
    assert!(codes[&0] > 0 && codes[&3] > 0 && codes[&4] > 0, "{codes:?}");
    let codes: Vec<String> = codes
        .iter()
        .map(|(code, count)| format!("{count} with exit {code}"))
        .collect();
    figure(
        "flipped_commands",
        &format!("commands on flipped ledgers: {}", codes.join(", ")),
    );
}

/// A constraint that no longer says what this program says refuses what is right.
#[test]
fn a_write_that_a_changed_constraint_refuses_is_damage_and_no_bug() {
    let desk = populated::desk();
    let bytes = fs::read(desk.ledger()).unwrap();
    for (right, wrong) in [("'flag'", "'flaf'"), ("'auditor'", "'auditos'")] {
        let mut changed = bytes.clone();
        let places: Vec<usize> = (0..bytes.len() - right.len())
            .filter(|at| bytes[*at..].starts_with(right.as_bytes()))
            .collect();
        assert!(!places.is_empty(), "{right} is in no constraint");
        for at in places {
            changed[at..at + wrong.len()].copy_from_slice(wrong.as_bytes());
        }
        fs::write(desk.ledger(), &changed).unwrap();
        let ran = desk.run("user add eve --role auditor --as ada");
        assert_eq!(ran.code, 4, "{wrong}: {}", ran.stderr);
        for part in ["the ledger is damaged", "nothing was written"] {
            assert!(ran.stderr.contains(part), "{wrong}: {}", ran.stderr);
        }
        assert!(fs::read(desk.ledger()).unwrap() == changed, "{wrong}");
    }
}

#[test]
fn a_ledger_that_is_cut_off_anywhere_is_refused_or_found() {
    let desk = populated::desk();
    let (bytes, whole) = (
        fs::read(desk.ledger()).unwrap(),
        content(&desk.ledger()).unwrap(),
    );
    let path = private(&desk, "cut.db");
    let mut lengths: Vec<usize> = (0..bytes.len()).step_by(PAGE).collect();
    lengths.extend([1, 15, 16, 59, 63, 71, 72, 99, 100, 101, bytes.len() - 1]);
    lengths.extend(
        (PAGE..bytes.len())
            .step_by(PAGE * 7)
            .flat_map(|length| [length - 1, length + 1, length + PAGE / 2]),
    );
    let mut judged = Judged::default();
    for length in lengths {
        judged.add(
            || format!("{length} bytes"),
            self::judged(&path, &bytes[..length], &whole),
        );
    }
    assert_eq!(
        judged.count(&Verdict::Passed),
        0,
        "what is cut off never passes"
    );
    figure("truncation", &judged.told("truncations"));
}

#[test]
fn pages_that_are_emptied_swapped_or_doubled_are_refused_or_found() {
    let desk = populated::desk();
    let (bytes, whole) = (
        fs::read(desk.ledger()).unwrap(),
        content(&desk.ledger()).unwrap(),
    );
    let path = private(&desk, "pages.db");
    let pages = bytes.len() / PAGE;
    let page = |at: usize| at * PAGE..(at + 1) * PAGE;
    let (mut judged, mut dice) = (Judged::default(), Dice(7));
    for at in 0..pages {
        let other = (at + 1 + dice.below(pages - 1)) % pages;
        let (mut empty, mut full, mut swapped, mut doubled) =
            (bytes.clone(), bytes.clone(), bytes.clone(), bytes.clone());
        empty[page(at)].fill(0);
        full[page(at)].fill(0xff);
        swapped[page(at)].copy_from_slice(&bytes[page(other)]);
        swapped[page(other)].copy_from_slice(&bytes[page(at)]);
        doubled[page(other)].copy_from_slice(&bytes[page(at)]);
        for (what, damaged) in [
            ("emptied", empty),
            ("filled", full),
            ("swapped", swapped),
            ("doubled", doubled),
        ] {
            judged.add(
                || format!("page {at} {what}, with {other}"),
                self::judged(&path, &damaged, &whole),
            );
        }
    }
    let two = [bytes[..PAGE].to_vec(), vec![0; PAGE]].concat();
    judged.add(
        || "the first page, and nothing else".to_owned(),
        self::judged(&path, &two, &whole),
    );
    figure(
        "pages",
        &judged.told("emptied, filled, swapped or doubled pages"),
    );
}

#[test]
fn garbage_behind_the_end_changes_nothing_that_is_read() {
    let desk = populated::desk();
    let (bytes, whole) = (
        fs::read(desk.ledger()).unwrap(),
        content(&desk.ledger()).unwrap(),
    );
    let path = private(&desk, "longer.db");
    let mut judged = Judged::default();
    for tail in [
        vec![0],
        vec![0x5a; 100],
        vec![0x5a; PAGE],
        vec![0; 3 * PAGE],
        bytes.clone(),
    ] {
        let longer = [bytes.as_slice(), &tail].concat();
        judged.add(
            || format!("{} bytes more", tail.len()),
            self::judged(&path, &longer, &whole),
        );
    }
    judged.told("longer files");
}

#[test]
fn an_index_that_names_another_table_is_found() {
    let desk = Desk::with_register();
    desk.tamper(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET tbl_name = 'Users' WHERE name = 'sqlite_autoindex_users_1'",
    );
    let ran = desk.run("audit verify");
    assert!(
        ran.code == 3 && ran.stdout.contains("sqlite_autoindex_users_1"),
        "{} {}",
        ran.stdout,
        ran.stderr
    );
    assert_eq!(desk.run("check").code, 3);
}
