//! What a file is, by its first bytes and words. A name such as `statement.xls` proves nothing.

use super::error::StatementError;
use crate::domain::statement::StatementFormat;

/// How many bytes at the start of a file are looked at.
const MOST_BYTES: usize = 16_384;

/// The first bytes of files that are not text, and what such a file is.
const KNOWN_BINARY: [(&[u8], &str); 14] = [
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook (.xls); open it and save the sheet as CSV",
    ),
    (
        b"%PDF",
        "a PDF document; ask the bank for CSV, OFX, CAMT.053 or MT940",
    ),
    (b"\x1f\x8b", "a compressed file (GZIP); unpack it first"),
    (b"BZh", "a compressed file (BZIP2); unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file (XZ); unpack it first"),
    (
        b"\x28\xb5\x2f\xfd",
        "a compressed file (ZSTD); unpack it first",
    ),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
];

/// Refuses a file that is empty or not text, before it is decoded.
///
/// # Errors
/// [`StatementError::NotAStatement`] if the file has a known binary format,
/// [`StatementError::Empty`] if it is empty.
pub(super) fn refuse_known_binary(bytes: &[u8]) -> Result<(), StatementError> {
    if bytes
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    {
        return Err(StatementError::Empty {
            detail: "it is empty".to_owned(),
        });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let head = bytes.get(..MOST_BYTES).unwrap_or(bytes);
        let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
        let what = if holds(b"[Content_Types].xml") || holds(b"xl/") {
            "an Excel workbook (.xlsx); open it and save the sheet as CSV"
        } else if holds(b"application/vnd.oasis.opendocument.spreadsheet") {
            "an OpenDocument spreadsheet (.ods); open it and save the sheet as CSV"
        } else {
            "a ZIP archive; unpack it first"
        };
        return Err(StatementError::NotAStatement { what });
    }
    match KNOWN_BINARY
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
    {
        Some((_, what)) => Err(StatementError::NotAStatement { what }),
        None => Ok(()),
    }
}

/// Returns the format of a statement.
///
/// # Errors
/// [`StatementError`] if the text is not a statement.
pub(super) fn format(text: &str) -> Result<StatementFormat, StatementError> {
    let head = head(text);
    let lower = head.to_ascii_lowercase();
    let start = lower.trim_start();
    let refuse = |what| Err(StatementError::NotAStatement { what });
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
    } else if start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        "an Excel workbook saved as XML; open it and save the sheet as CSV"
    } else if [
        "!doctype html",
        "html",
        "table",
        "head",
        "body",
        "meta",
        "div",
        "style",
    ]
    .iter()
    .any(|tag| has_tag(start, tag))
    {
        "an HTML page (some banks name such a page .xls); open it in a spreadsheet and save it as CSV"
    } else if start.contains("camt.052") || start.contains("camt.054") {
        "a CAMT.052 or CAMT.054 report, which has no booked balances; ask the bank for CAMT.053"
    } else if start.contains("pain.00") {
        "a payment file or its status report (pain.001, pain.002)"
    } else {
        "an XML document of another kind"
    };
    Err(StatementError::NotAStatement { what })
}

/// Returns whether a text has an opening tag of this name, with or without a prefix such as `ns2:`.
fn has_tag(lower: &str, name: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    lower.match_indices(name).any(|(at, _)| {
        let before = lower.get(..at).unwrap_or_default();
        let after = lower.get(at + name.len()..).unwrap_or_default();
        let before = before
            .strip_suffix(':')
            .map_or(before, |prefix| prefix.trim_end_matches(in_name));
        before.ends_with('<')
            && after.starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace())
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

/// Returns whether more than one character in twenty does not belong in a text.
fn is_binary(head: &str) -> bool {
    let odd = head
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || *c == '\u{fffd}')
        .count();
    odd * 20 > head.chars().count()
}

fn head(text: &str) -> &str {
    let end = (0..=MOST_BYTES.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(bytes: &[u8]) -> &'static str {
        let found =
            refuse_known_binary(bytes).and_then(|()| format(&String::from_utf8_lossy(bytes)));
        match found {
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
        assert!(what(b"PK\x03\x04....[Content_Types].xml").contains(".xlsx"));
        assert!(what(b"PK\x03\x04....statement.csv").contains("ZIP"));
        assert!(what(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....").contains(".xls"));
        assert!(what(b"%PDF-1.7").contains("PDF"));
        assert!(what(b"\x1f\x8b\x08").contains("GZIP"));
        assert!(what(b"<table border=1><tr><td>Date</td></tr>").contains("HTML"));
        assert!(
            what(b"\r\n<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body>")
                .contains("HTML")
        );
        assert!(what(b"<?xml version=\"1.0\"?><note/>").contains("XML"));
        assert!(what(b"\x01\x02\x03\x04abc\x05\x06").contains("binary"));
        assert!(what(b"{\"date\": 1}").contains("JSON"));
        for empty in [&b""[..], b" \r\n\t", b"\x00\x00"] {
            assert!(matches!(
                refuse_known_binary(empty),
                Err(StatementError::Empty { .. })
            ));
        }
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
