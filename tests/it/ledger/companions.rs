//! The files next to a ledger, and what another program made of it: journals, write-ahead logs,
//! lookalikes.

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt as _, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rusqlite::Connection;

use crate::support::{Desk, NOW, Ran, program};

/// Commands that read, and one that writes.
const LINES: [&str; 5] = [
    "status",
    "check",
    "audit verify",
    "holder list",
    "user add eve --role auditor --as ada",
];

/// Runs a command that must end soon: what waits for ever ends with 124.
pub(super) fn soon(desk: &Desk, line: &str) -> Ran {
    let mut command = Command::new("/usr/bin/timeout");
    command
        .args(["30", program()])
        .args(line.split_whitespace())
        .current_dir(desk.path());
    command
        .env_clear()
        .env("PRORATA_TEST_NOW", NOW)
        .env("TZ", "UTC")
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    assert!(ran.code != 124, "`{line}` waits for ever");
    assert!(
        !ran.stderr.contains("panicked") && ran.code != 70,
        "`{line}`: {}",
        ran.stderr
    );
    ran
}

pub(super) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Asserts that every command refuses the ledger as it is, and leaves its bytes.
#[track_caller]
fn refused(desk: &Desk, code: &str, why: &str) {
    let before = fs::read(desk.ledger()).unwrap();
    for line in LINES {
        let ran = soon(desk, &format!("{line} -f json"));
        assert_eq!(ran.code, 4, "`{line}`: {} {}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains(&format!("\"{code}\"")) && ran.stderr.contains(why),
            "`{line}`: {}",
            ran.stderr
        );
        assert_eq!(ran.stdout, "");
    }
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "the file is left as it was"
    );
}

fn companion(desk: &Desk, suffix: &str) -> PathBuf {
    desk.path().join(format!("prorata.db{suffix}"))
}

/// Makes each kind of thing that is not a file of our own at a path, and looks what becomes of it.
fn each_kind(path: &Path, mut look: impl FnMut(&str)) {
    let elsewhere = path.with_extension("elsewhere");
    fs::write(&elsewhere, b"kept").unwrap();
    pipe(path);
    look("a pipe");
    fs::remove_file(path).unwrap();
    fs::create_dir(path).unwrap();
    look("a folder");
    fs::remove_dir(path).unwrap();
    let socket = UnixListener::bind(path).unwrap();
    look("a socket");
    drop(socket);
    fs::remove_file(path).unwrap();
    for (kind, target) in [
        ("a link", &*elsewhere),
        ("a dangling link", Path::new("nowhere")),
        ("a link to a device", Path::new("/dev/zero")),
    ] {
        symlink(target, path).unwrap();
        look(kind);
        fs::remove_file(path).unwrap();
    }
    fs::hard_link(&elsewhere, path).unwrap();
    look("a second name");
    fs::remove_file(path).unwrap();
    assert_eq!(fs::read(&elsewhere).unwrap(), b"kept");
    fs::remove_file(&elsewhere).unwrap();
}

#[test]
fn a_journal_that_is_not_a_file_of_its_own_is_refused_and_nothing_waits_for_it() {
    let desk = Desk::with_register();
    each_kind(&companion(&desk, "-journal"), |_| {
        refused(
            &desk,
            "ledger.unsafe",
            "a journal is a regular file of one name",
        );
    });
    fs::write(companion(&desk, "-journal"), b"planted").unwrap();
    fs::set_permissions(
        companion(&desk, "-journal"),
        fs::Permissions::from_mode(0o666),
    )
    .unwrap();
    refused(&desk, "ledger.unsafe", "others can write it");
    fs::remove_file(companion(&desk, "-journal")).unwrap();
    desk.sound();
}

