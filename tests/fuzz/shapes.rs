//! Inputs of up to a megabyte that are built to be costly: endless lines, open quotes, deep
//! nesting, entities that multiply.

use crate::{dictionary::seeds, figures::sized};

/// How long an input is.
fn length() -> usize {
    sized(200_000, 1_000_000)
}

/// How deep elements are put into each other.
const DEEP: usize = 100_000;

/// Inputs that were found, by the fuzzer or by the twins, and for which a mistake was mended.
pub(crate) const FOUND: &[(&str, &[u8])] = &[
    // The widest number had no room for a zero behind it.
    ("amount", b"999999949991994999919.9999999"),
    // A message held a control character of what was written.
    ("amount", b"\x11,250"),
    ("date", b"2026\x1b[2J"),
    ("profile", b"\x1b = 1"),
    ("csv_imports", b"holder,tokens\n\x1b[2J,\x1b[2J\n"),
    // The name of a column turned the direction of a message.
    (
        "delimited",
        "Date\u{202e},Narration,Amount\r\n2026-06-01,one,1.00\r\n2026-06-0x,two,2.00\r\n"
            .as_bytes(),
    ),
    // A message repeated what could be an account number.
    ("csv_imports", b"holder,amount\nada,0123456785x\n"),
    ("profile", b"99999999999999999999"),
    // Lines were skipped beyond the end of the text, one after the other.
    ("profile", b"name = \"x\"\nskip = 9223372036854775807\n"),
];

/// Names the costly inputs of a target.
pub(crate) fn of(target: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut shapes = everywhere();
    shapes.extend(match target {
        "amount" | "date" => numbers(),
        "delimited" => delimited(),
        "ofx" => ofx(),
        "camt" => camt(),
        "mt940" => mt940(),
        "csv_imports" => imports(),
        "profile" => profiles(),
        _ => Vec::new(),
    });
    for seed in seeds(target) {
        shapes.push((
            "a seed, again and again",
            long("", |_| String::from_utf8_lossy(&seed).into_owned(), ""),
        ));
    }
    shapes
}

/// Repeats what a number gives until the input is long enough.
fn long(before: &str, each: impl Fn(usize) -> String, after: &str) -> Vec<u8> {
    let (mut text, length) = (before.to_owned(), length());
    for at in 0.. {
        let next = each(at);
        if text.len() + next.len() + after.len() > length {
            break;
        }
        text.push_str(&next);
    }
    text.push_str(after);
    text.into_bytes()
}

fn same(before: &str, unit: &'static str, after: &str) -> Vec<u8> {
    long(before, |_| unit.to_owned(), after)
}

fn everywhere() -> Vec<(&'static str, Vec<u8>)> {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut shapes: Vec<_> = [
        ("zeros", "\0"),
        ("line feeds", "\n"),
        ("carriage returns", "\r"),
        ("commas", ","),
        ("tabs", "\t"),
        ("quotes", "\""),
        ("brackets", "<"),
        ("ampersands", "&"),
        ("colons", ":"),
        ("nines", "9"),
        ("points", "."),
        ("spaces", " "),
        ("letters", "a"),
        ("byte-order marks", "\u{feff}"),
        ("signs of four bytes", "\u{1f33e}"),
        ("short lines", "a\n"),
        ("short lines that end in carriage returns", "a\r"),
        ("short cells", "a,"),
        ("escapes", "\u{1b}[2J"),
    ]
    .map(|(what, unit)| (what, same("", unit, "")))
    .into();
    shapes.push(("no UTF-8", vec![0xff; length()]));
    shapes.push(("half of each sign", vec![0xc3; length()]));
    shapes.push((
        "wide text",
        [
            b"\xff\xfe".to_vec(),
            wide(&"Date,Amount\n2026-06-24,1.00\n".repeat(length() / 60)),
        ]
        .concat(),
    ));
    shapes.push((
        "wide text, half",
        [b"\xfe\xff".to_vec(), vec![0xd8; length()]].concat(),
    ));
    shapes
}

fn numbers() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("zeros behind the point", same("0.", "0", "1")),
        ("zeros before the number", same("", "0", "1.5")),
        ("grouped", same("1", ",000", "")),
        ("a year of many digits", same("", "2", "-01-01")),
    ]
}

