use proptest::prelude::*;

use super::{
    super::common::samples::{self, bad_lines, date, money, options, sample, signed},
    *,
};
use crate::domain::{
    quantity::Amount,
    signed::Signed,
    statement::{FindingKind, LineSums, StatementLine},
};

fn parse(text: &str) -> FileContent {
    read(text, &options()).unwrap()
}

fn only(text: &str) -> Statement {
    samples::only(parse(text))
}

fn bad(text: &str) -> Vec<String> {
    bad_lines(read(text, &options()))
}

fn balance(code: &str, amount: &str, currency: &str, side: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"{currency}\">{amount}</Amt>\
         <CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>2024-01-02</Dt></Dt></Bal>\n"
    )
}

fn entry(amount: &str, side: &str, more: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2024-01-02</Dt></BookgDt>{more}</Ntry>\n"
    )
}

fn message(statement: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.04\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S1</Id>\
         <Acct><Id><Othr><Id>0123456789</Id></Othr></Id><Ccy>EUR</Ccy></Acct>\n{statement}</Stmt></BkToCstmrStmt></Document>\n"
    )
}

fn booked(opening: &str, closing: &str, rest: &str) -> String {
    message(
        &(balance("OPBD", opening, "EUR", "CRDT")
            + &balance("CLBD", closing, "EUR", "CRDT")
            + rest),
    )
}

#[test]
fn the_samples_are_read_as_others_computed() {
    for name in [
        "x03-genkgo-camt053-v02-multi-statement.xml",
        "x05-genkgo-camt053-v08.xml",
    ] {
        let Some((text, expected)) = sample(name) else {
            continue;
        };
        let parsed = parse(&text);
        let stated = expected["statements"].as_array().unwrap();
        assert_eq!(parsed.statements.len(), stated.len(), "{name}");
        for (statement, stated) in parsed.statements.iter().zip(stated) {
            assert_eq!(statement.reference.as_deref(), stated["id"].as_str());
            assert_eq!(statement.account.as_deref(), stated["account"].as_str());
            assert_eq!(
                Some(statement.lines.len()),
                stated["entries"].as_u64().and_then(|n| n.try_into().ok())
            );
            assert_eq!(
                statement.sums(),
                Some(LineSums {
                    debits: money(&stated["sum_debits"]),
                    credits: money(&stated["sum_credits"]),
                })
            );
            assert_eq!(statement.balance_ok, stated["balance_ok"].as_bool());
            let day = |at: usize| date(&stated["dates"][at].as_str().unwrap()[..10]);
            assert_eq!(statement.dates(), DayRange::new(day(0), day(1)));
            for (code, found) in [("OPBD", statement.opening), ("CLBD", statement.closing)] {
                let balances = stated["balances"].as_array().unwrap();
                let stated = balances.iter().find(|balance| balance[0] == code).unwrap();
                let own = stated[2] == statement.currency.unwrap().code();
                assert_eq!(
                    found.map(|found| found.amount),
                    own.then(|| money(&stated[1])),
                    "{name} {code}"
                );
                assert!(!own || found.unwrap().date == Some(date(stated[3].as_str().unwrap())));
            }
            for (line, stated) in statement
                .lines
                .iter()
                .zip(stated["entry"].as_array().unwrap())
            {
                assert_eq!(
                    (line.amount, line.end_to_end.as_deref()),
                    (money(&stated[0]), stated[5][0].as_str())
                );
                assert_eq!(line.bank_id.as_deref(), stated[6][0].as_str());
            }
        }
    }
}

#[test]
fn a_closing_balance_in_another_currency_is_named_and_left_out() {
    let Some((text, _)) = sample("x05-genkgo-camt053-v08.xml") else {
        return;
    };
    let statement = only(&text);
    let finding = &statement.findings[0];
    assert_eq!(finding.kind, FindingKind::BalanceCurrency);
    assert_eq!(
        finding.detail,
        "the closing balance of -27.00 is in SEK, and the lines are in EUR"
    );
    let line = &statement.lines[0];
    assert_eq!(line.counterparty_name.as_deref(), Some("NAME NAME"));
    assert_eq!(
        (line.place, line.description.as_str()),
        (110, "4654654654654654")
    );
    assert_eq!(
        statement.period,
        DayRange::new(date("2007-10-18"), date("2007-10-18"))
    );
}

