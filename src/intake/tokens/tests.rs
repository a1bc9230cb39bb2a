//! Register files, with what is refused in them.

use super::*;
use crate::intake::{Headings, SheetOptions};

fn options(rounding: Rounding) -> TokenOptions {
    TokenOptions {
        date: parse_date("2026-01-01").ok(),
        rounding,
        repeated: RepeatedHolders::Refuse,
        codes: HolderCodes::Given,
    }
}

#[test]
fn the_sum_of_what_is_cut_is_exact() {
    let file = b"holder,tokens\na,1.00000005\nb,2\nc,0.000000010000000001\n";
    let refused = tokens(&SheetFile::of(file), &options(Rounding::Refuse))
        .unwrap()
        .bad;
    assert_eq!(refused.len(), 2);
    assert!(
        refused[0]
            .reason
            .ends_with("or cut the rest with `--round down`")
    );
    let read = tokens(&SheetFile::of(file), &options(Rounding::Down)).unwrap();
    assert_eq!(
        (read.entries.len(), read.rows_cut, read.rows_left_out),
        (2, 2, 1)
    );
    assert_eq!(
        read.tokens_cut.normalize().to_string(),
        "0.000000060000000001"
    );
}

#[test]
fn a_row_of_totals_is_refused_and_rows_without_tokens_are_left_out() {
    let file = b"holder,tokens,name\nada,100,\nbayo,0,\nTotal:,100,\n,100,\nx,100,Grand total\n";
    let read = tokens(&SheetFile::of(file), &options(Rounding::Refuse)).unwrap();
    let bad: Vec<String> = read.bad.iter().map(ToString::to_string).collect();
    assert_eq!(
        bad,
        [
            "4: holder: `Total:` is a row of totals, not a holder; remove this row",
            "5: holder: the row names no holder; if it is a row of totals, remove it",
            "6: name: `Grand total` is a row of totals, not a holder; remove this row",
        ]
    );
    assert_eq!((read.entries.len(), read.rows_left_out), (1, 1));
}

#[test]
fn a_last_row_with_the_sum_of_the_others_is_named() {
    let last = |file: &[u8]| {
        let read = tokens(&SheetFile::of(file), &options(Rounding::Refuse)).unwrap();
        read.last_is_sum
            .map(|last| (last.line, last.holder.to_string()))
    };
    let sum = b"holder,tokens\na,1\nb,0\nc,1\n";
    assert_eq!(last(sum), Some((4, "c".to_owned())));
    assert_eq!(last(b"holder,tokens\na,1\nb,1\n"), None);
    let entries = b"kind,holder,to,tokens,date\nissue,a,,1,2026-01-01\nissue,b,,1,2026-01-01\nredeem,a,,2,2026-01-02\n";
    assert_eq!(last(entries), None, "what is redeemed is not a sum");
}

#[test]
fn a_cap_table_names_each_holder_once() {
    let bad = tokens(
        &SheetFile::of(b"holder,tokens\nAda,1\nada,2\n"),
        &options(Rounding::Refuse),
    )
    .unwrap()
    .bad;
    assert_eq!(
        bad[0].to_string(),
        "3: holder: `ada` is already on line 2; if its rows add up, use `--add-up`"
    );
}

#[test]
fn entries_need_the_parties_of_their_kind() {
    let file = b"kind,holder,to,tokens,date\nissue,a,,1,2026-01-01\ntransfer,a,,1,2026-01-01\nredeem,a,b,1,2026-01-01\ngift,a,b,1,2026-13-01\n";
    let bad = tokens(&SheetFile::of(file), &options(Rounding::Refuse))
        .unwrap()
        .bad;
    let places: Vec<(u64, &str)> = bad
        .iter()
        .map(|bad| (bad.line, bad.column.as_deref().unwrap()))
        .collect();
    assert_eq!(places, [(3, "to"), (4, "to"), (5, "date")]);
}

fn with(bytes: &[u8], columns: &[(&str, &str)], headings: Headings) -> SheetFile {
    let named = |(ours, theirs): &(&str, &str)| ((*ours).to_owned(), (*theirs).to_owned());
    let options = SheetOptions {
        columns: columns.iter().map(named).collect(),
        headings,
        ..SheetOptions::default()
    };
    SheetFile::read(bytes, options).unwrap()
}

