//! What the reader infers, and what a profile overrides.

use super::*;

#[test]
fn line_ends_encodings_and_separators_make_no_difference() {
    let rows = [
        "sep=;",
        "Datum;Omschrijving;Bedrag;Saldo",
        "13-10-2026;\"Müller;x\ny\";-1.234,56;765,44",
        "14-10-2026;b;1.000,00;1.765,44",
    ];
    for end in ["\n", "\r\n", "\r", "\r\r\n"] {
        let statement = one(&rows.join(end));
        assert_eq!(
            frame(&statement),
            ("2000.00".to_owned(), "1765.44".to_owned(), Some(true), 2),
            "{end:?}"
        );
        assert_eq!(statement.lines[0].description, "Müller;x y");
        assert_eq!(
            (statement.lines[0].place, statement.lines[1].place),
            (3, 5),
            "{end:?}"
        );
    }
    let text = rows.join("\r\n");
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let options = ReadOptions {
        encoding: None,
        sheet: None,
        today: day(2026, 11, 23),
        profile: None,
    };
    let file = read(&wide, options).unwrap();
    assert_eq!(
        (file.encoding, file.statements[0].lines.len()),
        ("UTF-16LE", 2)
    );
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let file = read(&latin, options).unwrap();
    assert_eq!(
        (
            file.encoding,
            file.statements[0].lines[0].description.as_str()
        ),
        ("windows-1252", "Müller;x y")
    );
}

#[test]
fn balances_decide_what_signs_mean() {
    let card = one(
        "Date,Description,Amount,Balance\n13/10/2026,shop,20.00,-120.00\n14/10/2026,paid,-50.00,-70.00\n",
    );
    assert_eq!(
        (amounts(&card), card.balance_ok),
        (vec!["-20.00".to_owned(), "50.00".to_owned()], Some(true))
    );
    let swapped =
        one("Date,Text,Debit,Credit,Balance\n13/10/2026,a,20,,120\n14/10/2026,b,,50,70\n");
    assert_eq!(amounts(&swapped), ["20.00", "-50.00"]);
    let unsigned = one(
        "Date,Text,Amount,Balance\nOpening balance,,,100.00\n13/10/2026,a,20.00,80.00\n14/10/2026,b,50.00,130.00\n",
    );
    assert_eq!(
        (amounts(&unsigned), unsigned.balance_ok),
        (vec!["-20.00".to_owned(), "50.00".to_owned()], Some(true))
    );
    let header = "Date,Text,Amount,Balance\n";
    // The balances prove all but the oldest line, which may as well be money in.
    let oldest = format!(
        "{header}13/10/2026,a,1000.50,1500.50\n14/10/2026,b,200.00,1300.50\n15/10/2026,c,50.00,1250.50\n"
    );
    assert_eq!(undecided(&oldest).0, Some(2));
    let all_in = file(&format!(
        "{header}13/10/2026,a,10.50,10.50\n14/10/2026,b,20.00,30.50\n"
    ));
    assert!(
        all_in.decisions.iter().any(|said| said.contains("line 2")),
        "{:?}",
        all_in.decisions
    );
    let taken_back = one(
        "Date,Text,Debit,Credit,Balance\n13/10/2026,a,20.00,,80.00\n14/10/2026,a back,-20.00,,100.00\n",
    );
    assert_eq!(amounts(&taken_back), ["-20.00", "20.00"]);
    let repeated = one(
        "Date,Text,Debit,Credit,Balance\n13/10/2026,a,-20.00,,80.00\n14/10/2026,b,-30.00,,50.00\n15/10/2026,c,,5.00,55.00\n",
    );
    assert_eq!(amounts(&repeated), ["-20.00", "-30.00", "5.00"]);
    let marks = one(
        "Date,Text,Amount,,Balance,\n13/10/2026,a,20.00,DR,10.00,DR\n14/10/2026,b,50.00,CR,40.00,CR\n",
    );
    assert_eq!(
        (frame(&marks).0, amounts(&marks)),
        (
            "10.00".to_owned(),
            vec!["-20.00".to_owned(), "50.00".to_owned()]
        )
    );
}

