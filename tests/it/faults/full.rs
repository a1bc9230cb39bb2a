//! No room: on the disk, below the file-size limit, or for the result. The exit code is true.

use std::{
    fs::{self, OpenOptions},
    path::Path,
    process::{Command, Stdio},
};

use super::{
    commands::{READING, about},
    disk::truthful,
    scene::{LEDGER, Scene},
};
use crate::{
    figures::{figure, sized},
    support::{Desk, Ran, has_program},
};

/// The words of a command line as a shell reads them.
fn words(command: &Command) -> String {
    let quoted =
        |word: &std::ffi::OsStr| format!("'{}'", word.to_str().unwrap().replace('\'', r"'\''"));
    let words = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(quoted);
    words.collect::<Vec<_>>().join(" ")
}

/// Runs a scene's command in a shell that does something before.
fn in_shell(scene: &Scene, before: &str) -> Ran {
    let command = scene.command();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("{before}\nexec {}", words(&command))])
        .current_dir(scene.path())
        .env_clear();
    shell
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    scene.ran(shell.stdin(Stdio::null()))
}

#[test]
fn a_file_size_limit_is_reported_and_nothing_is_half_done() {
    let (mut runs, mut refused) = (0, 0);
    for writing in about() {
        let scene = Scene::of(writing);
        let ledger = scene
            .files
            .get(LEDGER)
            .map_or(0, |bytes| bytes.len().div_ceil(512));
        let limits = [1, ledger, ledger + 8, 0, 8, ledger * 3 + 200];
        for limit in limits.into_iter().take(sized(3, 6)) {
            let when = format!("`{}` with `ulimit -f {limit}`", writing.line);
            scene.restore();
            let ran = in_shell(&scene, &format!("ulimit -f {limit}"));
            truthful(&scene, &ran, &when);
            scene.again(&when);
            runs += 1;
            refused += usize::from(ran.code == 4);
        }
    }
    assert!(refused > about().len(), "{refused} of {runs} met the limit");
    figure(
        "file-size",
        &format!("{runs} runs below a file-size limit, {refused} of them refused by it"),
    );
}

/// Returns whether this system lets a test mount a file system of its own, which nobody else sees.
fn may_mount() -> bool {
    let mounted = Command::new("unshare")
        .args(["-rm", "sh", "-c", "mount -t tmpfs none /mnt"])
        .output();
    let may = mounted.is_ok_and(|mounted| mounted.status.success());
    if !may {
        println!("skipped: this system lets no test mount a file system");
    }
    may
}

/// Runs a bulk import on a file system with so many kilobytes left, and copies its files back
/// afterwards.
fn on_a_small_disk(desk: &Desk, free: u64, line: &str) -> Ran {
    let used: u64 = ["prorata.db", "holders.csv"]
        .map(|name| fs::metadata(desk.path().join(name)).unwrap().len())
        .iter()
        .sum();
    let size = used.div_ceil(4096) * 4 + free;
    let command = desk.command(line.split_whitespace());
    let script = format!(
        "mount -t tmpfs -o size={size}k none /mnt && cp -p prorata.db holders.csv /mnt/ && (cd /mnt && {}); code=$?
         rm -f prorata.db* && cp -p /mnt/prorata.db* . && exit $code",
        words(&command)
    );
    let mut shell = Command::new("unshare");
    shell
        .args(["-rm", "sh", "-c", &script])
        .current_dir(desk.path());
    shell.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    Ran::of(shell.stdin(Stdio::null()).output().unwrap())
}

#[test]
fn a_full_disk_is_reported_and_a_bulk_command_is_not_half_done() {
    if !may_mount() {
        return;
    }
    let rows = (0..5_000).map(|n| format!("H{n:05},Holder {n},GTBank,{n:010}\n"));
    let rows = format!(
        "code,name,bank_name,account_number\n{}",
        rows.collect::<String>()
    );
    let line = "holder import holders.csv --as bola --key the-key";
    let (mut full, mut done) = (0, 0);
    for free in [0, 8, 40, 200, 600, 1_000, 2_000, 4_000, 16_000] {
        let desk = Desk::new();
        desk.write("holders.csv", &rows);
        let ran = on_a_small_disk(&desk, free, line);
        let holders = desk.json("holder list").as_array().unwrap().len();
        match ran.code {
            0 => assert_eq!(holders, 5_000, "{free} kB: {}", ran.stderr),
            4 => {
                assert_eq!(holders, 0, "{free} kB: {}", ran.stderr);
                assert!(
                    ran.stderr.contains("the disk is full; nothing was written"),
                    "{free} kB: {}",
                    ran.stderr
                );
            }
            code => panic!("{free} kB: exit {code}: {}", ran.stderr),
        }
        full += usize::from(ran.code == 4);
        done += usize::from(ran.code == 0);
        desk.sound();
        desk.ok(line);
        assert_eq!(desk.json("holder list").as_array().unwrap().len(), 5_000);
    }
    assert!(full > 2 && done > 0, "{full} full and {done} done");
    figure(
        "full-disk",
        &format!("{full} imports on a full disk and {done} on one with room, none half done"),
    );
}