#[test]
fn a_write_ahead_log_next_to_a_ledger_is_refused_whatever_it_is() {
    let desk = Desk::with_register();
    each_kind(&companion(&desk, "-wal"), |_| {
        refused(
            &desk,
            "ledger.unsafe",
            "it is a write-ahead log, which no ledger has",
        );
    });
    for bytes in [b"".as_slice(), b"garbage", &[0x5a; 10_000]] {
        fs::write(companion(&desk, "-wal"), bytes).unwrap();
        refused(&desk, "ledger.unsafe", "prorata.db-wal");
        assert_eq!(
            fs::read(companion(&desk, "-wal")).unwrap(),
            bytes,
            "it may hold what was written last"
        );
    }
    fs::remove_file(companion(&desk, "-wal")).unwrap();
    desk.sound();
}

#[test]
fn a_ledger_that_another_program_made_keep_a_write_ahead_log_is_refused_and_not_converted() {
    let desk = Desk::with_register();
    desk.tamper("PRAGMA journal_mode = WAL");
    assert!(!companion(&desk, "-wal").exists());
    refused(
        &desk,
        "ledger.unsafe",
        "a copy may lack what was written last",
    );
    // While that program works, what it wrote last is in the log.
    let other = Connection::open(desk.ledger()).unwrap();
    other
        .execute_batch("UPDATE users SET name = 'Eve' WHERE code = 'ada'")
        .unwrap();
    assert!(companion(&desk, "-wal").exists());
    refused(&desk, "ledger.unsafe", "write-ahead log");
    drop(other);
    desk.tamper("PRAGMA journal_mode = DELETE");
    assert_eq!(
        soon(&desk, "check").code,
        3,
        "the change is seen once the log is gone"
    );
}

#[test]
fn a_journal_of_garbage_changes_nothing() {
    let desk = Desk::with_register();
    let before = fs::read(desk.ledger()).unwrap();
    for bytes in [
        vec![],
        vec![0; 512],
        vec![0x5a; 5_000],
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7".to_vec(),
        before.clone(),
    ] {
        fs::write(companion(&desk, "-journal"), &bytes).unwrap();
        fs::set_permissions(
            companion(&desk, "-journal"),
            fs::Permissions::from_mode(0o600),
        )
        .unwrap();
        assert_eq!(
            soon(&desk, "check").code,
            0,
            "a power cut leaves such a journal before anything of the ledger is changed"
        );
        assert!(before == fs::read(desk.ledger()).unwrap());
        let _ = fs::remove_file(companion(&desk, "-journal"));
    }
    desk.sound();
}

