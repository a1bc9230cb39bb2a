//! XML as events and small trees, without document types, entities or deep nesting.

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::super::{BadLine, Unreadable, common::Places};

/// How deep elements may stand in each other; a statement needs about fifteen levels.
const DEEPEST: usize = 64;

/// An element with all that is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    /// The name without its prefix.
    pub(super) name: String,
    /// The line on which it begins.
    pub(super) line: u64,
    /// Its `Ccy`, which is the one attribute that a statement's elements have.
    pub(super) currency: Option<String>,
    /// The text in it, without that of its children.
    pub(super) text: String,
    /// Its children.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// Finds the first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Finds every child of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Finds the element at a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Finds the text of the element at a path, where there is any.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path).map(|element| element.text.trim()).filter(|text| !text.is_empty())
    }
}

/// What comes next in a text.
pub(super) enum Step {
    /// An element begins; it has no children yet.
    Start(Element),
    /// Text, a comment or an instruction.
    Text,
    /// An element ends.
    End,
    /// The text ends.
    Eof,
}

/// The events of a text.
pub(super) struct Events<'a> {
    reader: Reader<&'a [u8]>,
    places: Places<'a>,
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
        Self { reader, places: Places::new(text), depth: 0, line: 1, text: String::new() }
    }

    /// Tells how many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Tells what comes next. A text stays readable until the next event.
    pub(super) fn next(&mut self) -> Result<Step, Unreadable> {
        self.text.clear();
        self.line = self.places.line_at(usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX));
        let Ok(event) = self.reader.read_event() else { return Err(self.broken("the XML is not well formed")) };
        match event {
            Event::Start(start) | Event::Empty(start) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(self.broken("elements stand in each other more than 64 levels deep"));
                }
                Ok(Step::Start(self.begin(&start)))
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Step::End)
            }
            Event::Text(text) => {
                self.text.push_str(&text);
                Ok(Step::Text)
            }
            Event::CData(text) => {
                self.text.push_str(&text);
                Ok(Step::Text)
            }
            Event::GeneralRef(reference) => match resolved(&reference) {
                Some(c) => {
                    self.text.push(c);
                    Ok(Step::Text)
                }
                None => Err(self.broken("an entity stands here that XML does not define")),
            },
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(Step::Text),
            Event::DocType(_) => {
                Err(Unreadable::NotAStatement { what: "XML with a document type declaration, which is never followed" })
            }
            Event::Eof if self.depth > 0 => {
                Err(self.broken("the file ends before its elements do; it may have been cut off"))
            }
            Event::Eof => Ok(Step::Eof),
        }
    }

    /// Reads the rest of an element that has just begun.
    pub(super) fn element(&mut self, start: Element) -> Result<Element, Unreadable> {
        let mut open = Vec::new();
        let mut current = start;
        loop {
            match self.next()? {
                Step::Start(child) => open.push(std::mem::replace(&mut current, child)),
                Step::Text => current.text.push_str(&self.text),
                Step::End | Step::Eof => {
                    let Some(mut parent) = open.pop() else { return Ok(current) };
                    parent.children.push(current);
                    current = parent;
                }
            }
        }
    }

    fn begin(&self, start: &BytesStart<'_>) -> Element {
        let currency = start.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == "Ccy");
        Element {
            name: start.local_name().into_inner().to_owned(),
            line: self.line,
            currency: currency.map(|attribute| attribute.value.trim().to_owned()),
            ..Element::default()
        }
    }

    fn broken(&self, reason: &str) -> Unreadable {
        let reason = reason.to_owned();
        Unreadable::BadLines { lines: vec![BadLine { line: self.line, column: None, reason }] }
    }
}

/// Tells the character that a reference stands for: one of XML's five, or a number.
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
