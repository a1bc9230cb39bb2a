//! XML as events and small trees, without document types, entities or deep nesting.

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::super::{common::LineCounter, error::StatementError};
use crate::domain::bad_line::BadLine;

/// How deep elements may be nested; a statement needs about fifteen levels.
const DEEPEST: usize = 64;

/// An element and all that is in it, without empty elements. They are in one list, in the order of
/// the text, so that short elements take little memory.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Names, currencies and texts, one after the other.
    words: String,
}

/// An element of a tree.
#[derive(Clone, Copy, Debug)]
struct Node {
    line: u32,
    /// The place after the last element in it.
    end: u32,
    name: Span,
    currency: Span,
    text: Span,
}

/// A range of the words of a tree.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
}

/// An element of a tree, and all that is in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'t> {
    tree: &'t Tree,
    at: usize,
}

impl Tree {
    /// Returns the element itself.
    pub(super) fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }

    fn words(&self, of: impl FnOnce(&Node) -> Span, at: usize) -> &str {
        let span = self
            .nodes
            .get(at)
            .map(of)
            .and_then(|span| self.words.get(position(span.start)..position(span.end)));
        span.unwrap_or_default()
    }

    /// Adds an element after all others. Returns `None` if the tree is too large.
    fn begin(&mut self, start: &StartTag) -> Option<usize> {
        let at = self.nodes.len();
        let (name, currency) = (
            self.push(&start.name)?,
            self.push(start.currency.as_deref().unwrap_or_default())?,
        );
        let text = Span {
            start: currency.end,
            end: currency.end,
        };
        self.nodes.push(Node {
            line: u32::try_from(start.line).ok()?,
            end: 0,
            name,
            currency,
            text,
        });
        Some(at)
    }

    fn push(&mut self, words: &str) -> Option<Span> {
        let start = u32::try_from(self.words.len()).ok()?;
        self.words.push_str(words);
        Some(Span {
            start,
            end: u32::try_from(self.words.len()).ok()?,
        })
    }

    /// Adds text to an open element. Returns `None` if the element has both text and elements, or
    /// if there is too much text.
    fn add_text(&mut self, at: usize, text: &str) -> Option<()> {
        if at + 1 != self.nodes.len() {
            return text.trim().is_empty().then_some(());
        }
        let end = self.push(text)?.end;
        let node = self.nodes.get_mut(at)?;
        // White space before the first child means nothing and is kept.
        node.text.end = end;
        Some(())
    }

    /// Ends an element. An empty one is removed, unless it is the root.
    fn end(&mut self, at: usize) -> Option<()> {
        let last = at > 0 && at + 1 == self.nodes.len();
        let element = Element { tree: self, at };
        if last && element.text().trim().is_empty() && element.currency().is_empty() {
            let start = self.nodes.pop()?.name.start;
            self.words.truncate(position(start));
            return Some(());
        }
        let end = u32::try_from(self.nodes.len()).ok()?;
        self.nodes.get_mut(at)?.end = end;
        Some(())
    }
}

fn position(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

impl<'t> Element<'t> {
    /// Returns the name without its prefix.
    pub(super) fn name(self) -> &'t str {
        self.tree.words(|node| node.name, self.at)
    }

    /// Returns the line on which it begins.
    pub(super) fn line(self) -> u64 {
        self.tree
            .nodes
            .get(self.at)
            .map_or(0, |node| u64::from(node.line))
    }

    /// Returns its `Ccy`, the only attribute that the elements of a statement have, or an empty text.
    pub(super) fn currency(self) -> &'t str {
        self.tree.words(|node| node.currency, self.at)
    }

    /// Returns the text in it, without that of its children.
    pub(super) fn text(self) -> &'t str {
        self.tree.words(|node| node.text, self.at)
    }

    fn end(self) -> usize {
        self.tree
            .nodes
            .get(self.at)
            .map_or(0, |node| position(node.end))
    }

    fn children(self) -> impl Iterator<Item = Self> {
        let first = Self {
            at: self.at + 1,
            ..self
        };
        let within = move |child: &Self| child.at < self.end();
        std::iter::successors(Some(first).filter(within), move |child| {
            Some(Self {
                at: child.end(),
                ..self
            })
            .filter(within)
        })
    }

    /// Finds the first child of a name.
    pub(super) fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// Finds every child of a name.
    pub(super) fn all(self, name: &str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.name() == name)
    }

    /// Finds the element at a path of names.
    pub(super) fn at(self, path: &[&str]) -> Option<Self> {
        path.iter()
            .try_fold(self, |element, name| element.child(name))
    }

    /// Finds the text of the element at a path, if there is any.
    pub(super) fn text_at(self, path: &[&str]) -> Option<&'t str> {
        self.at(path)
            .map(|element| element.text().trim())
            .filter(|text| !text.is_empty())
    }
}

