//! The topics of `prorata help`: pages of the manual, compiled in.

/// A page of the manual, or a part of one.
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    page: &'static str,
    /// The headings of its parts; all of the page if there are none.
    parts: &'static [&'static str],
}

const SCRIPTS: &str = include_str!("../../../docs/scripts.md");

/// All of them.
pub(crate) const TOPICS: [Topic; 8] = [
    Topic {
        name: "quarter",
        about: "A distribution from the register to the payments",
        page: include_str!("../../../docs/quarter.md"),
        parts: &[],
    },
    Topic {
        name: "bank",
        about: "Bank statements, reconciliation, what is left open",
        page: include_str!("../../../docs/bank.md"),
        parts: &[],
    },
    Topic {
        name: "controls",
        about: "What a second person must do, and what is an exception",
        page: include_str!("../../../docs/controls.md"),
        parts: &[],
    },
    Topic {
        name: "files",
        about: "Files in and files out",
        page: include_str!("../../../docs/files.md"),
        parts: &[],
    },
    Topic {
        name: "dates",
        about: "How dates are written, and which day counts",
        page: include_str!("../../../docs/dates.md"),
        parts: &[],
    },
    Topic {
        name: "json",
        about: "The fields of every result as JSON and CSV",
        page: include_str!("../../../docs/json.md"),
        parts: &[],
    },
    Topic {
        name: "keys",
        about: "Commands that are done once, however often they are run",
        page: SCRIPTS,
        parts: &["Keys"],
    },
    Topic {
        name: "exit-codes",
        about: "How a command ends, and what an error says",
        page: SCRIPTS,
        parts: &["Exit codes", "Errors"],
    },
];

impl Topic {
    /// Finds a topic by its name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        let mut topics = TOPICS.iter();
        topics.find(|topic| topic.name.eq_ignore_ascii_case(name))
    }

    /// Returns its text as it is read on a terminal.
    pub(crate) fn text(&self) -> String {
        if self.parts.is_empty() {
            return plain(self.page);
        }
        let parts = self.parts.iter();
        let parts: Vec<String> = parts.map(|name| plain(part(self.page, name))).collect();
        parts.join("\n")
    }
}

/// Returns the part of a page under a heading, with it.
fn part(page: &'static str, heading: &str) -> &'static str {
    let begin = format!("\n## {heading}\n");
    let Some(at) = page.find(&begin) else {
        return page;
    };
    let (_, rest) = page.split_at(at + 1);
    rest.find("\n## ")
        .map_or(rest, |end| rest.split_at(end + 1).0)
}

/// Shows Markdown as text: code is indented, and a link is what it says.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
            continue;
        }
        if code && !line.is_empty() {
            text.push_str("    ");
        }
        if code {
            text.push_str(line);
        } else {
            unlinked(line, &mut text);
        }
        text.push('\n');
    }
    text
}

/// Copies a line; of `[words](target)` only the words.
fn unlinked(line: &str, text: &mut String) {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](");
        let link = link.and_then(|(words, after)| Some((words, after.split_once(')')?.1)));
        match link.filter(|(words, _)| !words.contains('[')) {
            Some((words, after)) => {
                text.push_str(before);
                text.push_str(words);
                rest = after;
            }
            None => {
                text.push_str(before);
                text.push('[');
                rest = after;
            }
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_shown_without_marks_of_links_and_code() {
        let page = "See [keys](scripts.md#keys) or [x].\n\n```sh\nprorata status\n```\n";
        let text = plain(page);
        assert_eq!(text, "See keys or [x].\n\n    prorata status\n");
    }

    #[test]
    fn every_topic_has_a_text_of_its_own_that_begins_with_a_heading() {
        for topic in &TOPICS {
            let text = topic.text();
            assert!(text.starts_with('#') && text.len() > 300, "{}", topic.name);
            assert!(topic.parts.is_empty() || text.len() < topic.page.len());
        }
    }
}
