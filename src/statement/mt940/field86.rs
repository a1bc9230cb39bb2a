//! Field 86: what the bank writes about an entry, structured or free.

use super::{super::common, field::Field, lines::LineWidth};

/// The content of a field 86.
#[derive(Debug, Default)]
pub(super) struct Field86 {
    pub(super) description: String,
    pub(super) customer_reference: Option<String>,
    pub(super) end_to_end: Option<String>,
    pub(super) name: Option<String>,
    pub(super) account: Option<String>,
}

/// The marks between the subfields of German and Polish banks.
const SEPARATORS: [char; 7] = ['?', '~', '^', '<', '>', '@', '|'];
/// The words before the items in the purpose of a SEPA payment.
const SEPA_WORDS: [&str; 14] = [
    "EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "COAM+", "OAMT+", "SVWZ+", "ABWA+", "ABWE+",
    "IBAN+", "BIC+", "PURP+", "BREF+",
];
/// The codes between slashes of Dutch and other banks.
const SLASH_CODES: [&str; 34] = [
    "ACCT", "ADDR", "BENM", "BIC", "BUSP", "CHGS", "CNTP", "CSID", "EREF", "EXCH", "FT", "IBAN",
    "ID", "ISDT", "KREF", "MARF", "NAME", "NRTX", "OCMT", "ORDP", "PREF", "PT", "PURP", "PY",
    "RATE", "REMI", "RTRN", "SVCL", "SWOC", "SWOD", "TRCD", "TRTP", "ULTC", "ULTD",
];
/// How many characters a subfield of the purpose has; a shorter one ends a word.
const CHUNK: usize = 27;

impl Field86 {
    /// Reads the lines of the field.
    pub(super) fn read(field: &Field, width: LineWidth) -> Self {
        let first = field.first();
        if let Some(separator) = separator(first) {
            return Self::subfields(&width.join_structured(field, separator), separator);
        }
        if slash_code(first).is_some() {
            return Self::slashes(&width.join_structured(field, '/'));
        }
        Self {
            description: common::one_line(&LineWidth::join_free(field)),
            ..Self::default()
        }
    }

    /// Reads `166?00GUTSCHRIFT?20EREF+1?31DE00?32Name`.
    fn subfields(text: &str, separator: char) -> Self {
        let of = |wanted: Subfield| {
            let chunks = chunks(text, separator);
            chunks.filter_map(move |(code, chunk)| (Subfield::of(code) == wanted).then_some(chunk))
        };
        let booking: String = of(Subfield::Booking).collect();
        let references = references(of(Subfield::Purpose));
        let (purpose, others) = (glue(of(Subfield::Purpose)), glue(of(Subfield::Other)));
        let texts = [booking.as_str(), purpose.as_str(), others.as_str()];
        Self {
            description: common::one_line(&texts.join(" ")),
            customer_reference: references.customer,
            end_to_end: references.end_to_end,
            name: common::filled(&glue(of(Subfield::Name))),
            account: of(Subfield::Account).filter_map(common::reference).last(),
        }
    }

    /// Reads `/TRTP/SEPA/IBAN/NL00/NAME/Name/REMI/text/EREF/1`.
    fn slashes(text: &str) -> Self {
        let mut content = Self {
            description: common::one_line(text),
            ..Self::default()
        };
        let mut rest = text;
        while let Some((code, after)) = slash_code(rest) {
            let end = after.match_indices('/').map(|(at, _)| at).find(|at| {
                after
                    .get(*at..)
                    .is_some_and(|rest| slash_code(rest).is_some())
            });
            let (value, next) = after
                .split_at_checked(end.unwrap_or(after.len()))
                .unwrap_or((after, ""));
            let value = value.trim().trim_matches('/');
            match code {
                "EREF" => content.end_to_end = common::reference(value),
                "KREF" | "PREF" => content.customer_reference = common::reference(value),
                "NAME" => content.name = common::filled(value),
                "IBAN" | "ACCT" => content.account = common::reference(value),
                "CNTP" => {
                    // Account, code of the bank, name and town; any of them may be empty.
                    let mut items = value.split('/');
                    content.account = items.next().and_then(common::reference);
                    content.name = items.nth(1).and_then(common::filled);
                }
                _ => {}
            }
            rest = next;
        }
        content
    }
}