/// An event of a text.
pub(super) enum XmlEvent {
    /// An element begins.
    Start(StartTag),
    /// Text, a comment or an instruction.
    Text,
    /// An element ends.
    End,
    /// The text ends.
    Eof,
}

/// The beginning of an element: its name without a prefix, its line, and its `Ccy`.
pub(super) struct StartTag {
    pub(super) name: String,
    line: u64,
    currency: Option<String>,
}

/// The events of a text.
pub(super) struct Events<'a> {
    reader: Reader<&'a [u8]>,
    lines: LineCounter<'a>,
    depth: usize,
    line: u64,
    text: String,
}

impl<'a> Events<'a> {
    /// Starts at the beginning.
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            lines: LineCounter::new(text),
            depth: 0,
            line: 1,
            text: String::new(),
        }
    }

    /// Returns how many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Reads the next event. Its text is kept until the next call.
    ///
    /// # Errors
    /// [`StatementError`] if the XML is not well formed.
    pub(super) fn next(&mut self) -> Result<XmlEvent, StatementError> {
        self.text.clear();
        self.line = self
            .lines
            .line_at(usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX));
        let Ok(event) = self.reader.read_event() else {
            return Err(self.broken("the XML is not well formed"));
        };
        match event {
            Event::Start(start) | Event::Empty(start) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(self.broken("elements are nested more than 64 levels deep"));
                }
                Ok(XmlEvent::Start(self.begin(&start)))
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(XmlEvent::End)
            }
            Event::Text(text) => {
                self.text.push_str(&text);
                Ok(XmlEvent::Text)
            }
            Event::CData(text) => {
                self.text.push_str(&text);
                Ok(XmlEvent::Text)
            }
            Event::GeneralRef(reference) => match resolved(&reference) {
                Some(c) => {
                    self.text.push(c);
                    Ok(XmlEvent::Text)
                }
                None => Err(self.broken("XML does not define this entity")),
            },
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(XmlEvent::Text),
            Event::DocType(_) => Err(StatementError::NotAStatement {
                what: "XML with a document type declaration, which is not supported".to_owned(),
            }),
            Event::Eof if self.depth > 0 => {
                Err(self.broken("the file ends inside an element; it may have been cut off"))
            }
            Event::Eof => Ok(XmlEvent::Eof),
        }
    }

    /// Reads the rest of an element that has just begun.
    pub(super) fn tree(&mut self, start: &StartTag) -> Result<Tree, StatementError> {
        let mut tree = Tree {
            nodes: Vec::new(),
            words: String::new(),
        };
        let mut open: Vec<usize> = tree.begin(start).into_iter().collect();
        while let Some(current) = open.last().copied() {
            let done = match self.next()? {
                XmlEvent::Start(child) => tree.begin(&child).map(|child| open.push(child)),
                XmlEvent::Text => tree.add_text(current, &self.text),
                XmlEvent::End | XmlEvent::Eof => {
                    open.pop();
                    tree.end(current)
                }
            };
            if done.is_none() {
                return Err(
                    self.broken("there is text between elements here, or this is more than 4 GB")
                );
            }
        }
        Ok(tree)
    }

    fn begin(&self, start: &BytesStart<'_>) -> StartTag {
        let currency = start
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.as_ref() == "Ccy");
        StartTag {
            name: start.local_name().into_inner().to_owned(),
            line: self.line,
            currency: currency.map(|attribute| attribute.value.trim().to_owned()),
        }
    }

    fn broken(&self, reason: &str) -> StatementError {
        let reason = reason.to_owned();
        StatementError::BadLines {
            lines: vec![BadLine {
                code: None,
                line: self.line,
                column: None,
                reason,
            }],
        }
    }
}

/// Returns the character of a reference: one of the five of XML, or a number.
fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    let name: &str = reference;
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}