fn delimited() -> Vec<(&'static str, Vec<u8>)> {
    let header = "Date,Narration,Amount\n";
    vec![
        (
            "an open quote",
            same("Date,Narration,Amount\n2026-06-24,\"", "A", ",-1.00\n"),
        ),
        (
            "one field",
            same("Date,Narration,Amount\n2026-06-24,", "A", ",-1.00\n"),
        ),
        (
            "quoted lines",
            same("Date,Narration,Amount\n2026-06-24,\"", "A\n", "\",-1.00\n"),
        ),
        (
            "usual lines",
            long(
                header,
                |at| format!("2026-06-24,TRF TO OKORO REF {at:07} ABUJA BRANCH,-{at}.00\n"),
                "",
            ),
        ),
        (
            "bad lines",
            long(
                header,
                |at| format!("2026-06-31,TRF TO OKORO REF {at:07} ABUJA BRANCH,{at}.00\n"),
                "",
            ),
        ),
        (
            "continued lines",
            same(
                "Date,Narration,Amount\n2026-06-24,A,-1.00\n",
                ",more,\n",
                "",
            ),
        ),
        ("headers", same("", "Date,Narration,Amount\n", "")),
        (
            "a wide header",
            long(
                "Date,Amount,",
                |at| format!("Column {at},"),
                "\n2026-06-24,-1.00\n",
            ),
        ),
        (
            "many columns of one name",
            same("Date,Amount", ",Amount", "\n2026-06-24,-1.00\n"),
        ),
        (
            "a wide line",
            same("Date,Narration,Amount\n2026-06-24,A,-1.00", ",x", "\n"),
        ),
        (
            "account numbers above the header",
            same(
                "",
                "Account Number,0123456785\n",
                "Date,Narration,Amount\n2026-06-24,A,1.00\n",
            ),
        ),
        (
            "balances that break",
            long(
                "Date,Narration,Debit,Credit,Balance\n",
                |at| format!("24/06/2026,TRF TO SOMEONE,{at}.00,,{}.00\n", at * 7 % 1000),
                "",
            ),
        ),
        (
            "dates of two kinds",
            long(
                header,
                |at| {
                    format!(
                        "{:02}/{:02}/2026,TRANSFER TO SOMEONE,-{at}.00\n",
                        at % 12 + 1,
                        at / 12 % 12 + 1
                    )
                },
                "",
            ),
        ),
    ]
}

fn ofx() -> Vec<(&'static str, Vec<u8>)> {
    let begins = "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>NGN<BANKTRANLIST>";
    let transaction = |at: usize| {
        format!(
            "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260605<TRNAMT>-{at}.00<FITID>A{at}<NAME>OKORO AND SONS<MEMO>NIP TRF</STMTTRN>\n"
        )
    };
    vec![
        (
            "unclosed tags",
            begins
                .bytes()
                .chain("<A>".repeat(DEEP).into_bytes())
                .collect(),
        ),
        (
            "unclosed transactions",
            begins
                .bytes()
                .chain("<STMTTRN>".repeat(DEEP).into_bytes())
                .collect(),
        ),
        (
            "closing tags",
            begins
                .bytes()
                .chain("</STMTTRN>".repeat(DEEP).into_bytes())
                .collect(),
        ),
        ("transactions", long(begins, transaction, "</BANKTRANLIST>")),
        (
            "bad transactions",
            long(
                begins,
                |at| transaction(at).replace("20260605", "20260631"),
                "",
            ),
        ),
        (
            "a long memo",
            same(
                "OFXHEADER:100\n<OFX><STMTRS><STMTTRN><DTPOSTED>20260605<TRNAMT>-1.00<MEMO>",
                "A",
                "",
            ),
        ),
        (
            "memos",
            same(
                "OFXHEADER:100\n<OFX><STMTRS><STMTTRN><DTPOSTED>20260605<TRNAMT>-1.00",
                "<MEMO>ab",
                "",
            ),
        ),
        (
            "entities",
            same(
                "OFXHEADER:100\n<OFX><STMTRS><STMTTRN><DTPOSTED>20260605<TRNAMT>-1.00<MEMO>",
                "&amp;",
                "",
            ),
        ),
        ("open CDATA", same(begins, "<![CDATA[", "")),
        ("open comments", same(begins, "<!--", "")),
        ("open declarations", same(begins, "<!A", "")),
        ("tags that do not end", same(begins, "<A ", "")),
        (
            "statements",
            same("OFXHEADER:100\n<OFX>", "<STMTRS><CURDEF>NGN</STMTRS>", ""),
        ),
    ]
}

