//! What people really import: each shape with its right answer.

use super::{day, file, with};
use crate::statement::{ProfileColumns, StatementError, StatementProfile};

/// Reads the lines of a statement as dates and amounts, with its balances.
fn shown(text: &str) -> (Vec<String>, [Option<String>; 2], Option<bool>) {
    summary(&file(text).statements[0])
}

fn summary(
    statement: &crate::domain::statement::Statement,
) -> (Vec<String>, [Option<String>; 2], Option<bool>) {
    let lines = statement.lines.iter();
    let lines = lines.map(|line| format!("{} {}", line.booking_date, line.amount.plain(2)));
    let balance = |balance: Option<crate::domain::statement::Balance>| {
        balance.map(|balance| balance.amount.plain(2))
    };
    (
        lines.collect(),
        [balance(statement.opening), balance(statement.closing)],
        statement.balance_ok,
    )
}

fn expected(
    lines: &[&str],
    opening: &str,
    closing: &str,
) -> (Vec<String>, [Option<String>; 2], Option<bool>) {
    (
        lines.iter().map(|line| (*line).to_owned()).collect(),
        [Some(opening.to_owned()), Some(closing.to_owned())],
        Some(true),
    )
}

#[test]
fn lakh_groups_are_read() {
    let text = "Date,Narration,Debit,Credit,Balance\n05/01/2026,A,,\"1,25,000.00\",\"12,34,56,789.50\"\n16/01/2026,B,\"10,00,000.00\",,\"12,24,56,789.50\"\n";
    let lines = ["2026-01-05 125000.00", "2026-01-16 -1000000.00"];
    assert_eq!(
        shown(text),
        expected(&lines, "123331789.50", "122456789.50")
    );
}

#[test]
fn a_summary_below_complete_lines_is_left_out_and_a_damaged_line_is_not() {
    let stars = "********,********,********,********,********,********,********\n";
    let table = "02/04/26,NEFT CR-ACME,N0912,02/04/26,,\"25,000.00\",\"125,000.00\"\n16/04/26,CHQ PAID,000501,16/04/26,\"40,000.00\",,\"85,000.00\"\n";
    let head =
        "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n";
    let end = "STATEMENT SUMMARY :-,,,,,,\nOpening Balance,Dr Count,Cr Count,Debits,Credits,Closing Bal,\n\"100,000.00\",1,1,\"40,000.00\",\"25,000.00\",\"85,000.00\",\n***** END OF STATEMENT *****\n";
    let text = format!("HDFC BANK Ltd.,,,,,,\n{stars}{head}{stars}{table}\n{stars}{end}");
    let lines = ["2026-04-02 25000.00", "2026-04-16 -40000.00"];
    assert_eq!(shown(&text), expected(&lines, "100000.00", "85000.00"));
    let decisions = file(&text).decisions;
    assert!(
        decisions
            .iter()
            .any(|words| words.contains("are a summary")),
        "{decisions:?}"
    );
    let damaged = "1x/04/26,CHQ,000502,,\"5,000.00\",,\"80,000.00\"\n";
    let text = format!("{head}{table}{damaged}");
    assert!(matches!(
        with(&text, None),
        Err(StatementError::BadLines { .. })
    ));
}

#[test]
fn apostrophes_and_safe_cells_are_not_part_of_what_they_keep() {
    let text = "Date,Reference,Narration,Debit,Credit,Balance\n'05/01/2026,'000123456789,TRF,\"'1,500.00\",,\"'8,500.00\"\n'16/01/2026,\"=\"\"000123456790\"\"\",TRF IN,,\"=\"\"2,000.00\"\"\",\"'10,500.00\"\n";
    let lines = ["2026-01-05 -1500.00", "2026-01-16 2000.00"];
    assert_eq!(shown(text), expected(&lines, "10000.00", "10500.00"));
    let statement = &file(text).statements[0];
    let references: Vec<_> = statement
        .lines
        .iter()
        .map(|line| line.reference.as_deref())
        .collect();
    assert_eq!(references, [Some("000123456789"), Some("000123456790")]);
}

#[test]
fn balances_prove_the_order_of_day_and_month() {
    let text = "Trans. Date,Value Date,Reference,Debits,Credits,Balance,Originating Branch,Remarks\n1/5/2026,1/5/2026,1.30001E+27,1500,,8500,VI,NIP\n2/3/2026,2/3/2026,1.30001E+27,,2000.1,10500.1,VI,IN\n";
    let lines = ["2026-01-05 -1500.00", "2026-02-03 2000.10"];
    assert_eq!(shown(text), expected(&lines, "10000.00", "10500.10"));
    let read = file(text);
    assert!(
        read.proofs
            .iter()
            .any(|proof| proof.contains("month first: the balances hold only"))
    );
    assert!(
        read.statements[0]
            .lines
            .iter()
            .all(|line| line.reference.is_none())
    );
    let ids = text.replace("Reference", "Transaction ID");
    let Err(StatementError::BadLines { lines }) = with(&ids, None) else {
        panic!("an id that a spreadsheet shortened is not one");
    };
    assert!(
        lines[0].reason.contains("shortened by a spreadsheet"),
        "{lines:?}"
    );
}

#[test]
fn balances_prove_the_order_of_rows_that_are_in_none() {
    let text = "Date,Narration,Withdrawal Amt.,Deposit Amt.,Closing Balance\n05/07/2026,\"UPI/DR/9928/SWIGGY, BANGALORE\",340.00,,10499.00\n26/07/2026,NETFLIX 4471,649.00,,9850.00\n01/07/2026,SALARY JULY,,50000.00,10839.00\n,Closing balance,,,9850.00\n";
    let lines = [
        "2026-07-01 50000.00",
        "2026-07-05 -340.00",
        "2026-07-26 -649.00",
    ];
    assert_eq!(shown(text), expected(&lines, "-39161.00", "9850.00"));
}

#[test]
fn dates_with_a_dot_behind_them_and_headings_of_moments_are_read() {
    let text = "Tranzakció dátuma,Partner neve,Összeg,Bevétel/Kiadás,Egyenleg\n2026.04.19.,Bolt,-350,outflow,650\n2026.04.17.,Munkáltató,1000,inflow,1000\n";
    let columns = ProfileColumns::parse("date=1,description=2,amount=3,balance=5").unwrap();
    let profile = StatementProfile::of_columns(columns).unwrap();
    let read = with(text, Some(&profile)).unwrap();
    let lines = ["2026-04-17 1000.00", "2026-04-19 -350.00"];
    assert_eq!(
        summary(&read.statements[0]),
        expected(&lines, "0.00", "650.00")
    );
    let text = "Datetime,Description,Amount\n2026-01-05 10:00,A,-1.00\n2026-01-06 10:00,B,2.00\n";
    assert_eq!(shown(text).0, ["2026-01-05 -1.00", "2026-01-06 2.00"]);
    let text = "Year to Date Total,Date,Description,Amount\n5.00,2026-01-05,A,-1.00\n6.00,2026-01-06,B,2.00\n";
    assert_eq!(
        file(text).statements[0].lines[0].booking_date,
        day(2026, 1, 5)
    );
}
