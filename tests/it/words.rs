//! The words of the project: no text, comment or name uses a phrase that `docs/words.md` replaces.
//!
//! Reads every source, test, script, migration, snapshot and Markdown file. A line break, the mark
//! of a comment and an underscore count as a space, so a phrase is found where a comment wraps and
//! in the name of a test.

use std::path::{Path, PathBuf};

use regex::Regex;

/// A phrase that is not written here, and what to write instead.
struct Phrase {
    /// If the pattern has a group, only a match of the group is a finding. So the first branches
    /// of an alternation can take what is natural, such as "there is no".
    pattern: &'static str,
    instead: &'static str,
}

const PHRASES: &[Phrase] = &[
    Phrase {
        pattern: r"\bstands (?:for|out)\b|\b(stands|stood)\b",
        instead: "is, exists, has the status",
    },
    Phrase {
        pattern: r"\bstand (?:in|so|at|on|to|too|by|with|beside|behind|before|after|above|among|alone|between|already|against|there|where|side|here|apart)\b",
        instead: "are, exist",
    },
    Phrase {
        pattern: r"\b(?:is|are|was|were|be|been|being|not|and|only) told\b|\btold (?:of|as|apart|again)\b",
        instead: "is reported",
    },
    Phrase {
        pattern: r"\bTells\b|\btells (?:whether|which|how|what|of|why|where)\b|\b[Tt]ell why\b",
        instead: "Returns …, shows …",
    },
    Phrase {
        pattern: r"\bAnswers (?:what|whether|the|with|a|which|how)\b",
        instead: "Returns …",
    },
    Phrase {
        pattern: r"\b(?:[Tt]here (?:is|are|was|were) no\b|(?:is|are|was|were) no (?:longer|more|less|other)\b|((?:is|are|was|were) no [a-z]+))",
        instead: "is not a …",
    },
    Phrase {
        pattern: r"\b[Mm]end(?:s|ed|ing)?\b",
        instead: "fix",
    },
    Phrase {
        pattern: r"\b[Ss]ay it with\b",
        instead: "use",
    },
    Phrase {
        pattern: r"\b[Ll](?:eave|eaves|eft) (?:[^ .]+ ){1,3}away\b",
        instead: "drop",
    },
    Phrase {
        pattern: r"\btaken whole\b|\bwhole or not\b",
        instead: "imported completely or not at all",
    },
    Phrase {
        pattern: r"\b[Ee]ach that\b",
        instead: "every … that",
    },
    Phrase {
        pattern: r"\b(?:users?|one|person|people|somebody|anybody|nobody|holders?|those|reader|admin) who\b|\b([Ww]ho (?:reads|writes|calls|looks|calculated|requested|approved|approves|changed) (?:may|must|can|it|has|waits|is))\b",
        instead: "readers, the user who …",
    },
    Phrase {
        pattern: r"\bnothing is told\b",
        instead: "is not reported",
    },
    Phrase {
        pattern: r"\bsame command again\b",
        instead: "run the command again",
    },
    Phrase {
        pattern: r"\bof it pending\b|\bwhat (?:is|was) [a-z]+ of it\b",
        instead: "of which pending, the pending part",
    },
    Phrase {
        pattern: r"# Errors\s+(?:What|Where|As|When)\b|\bWhat the (?:file|store|ledger|rules?|writer|reader|schema) (?:refuses|answers)\b",
        instead: "[`Error`] if the ledger cannot be read or written.",
    },
    Phrase {
        pattern: r"\b[Bb]eside\b",
        instead: "next to, also",
    },
    Phrase {
        pattern: r"\b(?:hold|holds|held|holding) (?:[^ .]+ ){0,4}against\b",
        instead: "compare with",
    },
    Phrase {
        pattern: r"\b(?:refused|refuses|fails|fail|skipped|except|but|or none|nothing|`None`|`null`) where\b",
        instead: "if",
    },
    Phrase {
        pattern: r"\bwhere (?:nothing|nobody|none|somebody|anything|given|both)\b",
        instead: "if",
    },
    Phrase {
        pattern: r"(?:^|[.:;!]) +Where [^.,;:]{3,80}, ",
        instead: "If …,",
    },
    Phrase {
        pattern: r"\bDo(?:es)? (?:all|everything)(?: of it)?, (?:print|prints) the result\b",
        instead: "show what would happen without changing anything",
    },
];

/// Files that quote the phrases.
const QUOTES: [&str; 2] = ["docs/words.md", "tests/it/words.rs"];

