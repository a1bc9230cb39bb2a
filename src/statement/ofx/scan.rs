//! The tags and texts of OFX, SGML or XML.

use super::super::common::LineCounter;

/// A token of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An opening tag: its line and its name in capitals. An empty XML tag is one too.
    Open(u64, String),
    /// A closing tag.
    Close(u64, String),
    /// Text, with its entities resolved.
    Text(String),
}

/// Reads tokens in the order of the file.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    lines: LineCounter<'a>,
}

impl<'a> Scanner<'a> {
    /// Starts at the beginning.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            lines: LineCounter::new(text),
        }
    }

    /// Returns the current line.
    pub(super) fn line(&mut self) -> u64 {
        self.lines.line_at(self.at)
    }

    /// Reads the next token.
    pub(super) fn next_token(&mut self) -> Option<Token> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            if let Some(inside) = rest.strip_prefix("<![CDATA[") {
                let end = inside.find("]]>").unwrap_or(inside.len());
                self.at += rest.len() - inside.len() + end;
                self.skip("]]>");
                return inside.get(..end).map(|text| Token::Text(text.to_owned()));
            }
            if let Some(skipped) = instruction(rest) {
                self.at += skipped;
                continue;
            }
            if let Some((length, closing, name)) = tag(rest) {
                let line = self.line();
                self.at += length;
                let name = name.to_ascii_uppercase();
                return Some(if closing {
                    Token::Close(line, name)
                } else {
                    Token::Open(line, name)
                });
            }
            // A `<` that begins no tag is a sign like any other.
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let end = rest
                .get(first..)
                .and_then(|later| later.find('<'))
                .map_or(rest.len(), |end| first + end);
            self.at += end;
            return rest.get(..end).map(|text| Token::Text(resolved(text)));
        }
    }

    fn skip(&mut self, expected: &str) {
        if self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(expected))
        {
            self.at += expected.len();
        }
    }
}

/// Returns the length of a comment, a declaration or an instruction at the start of a text.
fn instruction(text: &str) -> Option<usize> {
    let end = ["<!--", "<?", "<!"]
        .into_iter()
        .find(|begin| text.starts_with(begin))
        .map(|begin| match begin {
            "<!--" => "-->",
            "<?" => "?>",
            _ => ">",
        })?;
    Some(text.find(end).map_or(text.len(), |at| at + end.len()))
}

/// Reads a tag at the start of a text: its length, whether it closes, and its name.
fn tag(text: &str) -> Option<(usize, bool, &str)> {
    let inside = text.strip_prefix('<')?;
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let length = named
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'))
        .unwrap_or(named.len());
    let (name, rest) = named.split_at_checked(length)?;
    name.chars().next().filter(char::is_ascii_alphabetic)?;
    // Only an XML file has attributes, and none that matters; a sign such as `<b` in a text has no
    // end on its line.
    let end = rest
        .find(['>', '<', '\n', '\r'])
        .filter(|at| rest.get(*at..).is_some_and(|rest| rest.starts_with('>')))?;
    let attributes = rest.get(..end)?.trim_end_matches('/');
    if !attributes.is_empty() && !attributes.starts_with([' ', '\t']) {
        return None;
    }
    Some((
        text.len() - rest.len() + end + 1,
        inside.len() > named.len(),
        name,
    ))
}

/// How many bytes an entity has at most: `#x10FFFF` and its semicolon, with zeros to spare.
const LONGEST_ENTITY: usize = 12;

/// Puts characters in the place of entities; what is none, such as a bare ampersand, stays.
fn resolved(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        resolved.push_str(before);
        // An entity is short, so a far semicolon is none of its own.
        let end = after
            .bytes()
            .take(LONGEST_ENTITY)
            .position(|byte| byte == b';');
        let entity =
            end.and_then(|end| Some((character(after.get(..end)?)?, after.get(end + 1..)?)));
        if let Some((c, later)) = entity {
            resolved.push(c);
            rest = later;
        } else {
            resolved.push('&');
            rest = after;
        }
    }
    resolved.push_str(rest);
    resolved
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let hexadecimal = digits
                .strip_prefix(['x', 'X'])
                .map(|digits| u32::from_str_radix(digits, 16));
            char::from_u32(hexadecimal.unwrap_or_else(|| digits.parse()).ok()?)
        }
    }
}