#[test]
fn a_message_without_a_statement_is_empty_and_another_message_is_named() {
    if let Some((text, _)) = sample("x06-genkgo-camt053-v02-wrong.xml") {
        assert!(matches!(
            read(&text, &options()),
            Err(StatementError::Empty { .. })
        ));
    }
    let what = |text: &str| {
        let Err(StatementError::NotAStatement { what }) = read(text, &options()) else {
            panic!("{text}")
        };
        what
    };
    assert!(
        what("<Document><BkToCstmrAcctRpt><Rpt/></BkToCstmrAcctRpt></Document>")
            .contains("CAMT.052")
    );
    assert!(what("<d:Document><d:BkToCstmrDbtCdtNtfctn/></d:Document>").contains("CAMT.054"));
    assert!(what("<Document><CstmrCdtTrfInitn/></Document>").contains("PAIN.001"));
    assert!(what("<Document><Other/></Document>").contains("another ISO 20022"));
    assert!(what("<rss/>").contains("another kind"));
    assert!(what("<!DOCTYPE x [<!ENTITY a \"b\">]><Document/>").contains("document type"));
}

#[test]
fn broken_deep_and_cut_off_xml_is_refused() {
    assert!(bad(&booked("0", "1", "&undefined;"))[0].contains("entity"));
    assert!(bad(&"<a>".repeat(100_000))[0].contains("64"));
    let whole = booked("0", "1", &entry("1", "CRDT", ""));
    assert!(
        bad(whole
            .strip_suffix("</Stmt></BkToCstmrStmt></Document>\n")
            .unwrap())[0]
            .contains("cut off")
    );
    assert!(bad("<Document><BkToCstmrStmt></Document>")[0].contains("well formed"));
}

#[test]
fn prefixes_versions_and_envelopes_do_not_matter() {
    let plain = booked(
        "0",
        "12.5",
        &entry(
            "12.50",
            "CRDT",
            "<AddtlNtryInf>A &amp; B &#8364;</AddtlNtryInf>",
        ),
    );
    let expected = only(&plain);
    let prefixed = plain
        .replace("</", "</c:")
        .replace('<', "<c:")
        .replace("<c:/c:", "</c:")
        .replace("<c:?", "<?");
    let prefixed = prefixed.replace("xmlns=", "xmlns:c=");
    assert_eq!(only(&prefixed), expected);
    for version in ["02", "03", "06", "08"] {
        assert_eq!(
            only(&plain.replace("053.001.04", &format!("053.001.{version}"))),
            expected
        );
    }
    assert_eq!(
        only(&plain.replace(
            " xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.04\"",
            ""
        )),
        expected
    );
    assert_eq!(expected.lines[0].description, "A & B €");
    let wrapped = plain.replace(
        "<Document",
        "<Envelope><AppHdr><Id>x</Id></AppHdr><Document",
    ) + "</Envelope>";
    assert_eq!(only(&wrapped).lines.len(), 1);
}

#[test]
fn a_batch_stays_one_line_and_lists_its_references() {
    let detail = |id: &str| {
        format!(
            "<TxDtls><Refs><EndToEndId>{id}</EndToEndId></Refs><RmtInf><Ustrd>x</Ustrd></RmtInf></TxDtls>"
        )
    };
    let details = format!(
        "<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>{}{}</NtryDtls>",
        detail("E1"),
        detail("NOTPROVIDED")
    );
    let more = format!(
        "<AcctSvcrRef>BANKREF1</AcctSvcrRef>{details}<NtryDtls>{}</NtryDtls><AddtlNtryInf>PAYROLL</AddtlNtryInf>",
        detail("E3")
    );
    let statement = only(&booked("10", "0", &entry("10", "DBIT", &more)));
    let line = &statement.lines[0];
    assert_eq!(line.description, "PAYROLL 3 transactions: E1, E3");
    assert_eq!(
        (line.bank_id.as_deref(), line.end_to_end.as_deref()),
        (Some("BANKREF1"), None)
    );
    assert_eq!(
        (line.amount, statement.balance_ok),
        (signed("-10"), Some(true))
    );
}

#[test]
fn one_detail_explains_its_entry() {
    let more = "<NtryRef>7</NtryRef><NtryDtls><TxDtls><Refs><AcctSvcrRef>SVC-99871</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId>\
                </Refs><RltdPties><Dbtr><Pty><Nm>Payer\n Ltd</Nm></Pty></Dbtr><Cdtr><Nm>Own Name</Nm></Cdtr><CdtrAcct><Id><IBAN>NL56AGDH9619008421</IBAN></Id>\
                </CdtrAcct></RltdPties><RmtInf><Ustrd>Invoice 1</Ustrd><Ustrd><![CDATA[and <2>]]></Ustrd></RmtInf></TxDtls></NtryDtls>";
    let credit = only(&booked("0", "10", &entry("10", "CRDT", more)))
        .lines
        .remove(0);
    assert_eq!(credit.counterparty_name.as_deref(), Some("Payer Ltd"));
    assert_eq!(credit.counterparty_account, None);
    assert_eq!(credit.description, "Invoice 1 and <2>");
    assert_eq!(
        (
            credit.reference.as_deref(),
            credit.bank_id.as_deref(),
            credit.end_to_end
        ),
        (Some("7"), Some("SVC-99871"), None)
    );
    let debit = only(&booked("10", "0", &entry("10", "DBIT", more)))
        .lines
        .remove(0);
    assert_eq!(debit.counterparty_name.as_deref(), Some("Own Name"));
    let twice = entry("5", "CRDT", more) + &entry("5", "CRDT", more);
    assert!(
        only(&booked("0", "10", &twice))
            .lines
            .iter()
            .all(|line| line.bank_id.is_none())
    );
}