/// Opens the device that has no room for a byte.
fn full() -> fs::File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[test]
fn a_command_that_wrote_is_done_whether_its_result_can_be_printed_or_not() {
    for writing in about() {
        let scene = Scene::of(writing);
        scene.restore();
        let ran = scene.ran(scene.command().stdout(full()).stderr(Stdio::piped()));
        // A list that noted who saw account numbers was to be printed, and an export leaves by its
        // own file.
        let wanted = if scene.has_effect() { writing.ends } else { 4 };
        assert_eq!(ran.code, wanted, "`{}`: {}", writing.line, ran.stderr);
        assert!(
            scene.all_or_nothing(writing.line) || !scene.has_effect(),
            "`{}`: {}",
            writing.line,
            ran.stderr
        );
        scene.restore();
        let silent = scene
            .command()
            .stdout(full())
            .stderr(full())
            .output()
            .unwrap();
        assert_eq!(
            silent.status.code(),
            Some(wanted),
            "`{}` with nobody to tell",
            writing.line
        );
    }
}

#[test]
fn a_command_that_wrote_is_done_if_there_is_no_room_to_gather_its_result() {
    let mut told = Vec::new();
    for writing in about().into_iter().filter(|writing| lists(writing.line)) {
        let scene = Scene::of(writing);
        scene.restore();
        // What does not fit into memory goes into a file, and there is no folder for it.
        let mut command = scene.command();
        command.args(["-f", "csv"]).env("PRORATA_TEST_SPOOL", "0");
        let ran = scene.ran(command.env("TMPDIR", scene.path().join("none")));
        let when = format!("`{}` without room for its result", writing.line);
        truthful(&scene, &ran, &when);
        assert_eq!(ran.code, writing.ends, "{when}: {}", ran.stderr);
        let words = "warning: the change is written, but its result could not be printed: ";
        assert!(ran.stderr.contains(words), "{when}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{when}");
        scene.again(&when);
        told.push(writing.line);
    }
    assert!(told.len() >= 5, "{told:?}");
}

#[test]
fn a_long_list_that_cannot_be_gathered_ends_before_the_commit_and_nothing_is_written() {
    let desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos-Tower --as bola");
    let rows = |row: &dyn Fn(usize) -> String| (0..800).map(row).collect::<String>();
    let holders = rows(&|n| format!("H{n:03},Holder {n},GTBank,{n:010}\n"));
    desk.write(
        "holders.csv",
        &format!("code,name,bank_name,account_number\n{holders}"),
    );
    let tokens = rows(&|n| format!("H{n:03},1\n"));
    desk.write("tokens.csv", &format!("holder,tokens\n{tokens}"));
    desk.ok("holder import holders.csv --as bola");
    desk.ok("token import tokens.csv --project LAGOS --date 2026-01-01 --as ada");
    desk.event("E1", "80000");
    let line = "withdrawal request --event E1 --all-holders --as bola --key k1 -f csv";
    let without_room = || {
        let mut command = desk.command(line.split_whitespace());
        command.env("PRORATA_TEST_SPOOL", "0");
        Ran::of(
            command
                .env("TMPDIR", desk.path().join("none"))
                .output()
                .unwrap(),
        )
    };
    let before = fs::read(desk.ledger()).unwrap();
    // What is gathered row by row fails before the commit, and the key is free.
    let ran = without_room();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("cannot write the output: ")
            && ran.stderr.contains("; nothing was written"),
        "{}",
        ran.stderr
    );
    assert!(before == fs::read(desk.ledger()).unwrap());
    let first = desk.ok(line).stdout;
    assert_eq!(first.lines().count(), 801);
    // A repeat writes nothing, so it fails too, and the next one answers.
    let ran = without_room();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("; nothing was written"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.ok(line).stdout, first);
    desk.sound();
}

/// Checks whether a command that writes answers with a list, which it gathers row by row.
fn lists(line: &str) -> bool {
    const LISTS: [&str; 7] = [
        "withdrawal request",
        "withdrawal approve",
        "withdrawal reject",
        "withdrawal cancel",
        "withdrawal pay",
        "proposal approve",
        "proposal reject",
    ];
    LISTS.iter().any(|verb| line.starts_with(verb))
}

