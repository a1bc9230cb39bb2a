use std::fmt::Write as _;

use proptest::prelude::*;

use super::{
    super::common::samples::{self, bad_lines, date, money, options, sample, signed},
    *,
};
use crate::domain::{quantity::Amount, signed::Signed, statement::LineSums, time::DayRange};

fn parse(text: &str) -> FileContent {
    read(text, &options()).unwrap()
}

fn only(text: &str) -> Statement {
    samples::only(parse(text))
}

fn bad(text: &str) -> Vec<String> {
    bad_lines(read(text, &options()))
}

fn sgml(transactions: &str) -> String {
    format!(
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>0123456789<ACCTTYPE>CHECKING</BANKACCTFROM>\
         <BANKTRANLIST><DTSTART>20240101<DTEND>20240131{transactions}</BANKTRANLIST><LEDGERBAL><BALAMT>5.00<DTASOF>20240131</LEDGERBAL>\
         </STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
}

fn transaction(more: &str) -> String {
    format!("<STMTTRN><TRNTYPE>OTHER<DTPOSTED>20240115<TRNAMT>1.00<FITID>AB123{more}</STMTTRN>")
}

#[test]
fn the_samples_are_read_as_others_computed() {
    for name in ["o01-sgml102-checking.ofx", "o03-xml200-cdata-crlf.ofx"] {
        let Some((text, expected)) = sample(name) else {
            continue;
        };
        let statement = only(&text);
        assert_eq!(
            Some(statement.lines.len()),
            expected["txns"].as_u64().and_then(|n| n.try_into().ok()),
            "{name}"
        );
        assert_eq!(
            statement.sums(),
            Some(LineSums {
                debits: money(&expected["sum_debits"]),
                credits: money(&expected["sum_credits"]),
            }),
            "{name}"
        );
        let day = |at: usize| date(expected["dates"][at].as_str().unwrap());
        assert_eq!(statement.dates(), DayRange::new(day(0), day(1)), "{name}");
        assert_eq!(
            statement.closing.unwrap().amount,
            money(&expected["ledgerbal"][0]),
            "{name}"
        );
        assert_eq!(
            statement.currency.unwrap().code(),
            expected["curdef"][0],
            "{name}"
        );
        assert_eq!(
            statement.account.as_deref(),
            expected["acct"][0].as_str(),
            "{name}"
        );
        assert_eq!(
            (statement.opening, statement.balance_ok),
            (None, None),
            "{name}"
        );
    }
}

#[test]
fn words_references_and_periods_of_the_samples() {
    if let Some((text, _)) = sample("o01-sgml102-checking.ofx") {
        let statement = only(&text);
        let line = &statement.lines[2];
        assert_eq!(
            line.description,
            "RETURNED CHECK FEE, CHECK # 319 FOR $45.33 ON 04/07/11"
        );
        assert_eq!(
            (
                line.reference.as_deref(),
                line.bank_id.as_deref(),
                line.place
            ),
            (Some("319"), Some("0000488"), 62)
        );
        assert_eq!(
            statement.period,
            DayRange::new(date("2000-01-01"), date("2013-05-25"))
        );
    }
    if let Some((text, _)) = sample("o03-xml200-cdata-crlf.ofx") {
        let line = only(&text).lines.remove(0);
        assert_eq!(
            line.description,
            "EFTPOS WDL HANDYWAY ALDI STORE GEELONG WEST VICAU"
        );
        // Its check number is 0 and its id is 1: a placeholder and a counter.
        assert_eq!((line.reference, line.bank_id), (None, None));
    }
}

#[test]
fn a_bad_amount_and_a_bad_date_are_both_named() {
    let Some((text, _)) = sample("o05-bad-amount-bad-date.ofx") else {
        return;
    };
    assert_eq!(
        bad(&text),
        [
            "36: DTPOSTED: `2011-20-00` is not a date",
            "37: TRNAMT: `$120` is not an amount"
        ]
    );
}

#[test]
fn one_line_without_headers_in_any_case_reads_like_any_other() {
    let text = sgml(&transaction(
        "<NAME>Smith &amp; Sons &nbsp;&#233; A&B <MEMO>5 < 6 &copy;",
    ));
    let statement = only(&text);
    assert_eq!(
        statement.lines[0].description,
        "Smith & Sons é A&B 5 < 6 &copy;"
    );
    let header = "OFXHEADER:100 DATA:OFXSGML VERSION:102 SECURITY:NONE ENCODING:USASCII CHARSET:1252 NEWFILEUID:NONE ";
    assert_eq!(only(&format!("{header}{text}")), statement);
    let lower = text
        .replace("STMTTRN>", "stmttrn>")
        .replace("<TRNAMT>", "<TrnAmt>")
        .replace("<OFX>", "<ofx>");
    assert_eq!(only(&lower), statement);
    let closed = text
        .replace("<TRNTYPE>OTHER", "<TRNTYPE>OTHER</TRNTYPE>")
        .replace("1.00", "1.00</TRNAMT>");
    assert_eq!(only(&closed), statement);
}

#[test]
fn amounts_have_either_mark_and_a_sign() {
    let amount = |text: &str| only(&sgml(&transaction("").replace("1.00", text))).lines[0].amount;
    for (text, expected) in [
        ("+12.50", "12.50"),
        ("-12,50", "-12.50"),
        (" 7 ", "7"),
        ("-.5", "-0.5"),
        ("-1,234.56", "-1234.56"),
    ] {
        assert_eq!(amount(text), signed(expected), "{text}");
    }
    for text in ["1,234", "", "--1", "1-", "0.00000001", "12345678901234"] {
        assert!(
            bad(&sgml(&transaction("").replace("1.00", text)))[0].starts_with("1: TRNAMT: "),
            "{text}"
        );
    }
}

#[test]
fn days_are_those_that_the_bank_wrote() {
    let day =
        |text: &str| only(&sgml(&transaction("").replace("20240115", text))).lines[0].booking_date;
    for text in [
        "20240115",
        "20240115235959.999[-5:EST]",
        "20240115000000[+14]",
        "202401152359",
        "2024-01-15",
        "20240115 [0:GMT]",
    ] {
        assert_eq!(day(text), date("2024-01-15"), "{text}");
    }
    for text in [
        "20240230",
        "00000000",
        "",
        "2024011",
        "20271231",
        "19891231",
        "15012024",
        "20240115x",
    ] {
        assert!(
            bad(&sgml(&transaction("").replace("20240115", text)))[0].starts_with("1: DTPOSTED: "),
            "{text}"
        );
    }
    let line = only(&sgml(&transaction(
        "<DTUSER>20240110<DTAVAIL>20240117120000",
    )))
    .lines
    .remove(0);
    assert_eq!(line.value_date, Some(date("2024-01-17")));
}

#[test]
fn accounts_and_cards_are_statements_of_their_own() {
    let bank = sgml(&transaction(""));
    let card = bank
        .replace("STMTRS>", "CCSTMTRS>")
        .replace("BANKACCT", "CCACCT")
        .replace("0123456789", "4111");
    // The Commonwealth Bank closes a card's statement with the bank's tag.
    let card = card
        .replace("</CCSTMTRS>", "</STMTRS>")
        .replace("BANKMSGSRSV1", "CREDITCARDMSGSRSV1")
        .replace("AB123", "CD456");
    let both = bank.replace("</OFX>", "") + card.strip_prefix("<OFX>").unwrap();
    let parsed = parse(&both);
    let accounts: Vec<_> = parsed
        .statements
        .iter()
        .map(|statement| statement.account.as_deref().unwrap())
        .collect();
    assert_eq!(accounts, ["0123456789", "4111"]);
    assert!(
        parsed
            .statements
            .iter()
            .all(|statement| statement.lines.len() == 1 && statement.closing.is_some())
    );
}

#[test]
fn an_id_that_comes_twice_is_removed() {
    let statement = only(&sgml(
        &(transaction("") + &transaction("") + &transaction("").replace("AB123", "ZZ999")),
    ));
    let ids: Vec<_> = statement
        .lines
        .iter()
        .map(|line| line.bank_id.as_deref())
        .collect();
    assert_eq!(ids, [None, None, Some("ZZ999")]);
}

#[test]
fn pending_lists_are_skipped_and_payees_are_not_names() {
    let pending = "<BANKTRANLISTP><DTASOF>20240115<STMTTRNP><TRNTYPE>DEBIT<DTTRAN>20240114<TRNAMT>-9.99<NAME>SHOP</STMTTRNP></BANKTRANLISTP>";
    let payee = transaction(
        "<PAYEE><NAME>Payee Ltd<ADDR1>x</PAYEE><BANKACCTTO><BANKID>9<ACCTID>998877</BANKACCTTO><MEMO>words",
    );
    let statement = only(&sgml(&payee).replace("<LEDGERBAL>", &format!("{pending}<LEDGERBAL>")));
    assert_eq!((statement.lines.len(), statement.skipped.len()), (1, 1));
    assert_eq!(
        (
            statement.skipped[0].amount,
            statement.skipped[0].reason.as_str()
        ),
        (Some(signed("-9.99")), "pending")
    );
    let line = &statement.lines[0];
    assert_eq!(
        (
            line.counterparty_name.as_deref(),
            line.counterparty_account.as_deref()
        ),
        (Some("Payee Ltd"), Some("998877"))
    );
    assert_eq!(statement.account.as_deref(), Some("0123456789"));
    assert_eq!(line.description, "Payee Ltd words");
}

#[test]
fn another_currency_corrections_and_types_are_said() {
    let foreign = transaction("<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>");
    assert!(bad(&sgml(&foreign))[0].starts_with("1: CURRENCY: "));
    assert_eq!(
        only(&sgml(&foreign.replace("CURRENCY>", "ORIGCURRENCY>")))
            .lines
            .len(),
        1
    );
    assert_eq!(only(&sgml(&foreign.replace("EUR", "usd"))).lines.len(), 1);
    let odd = transaction("<CORRECTFITID>X1<CORRECTACTION>DELETE").replace("OTHER", "DEBIT");
    let odd = odd + &transaction("").replace("1.00", "-1.00");
    let kinds: Vec<_> = only(&sgml(&odd))
        .findings
        .iter()
        .map(|finding| (finding.kind, finding.line))
        .collect();
    assert_eq!(
        kinds,
        [(FindingKind::Note, Some(1)), (FindingKind::Note, None)]
    );
}

#[test]
fn where_no_amount_has_a_sign_the_types_tell_what_went_out() {
    let typed = |kind: &str| transaction("").replace("OTHER", kind);
    let statement = only(&sgml(&(typed("DEBIT") + &typed("CREDIT"))));
    let amounts: Vec<_> = statement.lines.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [signed("-1.00"), signed("1.00")]);
    assert_eq!(statement.findings, []);
    let refused = bad(&sgml(&(typed("DEBIT") + &typed("XFER"))));
    assert!(
        refused[0].contains("TRNTYPE: no amount of the statement has a sign"),
        "{refused:?}"
    );
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let whole = sgml(&transaction(""));
    let cut = |at: &str| whole.split_once(at).unwrap().0.to_owned();
    assert!(bad(&cut("</STMTTRN>"))[0].contains("cut off"));
    assert!(bad(&cut("</STMTRS>"))[0].contains("cut off"));
    assert!(
        parse(&cut("</OFX>"))
            .decisions
            .iter()
            .any(|decision| decision.contains("</OFX>"))
    );
    assert!(matches!(
        read("<OFX></OFX>", &options()),
        Err(StatementError::Empty { .. })
    ));
    assert!(matches!(
        read("<OFX><INVSTMTRS></INVSTMTRS></OFX>", &options()),
        Err(StatementError::Empty { .. })
    ));
}

