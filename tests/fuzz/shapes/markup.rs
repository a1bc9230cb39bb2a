//! Costly inputs of OFX and CAMT.053.

use super::{DEEP, long, same};

/// The start of an OFX file up to its transactions.
const OFX: &str = "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>NGN<BANKTRANLIST>";
/// The start of a CAMT.053 file up to its entries, and what follows them.
const CAMT: &str = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>1</Id>";
const CAMT_END: &str = "</Stmt></BkToCstmrStmt></Document>";
/// The start of an entry up to the texts of its details, and what follows them.
const DETAILS: &str = "<Ntry><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-05</Dt></BookgDt><NtryDtls><TxDtls><RmtInf>";
const DETAILS_END: &str = "</RmtInf></TxDtls></NtryDtls></Ntry>";

pub(super) fn ofx() -> Vec<(&'static str, Vec<u8>)> {
    [ofx_tags(), ofx_texts()].concat()
}

/// Tags and transactions that are many or have no end.
fn ofx_tags() -> Vec<(&'static str, Vec<u8>)> {
    let begins = OFX;
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

/// Texts that are long or many in one transaction.
fn ofx_texts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
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
    ]
}

pub(super) fn camt() -> Vec<(&'static str, Vec<u8>)> {
    [camt_entries(), camt_children(), camt_entities()].concat()
}

/// Entries that are many, deep, bad or empty.
fn camt_entries() -> Vec<(&'static str, Vec<u8>)> {
    let (begins, ends) = (CAMT, CAMT_END);
    let entry = |at: usize| {
        format!(
            "<Ntry><Amt Ccy=\"EUR\">{at}.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-05</Dt></BookgDt>\
             <AcctSvcrRef>ABC-{at}</AcctSvcrRef><AddtlNtryInf>TRANSFER TO SOMEONE</AddtlNtryInf></Ntry>\n"
        )
    };
    let deep = |name: &str| {
        begins
            .bytes()
            .chain(format!("<{name}>").repeat(DEEP).into_bytes())
            .collect()
    };
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
            "statements",
            same(
                "<Document><BkToCstmrStmt>",
                "<Stmt></Stmt>",
                "</BkToCstmrStmt></Document>",
            ),
        ),
    ]
}

/// Elements, texts and attributes that are many or long in one entry.
fn camt_children() -> Vec<(&'static str, Vec<u8>)> {
    let (begins, ends) = (CAMT, CAMT_END);
    let (entry, entry_end) = (format!("{begins}<Ntry>"), format!("</Ntry>{ends}"));
    let (texts, texts_end) = (format!("{begins}{DETAILS}"), format!("{DETAILS_END}{ends}"));
    vec![
        (
            "empty children in an entry",
            same(&entry, "<a/>", &entry_end),
        ),
        (
            "short children in an entry",
            same(&entry, "<a>x</a>", &entry_end),
        ),
        (
            "short details",
            same(
                &format!("{begins}<Ntry><NtryDtls>"),
                "<TxDtls>x</TxDtls>",
                &format!("</NtryDtls></Ntry>{ends}"),
            ),
        ),
        ("short texts", same(&texts, "<Ustrd>x</Ustrd>", &texts_end)),
        (
            "text between elements",
            same(&entry, "<a>x</a>y", &entry_end),
        ),
        (
            "texts in an entry",
            long(&texts, |at| format!("<Ustrd>text {at}</Ustrd>"), &texts_end),
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
    ]
}

/// Entities and document types.
fn camt_entities() -> Vec<(&'static str, Vec<u8>)> {
    let (begins, ends) = (CAMT, CAMT_END);
    vec![
        ("entities", same(begins, "&amp;", ends)),
        ("unknown entities", same(begins, "&lol;", ends)),
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
