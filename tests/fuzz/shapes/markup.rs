//! Costly inputs of OFX and CAMT.053.

use super::{DEEP, long, same};

pub(super) fn ofx() -> Vec<(&'static str, Vec<u8>)> {
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

pub(super) fn camt() -> Vec<(&'static str, Vec<u8>)> {
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