#[test]
fn foreign_headers_are_named_by_the_user() {
    let columns = [("holder", "address"), ("tokens", "3")];
    let plain = options(Rounding::Refuse);
    let file = with(
        b"rank,address,balance\n1,0xAB,5\n",
        &columns,
        Headings::Present,
    );
    let read = tokens(&file, &plain).unwrap();
    assert_eq!(read.entries[0].tokens.canonical(), "5.0000000");
    let file = with(
        b"rank,addr,balance\n1,0xAB,5\n",
        &columns,
        Headings::Present,
    );
    let missing = tokens(&file, &plain).unwrap_err();
    assert_eq!(
        missing[0].to_string(),
        "1: address: this column is missing; the file has rank, addr, balance"
    );
    let columns = [("holder", "1"), ("tokens", "2")];
    let file = with(b"0xAB;5\n0xAC;6\n", &columns, Headings::Absent);
    let read = tokens(&file, &plain).unwrap();
    assert_eq!((read.entries.len(), read.entries[1].line), (2, 2));
}

#[test]
fn title_rows_are_skipped_and_the_delimiter_is_found() {
    for text in [
        "Register of LAGOS\n\nholder,tokens\nada,1\n",
        "Register of LAGOS;;\n;;\nholder;tokens\nada;1\n",
        "sep=|\nholder|tokens\n\nada|1\n",
        "as of 2026\t\nx\ty\nHOLDER\tTokens\nada\t1\n",
    ] {
        let read = tokens(&SheetFile::of(text.as_bytes()), &options(Rounding::Refuse));
        let read = read.unwrap_or_else(|bad| panic!("{text}: {bad:?}"));
        assert_eq!((read.entries.len(), read.entries[0].line), (1, 4), "{text}");
        assert!(read.bad.is_empty(), "{text}: {:?}", read.bad);
    }
}

#[test]
fn headings_that_may_be_meant_are_said_once_with_what_to_write() {
    let file = SheetFile::of(b"Investor ID,Units,Rank\nada,1,7\n");
    let bad = tokens(&file, &options(Rounding::Refuse)).unwrap_err();
    assert_eq!(
        bad[0].to_string(),
        "1: `Investor ID` may be `holder`, `Units` may be `tokens`: `--columns 'holder=Investor ID,tokens=Units'`"
    );
    assert!(
        bad[1]
            .to_string()
            .starts_with("1: Rank: this is not a column")
    );
    assert_eq!(bad.len(), 2, "{bad:?}");
}

#[test]
fn rows_of_one_holder_add_up_and_each_certificate_is_an_entry() {
    let add = TokenOptions {
        repeated: RepeatedHolders::AddUp,
        ..options(Rounding::Refuse)
    };
    let shown = |text: &[u8]| {
        let read = tokens(&SheetFile::of(text), &add).unwrap();
        let entries = read.entries.iter().map(|entry| {
            let reference = entry.reference.clone().unwrap_or_default();
            format!(
                "{} {} {reference}",
                entry.parties.to().unwrap(),
                entry.tokens.plain(0)
            )
        });
        let bad = read.bad.iter().map(ToString::to_string);
        (read.rows, entries.chain(bad).collect::<Vec<_>>())
    };
    assert_eq!(
        shown(b"holder,tokens\nobi,100\nada,10\nOBI,50\n"),
        (3, vec!["obi 150 ".to_owned(), "ada 10 ".to_owned()])
    );
    assert_eq!(
        shown(b"holder,tokens,certificate\nobi,100,C-1\nobi,50,C-2\nada,10,c-1\n").1,
        [
            "obi 100 C-1",
            "obi 50 C-2",
            "4: certificate: `c-1` is already on line 2"
        ]
    );
}

#[test]
fn codes_are_made_of_names() {
    let made = TokenOptions {
        codes: HolderCodes::Made,
        ..options(Rounding::Refuse)
    };
    let text = b"Shareholder,Shares\nAda Obi,100\n\"Eze, John\",50\nADA OBI,1\nTotal,151\n";
    for ours in ["name", "holder"] {
        let file = with(
            text,
            &[(ours, "Shareholder"), ("tokens", "Shares")],
            Headings::Present,
        );
        let read = tokens(&file, &made).unwrap();
        let codes: Vec<&str> = read
            .entries
            .iter()
            .map(|row| row.parties.to().unwrap().as_str())
            .collect();
        assert_eq!(codes, ["ada-obi", "eze-john"]);
        assert_eq!(read.bad.len(), 2, "{:?}", read.bad);
        assert!(
            read.bad[0]
                .reason
                .contains("`ADA OBI` is already on line 2")
        );
        assert_eq!(read.bad[1].line, 5);
    }
}
