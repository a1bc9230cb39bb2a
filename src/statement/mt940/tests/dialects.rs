//! The dialects of banks.

use super::*;

#[test]
fn the_german_sample_keeps_references_names_and_words() {
    let Some((text, _)) = sample("m01-de-sepa-26-blocks-rc-reversals.sta") else {
        return;
    };
    let parsed = parse(&text);
    let first = &parsed.statements[0].lines[0];
    assert_eq!(first.place, 5);
    assert_eq!(
        first.description,
        "RETOURE EREF+TFNR 40005 00005 MTLG:Grund nicht spezifiziert Reject aus SEPA-Ueberweisungsauftrag"
    );
    assert_eq!(first.end_to_end.as_deref(), Some("TFNR 40005 00005"));
    assert_eq!(first.reference.as_deref(), Some("TFNr 40005 MSGID"));
    assert_eq!(first.bank_id.as_deref(), Some("0724710345313905"));
    let wrapped = &parsed.statements[1].lines[0];
    assert_eq!(
        wrapped.end_to_end.as_deref(),
        Some("EndToEndIdTFNR2000400001")
    );
    assert_eq!(
        wrapped.counterparty_account.as_deref(),
        Some("DE42100100100043921105")
    );
    assert_eq!(
        wrapped.counterparty_name.as_deref(),
        Some("Richter Renate 70 Zeichen Beginn Fuellzeichen xxxxxxxx")
    );
    assert!(
        wrapped
            .description
            .contains("Auftraggeber: Richter Renat Christian"),
        "{}",
        wrapped.description
    );
    assert!(
        wrapped.description.contains("Eingangskanal Mint"),
        "{}",
        wrapped.description
    );
    assert!(
        wrapped
            .description
            .ends_with("Christian Callas 70 Zeichen xxxxxxxxxxxxxxxxxxxxxxxxxx"),
        "{}",
        wrapped.description
    );
    let by_customer = &parsed.statements[1].lines[1];
    assert_eq!(
        by_customer.reference.as_deref(),
        Some("TFNr 01005 PayId CTSc-01 EBB")
    );
    assert_eq!(by_customer.end_to_end, None);
}

#[test]
fn the_reference_of_the_bank_distinguishes_the_lines_of_the_polish_sample() {
    let Some((text, _)) = sample("m10-mbank-pl-ctrl-chars.sta") else {
        return;
    };
    let statement = only(&text);
    let ids: Vec<_> = statement
        .lines
        .iter()
        .filter_map(|line| line.bank_id.as_deref())
        .collect();
    assert_eq!(ids, ["MB170119012058", "MB170119012085", "MB170119012121"]);
    let line = &statement.lines[0];
    assert!(
        line.description
            .contains("OD: JAN NOWAK UL. NIJAKA 1 M 2 31-234 KRAKOW"),
        "{}",
        line.description
    );
    assert!(
        line.description.ends_with("911-TRANSAKCJA IPH"),
        "{}",
        line.description
    );
}

