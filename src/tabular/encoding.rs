//! Bytes to text: what the file says about its encoding counts before what its bytes look like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::FileError;

/// How many bytes at the start of a file are searched for a declaration of its encoding.
const DECLARED_WITHIN: usize = 600;

/// A file's text.
#[derive(Debug)]
pub(crate) struct FileText<'b> {
    pub(crate) text: Cow<'b, str>,
    /// The encoding, as the Encoding Standard names it.
    pub(crate) encoding: &'static str,
    /// How the encoding was found.
    pub(crate) how: &'static str,
    /// Whether the bytes only look like it.
    pub(crate) is_guess: bool,
}

/// Decodes a file.
///
/// A byte that cannot be decoded becomes U+FFFD. A reader refuses it in an amount, a date or a
/// reference, and accepts it in a description.
///
/// # Errors
/// [`FileError::Encoding`] if a byte is not valid in the encoding that the user names.
pub(crate) fn text<'b>(bytes: &'b [u8], wanted: Option<&str>) -> Result<FileText<'b>, FileError> {
    if let Some(label) = wanted {
        return named(bytes, label);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Ok(FileText {
            text,
            encoding: encoding.name(),
            how: "it begins with a byte-order mark",
            is_guess: false,
        });
    }
    if let Some(encoding) = wide(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Ok(FileText {
            text,
            encoding: encoding.name(),
            how: "every other byte is zero",
            is_guess: false,
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(FileText {
            text: Cow::Borrowed(text),
            encoding: UTF_8.name(),
            how: "all bytes are valid in it",
            is_guess: false,
        });
    }
    if let Some(encoding) = declared(bytes)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return Ok(FileText {
            text,
            encoding: encoding.name(),
            how: "the file declares it",
            is_guess: false,
        });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Ok(FileText {
        text,
        encoding: encoding.name(),
        how: "its bytes look like it",
        is_guess: true,
    })
}

/// Decodes in the encoding that the user names; every byte must be valid in it.
fn named<'b>(bytes: &'b [u8], label: &str) -> Result<FileText<'b>, FileError> {
    let fail = |detail| Err(FileError::Encoding { detail });
    let Some(encoding) = Encoding::for_label(label.trim().as_bytes()) else {
        return fail(format!(
            "`{}` is not an encoding; write a name such as utf-8 or windows-1252",
            short(label)
        ));
    };
    let rest = match Encoding::for_bom(bytes) {
        Some((marked, mark)) if marked == encoding => bytes.get(mark..).unwrap_or_default(),
        Some((marked, _)) => {
            return fail(format!(
                "it was to be read as {}, but its byte-order mark says {}",
                encoding.name(),
                marked.name()
            ));
        }
        None => bytes,
    };
    match encoding.decode_without_bom_handling_and_without_replacement(rest) {
        Some(text) => Ok(FileText {
            text,
            encoding: encoding.name(),
            how: "the user or the profile names it",
            is_guess: false,
        }),
        None => fail(format!(
            "some of its bytes are not valid in {}",
            encoding.name()
        )),
    }
}

/// Finds UTF-16 without a byte-order mark: text of banks is mostly ASCII, so every other byte is
/// zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..512.min(bytes.len()))?;
    let pairs = head.len() / 2;
    let zeros = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (first, second) = (zeros(0), zeros(1));
    if pairs < 4 || !bytes.len().is_multiple_of(2) {
        None
    } else if second * 10 >= pairs * 8 && first == 0 {
        Some(UTF_16LE)
    } else if first * 10 >= pairs * 8 && second == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Finds what an XML declaration or an OFX header says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARED_WITHIN.min(bytes.len()))?;
    let head: String = head
        .iter()
        .map(|byte| {
            if byte.is_ascii() {
                char::from(*byte)
            } else {
                '?'
            }
        })
        .collect();
    let after = |word: &str| {
        head.split_once(word)
            .map(|(_, rest)| rest.trim_start_matches(['"', '\'', ' ']))
    };
    let value = |rest: &str| -> String {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect()
    };
    if head.trim_start().starts_with("<?xml") {
        return Encoding::for_label(value(after("encoding=")?).as_bytes());
    }
    if head.contains("OFXHEADER") {
        let charset = value(after("CHARSET:")?);
        let label = if charset.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("windows-{charset}")
        } else {
            charset
        };
        return Encoding::for_label(label.as_bytes());
    }
    None
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(30).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_decides_and_is_not_text() {
        let marked = text(b"\xef\xbb\xbfDate", None).unwrap();
        assert_eq!((&*marked.text, marked.encoding), ("Date", "UTF-8"));
        assert_eq!(
            text(b"\xff\xfeD\x00\xa6\x20", None).unwrap().text,
            "D\u{20a6}"
        );
        assert_eq!(
            text(b"\xfe\xff\x00D\x20\xa6", None).unwrap().text,
            "D\u{20a6}"
        );
    }

    #[test]
    fn wide_text_without_a_mark_is_recognized() {
        let bytes: Vec<u8> = "Date,Amount"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(text(&bytes, None).unwrap().text, "Date,Amount");
        let bytes: Vec<u8> = "Date,Amount"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(text(&bytes, None).unwrap().encoding, "UTF-16BE");
    }

    #[test]
    fn what_the_file_declares_counts_before_what_it_looks_like() {
        let xml = text(
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>\xb3</a>",
            None,
        )
        .unwrap();
        assert_eq!(
            (xml.encoding, xml.text.contains('\u{142}')),
            ("ISO-8859-2", true)
        );
        let ofx = text(
            b"OFXHEADER:100\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n<OFX>\x80",
            None,
        )
        .unwrap();
        assert_eq!(
            (ofx.encoding, ofx.text.contains('\u{20ac}')),
            ("windows-1252", true)
        );
        let german = "Datum;Empfänger;Betrag\n01.02.2026;Jürgen Müller;5,00";
        let bytes: Vec<u8> = german
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let guessed = text(&bytes, None).unwrap().text.into_owned();
        assert!(guessed.contains("Jürgen Müller"), "{guessed}");
    }

    #[test]
    fn every_byte_must_be_valid_in_the_encoding_that_the_user_names() {
        assert_eq!(text(b"\xe4", Some("latin1")).unwrap().text, "ä");
        assert!(matches!(
            text(b"\xe4", Some("utf-8")),
            Err(FileError::Encoding { .. })
        ));
        assert!(matches!(
            text(b"a", Some("klingon")),
            Err(FileError::Encoding { .. })
        ));
        assert!(matches!(
            text(b"\xff\xfea\x00", Some("utf-8")),
            Err(FileError::Encoding { .. })
        ));
    }
}
