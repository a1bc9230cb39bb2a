//! Pipes, folders, devices, sockets and links in the place of the ledger, of a file that is read,
//! and of one that is written.

use std::{
    fs,
    io::Write as _,
    os::unix::{fs::symlink, net::UnixListener},
    process::{Command, Stdio},
};

use super::companions::{pipe, soon};
use crate::support::{Desk, program};

/// Commands that read a file, up to its name.
const IMPORTS: [&str; 5] = [
    "holder import FILE --as bola",
    "token import FILE --project LAGOS --date 2026-01-02 --add --as bola",
    "withdrawal request --event E1 --from FILE --as bola",
    "withdrawal pay --from FILE --as bola",
    "bank import OPS FILE --as bola",
];

#[test]
fn only_a_regular_file_is_a_ledger_and_nothing_waits_for_another() {
    let desk = Desk::empty();
    pipe(&desk.path().join("pipe"));
    let _socket = UnixListener::bind(desk.path().join("socket")).unwrap();
    symlink("nowhere", desk.path().join("dangling")).unwrap();
    symlink("/dev/zero", desk.path().join("to-device")).unwrap();
    for name in [
        "pipe",
        "socket",
        "dangling",
        "to-device",
        ".",
        "/dev/null",
        "/dev/zero",
        "/dev/full",
    ] {
        for line in [
            "status",
            "check",
            "user add eve --role auditor --as ada",
            "backup b.db --as ada",
            "migrate --backup c.db --as ada",
        ] {
            let ran = soon(&desk, &format!("{line} -L {name}"));
            assert_eq!(
                ran.code,
                if line.starts_with("migrate --backup") {
                    ran.code
                } else {
                    4
                },
                "`{line}` on {name}: {}",
                ran.stderr
            );
            assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        }
        // What is there is never made a ledger.
        assert_eq!(
            soon(&desk, &format!("init --user ada -L {name}")).code,
            1,
            "{name}"
        );
    }
    assert!(!desk.path().join("b.db").exists() && !desk.path().join("nowhere").exists());
}

#[test]
fn an_input_without_an_end_or_a_content_is_refused() {
    let desk = Desk::with_bank();
    let _socket = UnixListener::bind(desk.path().join("socket")).unwrap();
    symlink("/dev/zero", desk.path().join("endless")).unwrap();
    // One byte more than may be, without taking its room on the disk.
    fs::File::create(desk.path().join("huge.csv"))
        .unwrap()
        .set_len(256 * 1024 * 1024 + 1)
        .unwrap();
    let before = fs::read(desk.ledger()).unwrap();
    for import in IMPORTS {
        for (name, why) in [
            ("/dev/zero", "it is a device"),
            ("/dev/null", "it is a device"),
            ("endless", "it is a device"),
            ("socket", "cannot read"),
            (".", "is a folder"),
            ("huge.csv", "it has more than 256 MiB"),
        ] {
            let ran = soon(&desk, &import.replace("FILE", name));
            assert_eq!(ran.code, 4, "`{import}` of {name}: {}", ran.stderr);
            assert!(
                ran.stderr.contains(why),
                "`{import}` of {name}: {}",
                ran.stderr
            );
        }
    }
    let profile = soon(&desk, "bank profile test huge.csv --profile /dev/zero");
    assert!(matches!(profile.code, 2 | 4), "{}", profile.stderr);
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn standard_input_without_an_end_ends_in_bounded_memory() {
    let desk = Desk::with_register();
    let line = format!(
        "ulimit -v 1500000; exec {} holder import - --as bola < /dev/zero",
        program()
    );
    let mut command = Command::new("/usr/bin/timeout");
    command
        .args(["60", "sh", "-c", &line])
        .current_dir(desk.path())
        .env_remove("PRORATA_LEDGER")
        .env("PRORATA_TEST_NOW", crate::support::NOW);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("it has more than 256 MiB"), "{said}");
}

#[test]
fn a_pipe_is_read_to_its_end_also_where_its_writer_ends_early() {
    let desk = Desk::with_register();
    for (bytes, code) in [
        ("code,name\np1,Pipe One\np2,Pipe Two\n", 0),
        ("code,name\np3,\"Cut o", 1),
        ("", 1),
    ] {
        let path = desk.path().join("pipe.csv");
        pipe(&path);
        let writer = std::thread::spawn({
            let path = path.clone();
            move || {
                fs::File::options()
                    .write(true)
                    .open(path)
                    .unwrap()
                    .write_all(bytes.as_bytes())
                    .unwrap();
            }
        });
        let ran = soon(&desk, "holder import pipe.csv --as bola");
        writer.join().unwrap();
        assert_eq!(ran.code, code, "{bytes:?}: {}", ran.stderr);
        fs::remove_file(path).unwrap();
    }
    assert_eq!(desk.json("holder list").as_array().unwrap().len(), 5);
}

#[test]
fn an_output_that_is_not_a_regular_file_is_refused_and_kept() {
    let desk = Desk::with_register();
    let path = |name: &str| desk.path().join(name);
    pipe(&path("pipe.csv"));
    let _socket = UnixListener::bind(path("socket.csv")).unwrap();
    fs::create_dir(path("folder.csv")).unwrap();
    for name in [
        "pipe.csv",
        "socket.csv",
        "folder.csv",
        "/dev/null",
        "/dev/full",
    ] {
        let line = format!("holder list -f csv -o {name}");
        assert_eq!(soon(&desk, &line).code, 1, "{name} is there already");
        let ran = soon(&desk, &format!("{line} --force"));
        assert_eq!(ran.code, 4, "{name}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("it is not a regular file"),
            "{name}: {}",
            ran.stderr
        );
    }
    // A link is replaced and never followed.
    fs::write(path("elsewhere.csv"), "kept").unwrap();
    for target in ["elsewhere.csv", "nowhere.csv"] {
        symlink(target, path("link.csv")).unwrap();
        assert_eq!(soon(&desk, "holder list -o link.csv").code, 1, "{target}");
        assert_eq!(
            soon(&desk, "holder list -o link.csv --force").code,
            0,
            "{target}"
        );
        assert!(fs::symlink_metadata(path("link.csv")).unwrap().is_file());
        fs::remove_file(path("link.csv")).unwrap();
    }
    assert_eq!(fs::read_to_string(path("elsewhere.csv")).unwrap(), "kept");
    assert!(!path("nowhere.csv").exists());
}