#[test]
fn the_newest_line_first_is_turned() {
    let newer = transaction("").replace("20240115", "20240120");
    let parsed = parse(&sgml(&(newer + &transaction(""))));
    assert_eq!(
        parsed.statements[0].lines[0].booking_date,
        date("2024-01-15")
    );
    assert!(
        parsed
            .decisions
            .iter()
            .any(|decision| decision.contains("newest"))
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        text in "(</?(OFX|STMTRS|STMTTRN|LEDGERBAL|PAYEE|CURRENCY)>|<(TRNAMT|DTPOSTED|BALAMT|NAME)>|<!\\[CDATA\\[|\\]\\]>|&(amp|#65|#x);|[0-9.,-]|\\PC|[<>&/!?]){0,60}"
    ) {
        let _ = read(&text, &options());
        let _ = read(&sgml(&text), &options());
    }

    #[test]
    fn a_statement_is_read_back_exactly(
        entries in prop::collection::vec((1..=Amount::MAX.units(), any::<bool>(), "[A-Z&<>' ]{0,20}", 0_u32..9), 0..12),
        closed in any::<bool>(),
    ) {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let leaf = |name: &str, value: &str| if closed { format!("<{name}>{value}</{name}>") } else { format!("<{name}>{value}\n") };
        let (mut body, mut expected) = (String::new(), Vec::new());
        for (at, (units, out, words, day)) in entries.iter().enumerate() {
            let amount = Signed::from_units(if *out { -units } else { *units }).unwrap();
            let _ = writeln!(body, "<STMTTRN>{}{}{}{}{}</STMTTRN>", leaf("TRNTYPE", "OTHER"), leaf("DTPOSTED", &format!("2024011{day}120000")),
                leaf("TRNAMT", &amount.plain(2)), leaf("FITID", &format!("ID-{at}")), leaf("NAME", &escaped(words)));
            expected.push((date(&format!("2024-01-1{day}")), amount, Some(format!("ID-{at}")), common::one_line(words)));
        }
        let falls = expected.windows(2).all(|pair| pair[0].0 >= pair[1].0) && expected.windows(2).any(|pair| pair[0].0 > pair[1].0);
        if falls { expected.reverse(); }
        let statement = only(&sgml(&body));
        let found: Vec<_> = statement.lines.into_iter().map(|line| (line.booking_date, line.amount, line.bank_id, line.description)).collect();
        prop_assert_eq!(found, expected);
    }
}