#[test]
fn dutch_codes_between_slashes_are_read() {
    let ing = ":61:2401020102C10,00NTRFEREF//24002123456789\n/TRCD/00100/\n\
               :86:/EREF/EV12341REP1231456T1234//CNTP/NL32INGB0000012345/INGBNL2A/ING B\n\
               ANK N.V. INZAKE WEB///REMI/USTD//EV10001REP1000000T1000/\n";
    let statement = only(&block(ing, "C240101EUR0,00", "C240102EUR10,00"));
    let line = &statement.lines[0];
    assert_eq!(line.end_to_end.as_deref(), Some("EV12341REP1231456T1234"));
    assert_eq!(
        line.counterparty_account.as_deref(),
        Some("NL32INGB0000012345")
    );
    assert_eq!(
        line.counterparty_name.as_deref(),
        Some("ING BANK N.V. INZAKE WEB")
    );
    assert_eq!(line.reference.as_deref(), Some("24002123456789"));
    let abn = "ABNANL2A\n940\nABNANL2A\n:20:ABN AMRO BANK NV\n:25:517852257\n:28:19321/1\n:60F:C240101EUR3236,28\n\
               :61:2401020102D9,00N526NONREF\n:86:/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAM\n\
               E/J. JANSEN/REMI/FACTUUR 12/EREF/NOTPROVIDED\n:62F:C240102EUR3227,28\n-";
    let statement = only(abn);
    let line = &statement.lines[0];
    assert_eq!(
        (
            line.counterparty_name.as_deref(),
            line.end_to_end.as_deref()
        ),
        (Some("J. JANSEN"), None)
    );
    assert_eq!(
        line.counterparty_account.as_deref(),
        Some("NL91ABNA0417164300")
    );
    assert_eq!(
        (line.place, statement.balance_ok, line.reference.as_deref()),
        (8, Some(true), None)
    );
    let rabo = ":940:\n:20:940S240102\n:25:NL34RABO0142623393 EUR\n:28C:0\n:60F:C240101EUR000000004433,52\n\
                :61:240102D000000000004,95N102EREF//00000000000000000000\nNL91ABNA0417164300\n\
                :86:/EREF/02-01-2024 12:00 1/BENM//NAME/Winkel B.V./REMI/Bestelling/ISDT/2024-01-02\n\
                :62F:C240102EUR000000004428,57\n";
    let statement = only(rabo);
    let line = &statement.lines[0];
    assert_eq!(
        line.counterparty_account.as_deref(),
        Some("NL91ABNA0417164300")
    );
    assert_eq!(
        (line.counterparty_name.as_deref(), line.bank_id.as_deref()),
        (Some("Winkel B.V."), None)
    );
    assert_eq!(line.end_to_end.as_deref(), Some("02-01-2024 12:00 1"));
}

#[test]
fn polish_subfields_have_another_separator() {
    let lines = ":61:2401020102DN100,50N641NONREF//BR1234567890\n:86:641~00641~20FAKTURA 12/2024~21~22~3010902590~31ABC\n\
                 ~32FIRMA HANDLOWA SPOLKA Z OGR~33ANICZONA~38PL12109025900000000142279018\n";
    let statement = only(&block(lines, "C240101PLN200,50", "C240102PLN100,00"));
    let line = &statement.lines[0];
    assert_eq!(
        line.counterparty_name.as_deref(),
        Some("FIRMA HANDLOWA SPOLKA Z OGRANICZONA")
    );
    assert_eq!(
        line.counterparty_account.as_deref(),
        Some("PL12109025900000000142279018")
    );
    assert_eq!(
        (line.amount, line.bank_id.as_deref()),
        (signed("-100.50"), Some("BR1234567890"))
    );
}

#[test]
fn swift_envelopes_and_other_tags_are_tolerated() {
    let text = "{1:F01AAAABB99BSMK3513951576}{2:O9400934081223BBBBAA33XXXX03592332770812230834N}{4:\r\n:20:A\r\n:21:NONREF\r\n\
                :25P:1234567890\r\nBANKNGLA\r\n:28C:49/1\r\n:NS:22x\r\n:13D:2401021200+0100\r\n:60F:C240101NGN1000,\r\n\
                :61:2401020102C500,00S103R1//B0001\r\n:86:ONE\r\n-\r\nTWO\r\n:62F:C240102NGN1500,\r\n\
                :86:ABOUT ALL\r\n:64:C240102NGN1500,\r\n:86:ABOUT ALL\r\n-}{5:{MAC:1}}\r\n\
                {1:F01AAAABB99BSMK3513951576}{2:I940}{4::20:B\r\n:25:2\r\n:60M:D240102NGN1,\r\n:62M:D240102NGN1,\r\n-}";
    let parsed = parse(text);
    let [first, second] = parsed.statements.as_slice() else {
        panic!("{parsed:?}")
    };
    assert_eq!(
        (first.account.as_deref(), first.reference.as_deref()),
        (Some("1234567890"), Some("49/1"))
    );
    assert_eq!(first.lines[0].description, "ONE - TWO");
    assert_eq!(
        (second.reference.as_deref(), second.balance_ok),
        (Some("B"), Some(true))
    );
    assert_eq!(second.opening.unwrap().amount, signed("-1"));
}
