//! A file with several accounts, and the same line in another form.

use serde_json::{Value, json};

use super::each;
use crate::support::Desk;

/// A desk with an account of this number and currency, called GT.
fn desk(number: &str, currency: &str) -> Desk {
    let desk = Desk::new();
    add(&desk, "GT", number, currency);
    desk
}

fn add(desk: &Desk, code: &str, number: &str, currency: &str) {
    desk.ok(&format!(
        "bank add {code} --bank-name Bank-{code} --account-number {number} --currency {currency} --as bola"
    ));
}

const TWO: &str = ":20:A
:25:5550009002
:28C:1/1
:60F:C260101NGN100,00
:61:260105D10,00NTRFNONREF
:86:mine
:62F:C260105NGN90,00
-
:20:B
:25:7770007777
:28C:1/1
:60F:C260101NGN500,00
:61:260105D99,00NTRFNONREF
:86:other account
:62F:C260105NGN401,00
-
";

const TABLE: &str = "Account Number,Date,Narration,Debit,Credit
5550009002,05/01/2026,MINE,10.00,
7770007777,05/01/2026,OTHER,99.00,
5550009002,16/01/2026,MINE TOO,,5.00
";

fn amounts(desk: &Desk, account: &str) -> Vec<String> {
    each(&desk.json(&format!("bank lines {account}")), "amount")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn of_a_file_with_two_accounts_only_the_named_one_is_taken_and_the_other_is_named() {
    for (text, ours) in [(TWO, vec!["-10.00"]), (TABLE, vec!["-10.00", "5.00"])] {
        let desk = desk("5550009002", "NGN");
        desk.write("two.txt", text);
        let ran = desk.ok("bank import GT two.txt --as bola");
        assert!(
            ran.stderr.contains("the statement of account ******7777 in this file was left out; it is not an account of the ledger"),
            "{}",
            ran.stderr
        );
        assert_eq!(amounts(&desk, "GT"), ours);
        add(&desk, "SAVE", "7770007777", "NGN");
        desk.ok("bank statement void S-1 --reason again --as bola");
        let imported = desk.json("bank import GT two.txt --as bola");
        assert_eq!(imported["findings"][0]["kind"], "account_differs");
        assert!(
            imported["findings"][0]["detail"]
                .as_str()
                .unwrap()
                .ends_with("it belongs to SAVE"),
            "{imported}"
        );
        desk.sound();
    }
}

#[test]
fn with_all_every_statement_goes_to_its_own_account() {
    for text in [TWO, TABLE] {
        let desk = desk("5550009002", "NGN");
        add(&desk, "SAVE", "7770007777", "NGN");
        desk.write("two.txt", text);
        let imported = desk.json("bank import --all two.txt --key k --as bola");
        assert_eq!(each(&imported, "account"), ["GT", "SAVE"]);
        assert_eq!(amounts(&desk, "SAVE"), ["-99.00"]);
        let again = desk.json("bank import --all two.txt --key k --as bola");
        assert_eq!(again, imported, "a replay prints the first result");
        let again = desk.json("bank import --all two.txt --as bola");
        assert_eq!(again[0]["already_imported"], json!(true));
        assert_eq!(amounts(&desk, "SAVE").len(), 1);
        desk.sound();
    }
}

#[test]
fn a_file_of_accounts_that_are_not_of_the_ledger_is_filed_nowhere() {
    let desk = desk("1110001111", "NGN");
    desk.write("two.sta", TWO);
    let message = desk.refused("bank import --all two.sta --as bola", 1, "bank.not_in_file");
    assert!(message.contains("******9002, ******7777"), "{message}");
    desk.write("bare.csv", "Date,Narration,Amount\n2026-01-05,A,-1.00\n");
    desk.refused(
        "bank import --all bare.csv --as bola",
        1,
        "statement.unnamed",
    );
    assert_eq!(desk.json("bank lines GT"), json!([]));
}

#[test]
fn a_re_export_in_another_form_doubles_no_line() {
    let first = "Date,Narration,Debit,Credit,Balance\n05/01/2026,NIP TRF TO ADE,10.00,,90.00\n16/01/2026,NIP TRF TO OBI,20.00,,70.00\n";
    let counts = |imported: &Value| {
        (
            imported["lines_new"].as_u64().unwrap(),
            imported["lines_known"].as_u64().unwrap(),
        )
    };
    for (second, expected) in [
        (
            "Date,Value Date,Narration,Debit,Credit,Balance\n05/01/2026,05/01/2026,NIP TRF TO ADE,10.00,,90.00\n16/01/2026,16/01/2026,NIP TRF TO OBI,20.00,,70.00\n17/01/2026,17/01/2026,C,30.00,,40.00\n",
            (1, 2),
        ),
        (
            "Date,Narration,Debit,Credit,Balance\n05/01/2026,NIP TRF  TO ADE,10.00,,90.00\n16/01/2026,nip trf to obi,20.00,,70.00\n",
            (0, 2),
        ),
        (
            "Date,Narration,Debit,Credit,Balance\n05/01/2026,NIP TRF TO ADE,10.00,,80.00\n16/01/2026,NIP TRF TO OBI,20.00,,60.00\n",
            (2, 0),
        ),
    ] {
        let desk = desk("0123456785", "NGN");
        desk.write("first.csv", first);
        desk.write("second.csv", second);
        desk.ok("bank import GT first.csv --as bola");
        let imported = desk.json("bank import GT second.csv --as bola");
        assert_eq!(counts(&imported), expected, "{second}");
        desk.sound();
    }
}

#[test]
fn the_same_days_and_amounts_without_balances_are_refused_until_somebody_looked() {
    let desk = desk("0123456785", "NGN");
    desk.write(
        "first.csv",
        "Date,Narration,Debit,Credit\n05/01/2026,NIP TRF TO ADE,10.00,\n16/01/2026,NIP TRF TO OBI,20.00,\n",
    );
    desk.write(
        "second.csv",
        "Date,Narration,Debit,Credit\n05/01/2026,nip/ade,10.00,\n16/01/2026,nip/obi,20.00,\n17/01/2026,C,30.00,\n",
    );
    desk.ok("bank import GT first.csv --as bola");
    let message = desk.refused("bank import GT second.csv --as bola", 1, "bank.overlap");
    assert!(
        message.contains("2026-01-05 -10.00, 2026-01-16 -20.00")
            && message.ends_with("nothing was written"),
        "{message}"
    );
    desk.refused_text("bank import GT second.csv --as bola", 1, "--new-lines");
    desk.ok("bank import GT second.csv --new-lines --as bola");
    assert_eq!(amounts(&desk, "GT").len(), 5);
    desk.sound();
}

/// An OFX file of one line.
fn ofx(date: &str, name: &str) -> String {
    format!(
        "OFXHEADER:100\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>NGN<BANKACCTFROM><BANKID>1<ACCTID>5550009077<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260101<DTEND>20260228<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{date}<TRNAMT>-10.00<FITID>F1<NAME>{name}</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
}

#[test]
fn a_bank_id_that_comes_again_is_one_line_with_a_finding() {
    let desk = desk("5550009077", "NGN");
    desk.write("1.ofx", &ofx("20260105", "POS PENDING"));
    desk.write("2.ofx", &ofx("20260106", "POS SHOPRITE IKEJA"));
    desk.write("3.ofx", &ofx("20260206", "POS SHOPRITE IKEJA"));
    desk.ok("bank import GT 1.ofx --as bola");
    let imported = desk.json("bank import GT 2.ofx --as bola");
    assert_eq!(
        (&imported["lines_new"], &imported["lines_known"]),
        (&json!(0), &json!(1))
    );
    assert!(
        each(&imported["findings"], "detail")
            .iter()
            .any(|detail| detail
                .contains("the bank's id of this line came with the same amount on 2026-01-05")),
        "{imported}"
    );
    let message = desk.refused("bank import GT 3.ofx --as bola", 1, "bank.overlap");
    assert!(message.contains("the same id on 2026-01-05"), "{message}");
    desk.ok("bank import GT 3.ofx --new-lines --as bola");
    assert_eq!(amounts(&desk, "GT").len(), 2);
    desk.sound();
}
