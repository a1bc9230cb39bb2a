//! The lines of an MT940 file, and what is around its fields.

use std::borrow::Cow;

use super::{super::common, field::Field};

/// The lines of a text with their numbers, whichever way they end.
pub(super) struct FileLines<'a> {
    rest: &'a str,
    number: u64,
}

impl<'a> FileLines<'a> {
    /// Starts at the first line.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            number: 0,
        }
    }
}

impl<'a> Iterator for FileLines<'a> {
    type Item = (u64, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let end = self.rest.find(['\r', '\n']).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = ["\r\r\n", "\r\n", "\r", "\n"]
            .iter()
            .find_map(|ending| rest.strip_prefix(ending))
            .unwrap_or(rest);
        Some((self.number, line))
    }
}

/// Removes control characters, which some banks write around a block.
pub(super) fn without_controls(line: &str) -> Cow<'_, str> {
    let drop = |c: char| common::is_control(c) && c != '\t';
    if line.contains(drop) {
        Cow::Owned(line.replace(drop, ""))
    } else {
        Cow::Borrowed(line)
    }
}

/// Splits off the tag of a line, such as `:61:`.
pub(super) fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let digits = tag.bytes().take_while(u8::is_ascii_digit).count();
    let letters = tag
        .bytes()
        .skip(digits)
        .filter(u8::is_ascii_uppercase)
        .count();
    // Two digits with or without a letter, `NS` of German banks, or the `940` with which Rabobank
    // begins.
    let is_tag = tag == "NS"
        || (digits + letters == tag.len()
            && (digits == 2 && letters <= 1 || digits == 3 && letters == 0));
    is_tag.then_some((tag, rest))
}

/// Returns whether a line is one of SWIFT's block headers.
pub(super) fn is_wrapper(line: &str) -> bool {
    let mut chars = line.chars();
    chars.next() == Some('{')
        && matches!(chars.next(), Some('1'..='5'))
        && chars.next() == Some(':')
}

/// Returns whether a line ends a block.
pub(super) fn ends_block(line: &str) -> bool {
    let line = line.trim();
    line == "-" || line.starts_with("-}")
}

/// At which width the lines of field 86 are broken.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineWidth {
    longest: usize,
}

/// The width that SWIFT prescribes.
const SWIFT_WIDTH: usize = 65;

impl LineWidth {
    /// Finds the longest line of a field 86 that another line continues.
    pub(super) fn of(text: &str) -> Self {
        let mut longest = 0;
        let mut open: Option<usize> = None;
        for (_, line) in FileLines::new(text) {
            if let Some((tag, rest)) = tag(line) {
                open = (tag == "86").then(|| rest.chars().count());
            } else if is_wrapper(line) || ends_block(line) {
                open = None;
            } else if let Some(before) = open.filter(|_| !line.is_empty()) {
                longest = longest.max(before);
                open = Some(line.chars().count());
            }
        }
        Self { longest }
    }

    /// Joins the lines of a structured text: a full line was broken at any letter, a shorter one at
    /// a space.
    pub(super) fn join_structured(self, field: &Field, starts: char) -> String {
        let full = |length: usize| length == SWIFT_WIDTH || length >= self.longest;
        join(field, |line, next| {
            full(line.chars().count()) || next.starts_with(starts)
        })
    }

    /// Joins the lines of a free text: only a line of exactly SWIFT's width was broken inside a word.
    pub(super) fn join_free(field: &Field) -> String {
        join(field, |line, _| line.chars().count() == SWIFT_WIDTH)
    }
}

fn join(field: &Field, glued: impl Fn(&str, &str) -> bool) -> String {
    let mut joined = String::new();
    let mut before: Option<&str> = None;
    for line in field.lines() {
        if before.is_some_and(|before| !glued(before, line)) {
            joined.push(' ');
        }
        joined.push_str(line);
        before = Some(line);
    }
    joined
}
