//! Names as ledgers and as banks write them: in another order, cut, with titles and initials. Never
//! by similarity.

use super::{expected::Expected, line::Line, rules, text};

/// The shortest token that distinguishes people by itself.
const TELLING: usize = 3;
/// The most tokens of one part of a text that are looked at.
const LONGEST: usize = 12;

/// A name, or a part of a text that may be one: its tokens without titles, endings of companies and
/// words of banks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name {
    /// The tokens in ascending order, each once.
    pub(super) tokens: Vec<String>,
    /// The last token as it was written, which the bank may have cut.
    pub(super) last: Option<String>,
}

impl Name {
    /// Reads a name of the ledger, which nothing has cut.
    pub(super) fn of_ledger(text: &str) -> Option<Self> {
        Self::read(&text::fold(text)).map(|name| Self { last: None, ..name })
    }

    /// Reads a name that the bank writes, of which it may have cut the end.
    pub(super) fn of_bank(folded: &str) -> Option<Self> {
        Self::read(folded)
    }

    fn read(folded: &str) -> Option<Self> {
        let words = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| is_word(word));
        let mut tokens: Vec<String> = words.take(LONGEST).map(str::to_owned).collect();
        let last = tokens.last().cloned();
        tokens.sort_unstable();
        tokens.dedup();
        tokens
            .iter()
            .any(|token| is_telling(token))
            .then_some(Self { tokens, last })
    }

    /// Reads every part of a line that may be a name.
    pub(super) fn all_of(line: &Line) -> Vec<Self> {
        let description = text::fold(&line.description);
        let mut parts: Vec<Self> = description
            .split(['/', '|', ';', ':', '\\', '*', '(', ')'])
            .filter_map(Self::before_payer)
            .collect();
        parts.extend(
            line.counterparty_name
                .as_deref()
                .and_then(|name| Self::read(&text::fold(name))),
        );
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Reads a part of a text up to the word after which the payer is named.
    fn before_payer(part: &str) -> Option<Self> {
        let words: Vec<&str> = part
            .split(|c: char| !c.is_alphanumeric())
            .take_while(|word| !rules::PAYER_WORDS.contains(word))
            .collect();
        Self::read(&words.join(" "))
    }

    /// Returns every name of an expectation.
    pub(super) fn all_of_expected(expected: &Expected) -> Vec<Self> {
        let mut names: Vec<Self> = expected
            .names
            .iter()
            .filter_map(|name| Self::of_ledger(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Checks whether a part of a bank's text names this person or company.
    ///
    /// Either all of the name is in the part, or all of the part, which is at least two words,
    /// is in the name. An initial is short for a word that begins with it, and one telling word
    /// must be the same in full.
    pub(super) fn fits(&self, part: &Self) -> bool {
        let telling = self
            .tokens
            .iter()
            .any(|token| is_telling(token) && part.tokens.binary_search(token).is_ok());
        telling && (self.is_in(part) || part.is_cut_from(self))
    }

    fn is_in(&self, other: &Self) -> bool {
        self.tokens.iter().all(|token| other.has(token))
    }

    fn is_cut_from(&self, whole: &Self) -> bool {
        let cut = |token: &String| {
            let is_last = self.last.as_ref() == Some(token) && token.len() >= TELLING;
            is_last
                && whole
                    .tokens
                    .iter()
                    .any(|other| other.starts_with(token.as_str()))
        };
        self.tokens.len() >= 2
            && self
                .tokens
                .iter()
                .all(|token| whole.has(token) || cut(token))
    }

    /// Checks whether a token is here in full, or one of the two as the other's initial.
    fn has(&self, token: &str) -> bool {
        if is_initial(token) {
            self.tokens.iter().any(|other| other.starts_with(token))
        } else {
            let same = self
                .tokens
                .binary_search_by(|other| other.as_str().cmp(token))
                .is_ok();
            same || self
                .tokens
                .iter()
                .any(|other| is_initial(other) && token.starts_with(other.as_str()))
        }
    }
}

/// Checks whether a token is one letter.
pub(super) fn is_initial(token: &str) -> bool {
    token.chars().nth(1).is_none()
}

fn is_telling(token: &str) -> bool {
    token.chars().count() >= TELLING
}

/// Returns a word of a name from numbers, titles, endings and words of banks.
fn is_word(word: &str) -> bool {
    let known = |words: &[&str]| words.contains(&word);
    !word.is_empty()
        && word.chars().all(char::is_alphabetic)
        && !known(&rules::TITLES)
        && !known(&rules::COMPANY_WORDS)
        && !known(&rules::NOISE_WORDS)
}
