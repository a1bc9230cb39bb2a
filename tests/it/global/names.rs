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
