//! What a file is, by its first bytes. A name such as `statement.xls` proves nothing.

/// How many bytes at the start of a file are looked at.
const MOST_BYTES: usize = 16_384;

/// The first bytes of files that are neither text nor workbooks, and what such a file is.
const KNOWN_BINARY: [(&[u8], &str); 13] = [
    (
        b"%PDF",
        "a PDF document; ask for CSV or Excel, and a bank also for OFX, CAMT.053 or MT940",
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

/// The kind of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WorkbookKind {
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007.
    Xls,
    /// OpenDocument.
    Ods,
}

impl WorkbookKind {
    /// Names it for messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "an Excel workbook (.xlsx)",
            Self::Xls => "an old Excel workbook (.xls)",
            Self::Ods => "an OpenDocument spreadsheet (.ods)",
        }
    }
}

/// What the first bytes of a file show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileContent {
    /// Nothing but white space.
    Empty,
    /// A workbook.
    Workbook(WorkbookKind),
    /// Neither text nor a workbook: what it is.
    Other(&'static str),
    /// Nothing against text.
    Text,
}

/// Returns what the first bytes of a file show.
pub(crate) fn of(bytes: &[u8]) -> FileContent {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    if bytes.iter().all(is_blank) {
        return FileContent::Empty;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return archive(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return FileContent::Workbook(WorkbookKind::Xls);
    }
    KNOWN_BINARY
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map_or(FileContent::Text, |(_, what)| FileContent::Other(what))
}

/// Returns what a ZIP archive is. The names of its files are at its end too.
fn archive(bytes: &[u8]) -> FileContent {
    let head = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    let tail = bytes
        .get(bytes.len().saturating_sub(MOST_BYTES)..)
        .unwrap_or_default();
    let within = |part: &[u8], name: &[u8]| part.windows(name.len()).any(|window| window == name);
    let holds = |name: &[u8]| within(head, name) || within(tail, name);
    if holds(b"xl/workbook.bin") {
        FileContent::Other("an Excel binary workbook (.xlsb); save it as .xlsx")
    } else if holds(b"application/vnd.oasis.opendocument.spreadsheet") {
        FileContent::Workbook(WorkbookKind::Ods)
    } else if holds(b"[Content_Types].xml") && holds(b"word/") {
        FileContent::Other("a Word document; save its table as CSV")
    } else if holds(b"[Content_Types].xml") || holds(b"xl/") {
        FileContent::Workbook(WorkbookKind::Xlsx)
    } else {
        FileContent::Other("a ZIP archive; unpack it first")
    }
}

/// Returns what a text is that begins with a tag and is not data: an HTML page or a workbook saved as
/// XML.
pub(crate) fn page(text: &str) -> Option<&'static str> {
    let start = head(text).trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !start.starts_with('<') {
        return None;
    }
    let start = start.to_ascii_lowercase();
    if start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Some("an Excel workbook saved as XML; open it and save it as .xlsx or CSV");
    }
    const TAGS: [&str; 8] = [
        "!doctype html",
        "html",
        "table",
        "head",
        "body",
        "meta",
        "div",
        "style",
    ];
    TAGS.iter().any(|tag| has_tag(&start, tag)).then_some(
        "an HTML page (some banks name such a page .xls); open it in a spreadsheet and save it as CSV",
    )
}

/// Returns whether a text has an opening tag of this name, with or without a prefix such as `ns2:`.
pub(crate) fn has_tag(lower: &str, name: &str) -> bool {
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

/// Returns whether more than one character in twenty does not belong in a text.
pub(crate) fn is_binary(text: &str) -> bool {
    let head = head(text);
    let odd = head
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || *c == '\u{fffd}')
        .count();
    odd * 20 > head.chars().count()
}

/// Returns the beginning of a text.
pub(crate) fn head(text: &str) -> &str {
    let end = (0..=MOST_BYTES.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_show_what_a_file_is() {
        let workbook = |bytes: &[u8]| match of(bytes) {
            FileContent::Workbook(kind) => Some(kind),
            FileContent::Empty | FileContent::Other(_) | FileContent::Text => None,
        };
        assert_eq!(
            workbook(b"PK\x03\x04....[Content_Types].xml"),
            Some(WorkbookKind::Xlsx)
        );
        assert_eq!(
            workbook(b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
            Some(WorkbookKind::Ods)
        );
        assert_eq!(
            workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."),
            Some(WorkbookKind::Xls)
        );
        for (bytes, word) in [
            (&b"PK\x03\x04....statement.csv"[..], "ZIP"),
            (b"%PDF-1.7", "PDF"),
            (b"\x1f\x8b\x08", "GZIP"),
            (b"PK\x03\x04..[Content_Types].xml word/document.xml", "Word"),
        ] {
            let FileContent::Other(what) = of(bytes) else {
                panic!("{word}");
            };
            assert!(what.contains(word), "{what}");
        }
        for empty in [&b""[..], b" \r\n\t", b"\x00\x00"] {
            assert_eq!(of(empty), FileContent::Empty);
        }
        assert_eq!(of(b"code,name\n"), FileContent::Text);
        assert!(page("<table border=1><tr><td>Date</td></tr>").is_some());
        assert!(page("\u{feff}\r\n<html xmlns:x=\"y\"><body>").is_some());
        assert_eq!(page("code,name\n"), None);
    }
}