fn camt() -> Vec<(&'static str, Vec<u8>)> {
    let begins = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>1</Id>";
    let entry = |at: usize| {
        format!(
            "<Ntry><Amt Ccy=\"EUR\">{at}.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-05</Dt></BookgDt>\
             <AcctSvcrRef>ABC-{at}</AcctSvcrRef><AddtlNtryInf>TRANSFER TO SOMEONE</AddtlNtryInf></Ntry>\n"
        )
    };
    let ends = "</Stmt></BkToCstmrStmt></Document>";
    let deep = |name: &str| {
        begins
            .bytes()
            .chain(format!("<{name}>").repeat(DEEP).into_bytes())
            .collect()
    };
    let one = "<Ntry><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-05</Dt></BookgDt><NtryDtls><TxDtls><RmtInf>";
    vec![
        ("deep nesting", deep("a")),
        ("deep entries", deep("Ntry")),
        ("entries", long(begins, entry, ends)),
        (
            "bad entries",
            long(begins, |at| entry(at).replace("06-05", "06-31"), ends),
        ),
        ("empty entries", same(begins, "<Ntry/>", ends)),
        ("empty balances", same(begins, "<Bal/>", ends)),
        (
            "empty children in an entry",
            same(
                &format!("{begins}<Ntry>"),
                "<a/>",
                &format!("</Ntry>{ends}"),
            ),
        ),
        (
            "short children in an entry",
            same(
                &format!("{begins}<Ntry>"),
                "<a>x</a>",
                &format!("</Ntry>{ends}"),
            ),
        ),
        (
            "short details",
            same(
                &format!("{begins}<Ntry><NtryDtls>"),
                "<TxDtls>x</TxDtls>",
                &format!("</NtryDtls></Ntry>{ends}"),
            ),
        ),
        (
            "short texts",
            same(
                &format!("{begins}{one}"),
                "<Ustrd>x</Ustrd>",
                &format!("</RmtInf></TxDtls></NtryDtls></Ntry>{ends}"),
            ),
        ),
        (
            "text between elements",
            same(
                &format!("{begins}<Ntry>"),
                "<a>x</a>y",
                &format!("</Ntry>{ends}"),
            ),
        ),
        (
            "texts in an entry",
            long(
                &format!("{begins}{one}"),
                |at| format!("<Ustrd>text {at}</Ustrd>"),
                &format!("</RmtInf></TxDtls></NtryDtls></Ntry>{ends}"),
            ),
        ),
        (
            "a huge attribute",
            same(&format!("{begins}<Ntry a=\""), "x", &format!("\"/>{ends}")),
        ),
        (
            "many attributes",
            long(
                &format!("{begins}<Ntry "),
                |at| format!("a{at}=\"\" "),
                &format!("/>{ends}"),
            ),
        ),
        ("open attributes", same(begins, "<Ntry a=\"", "")),
        ("a huge name", same(&format!("{begins}<"), "x", "/>")),
        ("entities", same(begins, "&amp;", ends)),
        ("unknown entities", same(begins, "&lol;", ends)),
        (
            "statements",
            same(
                "<Document><BkToCstmrStmt>",
                "<Stmt></Stmt>",
                "</BkToCstmrStmt></Document>",
            ),
        ),
        (
            "a comment before the document type",
            same(
                "<!--",
                " ",
                &format!("--><!DOCTYPE a [<!ENTITY b \"c\">]>{begins}&b;{ends}"),
            ),
        ),
        (
            "an external entity",
            same(
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><Document><BkToCstmrStmt><Stmt><Id>",
                "&b;",
                ends,
            ),
        ),
        (
            "laughs",
            long(
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"lol\">",
                |at| format!("<!ENTITY l{} \"&l{at};&l{at};&l{at};\">", at + 1),
                "]><a/>",
            ),
        ),
    ]
}

fn mt940() -> Vec<(&'static str, Vec<u8>)> {
    let begins = ":20:A\n:25:123\n:28C:1/1\n:60F:C260601NGN1000,00\n";
    let one = ":61:2606050605D1,00NTRFREF1//B1\n";
    vec![
        (
            "continued details",
            same(
                &format!("{begins}{one}:86:first\n"),
                "and more of the same text\n",
                "",
            ),
        ),
        (
            "details of full width",
            long(
                &format!("{begins}{one}:86:first\n"),
                |_| format!("{}\n", "x".repeat(65)),
                "",
            ),
        ),
        (
            "structured details",
            same(
                &format!("{begins}{one}:86:166"),
                "?20ab",
                "\n:62F:C260605NGN999,00\n",
            ),
        ),
        (
            "keywords",
            same(&format!("{begins}{one}:86:"), "/EREF/AB/REMI/cd", "\n"),
        ),
        (
            "lines",
            long(
                begins,
                |at| {
                    format!(
                        ":61:2606050605D{at},00NTRFREF{at}//B{at}\n:86:TRANSFER TO SOMEONE IN ABUJA\n"
                    )
                },
                "-\n",
            ),
        ),
        (
            "bad lines",
            long(
                begins,
                |at| {
                    format!(
                        ":61:2613050605D{at},00NTRFREF{at}//B{at}\n:86:TRANSFER TO SOMEONE IN ABUJA\n"
                    )
                },
                "-\n",
            ),
        ),
        ("details without a line", same(begins, ":86:x\n", "")),
        (
            "balances",
            same(
                ":20:A\n:25:123\n",
                ":60F:C260601NGN1000,00\n:62F:C260601NGN1000,00\n",
                "",
            ),
        ),
        (
            "statements",
            same(
                "",
                ":20:A\n:25:1\n:28C:1\n:60F:C260601NGN1,00\n:62F:C260601NGN1,00\n-\n",
                "",
            ),
        ),
        (
            "a line without an end",
            same(&format!("{begins}:61:2606050605D"), "1", ",00NTRF\n"),
        ),
        ("wrappers", same("", "{1:F01}{2:I940}{4:\n", begins)),
        ("unknown tags", same(begins, ":99:x\n", "")),
    ]
}

