//! A field of a message.

/// A field: its tag and its lines, the first one without the tag.
pub(super) struct Field {
    pub(super) tag: String,
    pub(super) line: u64,
    /// The lines, with a line feed between them.
    text: String,
}

impl Field {
    /// Creates a field of one line.
    pub(super) fn new(tag: &str, line: u64, first: &str) -> Self {
        Self {
            tag: tag.to_owned(),
            line,
            text: first.to_owned(),
        }
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &str) {
        self.text.push('\n');
        self.text.push_str(line);
    }

    /// Returns the lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.split('\n')
    }

    /// Returns the first line.
    pub(super) fn first(&self) -> &str {
        self.lines().next().unwrap_or_default()
    }
}
