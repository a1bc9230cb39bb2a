//! The format of a statement, by the words of its text.

use super::error::StatementError;
use crate::{
    domain::statement::StatementFormat,
    tabular::{has_tag, head, is_binary, page},
};

/// Returns the format of a statement.
///
/// # Errors
/// [`StatementError`] if the text is not a statement.
pub(super) fn format(text: &str) -> Result<StatementFormat, StatementError> {
    let head = head(text);
    let lower = head.to_ascii_lowercase();
    let start = lower.trim_start();
    let refuse = |what: &str| {
        Err(StatementError::NotAStatement {
            what: what.to_owned(),
        })
    };
    if start.is_empty() {
        return Err(StatementError::Empty {
            detail: "it is empty".to_owned(),
        });
    }
    // A narration may contain anything, so the tag counts only at the start of a line.
    let opens = |begin: &str| {
        lower
            .split(['\n', '\r'])
            .any(|line| line.trim_start().starts_with(begin))
    };
    let declares = start.contains("<!entity")
        || (start.contains("<!doctype") && !start.contains("<!doctype html"));
    if start.starts_with('<') && declares {
        return refuse("XML with a document type declaration, which is not supported");
    }
    if opens("ofxheader:")
        || opens("<?ofx")
        || opens("<ofx>")
        || start.starts_with('<') && has_tag(start, "ofx")
    {
        return Ok(StatementFormat::Ofx);
    }
    if start.starts_with('<') {
        return xml(start);
    }
    if is_mt940(head) {
        return Ok(StatementFormat::Mt940);
    }
    if is_binary(head) {
        return refuse("binary data");
    }
    if start.starts_with('{') && start.contains("\":") || start.starts_with("[{") {
        return refuse("JSON");
    }
    Ok(StatementFormat::Csv)
}

/// Returns the format of a text that begins with a tag; it is in lower case.
fn xml(start: &str) -> Result<StatementFormat, StatementError> {
    let what = if has_tag(start, "schema") {
        "an XML schema"
    } else if start.contains("camt.053") || has_tag(start, "bktocstmrstmt") {
        return Ok(StatementFormat::Camt053);
    } else if let Some(what) = page(start) {
        what
    } else if start.contains("camt.052") || start.contains("camt.054") {
        "a CAMT.052 or CAMT.054 report, which has no booked balances; ask the bank for CAMT.053"
    } else if start.contains("pain.00") {
        "a payment file or its status report (pain.001, pain.002)"
    } else {
        "an XML document of another kind"
    };
    Err(StatementError::NotAStatement {
        what: what.to_owned(),
    })
}

/// Returns whether lines open with the tags that every MT940 message has.
fn is_mt940(head: &str) -> bool {
    let opens = |tag: &str| {
        head.split(['\n', '\r']).any(|line| {
            line.trim_start_matches(|c: char| c.is_control() || c == '\u{feff}')
                .starts_with(tag)
        })
    };
    let balance = opens(":60F:") || opens(":60M:");
    balance && (opens(":25:") || opens(":20:"))
        || opens(":20:") && opens(":25:") && (opens(":61:") || opens(":28"))
        || head.trim_start().starts_with("{1:F") && head.contains(":20:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(bytes: &[u8]) -> String {
        match format(&String::from_utf8_lossy(bytes)) {
            Err(StatementError::NotAStatement { what }) => what,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn no_document_type_is_followed() {
        let bomb =
            b"<?xml version=\"1.0\"?>\n<!DOCTYPE OFX [<!ENTITY a \"aaaa\">]>\n<OFX>&a;</OFX>";
        assert!(what(bomb).contains("document type"));
    }

    #[test]
    fn a_file_that_is_not_a_statement_is_named() {
        assert!(what(b"<table border=1><tr><td>Date</td></tr>").contains("HTML"));
        assert!(
            what(b"\r\n<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body>")
                .contains("HTML")
        );
        assert!(what(b"<?xml version=\"1.0\"?><note/>").contains("XML"));
        assert!(what(b"\x01\x02\x03\x04abc\x05\x06").contains("binary"));
        assert!(what(b"{\"date\": 1}").contains("JSON"));
        assert!(matches!(
            format(" \r\n\t"),
            Err(StatementError::Empty { .. })
        ));
    }

    #[test]
    fn the_content_shows_the_format() {
        let format_of = |text: &str| format(text).unwrap();
        assert_eq!(
            format_of("OFXHEADER:100\nDATA:OFXSGML\n<OFX>"),
            StatementFormat::Ofx
        );
        assert_eq!(
            format_of("<?xml version=\"1.0\"?>\n<?OFX OFXHEADER=\"200\"?><OFX>"),
            StatementFormat::Ofx
        );
        let camt = "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">";
        assert_eq!(format_of(camt), StatementFormat::Camt053);
        assert_eq!(
            format_of("<ns2:Document><ns2:BkToCstmrStmt>"),
            StatementFormat::Camt053
        );
        assert_eq!(
            format_of("\u{1}\r\n:20:ST1\r\n:25:PL29\r\n:28C:1/1\r\n:60F:C170119PLN0,40"),
            StatementFormat::Mt940
        );
        assert_eq!(format_of("Date,Narration,Amount\n"), StatementFormat::Csv);
        assert_eq!(
            format_of("Date,Text,Amount\n13/10/2026,<OFX> x,1\n"),
            StatementFormat::Csv
        );
        assert_eq!(
            format_of("Date;Text\n01.02.2026;:20: in a text\n"),
            StatementFormat::Csv
        );
    }
}