#[test]
fn rows_are_returned_oldest_first_whatever_the_file_does() {
    let header = "Date,Text,Amount,Balance\n";
    let turned = one(&format!(
        "{header}14/10/2026,d,-1,96\n14/10/2026,c,-1,97\n13/10/2026,b,-1,98\n13/10/2026,a,-1,99\n"
    ));
    let texts = |statement: &Statement| {
        statement
            .lines
            .iter()
            .map(|line| line.description.clone())
            .collect::<String>()
    };
    assert_eq!(
        (texts(&turned), frame(&turned).0),
        ("abcd".to_owned(), "100.00".to_owned())
    );
    let days_turned = one(&format!(
        "{header}14/10/2026,c,-1,97\n14/10/2026,d,-1,96\n13/10/2026,a,-1,99\n13/10/2026,b,-1,98\n"
    ));
    assert_eq!(
        (texts(&days_turned), days_turned.running_balance_proven),
        ("abcd".to_owned(), true)
    );
    let rows_turned = one(&format!(
        "{header}13/10/2026,b,-1,98\n13/10/2026,a,-1,99\n14/10/2026,d,-1,96\n14/10/2026,c,-1,97\n"
    ));
    assert_eq!(texts(&rows_turned), "abcd");
    let same_day = one(&format!("{header}13/10/2026,b,-1,98\n13/10/2026,a,-1,99\n"));
    assert_eq!(texts(&same_day), "ab");
    let opening_above = one(
        "Date,Text,Amount,Balance\n,Opening Balance,,100\n14/10/2026,b,-1,98\n13/10/2026,a,-1,99\n,Closing Balance,,98\n",
    );
    assert_eq!(
        (texts(&opening_above), frame(&opening_above)),
        (
            "ab".to_owned(),
            ("100.00".to_owned(), "98.00".to_owned(), Some(true), 2)
        )
    );
}

#[test]
fn a_balance_between_pages_is_neither_a_line_nor_the_opening_balance() {
    let statement = one(
        "Date,Text,Debit,Credit,Balance\n13/10/2026,a,,110.00,110.00\n,Balance C/F,,,110.00\n,Balance B/F,,,110.00\n14/10/2026,b,10.00,,100.00\n,Balance C/F,,,100.00\n",
    );
    assert_eq!(
        frame(&statement),
        ("0.00".to_owned(), "100.00".to_owned(), Some(true), 2)
    );
}

#[test]
fn the_order_of_day_and_month_is_a_decision_if_nothing_proves_it() {
    let text = "Date,Text,Debit,Credit\n05/10/2026,a,1.50,\n";
    let day_first = file(text);
    assert_eq!(
        day_first.statements[0].lines[0].booking_date,
        day(2026, 10, 5)
    );
    assert!(
        day_first
            .decisions
            .iter()
            .any(|said| said.contains("day first")),
        "{:?}",
        day_first.decisions
    );
    let american = profile("name = \"us\"\nday_first = false");
    assert_eq!(
        with(text, Some(&american)).unwrap().statements[0].lines[0].booking_date,
        day(2026, 5, 10)
    );
    let format = profile("name = \"us\"\ndate_format = \"MM/DD/YYYY\"");
    assert_eq!(
        with(text, Some(&format)).unwrap().statements[0].lines[0].booking_date,
        day(2026, 5, 10)
    );
    assert_eq!(
        one("Date,Text,Debit,Credit\n10/13/2026,a,1.50,\n").lines[0].booking_date,
        day(2026, 10, 13)
    );
}