#[test]
fn a_payment_file_whose_bytes_cannot_be_gathered_is_not_exported() {
    let desk = Desk::with_bank();
    desk.ok("payment file create --account OPS --event E1 --profile generic --as bola");
    let mut command = desk.command("payment file export F-1 -o out.csv --as bola".split(' '));
    command.env("PRORATA_TEST_SPOOL", "0");
    let ran = Ran::of(
        command
            .env("TMPDIR", desk.path().join("none"))
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    for words in [
        "the bytes of the payment file could not be made",
        "nothing was written",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(!desk.path().join("out.csv").exists());
    let file = desk.json("payment file show F-1");
    assert_eq!(file["exported_by"], serde_json::json!(null));
    desk.sound();
}

#[test]
fn a_command_that_reads_fails_if_its_result_cannot_be_printed() {
    let desk = super::commands::read_desk();
    let to_a_file = |line: &&&str| line.contains(" -o ") || **line == "man pages";
    for line in READING.iter().filter(|line| !to_a_file(line)) {
        let words = line.split_whitespace();
        let ran = Ran::of(
            desk.command(words.clone())
                .stdout(full())
                .stderr(Stdio::piped())
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 4, "`{line}`: {}", ran.stderr);
        assert!(
            ran.stderr.contains("No space left on device"),
            "`{line}`: {}",
            ran.stderr
        );
        let silent = desk
            .command(words)
            .stdout(full())
            .stderr(full())
            .output()
            .unwrap();
        assert_eq!(
            silent.status.code(),
            Some(4),
            "`{line}` with nobody to tell"
        );
    }
}

/// A library that makes each sync of a folder fail, as a disk can that has just taken a renaming.
const SYNC_FAILS: &str = "#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
static int folder(int file) {
    struct stat found;
    return fstat(file, &found) == 0 && S_ISDIR(found.st_mode);
}
int fsync(int file) {
    if (folder(file)) { errno = EIO; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, \"fsync\"))(file);
}
int fdatasync(int file) {
    if (folder(file)) { errno = EIO; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, \"fdatasync\"))(file);
}
";

/// Builds the library in a folder.
fn failing_library(folder: &Path) -> std::path::PathBuf {
    fs::write(folder.join("sync.c"), SYNC_FAILS).unwrap();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o", "sync.so", "sync.c", "-ldl"])
        .current_dir(folder)
        .output();
    let built = built.unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    folder.join("sync.so")
}

#[test]
fn a_folder_that_cannot_be_synced_leaves_the_outcome_unknown_and_the_command_can_be_given_again() {
    if !has_program("cc") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let library = failing_library(place.path());
    let mut unknown = 0;
    for writing in about() {
        let scene = Scene::of(writing);
        let when = format!("`{}`, no folder can be synced", writing.line);
        scene.restore();
        let ran = scene.ran(scene.command().env("LD_PRELOAD", &library));
        truthful(&scene, &ran, &when);
        unknown += usize::from(ran.code == 6);
        scene.again(&when);
    }
    assert!(
        unknown > about().len() - 3,
        "the folder is synced after each change: {unknown}"
    );
    figure(
        "folder-sync",
        &format!(
            "{} commands whose folder could not be synced, {unknown} of them with exit 6",
            about().len()
        ),
    );
}

#[test]
fn a_result_file_whose_folder_cannot_be_synced_is_there_and_not_promised() {
    if !has_program("cc") {
        return;
    }
    let desk = super::commands::read_desk();
    let library = failing_library(desk.path());
    for line in [
        "holder list -o list.csv",
        "report balances -o balances.xlsx",
        "payment file export F-1 -o file.csv --as bola",
    ] {
        let ran = Ran::of(
            desk.command(line.split(' '))
                .env("LD_PRELOAD", &library)
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 6, "`{line}`: {}", ran.stderr);
        let said = if line.contains("export") {
            "is not known"
        } else {
            "whether it survives a power cut is not known"
        };
        assert!(ran.stderr.contains(said), "`{line}`: {}", ran.stderr);
    }
    assert!(desk.path().join("list.csv").exists() && desk.path().join("balances.xlsx").exists());
    // A folder of results is synced before it takes its name, so this one never does.
    let ran = Ran::of(
        desk.command("report month-end 2026-06 -o june".split(' '))
            .env("LD_PRELOAD", &library)
            .output()
            .unwrap(),
    );
    assert_eq!(
        (ran.code, desk.path().join("june").exists()),
        (4, false),
        "{}",
        ran.stderr
    );
}
