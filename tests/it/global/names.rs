//! What an argument may be: a code, a UUID, or a unique prefix of one.

use crate::support::Desk;

#[test]
fn a_code_a_uuid_and_a_unique_prefix_name_the_same_thing() {
    let desk = Desk::with_event();
    for (noun, code) in [
        ("user", "bola"),
        ("project", "LAGOS"),
        ("holder", "h2"),
        ("event", "E1"),
    ] {
        let thing = desk.json(&format!("{noun} show {code}"));
        let id = thing["id"].as_str().unwrap().to_owned();
        for name in [
            code.to_ascii_uppercase(),
            code.to_ascii_lowercase(),
            id.clone(),
            id.to_ascii_uppercase(),
            id[..35].to_owned(),
        ] {
            assert_eq!(
                desk.json(&format!("{noun} show {name}")),
                thing,
                "{noun} {name}"
            );
        }
        desk.refused(
            &format!("{noun} show {}", &id[..7]),
            1,
            &format!("{noun}.unknown"),
        );
    }
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    let id = desk.json("withdrawal show W-000002")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for name in ["w-2", "W-000002", &id, &id[..35]] {
        assert_eq!(
            desk.json(&format!("withdrawal show {name}"))["code"],
            "W-000002",
            "{name}"
        );
    }
}

#[test]
fn an_ambiguous_prefix_is_refused_with_the_candidates() {
    let desk = Desk::with_register();
    let id = desk.json("holder show h1")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let prefix = &id[..8];
    let message = desk.refused(&format!("holder show {prefix}"), 1, "holder.ambiguous");
    assert_eq!(message, format!("`{prefix}` fits more than one holder"));
    let ran = desk.run(&format!("holder show {prefix}"));
    assert!(
        ran.stderr.ends_with("hint: name one of: h1, h2, h3\n"),
        "{}",
        ran.stderr
    );
    desk.refused(
        &format!("holder block {prefix} --reason R --as bola"),
        1,
        "holder.ambiguous",
    );
}

#[test]
fn an_unknown_name_suggests_the_nearest_or_the_list() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve 1 --as chi");
    desk.ok("withdrawal pay 1 --reference TRX-1 --date 2026-06-30 --yes --as bola");
    for (line, hint) in [
        ("project show LAGSO", "did you mean `LAGOS`?"),
        ("holder show h4", "did you mean `h1`?"),
        ("user show dyao", "did you mean `dayo`?"),
        ("event show E2", "did you mean `E1`?"),
        ("project show something-else", "see `prorata project list`"),
        ("withdrawal show W-000009", "see `prorata withdrawal list`"),
        ("payment show P-000009", "see `prorata payment list`"),
    ] {
        let ran = desk.run(line);
        assert_eq!(ran.code, 1, "`{line}`");
        assert!(
            ran.stderr.ends_with(&format!("hint: {hint}\n")),
            "`{line}`: {}",
            ran.stderr
        );
    }
}

#[test]
fn no_code_of_a_holder_can_be_the_uuid_of_another_or_a_number_of_the_ledger() {
    let desk = Desk::with_event();
    let id = desk.json("holder show h2")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for code in [
        id.as_str(),
        &id.to_ascii_uppercase(),
        "W-000001",
        "p-7",
        "T-1",
    ] {
        desk.refused_text(
            &format!("holder add {code} --name Thief --as bola"),
            2,
            "is not a code",
        );
        desk.write("holders.csv", &format!("code,name\n{code},Thief\n"));
        desk.refused_text("holder import holders.csv --as bola", 1, "is not a code");
    }
    assert_eq!(desk.json(&format!("holder show {id}"))["code"], "h2");
}

#[test]
fn an_equal_code_comes_before_the_prefix_of_a_uuid() {
    let desk = Desk::with_register();
    let id = desk.json("holder show h1")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for code in ["10002345", &id[..8], &id[..35]] {
        desk.ok(&format!("holder add {code} --name Digits --as bola"));
        assert_eq!(desk.json(&format!("holder show {code}"))["name"], "Digits");
    }
    assert_eq!(
        desk.json(&format!("holder show {id}"))["code"],
        "h1",
        "the whole UUID names nobody else"
    );
}

#[test]
fn what_cannot_be_seen_is_refused_in_references_and_removed_from_names_with_a_remark() {
    let desk = Desk::with_event();
    let add = |code: &str, name: &str| {
        desk.done(&["holder", "add", code, "--name", name, "--as", "bola"])
    };
    let ran = add("h7", "Ada\u{200b} O\u{3164}bi");
    assert!(
        ran.stderr
            .contains("characters that cannot be seen were removed from --name\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.json("holder show h7")["name"], "Ada Obi");
    assert!(!add("h8", "Ada Obi").stderr.contains("cannot be seen"));
    desk.write("holders.csv", "\u{feff}code,name\nh9,E\u{2800}ve\u{202e}\n");
    let ran = desk.ok("holder import holders.csv --as bola");
    assert!(
        ran.stderr.contains(
            "the file has 2 characters that cannot be seen; names are taken without them\n"
        ),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.json("holder show h9")["name"], "Eve");
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk.refused_text(
        "withdrawal pay W-1 --reference TRX\u{200b}1 --date 2026-06-30 --as bola",
        2,
        "cannot be seen",
    );
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-1,TRX\u{2060}1,2026-06-30\n",
    );
    desk.refused_text(
        "withdrawal pay --from pay.csv --as bola",
        1,
        "cannot be seen",
    );
}

#[test]
fn a_reference_is_the_same_in_another_case_or_width() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk.ok("withdrawal pay W-1 --reference Trx-1 --date 2026-06-30 --as bola");
    for reference in ["TRX-1", "trx-1", "Ｔｒｘ－１"] {
        desk.refused(
            &format!("withdrawal pay W-2 --reference {reference} --date 2026-06-30 --as bola"),
            1,
            "payment.reference_used",
        );
    }
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-2,abc,2026-06-30\nW-3,ABC,2026-06-30\n",
    );
    desk.refused(
        "withdrawal pay --from pay.csv --yes --as bola",
        1,
        "file.bad_lines",
    );
    desk.ok("token issue h1 1 --project LAGOS --date 2026-06-01 --reference cert-1 --as bola");
    desk.refused(
        "token issue h1 1 --project LAGOS --date 2026-06-02 --reference CERT-1 --as bola",
        1,
        "token.reference_used",
    );
    desk.sound();
}
