//! What is refused, and what is a finding.

use super::*;

#[test]
fn a_break_is_reported_with_its_difference_and_the_lines_are_kept() {
    let statement = one(
        "Date,Text,Debit,Credit,Balance\n13/10/2026,a,20.00,,80.00\n14/10/2026,b,,5.00,95.00\n15/10/2026,c,1.00,,94.00\n",
    );
    assert_eq!(
        frame(&statement),
        ("100.00".to_owned(), "94.00".to_owned(), Some(false), 3)
    );
    let finding = &statement.findings[0];
    assert_eq!(
        (
            finding.kind,
            finding.line,
            finding.difference.unwrap().plain(2)
        ),
        (FindingKind::BalanceBreak, Some(3), "10.00".to_owned())
    );
    assert!(!statement.running_balance_proven);
    let labelled = one(
        "Opening Balance,100.00\nDate,Text,Amount\n13/10/2026,a,-20.00\nClosing Balance,75.00\n",
    );
    assert_eq!(frame(&labelled).2, Some(false));
    assert_eq!(labelled.findings[0].difference.unwrap().plain(2), "-5.00");
    let sums = one("Date,Text,Debit,Credit\n13/10/2026,a,20.00,\nTotal Debit,25.00\n");
    assert_eq!(
        (
            sums.findings[0].kind,
            sums.findings[0].difference.unwrap().plain(2)
        ),
        (FindingKind::Summary, "5.00".to_owned())
    );
}

#[test]
fn what_a_file_does_not_prove_asks_for_a_profile() {
    assert_eq!(
        undecided("Date,Narration,Amount\n13/10/2026,X,1.234\n14/10/2026,Y,5.678\n").0,
        Some(2)
    );
    assert!(
        undecided("Date,Narration,Amount\n13/10/2026,X,12.34\n")
            .1
            .contains("sign")
    );
    assert!(undecided("13/10/2026,X,12.34\n").1.contains("columns"));
    assert!(
        undecided("just some words\nin two lines\n")
            .1
            .contains("columns")
    );
    let mark = profile("name = \"x\"\ndecimal_mark = \",\"\nsign = \"unsigned_is_debit\"");
    let statement = with("Date,Narration,Amount\n13/10/2026,X,1.234\n", Some(&mark))
        .unwrap()
        .statements
        .remove(0);
    assert_eq!(amounts(&statement), ["-1234.00"]);
    let above = one(
        "Opening Balance,\"10,000.00\"\nDate,Narration,Debit,Credit\n13/10/2026,X,\"1,234\",\n",
    );
    assert_eq!(amounts(&above), ["-1234.00"]);
    let whole = one("Date,Narration,Debit,Credit\n13/10/2026,X,1234,\n");
    assert_eq!(amounts(&whole), ["-1234.00"]);
}

#[test]
fn contradictions_name_both_lines() {
    let marks =
        bad("Date,Text,Debit,Credit\n13/10/2026,a,\"1,234.50\",\n14/10/2026,b,\"1.234,50\",\n");
    assert_eq!(marks.iter().map(|bad| bad.line).collect::<Vec<_>>(), [2, 3]);
    let dates = bad("Date,Text,Debit,Credit\n13/10/2026,a,1.50,\n10/14/2026,b,2.50,\n");
    assert_eq!(
        dates
            .iter()
            .map(|bad| (bad.line, bad.column.as_deref()))
            .collect::<Vec<_>>(),
        [(2, Some("Date")), (3, Some("Date"))]
    );
}

#[test]
fn every_bad_line_is_named_and_no_account_number_is_repeated() {
    let text = "Date,Text,Debit,Credit,Reference\n30/02/2026,a,1.50,,R1\n13/10/2026,b,0123456785x,,R2\n13/10/2026,c,,,R3\n\
        13/10/2026,d,1.50,2.50,R4\n13/10/2026,e,1.50,,R\u{fffd}5\n13/12/2026,f,1.50,,R6\n13/10/1985,g,1.50,,R7\n13/10/2026,h,1.50,,R8,more\n\
        ,i,1.50,,R9\n1x/10/2026,j,1.50,,R10\n13/10/2026,k,1.123456789,,R11\n13/10/2026,l,\"10,000,000,000,000.00\",,R12\n";
    let found = bad(text);
    assert_eq!(
        found.iter().map(|bad| bad.line).collect::<Vec<_>>(),
        (2..=13).collect::<Vec<_>>(),
        "{found:#?}"
    );
    assert_eq!(
        (found[1].column.as_deref(), found[0].column.as_deref()),
        (Some("Debit"), Some("Date"))
    );
    assert!(
        found
            .iter()
            .all(|bad| !bad.to_string().contains("0123456785")),
        "{found:#?}"
    );
    assert!(found[4].reason.contains("U+FFFD"));
    assert!(
        bad("Date,Text,Amount\n13/10/2026,\"a,-1.50\n14/10/2026,b,-1.50\n")[0]
            .reason
            .contains("quote")
    );
    assert!(
        bad("Date,Text,Amount\n13/10/2026,\"a,-1.50\n14/10/2026,b,-1.50\n15/10/2026,c\",-1.50\n")
            [0]
        .reason
        .contains("quote")
    );
    let two = file(
        "Date,Account Number,Text,Amount\n13/10/2026,0123456785,a,-1.50\n13/10/2026,0123456786,b,-1.50\n",
    );
    let lines: Vec<_> = two
        .statements
        .iter()
        .map(|statement| (statement.account.as_deref(), statement.lines[0].place))
        .collect();
    assert_eq!(
        lines,
        [(Some("0123456785"), 2), (Some("0123456786"), 3)],
        "a table of two accounts is two statements, and places stay"
    );
    assert_eq!(
        bad("Date,Ccy,Text,Amount\n13/10/2026,NGN,a,-1.5\n13/10/2026,USD,b,-1.5\n")[0].line,
        3
    );
    assert_eq!(
        one("Date,Text,Amount\n13/10/2026,a\u{fffd}b,-1.50\n")
            .lines
            .len(),
        1
    );
}

#[test]
fn every_bad_line_of_a_long_statement_is_reported() {
    let line = |at: usize| format!("31/06/2026,TRF TO OKORO {at:05} ABUJA,{at}.00\n");
    let text: String = std::iter::once("Date,Narration,Amount\n".to_owned())
        .chain((0..12_000).map(line))
        .collect();
    assert_eq!(
        bad(&text).iter().map(|bad| bad.line).collect::<Vec<_>>(),
        (2..=12_001).collect::<Vec<u64>>()
    );
}