fn imports() -> Vec<(&'static str, Vec<u8>)> {
    let holders = "code,name,email,country,bank_name,bank_code,account_number,account_name\n";
    vec![
        ("an open quote", same("code,name\nada,\"", "A", "\n")),
        ("one field", same("code,name\nada,", "A", "\n")),
        ("quoted lines", same("code,name\nada,\"", "A\n", "\"\n")),
        (
            "usual holders",
            long(
                holders,
                |at| {
                    format!(
                        "H{at:07},Holder number {at},h{at}@example.org,NG,GTBank,058,{:010},Holder number {at}\n",
                        at + 1
                    )
                },
                "",
            ),
        ),
        (
            "bad holders",
            long(
                holders,
                |at| {
                    format!(
                        "H {at:07},Holder number {at},h{at}@example.org,NG,GTBank,058,{:03},Holder number {at}\n",
                        at % 999
                    )
                },
                "",
            ),
        ),
        (
            "holders twice",
            same(
                holders,
                "ada,Ada Obi of the long street,ada@example.org,NG,GTBank,058,0123456785,Ada Obi\n",
                "",
            ),
        ),
        (
            "a register",
            long(
                "holder,tokens,name\n",
                |at| format!("H{at:07},{at}.1234567,Holder number {at} of many\n"),
                "",
            ),
        ),
        (
            "cuts",
            long(
                "holder,tokens,name\n",
                |at| format!("H{at:07},{at}.123456789012345678,Holder number {at} of many\n"),
                "",
            ),
        ),
        (
            "payments",
            long(
                "withdrawal,reference,date,amount,notes\n",
                |at| format!("W-{at:06},TRX-2026-06-{at:07},2026-06-01,{at}.50,paid by transfer\n"),
                "",
            ),
        ),
        (
            "requests",
            long(
                "holder,amount,bank_name,account_number,notes\n",
                |at| format!("H{at:07},{at}.50,GTBank,{:010},quarter\n", at + 1),
                "",
            ),
        ),
        (
            "an unknown header",
            long("code,name", |at| format!(",column {at}"), "\nada,Ada\n"),
        ),
        (
            "a heading of many letters",
            same("code,", "x", "\nada,Ada\n"),
        ),
        (
            "numbers of many digits",
            same("holder,amount\nada,", "9", "\n"),
        ),
    ]
}

fn profiles() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("deep arrays", same("name = ", "[", "")),
        ("deep tables", same("name = ", "{a=", "")),
        ("dotted keys", same("a", ".a", " = 1")),
        ("a deep table", same("[a", ".a", "]")),
        ("many keys", long("name = \"x\"\n", |at| format!("key{at} = {at}\n"), "")),
        ("many tables", long("name = \"x\"\n", |at| format!("[t{at}]\n"), "")),
        ("many words", long("name = \"x\"\nskip_words = [", |at| format!("\"w{at}\","), "]\n")),
        (
            "many columns",
            long(
                "name = \"x\"\n[columns]\ndate = 1\namount = 2\ndescription = [",
                |at| format!("{},", at % 50 + 1),
                "]\n---\n2026-06-24,1.00\n",
            ),
        ),
        ("a long string", same("name = \"", "x", "\"")),
        ("an open string", same("name = \"\"\"", "x\n", "")),
        ("a long date format", same("name = \"x\"\ndate_format = \"DD/MM/YYYY", "/", "\"")),
        ("columns of a command line", long("date=1", |at| format!(",description={}", at % 90 + 1), "")),
        (
            "a far column",
            b"name = \"x\"\nheader = false\n[columns]\ndate = 18446744073709551615\namount = 9223372036854775807\n".to_vec(),
        ),
        ("a far skip", b"name = \"x\"\nskip = 9223372036854775807\n".to_vec()),
    ]
}
