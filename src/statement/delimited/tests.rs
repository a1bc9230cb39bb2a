//! Layouts of banks, invented after what they export, and what must be refused.

use chrono::NaiveDate;

use crate::{
    domain::{
        statement::{FindingKind, Statement, StatementFile},
        time::Date,
    },
    statement::{BadLine, Columns, Options, Profile, Unreadable, read},
};

fn day(year: i32, month: u32, day: u32) -> Date {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn with(text: &str, profile: Option<&Profile>) -> Result<StatementFile, Unreadable> {
    read(
        text.as_bytes(),
        Options {
            encoding: None,
            today: day(2026, 11, 23),
            profile,
        },
    )
}

fn file(text: &str) -> StatementFile {
    with(text, None).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

fn one(text: &str) -> Statement {
    file(text).statements.remove(0)
}

fn bad(text: &str) -> Vec<BadLine> {
    match with(text, None) {
        Err(Unreadable::BadLines { lines }) => lines,
        other => panic!("{other:?}\n{text}"),
    }
}

fn undecided(text: &str) -> (Option<u64>, String) {
    match with(text, None) {
        Err(Unreadable::Undecided { line, detail }) => (line, detail),
        other => panic!("{other:?}\n{text}"),
    }
}

fn profile(text: &str) -> Profile {
    Profile::parse(text).unwrap()
}

/// The amounts, the oldest first, in a form that is quick to compare.
fn amounts(statement: &Statement) -> Vec<String> {
    statement
        .lines
        .iter()
        .map(|line| line.amount.plain(2))
        .collect()
}

/// Opening, closing, whether they hold, and how many lines there are.
fn frame(statement: &Statement) -> (String, String, Option<bool>, usize) {
    let plain = |balance: Option<crate::domain::statement::Balance>| {
        balance.map_or_else(|| "none".to_owned(), |balance| balance.amount.plain(2))
    };
    (
        plain(statement.opening),
        plain(statement.closing),
        statement.balance_ok,
        statement.lines.len(),
    )
}

#[test]
fn gtbank_has_an_address_above_the_header_and_totals_below() {
    let text = "GUARANTY TRUST BANK PLC\n\"CUSTOMER STATEMENT\"\n\"HARBOUR SOLAR SPV LTD\n12, MARINA ROAD,\nLAGOS\"\n\
        Print Date:,05/11/2026,,Branch:,MARINA\nAccount No:,0123456785,,Currency:,NGN\n\
        Opening Balance:,\"1,000,000.00\",,Total Debit:,\"250,053.75\"\nClosing Balance:,\"1,749,946.25\",,Total Credit:,\"1,000,000.00\"\n\
        Period:,01/10/2026 - 31/10/2026\n\n\
        Trans Date,Reference,Value Date,Debit,Credit,Balance,Originating Branch,Remarks\n\
        05/10/2026,'0,05/10/2026,,\"1,000,000.00\",\"2,000,000.00\",HEAD OFFICE,NIP TRANSFER FROM HELIOS\n\
        13/10/2026,'0,13/10/2026,\"250,000.00\",,\"1,750,000.00\",MARINA,TRANSFER TO OKORO\n\
        13/10/2026,'0,13/10/2026,50.00,,\"1,749,950.00\",MARINA,COMMISSION TRANSFER TO OKORO\n\
        13/10/2026,'0,13/10/2026,3.75,,\"1,749,946.25\",MARINA,VAT TRANSFER TO OKORO\n\
        ,,,\"250,053.75\",\"1,000,000.00\",,,\nThis is a computer generated statement\n";
    let statement = one(text);
    assert_eq!(
        frame(&statement),
        (
            "1000000.00".to_owned(),
            "1749946.25".to_owned(),
            Some(true),
            4
        )
    );
    assert_eq!(statement.account.as_deref(), Some("0123456785"));
    assert_eq!(statement.currency.unwrap().code(), "NGN");
    assert_eq!(
        statement.period,
        Some((day(2026, 10, 1), day(2026, 10, 31)))
    );
    assert_eq!(statement.lines[0].place, 13);
    assert!(statement.findings.is_empty(), "{:?}", statement.findings);
    assert!(statement.running_balance_proven);
}

#[test]
fn zenith_repeats_its_header_on_each_page() {
    let header = "DATE POSTED|VALUE DATE|DESCRIPTION|DEBIT|CREDIT|BALANCE\n";
    let text = format!(
        "Account Number|1012345678\n{header}01/10/2026|01/10/2026|BALANCE B/F|0.00|0.00|500.00\n\
         02/10/2026|02/10/2026|POS|100.00|0.00|400.00\nPage 1 of 2\n{header}15/10/2026|15/10/2026|NIP CR|0.00|700.00|1,100.00\n\
         |||100.00|700.00|\n"
    );
    let statement = one(&text);
    assert_eq!(
        frame(&statement),
        ("500.00".to_owned(), "1100.00".to_owned(), Some(true), 2)
    );
    assert_eq!(statement.opening.unwrap().date, Some(day(2026, 10, 1)));
    assert_eq!(amounts(&statement), ["-100.00", "700.00"]);
}

#[test]
fn access_firstbank_uba_and_kuda_are_read_by_their_words() {
    let access = one(
        "Access Bank\nS/NO,Transaction Date,Value Date,Description,Withdrawals,Lodgements,Balance\n\
         1,02-OCT-26,02-OCT-26,CASH,,\"5,000.00\",\"5,000.00\"\n2,03-OCT-26,03-OCT-26,POS,\"1,500.00\",,\"3,500.00\"\n,,,TOTAL,\"1,500.00\",\"5,000.00\",\n",
    );
    assert_eq!(
        frame(&access),
        ("0.00".to_owned(), "3500.00".to_owned(), Some(true), 2)
    );
    let first = one(
        "TransDate,Reference,Transaction Details,ValueDate,Deposit,Withdrawal,Balance\n\
         10-Oct-2026,FT1,IN,10-Oct-2026,10.00,0.00,10.00\n11-Oct-2026,FT2,OUT,11-Oct-2026,0.00,4.00,6.00\n",
    );
    // A reference is no id of the bank, however unique it is in one file.
    assert_eq!(
        (
            amounts(&first),
            first.lines[1].reference.as_deref(),
            first.lines[1].bank_id.as_deref()
        ),
        (
            vec!["10.00".to_owned(), "-4.00".to_owned()],
            Some("FT2"),
            None
        )
    );
    let uba = one(
        "TRANS DATE;VALUE DATE;NARRATION;CHQ NO;DEBIT;CREDIT;BALANCE\n\
         20-10-2026;20-10-2026;CHQ;000123;20.00;;(20.00)\n21-10-2026;21-10-2026;DEP;0;;50.00;30.00\n",
    );
    assert_eq!(
        frame(&uba),
        ("0.00".to_owned(), "30.00".to_owned(), Some(true), 2)
    );
    assert_eq!(
        (
            uba.lines[0].reference.as_deref(),
            uba.lines[1].reference.as_deref()
        ),
        (Some("000123"), None)
    );
    let kuda = one(
        "Date/Time\tMoney In\tMoney out\tCategory\tTo / From\tDescription\tBalance\n\
         13/10/26 09:15:22\t\t\u{20a6}2,000.00\toutward transfer\tOKORO\trent\t\u{20a6}8,000.00\n\
         14/10/26 10:00:00\t\u{20a6}500.50\t\tinward transfer\tBELLO\t\t\u{20a6}8,500.50\n",
    );
    assert_eq!(
        frame(&kuda),
        ("10000.00".to_owned(), "8500.50".to_owned(), Some(true), 2)
    );
    assert_eq!(
        (
            kuda.currency.unwrap().code(),
            kuda.lines[0].counterparty_name.as_deref()
        ),
        ("NGN", Some("OKORO"))
    );
}

#[test]
fn moniepoint_is_read_by_its_settled_amounts() {
    let text = "Date,Transaction Type,Transaction Status,Transaction Ref,Transaction Amount (NGN),Settlement Debit (NGN),Settlement Credit (NGN),\
        Balance Before (NGN),Balance After (NGN),Charge (NGN),Narration\n\
        2026-10-01T09:00:00,TRANSFER,SUCCESS,A1,100.00,120.00,0.00,500.00,380.00,20.00,rent\n\
        2026-10-01T10:00:00,PURCHASE,FAILED,A2,70.00,70.00,0.00,380.00,310.00,0.00,pos\n\
        2026-10-02T10:00:00,PURCHASE,SUCCESS,A3,50.00,0.00,49.50,380.00,429.50,0.50,sale\n";
    assert_eq!(
        bad(text)[0].line,
        2,
        "the charge makes the amount another than the settled one"
    );
    let moniepoint = Profile::builtin("moniepoint").unwrap();
    let statement = with(text, Some(&moniepoint)).unwrap().statements.remove(0);
    assert_eq!(
        frame(&statement),
        ("500.00".to_owned(), "429.50".to_owned(), Some(true), 2)
    );
    assert_eq!(
        (
            statement.skipped.len(),
            statement.skipped[0].reason.as_str()
        ),
        (1, "failed")
    );
    assert_eq!(statement.skipped[0].amount.unwrap().plain(2), "-70.00");
    assert_eq!(statement.lines[0].bank_id.as_deref(), Some("A1"));
}

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
    let options = Options {
        encoding: None,
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
fn balances_at_the_turn_of_pages_are_no_lines_and_no_opening() {
    let statement = one(
        "Date,Text,Debit,Credit,Balance\n13/10/2026,a,,110.00,110.00\n,Balance C/F,,,110.00\n,Balance B/F,,,110.00\n14/10/2026,b,10.00,,100.00\n,Balance C/F,,,100.00\n",
    );
    assert_eq!(
        frame(&statement),
        ("0.00".to_owned(), "100.00".to_owned(), Some(true), 2)
    );
}

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
fn the_order_of_day_and_month_is_said_where_nothing_proves_it() {
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
    assert_eq!(
        bad("Date,Account Number,Text,Amount\n13/10/2026,0123456785,a,-1.5\n13/10/2026,0123456786,b,-1.5\n")[0].line,
        3
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
fn ids_count_only_where_they_are_unique_and_none_is_a_placeholder() {
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
    let columns = |text: &str| Profile::of_columns(Columns::parse(text).unwrap()).unwrap();
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
        matches!(missing, Unreadable::Undecided { .. }),
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
fn a_month_without_movement_is_a_statement_and_a_bare_header_is_none() {
    let quiet = one(
        "Date,Text,Debit,Credit,Balance\n01/10/2026,Opening Balance,,,100.00\n31/10/2026,Closing Balance,,,100.00\n",
    );
    assert_eq!(
        frame(&quiet),
        ("100.00".to_owned(), "100.00".to_owned(), Some(true), 0)
    );
    assert!(matches!(
        with("Date,Text,Debit,Credit,Balance\n", None),
        Err(Unreadable::Empty { .. })
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
        "lines without a balance are not told apart by it"
    );
}

#[test]
fn every_bad_line_of_a_long_statement_is_told() {
    let line = |at: usize| format!("31/06/2026,TRF TO OKORO {at:05} ABUJA,{at}.00\n");
    let text: String = std::iter::once("Date,Narration,Amount\n".to_owned())
        .chain((0..12_000).map(line))
        .collect();
    assert_eq!(
        bad(&text).iter().map(|bad| bad.line).collect::<Vec<_>>(),
        (2..=12_001).collect::<Vec<u64>>()
    );
}