#[test]
fn reversals_follow_the_balances() {
    let lines = entry("100", "CRDT", "") + &entry("30", "DBIT", "<RvslInd>true</RvslInd>");
    let amounts = |statement: &Statement| {
        statement
            .lines
            .iter()
            .map(|line| line.amount)
            .collect::<Vec<_>>()
    };
    let standard = only(&booked("0", "70", &lines));
    assert_eq!(
        (amounts(&standard), standard.balance_ok),
        (vec![signed("100"), signed("-30")], Some(true))
    );
    assert!(standard.lines[1].reversal);
    let turned = parse(&booked("0", "130", &lines));
    assert_eq!(
        amounts(&turned.statements[0]),
        [signed("100"), signed("30")]
    );
    assert_eq!(turned.decisions.len(), 1);
    let broken = only(&booked("0", "131", &lines));
    assert_eq!(
        (broken.balance_ok, broken.findings[0].kind),
        (Some(false), FindingKind::BalanceBreak)
    );
    assert_eq!(broken.findings[0].difference, Some(signed("61")));
}

#[test]
fn what_is_not_booked_is_skipped_and_listed() {
    let pending = |status: &str| entry("5", "CRDT", "").replace("<Sts>BOOK</Sts>", status);
    let rest = entry("1", "CRDT", "")
        + &pending("<Sts>PDNG</Sts>")
        + &pending("<Sts><Cd>INFO</Cd></Sts>")
            .replace("<BookgDt><Dt>2024-01-02</Dt></BookgDt>", "");
    let statement = only(&booked("0", "1", &rest));
    let reasons: Vec<&str> = statement
        .skipped
        .iter()
        .map(|row| row.reason.as_str())
        .collect();
    assert_eq!(
        (statement.lines.len(), reasons),
        (1, vec!["pending", "for information"])
    );
    assert_eq!(statement.balance_ok, Some(true));
    assert!(bad(&booked("0", "1", &pending("<Sts>MAYBE</Sts>")))[0].contains("Ntry/Sts"));
}

#[test]
fn days_are_those_that_the_bank_wrote() {
    let moment = entry(
        "1",
        "CRDT",
        "<ValDt><DtTm>2023-12-31T23:30:00-05:00</DtTm></ValDt>",
    )
    .replace(
        "<Dt>2024-01-02</Dt></BookgDt>",
        "<DtTm>2024-01-02T00:15:00.000+14:00</DtTm></BookgDt>",
    );
    let line: StatementLine = only(&booked("0", "1", &moment)).lines.remove(0);
    assert_eq!(
        (line.booking_date, line.value_date),
        (date("2024-01-02"), Some(date("2023-12-31")))
    );
}

#[test]
fn every_bad_entry_is_named() {
    let rest = entry("1,5", "CRDT", "")
        + &entry("-1", "CRDT", "")
        + &entry("1", "CREDIT", "")
        + &entry("1", "CRDT", "<ValDt><Dt>2024-02-30</Dt></ValDt>")
        + &entry("1", "CRDT", "").replace("2024-01-02", "2027-01-02")
        + &entry("1", "CRDT", "").replace("EUR", "USD")
        + &entry("1", "CRDT", "").replace("<BookgDt><Dt>2024-01-02</Dt></BookgDt>", "");
    let found = bad(&booked("0", "x", &rest));
    let columns: Vec<&str> = found
        .iter()
        .map(|line| line.rsplit_once(": ").unwrap().0)
        .collect();
    assert_eq!(
        columns,
        [
            "4: Bal/Amt",
            "5: Ntry/Amt",
            "6: Ntry/Amt",
            "7: Ntry/CdtDbtInd",
            "8: Ntry/ValDt",
            "9: Ntry/BookgDt",
            "10: Ntry/Amt",
            "11: Ntry/BookgDt"
        ],
        "{found:?}"
    );
    assert!(!found.concat().contains("0123456789"));
}