/// Finds the separator of a text that begins with one, or with three digits and one.
fn separator(text: &str) -> Option<char> {
    let after = text
        .strip_prefix(|c: char| c.is_ascii_digit())
        .and_then(|rest| rest.strip_prefix(|c: char| c.is_ascii_digit()));
    let after = after
        .and_then(|rest| rest.strip_prefix(|c: char| c.is_ascii_digit()))
        .unwrap_or(text);
    let separator = after
        .chars()
        .next()
        .filter(|first| SEPARATORS.contains(first))?;
    two_digits(after.get(1..)?).map(|_| separator)
}

/// Splits two digits off.
fn two_digits(text: &str) -> Option<(&str, &str)> {
    text.split_at_checked(2)
        .filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a subfield says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subfield {
    Booking,
    Purpose,
    Account,
    Name,
    /// The bank's code, its journal number or its text key, which are not text.
    Code,
    Other,
}

impl Subfield {
    fn of(code: &str) -> Self {
        match code {
            "00" => Self::Booking,
            "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "60" | "61"
            | "62" | "63" => Self::Purpose,
            "31" | "38" => Self::Account,
            "32" | "33" => Self::Name,
            "10" | "30" | "34" => Self::Code,
            _ => Self::Other,
        }
    }
}

/// Parts a text into subfields: the two digits after the separator and what follows them.
fn chunks(text: &str, separator: char) -> impl Iterator<Item = (&str, &str)> {
    let starts = move || {
        let places = text.match_indices(separator).map(|(at, _)| at);
        places.filter(|at| {
            text.get(at + 1..)
                .is_some_and(|rest| two_digits(rest).is_some())
        })
    };
    let ends = starts().skip(1).chain([text.len()]);
    starts()
        .zip(ends)
        .filter_map(|(start, end)| text.get(start + 1..end).and_then(two_digits))
}

/// Joins subfields: a full one was broken anywhere, a shorter one ended with a word.
fn glue<'a>(chunks: impl Iterator<Item = &'a str>) -> String {
    let mut glued = String::new();
    let mut full = true;
    for chunk in chunks {
        if !full || SEPA_WORDS.iter().any(|word| chunk.starts_with(word)) {
            glued.push(' ');
        }
        glued.push_str(chunk);
        full = chunk.chars().count() >= CHUNK;
    }
    glued
}

/// The references in the purpose of a SEPA payment.
struct PurposeReferences {
    end_to_end: Option<String>,
    customer: Option<String>,
}

/// Finds the references in the purpose. A reference ends with the next word or with a subfield that is
/// not full.
fn references<'a>(chunks: impl Iterator<Item = &'a str>) -> PurposeReferences {
    let mut texts: [(&str, Option<String>); 2] = [("EREF+", None), ("KREF+", None)];
    let mut open: Option<&str> = None;
    let mut full = false;
    for chunk in chunks {
        if !full {
            open = None;
        }
        let mut rest = chunk;
        loop {
            let next = next_word(rest);
            let (value, after) = next
                .and_then(|(at, _)| rest.split_at_checked(at))
                .unwrap_or((rest, ""));
            if let Some((_, text)) = texts.iter_mut().find(|(word, _)| Some(*word) == open) {
                text.get_or_insert_default().push_str(value);
            }
            let Some((_, word)) = next else { break };
            open = Some(word);
            rest = after.strip_prefix(word).unwrap_or_default();
        }
        full = chunk.chars().count() >= CHUNK;
    }
    let [(_, end_to_end), (_, customer)] = texts;
    let read = |text: Option<String>| text.as_deref().and_then(common::reference);
    PurposeReferences {
        end_to_end: read(end_to_end),
        customer: read(customer),
    }
}

/// Finds the next word of a SEPA payment, at the start or after a space.
fn next_word(text: &str) -> Option<(usize, &'static str)> {
    text.match_indices('+').find_map(|(plus, _)| {
        let until = text.get(..=plus)?;
        let word = SEPA_WORDS.into_iter().find(|word| until.ends_with(word))?;
        let before = until.strip_suffix(word)?;
        (before.is_empty() || before.ends_with(' ')).then_some((before.len(), word))
    })
}

/// Splits off a code at the start of a text, such as `/EREF/`.
fn slash_code(text: &str) -> Option<(&str, &str)> {
    let (code, rest) = text.strip_prefix('/')?.split_once('/')?;
    SLASH_CODES.contains(&code).then_some((code, rest))
}
