//! `prorata holder import`: all of a file or nothing.

use crate::{
    global::habits::{dry, keyed},
    support::Desk,
};

const THREE: &str = "code,name,email,country,bank_name,bank_code,account_number,account_name
ada,\"Ada Obi, Lagos\",ada@example.org,NG,GTBank,058,0123456785,Ada Obi
bem,Bem,,,,,,
0xED99C6929BBA505a2f1A65B9cA156A068faB6427,Fund II,,KY,,,,
";

#[test]
fn a_file_of_new_holders_is_imported_whole() {
    let desk = Desk::new();
    desk.write("holders.csv", THREE);
    insta::assert_snapshot!(
        "holder_import",
        desk.ok("holder import holders.csv --as bola").snapshot()
    );
    let ada = desk.json("holder show ada");
    assert_eq!(
        (&ada["name"], &ada["bank_code"]),
        (&"Ada Obi, Lagos".into(), &"058".into()),
        "zeros stay"
    );
    assert_eq!(ada["account_number"], "******6785");
    assert_eq!(
        desk.json("audit log --type holders_imported")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.sound();
}

#[test]
fn the_json_of_an_import_counts_rows_additions_and_updates() {
    let desk = Desk::new();
    desk.write("holders.csv", THREE);
    let done = desk.json("holder import holders.csv --as bola");
    assert_eq!(
        done,
        serde_json::json!({ "already_imported": false, "rows": 3, "added": 3, "updated": 0 })
    );
    desk.write(
        "more.csv",
        "code,name,country\nbem,Bem,GH\nada,\"Ada Obi, Lagos\",\nnew,New,NG\n",
    );
    let done = desk.json("holder import more.csv --update --as bola");
    assert_eq!(
        done,
        serde_json::json!({ "already_imported": false, "rows": 3, "added": 1, "updated": 1 })
    );
    let again = desk.json("holder import more.csv --update --as bola");
    assert_eq!(
        again,
        serde_json::json!({ "already_imported": true, "rows": 3, "added": 0, "updated": 0 })
    );
}

#[test]
fn an_update_changes_the_columns_that_are_given() {
    let desk = Desk::with_register();
    desk.write("holders.csv", "code,name,country\nH1,Renamed,GH\n");
    desk.ok("holder import holders.csv --update --as bola");
    let h1 = desk.json("holder show h1");
    assert_eq!(
        (&h1["name"], &h1["country"]),
        (&"Renamed".into(), &"GH".into())
    );
    assert_eq!(
        (&h1["bank_name"], &h1["account_number"]),
        (&"GTBank".into(), &"******6101".into())
    );
    desk.sound();
}

#[test]
fn every_bad_line_is_listed_nothing_is_written_and_no_account_number_is_repeated() {
    let desk = Desk::with_register();
    desk.write(
        "holders.csv",
        "code,name,account_number\nnew,New,0123456785\nb b,,98765;43210\nh1,Known,0123456785\nx,X,0123456785,more\n",
    );
    let ran = desk.run("holder import holders.csv --as bola");
    insta::assert_snapshot!("holder_import_bad_lines", ran.snapshot());
    assert!(
        !ran.stderr.contains("0123456785") && !ran.stderr.contains("98765"),
        "{}",
        ran.stderr
    );
    desk.refused("holder import holders.csv --as bola", 1, "file.bad_lines");
    assert_eq!(
        desk.json("holder list").as_array().unwrap().len(),
        3,
        "all or nothing"
    );
}

#[test]
fn a_known_code_is_a_bad_line_without_update() {
    let desk = Desk::with_register();
    desk.write("holders.csv", "code,name\nnew,New\nH1,Known\nh2,Known\n");
    let ran = desk.run("holder import holders.csv --as bola");
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr
            .contains("holders.csv:3: code: holder `H1` already exists"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("holders.csv:4: code: holder `h2` already exists"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.json("holder list").as_array().unwrap().len(), 3);
}

#[test]
fn a_holder_is_once_in_a_file_even_if_the_first_line_changes_nothing() {
    let desk = Desk::with_register();
    desk.write("holders.csv", "code,name\nh1,Name-h1\nH1,Other\n");
    let ran = desk.run("holder import holders.csv --update --as bola");
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr
            .contains("holders.csv:3: code: `H1` is already on line 2"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.json("holder show h1")["name"], "Name-h1");
}

#[test]
fn bad_lines_in_json_are_objects_with_line_and_column() {
    let desk = Desk::with_register();
    desk.write("holders.csv", "code,name\nh1,Known\n,Nobody\n");
    let ran = desk.run("holder import holders.csv --as bola -f json");
    let error: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
    let error = &error["error"];
    assert_eq!(
        (&error["code"], &error["exit"]),
        (&"file.bad_lines".into(), &1.into())
    );
    assert_eq!(
        error["lines"].as_array().unwrap().len(),
        2,
        "what cannot be read and what the ledger refuses are listed together"
    );
    for (at, line) in [2, 3].into_iter().enumerate() {
        assert_eq!(
            (&error["lines"][at]["line"], &error["lines"][at]["column"]),
            (&line.into(), &"code".into())
        );
    }
}

#[test]
fn an_import_happens_once_with_one_key_and_never_in_a_dry_run() {
    let desk = Desk::new();
    desk.write("holders.csv", THREE);
    desk.write("other.csv", "code,name\nx,X\n");
    dry(&desk, "holder import holders.csv --as bola");
    assert_eq!(desk.json("holder list"), serde_json::json!([]));
    keyed(
        &desk,
        "k1",
        "holder import holders.csv --as bola",
        "holder import other.csv --as bola",
    );
    assert_eq!(desk.json("holder list").as_array().unwrap().len(), 3);
    desk.sound();
}

#[test]
fn a_hyphen_is_standard_input_and_a_missing_file_is_unusable() {
    let desk = Desk::new();
    let ran = desk.piped("holder import - --as bola", "code,name\nx,X\n");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(desk.json("holder show x")["name"], "X");
    let ran = desk.piped("holder import - --as bola", "code,name\nx,X\n");
    assert!(
        ran.stderr
            .contains("standard input:2: code: holder `x` already exists"),
        "{}",
        ran.stderr
    );
    let message = desk.refused("holder import nowhere.csv --as bola", 4, "file.unreadable");
    assert_eq!(
        message,
        "there is no file `nowhere.csv`; nothing was written"
    );
}

#[test]
fn a_file_that_is_not_a_table_is_refused_with_what_is_wrong() {
    let desk = Desk::new();
    for (file, wanted) in [
        ("", "holders.csv:1: the file is empty"),
        (
            "code,name\n",
            "holders.csv:1: the file has a header and no rows",
        ),
        (
            "code,name\nx,\"X\ny,Y\n",
            "holders.csv:2: a quote opens and is never closed",
        ),
        (
            "code\nx\n",
            "holders.csv:1: name: this column is missing; the file has code",
        ),
        (
            "code,name,shoe\nx,X,44\n",
            "holders.csv:1: shoe: this is not a column of such a file",
        ),
        (
            "code,name\nx,\u{1b}[2J can clear a screen\n",
            "holders.csv:2: name: the text has a control character",
        ),
    ] {
        desk.write("holders.csv", file);
        let ran = desk.run("holder import holders.csv --as bola");
        assert_eq!(ran.code, 1, "{file:?}");
        assert!(ran.stderr.contains(wanted), "{file:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains('\u{1b}'));
    }
    std::fs::write(desk.path().join("holders.csv"), b"code,name\nx,\xff\xfe\n").unwrap();
    desk.refused(
        "holder import holders.csv --encoding utf-8 --as bola",
        1,
        "file.encoding",
    );
    // Otherwise the bytes look like another encoding, and that is said.
    let said = desk.ok("holder import holders.csv --as bola").stderr;
    assert!(said.contains("its bytes look like it"), "{said}");
}

#[test]
fn an_account_number_that_does_not_fit_the_bank_is_a_bad_line() {
    let desk = Desk::with_register();
    desk.write(
        "holders.csv",
        "code,name,country,bank_code,account_number\na,A,,058,0123456784\nb,B,GH,058,0123456784\nc,C,NG,,DE44500105175407324932\n\
         d,D,,50547,0000000011\ne,E,NG,058,123456784\n",
    );
    let ran = desk.run("holder import holders.csv --as bola");
    insta::assert_snapshot!("holder_import_bad_accounts", ran.snapshot());
    assert!(
        !ran.stderr.contains("12345678") && !ran.stderr.contains("DE44"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        desk.json("holder list").as_array().unwrap().len(),
        3,
        "all or nothing"
    );
    // An update is judged as the whole that it makes.
    desk.write("codes.csv", "code,name,bank_code\nh1,One,033\nh2,Two,058\n");
    let ran = desk.run("holder import codes.csv --update --as bola");
    assert!(
        ran.code == 1 && ran.stderr.contains("codes.csv:2: account_number: "),
        "{}",
        ran.stderr
    );
    desk.write(
        "codes.csv",
        "code,name,bank_code,account_number\nh1,One,033,2093318842\nh2,Two,058,\n",
    );
    desk.ok("holder import codes.csv --update --as bola");
    desk.sound();
}