#[test]
fn pages_repeat_balances_and_the_previous_closing_one_opens() {
    let pages = balance("OPBD", "1", "EUR", "CRDT")
        + &balance("CLBD", "2", "EUR", "CRDT")
        + &balance("OPBD", "2", "EUR", "CRDT")
        + &balance("CLBD", "4", "EUR", "CRDT")
        + &balance("ITBD", "9", "EUR", "CRDT");
    let statement = only(&message(&(pages + &entry("3", "CRDT", ""))));
    assert_eq!(
        (statement.balance_ok, statement.closing.unwrap().amount),
        (Some(true), signed("4"))
    );
    let previous = balance("PRCD", "1", "EUR", "DBIT")
        + &balance("CLBD", "2", "EUR", "CRDT")
        + &entry("3", "CRDT", "");
    let statement = only(&message(&previous));
    assert_eq!(
        (statement.balance_ok, statement.opening.unwrap().amount),
        (Some(true), signed("-1"))
    );
}

#[test]
fn a_summary_that_disagrees_is_a_finding() {
    let summary = |count: &str, sum: &str| {
        format!(
            "<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries><Sum>{sum}</Sum></TtlNtries>\
                 <TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>3.00</Sum></TtlCdtNtries></TxsSummry>"
        )
    };
    let right = only(&booked(
        "0",
        "3",
        &(summary("1", "3.0") + &entry("3", "CRDT", "")),
    ));
    assert!(right.findings.is_empty(), "{right:?}");
    let wrong = only(&booked(
        "0",
        "3",
        &(summary("2", "4") + &entry("3", "CRDT", "")),
    ));
    assert_eq!(wrong.findings[0].kind, FindingKind::Summary);
    assert_eq!(
        wrong.findings[0].detail,
        "all entries: the file states 2 and has 1; sum of all entries: the file states 4 and has 3.00"
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        text in "(</?(Ntry|Stmt|Amt|Bal|Sts|Dt|BookgDt|TxDtls)( Ccy=\"EUR\")?/?>|&(amp|#65|x);|<!\\[CDATA\\[|\\]\\]>|<!--|[0-9.-]|\\PC|[<>&\"'=]){0,60}"
    ) {
        let _ = read(&text, &options());
        let _ = read(&booked("0", "1", &text), &options());
        let _ = read(&message(&text), &options());
    }

    #[test]
    fn a_statement_is_read_back_exactly(
        entries in prop::collection::vec((1..=Amount::MAX.units() / 13, any::<bool>(), "[A-Z&<>' ]{0,20}", 10_000_u32..999_999), 0..12),
        opening in 0_i128..1_000_000_000,
    ) {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let text = |units: i128| Signed::from_units(units).unwrap().magnitude().plain(2);
        let side = |units: i128| if units < 0 { "DBIT" } else { "CRDT" };
        let (mut body, mut total, mut expected) = (String::new(), opening, Vec::new());
        for (units, out, words, id) in &entries {
            let units = if *out { -units } else { *units };
            total += units;
            let more = format!("<NtryDtls><TxDtls><Refs><EndToEndId>E{id}</EndToEndId></Refs><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls></NtryDtls>", escaped(words));
            body += &entry(&text(units), side(units), &more);
            expected.push((Signed::from_units(units).unwrap(), Some(format!("E{id}")), common::one_line(words)));
        }
        let balances = balance("OPBD", &text(opening), "EUR", "CRDT") + &balance("CLBD", &text(total), "EUR", side(total));
        let statement = only(&message(&(balances + &body)));
        prop_assert_eq!(statement.balance_ok, Some(true));
        let found: Vec<_> = statement.lines.into_iter().map(|line| (line.amount, line.end_to_end, line.description)).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn empty_elements_say_nothing_and_text_between_elements_is_refused() {
    let details = "<NtryDtls><TxDtls><Refs><Empty/>\n<EndToEndId>E-1</EndToEndId> <Empty> </Empty></Refs><Empty></Empty></TxDtls></NtryDtls>";
    let statement = only(&booked("0.00", "1.00", &entry("1.00", "CRDT", details)));
    assert_eq!(
        statement
            .lines
            .first()
            .and_then(|line| line.end_to_end.as_deref()),
        Some("E-1")
    );
    let mixed = details.replace("</EndToEndId> ", "</EndToEndId>E-2");
    assert_eq!(
        bad(&booked("0.00", "1.00", &entry("1.00", "CRDT", &mixed))),
        ["6: there is text between elements here, or this is more than 4 GB"]
    );
}