#[test]
fn an_id_counts_only_if_it_is_unique_and_not_a_placeholder() {
    let ids = |text: &str| {
        one(text)
            .lines
            .into_iter()
            .map(|line| (line.reference, line.bank_id))
            .collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    let header = "Date,Text,Reference,Transaction ID,Amount\n";
    assert_eq!(
        ids(&format!(
            "{header}13/10/2026,a,R1,T1,-1.50\n13/10/2026,b,R1,T2,-1.50\n13/10/2026,c,NONREF,T2,-1.50\n13/10/2026,d,0,000,-1.50\n"
        )),
        [
            (some("R1"), some("T1")),
            (some("R1"), None),
            (None, None),
            (None, None)
        ]
    );
    let header = "Date,Text,Reference,Amount\n";
    assert_eq!(
        ids(&format!(
            "{header}13/10/2026,a,R1,-1.50\n13/10/2026,b,-,-1.50\n"
        )),
        [(some("R1"), None), (None, None)]
    );
    assert_eq!(
        ids(&format!(
            "{header}13/10/2026,a,R1,-1.50\n13/10/2026,b,R1,-1.50\n"
        )),
        [(some("R1"), None), (some("R1"), None)]
    );
}

#[test]
fn columns_and_profiles_override_what_is_inferred() {
    let text = "When,Foo,Bar,Baz\n13/10/2026,a,1.50,\n14/10/2026,b,,2.50\n";
    let columns =
        |text: &str| StatementProfile::of_columns(ProfileColumns::parse(text).unwrap()).unwrap();
    for named in [
        "date=When,description=foo,debit=Bar,credit=Baz",
        "date=1,description=2,debit=3,credit=4",
    ] {
        let statement = with(text, Some(&columns(named)))
            .unwrap()
            .statements
            .remove(0);
        assert_eq!(
            (amounts(&statement), statement.lines[0].description.as_str()),
            (vec!["-1.50".to_owned(), "2.50".to_owned()], "a")
        );
    }
    let missing = with(text, Some(&columns("date=When,amount=Nothing"))).unwrap_err();
    assert!(
        matches!(missing, StatementError::Undecided { .. }),
        "{missing:?}"
    );
    let words = profile(
        "name = \"x\"\ncredit_words = [\"inward\"]\ndebit_words = [\"outward\"]\nskip_words = [\"draft\"]\n[columns]\ndirection = \"Way\"\nstatus = \"State\"",
    );
    let text = "Date,Text,Way,Amount,State\n13/10/2026,a,Inward,1.50,done\n13/10/2026,b,Outward,2.50,done\n13/10/2026,c,Outward,9.50,Draft\n";
    let statement = with(text, Some(&words)).unwrap().statements.remove(0);
    assert_eq!(
        (amounts(&statement), statement.skipped.len()),
        (vec!["1.50".to_owned(), "-2.50".to_owned()], 1)
    );
    let none = profile("name = \"x\"\ncontinuation = \"none\"\nsign = \"reversed\"");
    let statement = with("Date,Text,Amount\n13/10/2026,a,1.50\n,more,\n", Some(&none))
        .unwrap()
        .statements
        .remove(0);
    assert_eq!(
        (amounts(&statement), statement.lines[0].description.as_str()),
        (vec!["-1.50".to_owned()], "a")
    );
}

#[test]
fn a_month_without_movement_is_a_statement_but_a_header_alone_is_not() {
    let quiet = one(
        "Date,Text,Debit,Credit,Balance\n01/10/2026,Opening Balance,,,100.00\n31/10/2026,Closing Balance,,,100.00\n",
    );
    assert_eq!(
        frame(&quiet),
        ("100.00".to_owned(), "100.00".to_owned(), Some(true), 0)
    );
    assert!(matches!(
        with("Date,Text,Debit,Credit,Balance\n", None),
        Err(StatementError::Empty { .. })
    ));
}

#[test]
fn balances_of_the_end_of_each_day_prove_the_lines_between() {
    let statement = one(
        "Date,Text,Debit,Credit,Balance\n13/10/2026,a,20.00,,\n13/10/2026,b,,5.00,85.00\n14/10/2026,c,1.00,,\n14/10/2026,d,1.00,,83.00\n",
    );
    assert_eq!(
        frame(&statement),
        ("100.00".to_owned(), "83.00".to_owned(), Some(true), 4)
    );
    assert!(
        !statement.running_balance_proven,
        "a balance does not distinguish lines without one"
    );
}