/// Names that say nothing about a type.
const FILLERS: &str = r"\b(?:struct|enum|trait|type) (Found|Seen|Known|Used|Held|Met|There|Looked|Begun|Part|Stand|Standing)\b";

#[test]
fn no_text_uses_a_phrase_that_the_project_replaces() {
    let phrases: Vec<(Regex, &str)> = PHRASES
        .iter()
        .map(|phrase| (Regex::new(phrase.pattern).unwrap(), phrase.instead))
        .collect();
    let mut findings = Vec::new();
    for (name, path) in files() {
        if QUOTES.contains(&name.as_str()) {
            continue;
        }
        let text = Prose::read(&path);
        for (phrase, instead) in &phrases {
            for line in text.findings(phrase) {
                findings.push(format!("{name}:{}: {} (write: {instead})", line.0, line.1));
            }
        }
    }
    assert!(
        findings.is_empty(),
        "{} phrases to replace, see docs/words.md:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn no_type_has_the_name_of_a_filler() {
    let fillers = Regex::new(FILLERS).unwrap();
    let mut findings = Vec::new();
    for (name, path) in files() {
        if QUOTES.contains(&name.as_str()) || path.extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(filler) = fillers.captures(line) {
                findings.push(format!("{name}:{number}: `{}`", &filler[1]));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_phrase_is_found_where_a_comment_wraps_and_in_a_name() {
    let text = Prose::of(
        "tests/it/x.rs",
        "/// What is\n/// told.\nfn a_line_is_told() {}\n\"mend \\\n    it\"\n",
    );
    let told = Regex::new(r"\bis told\b").unwrap();
    let lines: Vec<usize> = text.findings(&told).iter().map(|found| found.0).collect();
    assert_eq!(lines, [1, 3]);
    let mend = Regex::new("mend it").unwrap();
    assert_eq!(text.findings(&mend).len(), 1);
}

#[test]
fn what_a_first_branch_takes_is_natural() {
    let pattern = PHRASES
        .iter()
        .find(|phrase| phrase.instead == "is not a …")
        .unwrap();
    let phrase = Regex::new(pattern.pattern).unwrap();
    let count = |text: &str| Prose::of("x.md", text).findings(&phrase).len();
    assert_eq!(count("There is no number. It is no longer there."), 0);
    assert_eq!(count("`x` is no number."), 1);
}

/// The text of a file in which every line break and comment mark is one space, with the line of
/// each byte. An empty line stays a line break.
struct Prose {
    text: String,
    /// Where each line begins in `text`.
    starts: Vec<usize>,
}

impl Prose {
    fn read(path: &Path) -> Self {
        let text = std::fs::read(path).unwrap();
        Self::of(&path.to_string_lossy(), &String::from_utf8_lossy(&text))
    }

    fn of(name: &str, source: &str) -> Self {
        let marks: &[&str] = match name.rsplit('.').next() {
            Some("rs") => &["///", "//!", "//"],
            Some("sql") => &["--"],
            Some("md" | "snap") => &[],
            _ => &["#"],
        };
        let mut text = String::new();
        let mut starts = Vec::new();
        for line in source.lines() {
            starts.push(text.len());
            let line = line.trim();
            let line = marks
                .iter()
                .find_map(|mark| line.strip_prefix(mark))
                .unwrap_or(line)
                .trim_matches(|at: char| at.is_whitespace() || at == '\\');
            if line.is_empty() {
                text.push('\n');
            } else {
                text.push_str(&line.replace('_', " "));
                text.push(' ');
            }
        }
        Self { text, starts }
    }

    /// The line and the words of each finding.
    fn findings(&self, phrase: &Regex) -> Vec<(usize, &str)> {
        phrase
            .captures_iter(&self.text)
            .filter_map(|found| match phrase.captures_len() {
                1 => found.get(0),
                _ => found.get(1),
            })
            .map(|found| {
                let line = self.starts.partition_point(|start| *start <= found.start());
                (line, found.as_str())
            })
            .collect()
    }
}

/// Every file of the repository with text that people read, by its path in the repository.
fn files() -> Vec<(String, PathBuf)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
            let ending = path.extension().and_then(|ending| ending.to_str());
            if path.is_dir() {
                if !matches!(name, "target" | ".git" | "fuzz/target" | "fuzz/corpus") {
                    folders.push(path);
                }
            } else if matches!(
                ending,
                Some("rs" | "md" | "sql" | "sh" | "snap" | "toml" | "yml" | "awk")
            ) || name == ".ci/run"
            {
                files.push((name.to_owned(), path.clone()));
            }
        }
    }
    files.sort();
    assert!(files.len() > 400, "{} files", files.len());
    files
}
