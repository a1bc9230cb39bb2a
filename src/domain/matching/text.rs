//! Texts of banks made comparable: upper case, accents folded, cut into tokens.

use crate::domain::text::narrow;

/// Letters with marks, and the letters that are written if the marks are lost.
const FOLDED: [(&str, &str); 22] = [
    ("ÀÁÂÃÄÅĀĂĄǍẠẢẤẦẨẪẬẮẰẲẴẶ", "A"),
    ("ÆǼ", "AE"),
    ("ƁḄ", "B"),
    ("ÇĆĈĊČ", "C"),
    ("ĎĐÐƊḌ", "D"),
    ("ÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆƐƎ", "E"),
    ("ĜĞĠĢǦ", "G"),
    ("ĤĦḤ", "H"),
    ("ÌÍÎÏĨĪĬĮİǏỈỊ", "I"),
    ("Ĵ", "J"),
    ("ĶƘǨ", "K"),
    ("ĹĻĽŁ", "L"),
    ("ḾṀṂ", "M"),
    ("ÑŃŅŇǸṄṆŊ", "N"),
    ("ÒÓÔÕÖØŌŎŐƆǑỌỎỐỒỔỖỘỚỜỞỠỢƠ", "O"),
    ("ŒÞ", "OE"),
    ("ŔŖŘ", "R"),
    ("ŚŜŞŠȘṢ", "S"),
    ("ŢŤŦȚṬ", "T"),
    ("ÙÚÛÜŨŪŬŮŰŲƯǓỤỦỨỪỬỮỰ", "U"),
    ("ŴẀẂẄ", "W"),
    ("ÝŶŸƳỲỴỶỸ", "Y"),
];

/// The Z with marks is apart, since it shares its line with nothing.
const FOLDED_Z: &str = "ŹŻŽẒ";

/// The longest run of neighbouring tokens that may be one reference.
const LONGEST_RUN: usize = 8;

/// Writes a text in upper case without accents; apostrophes within words are dropped.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() && !text.contains('\'') {
        return text.to_ascii_uppercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_uppercase) {
        match c {
            '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' | '\u{0300}'..='\u{036F}' => {}
            c if c.is_ascii() => folded.push(c),
            c if FOLDED_Z.contains(c) => folded.push('Z'),
            c => match FOLDED.iter().find(|(marked, _)| marked.contains(c)) {
                Some((_, plain)) => folded.push_str(plain),
                None => folded.push(c),
            },
        }
    }
    folded
}

/// Keeps the letters and digits of a reference, in upper case.
pub(super) fn reference(text: &str) -> String {
    text.chars()
        .map(narrow)
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Closes the gaps that banks break references by: white space and hyphens are dropped, other signs
/// part the text.
pub(super) fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for c in text.chars() {
        match narrow(c) {
            c if c.is_ascii_alphanumeric() => squeezed.push(c.to_ascii_uppercase()),
            '-' | '\u{00AD}' | '\u{2010}'..='\u{2015}' => {}
            c if c.is_whitespace() => {}
            _ => squeezed.push(' '),
        }
    }
    squeezed
}

/// The tokens of a text, runs of letters and digits, with all between them dropped.
pub(super) struct Tokens {
    compact: String,
    bounds: Vec<(usize, usize)>,
}

impl Tokens {
    /// Cuts a text.
    pub(super) fn new(text: &str) -> Self {
        let mut compact = String::with_capacity(text.len());
        let mut bounds = Vec::new();
        let mut start = 0;
        for c in text.chars().map(narrow) {
            if c.is_ascii_alphanumeric() {
                compact.push(c.to_ascii_uppercase());
            } else if compact.len() > start {
                bounds.push((start, compact.len()));
                start = compact.len();
            }
        }
        if compact.len() > start {
            bounds.push((start, compact.len()));
        }
        Self { compact, bounds }
    }

    /// Returns every run of whole neighbouring tokens, of `shortest` to `longest` characters.
    pub(super) fn runs(&self, shortest: usize, longest: usize) -> impl Iterator<Item = &str> {
        self.bounds
            .iter()
            .enumerate()
            .flat_map(move |(at, (start, _))| {
                let ends = self
                    .bounds
                    .iter()
                    .skip(at)
                    .take(LONGEST_RUN)
                    .map(|(_, end)| *end);
                ends.filter(move |end| *end - *start >= shortest)
                    .take_while(move |end| *end - *start <= longest)
                    .filter_map(move |end| self.compact.get(*start..end))
            })
    }

    /// Returns each token.
    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        self.bounds
            .iter()
            .filter_map(|(start, end)| self.compact.get(*start..*end))
    }
}

/// Returns every run of digits of a text that no further digit touches.
pub(super) fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_count() {
        assert_eq!(
            fold("Ọlá Ṣadé N'Diaye Żołnierz"),
            "OLA SADE NDIAYE ZOLNIERZ"
        );
        assert_eq!(fold("O\u{0323}la\u{0301}"), "OLA");
        assert_eq!(fold("okoro"), "OKORO");
    }

    #[test]
    fn runs_are_whole_tokens() {
        let tokens = Tokens::new("FT/2627 99-11x");
        let runs: Vec<&str> = tokens.runs(4, 8).collect();
        assert_eq!(runs, ["FT2627", "FT262799", "2627", "262799", "9911X"]);
        assert_eq!(squeeze("PR7K 3F9-Q2M/x"), "PR7K3F9Q2M X");
        assert_eq!(
            digit_runs("AC0123456785/9").collect::<Vec<_>>(),
            ["0123456785", "9"]
        );
    }
}