/// Takes the ledger and its journal as a crash in the middle of a change leaves them.
fn crashed(desk: &Desk) -> (Vec<u8>, Vec<u8>) {
    let conn = Connection::open(desk.ledger()).unwrap();
    // Changed pages leave the memory at once, so the file is changed before the commit.
    conn.execute_batch(
        "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE users SET name = code || '!';
        UPDATE distribution_activity_log SET user_agent = 'x'; UPDATE lp_token_holders SET name = 'y';
        CREATE TABLE filler (text TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO filler SELECT hex(randomblob(200)) FROM n;",
    )
    .unwrap();
    let halves = (
        fs::read(desk.ledger()).unwrap(),
        fs::read(companion(desk, "-journal")).unwrap(),
    );
    drop(conn);
    halves
}

fn put(desk: &Desk, ledger: &[u8], journal: &[u8]) {
    fs::write(desk.ledger(), ledger).unwrap();
    fs::write(companion(desk, "-journal"), journal).unwrap();
    fs::set_permissions(
        companion(desk, "-journal"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
}

#[test]
fn a_whole_journal_is_put_back_and_a_cut_one_never_passes_for_it() {
    let desk = Desk::with_register();
    let before = fs::read(desk.ledger()).unwrap();
    let (changed, journal) = crashed(&desk);
    assert!(changed != before, "the change had left the memory");
    put(&desk, &changed, &journal);
    assert_eq!(soon(&desk, "check").code, 0);
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "the change is undone, byte by byte"
    );
    for length in [
        0,
        8,
        27,
        511,
        512,
        600,
        journal.len() / 2,
        journal.len() - 1,
    ] {
        put(&desk, &changed, &journal[..length]);
        let (check, verify) = (soon(&desk, "check"), soon(&desk, "audit verify"));
        let undone = before == fs::read(desk.ledger()).unwrap();
        assert!(
            undone || check.code != 0 || verify.code != 0,
            "{length} of {} bytes: {}",
            journal.len(),
            check.stdout
        );
        let _ = fs::remove_file(companion(&desk, "-journal"));
    }
}

#[test]
fn a_journal_of_another_database_is_not_put_back() {
    let desk = Desk::with_register();
    let before = fs::read(desk.ledger()).unwrap();
    // Of another ledger, of this one in another state, and of another program's database with other
    // pages.
    let other = Desk::with_event();
    let foreign = crashed(&other).1;
    put(&desk, &before, &foreign);
    refused(
        &desk,
        "ledger.unsafe",
        "it is the journal of another database",
    );
    assert_eq!(
        fs::read(companion(&desk, "-journal")).unwrap(),
        foreign,
        "it may be what another ledger needs"
    );
    let late = crashed(&desk).1;
    fs::remove_file(companion(&desk, "-journal")).unwrap_or_default();
    fs::write(desk.ledger(), &before).unwrap();
    desk.ok("user set dayo --name Dayo --as ada");
    desk.ok("user set dayo --name Doyo --as ada");
    let moved_on = fs::read(desk.ledger()).unwrap();
    put(&desk, &moved_on, &late);
    refused(&desk, "ledger.unsafe", "of another state of the ledger");
    let mut sized = late.clone();
    sized[24..28].copy_from_slice(&1024_u32.to_be_bytes());
    put(&desk, &moved_on, &sized);
    refused(
        &desk,
        "ledger.unsafe",
        "it is the journal of another database",
    );
    fs::remove_file(companion(&desk, "-journal")).unwrap();
    desk.sound();
}

#[test]
fn other_programs_databases_are_refused_also_where_they_look_like_a_ledger() {
    let whole = Desk::with_register();
    let schema = {
        let conn = Connection::open(whole.ledger()).unwrap();
        let mut statement = conn
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type = 'table'")
            .unwrap();
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().join(";")
    };
    // Without an id, with that of another program, with ours but a sign, and an empty one.
    for (id, tables) in [
        (0, schema.as_str()),
        (0x0f05_5112, schema.as_str()),
        (-0x7072_7461, ""),
        (0x7072_7462, "CREATE TABLE a (b)"),
    ] {
        let desk = Desk::empty();
        desk.tamper(&format!(
            "PRAGMA application_id = {id}; PRAGMA user_version = 1; {tables}; CREATE TABLE z (y)"
        ));
        fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o600)).unwrap();
        refused(
            &desk,
            "ledger.not_a_ledger",
            "it is another program's database",
        );
    }
    // With our id and version, and other tables.
    let desk = Desk::empty();
    desk.tamper("PRAGMA application_id = 0x70727461; PRAGMA user_version = 1; CREATE TABLE users (code TEXT); INSERT INTO users VALUES ('ada')");
    fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o600)).unwrap();
    let before = fs::read(desk.ledger()).unwrap();
    for line in LINES {
        let ran = soon(&desk, line);
        assert!(
            matches!((line, ran.code), (_, 4) | ("check" | "audit verify", 3)),
            "`{line}`: {} {}",
            ran.code,
            ran.stderr
        );
    }
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn versions_that_no_program_wrote_are_none() {
    for (version, code) in [
        (2, "ledger.newer"),
        (i32::MAX, "ledger.newer"),
        (0, "ledger.not_a_ledger"),
        (-1, "ledger.not_a_ledger"),
        (i32::MIN, "ledger.not_a_ledger"),
    ] {
        let desk = Desk::with_register();
        desk.tamper(&format!("PRAGMA user_version = {version}"));
        refused(&desk, code, "version");
    }
}
