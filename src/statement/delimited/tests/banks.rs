//! Layouts of banks, modelled on what they export.

use super::*;

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
        crate::domain::time::DayRange::new(day(2026, 10, 1), day(2026, 10, 31))
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
    // A reference is not an id of the bank, however unique it is in one file.
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
    let moniepoint = StatementProfile::builtin("moniepoint").unwrap();
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
