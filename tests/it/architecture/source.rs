//! The source as text: its files, and the code of a line.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A source file, its path relative to the package.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

/// A line that breaks a promise.
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) word: &'static str,
    pub(super) why: &'static str,
}

/// Returns the folder of the package.
pub(super) fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads every `.rs` file under a folder of the package, in order of their paths.
pub(super) fn under(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    walk(&package().join(folder), &mut paths);
    paths.sort();
    let read = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path
            .strip_prefix(package())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned(),
    };
    paths.into_iter().map(read).collect()
}

/// Reads the program's own source, without the files that only its tests use.
pub(super) fn sources() -> Vec<Source> {
    let mut sources = under("src");
    let mut for_tests = Vec::new();
    for source in &sources {
        let after = source
            .text
            .lines()
            .zip(source.text.lines().skip(1))
            .filter(|(before, _)| before.trim() == "#[cfg(test)]");
        let names = after.filter_map(|(_, line)| {
            line.trim()
                .trim_start_matches("pub(super) ")
                .strip_prefix("mod ")?
                .strip_suffix(';')
        });
        let folder = source.path.rsplit_once('/').unwrap().0;
        let own_folder = source.path.trim_end_matches(".rs");
        for_tests.extend(names.flat_map(|name| {
            [
                format!("{folder}/{name}.rs"),
                format!("{own_folder}/{name}.rs"),
            ]
        }));
    }
    let below = |path: &str| {
        for_tests
            .iter()
            .any(|tests| path.starts_with(&format!("{}/", tests.trim_end_matches(".rs"))))
    };
    sources.retain(|source| !for_tests.contains(&source.path) && !below(&source.path));
    assert!(
        sources.len() > 50,
        "the source was not found: {} files",
        sources.len()
    );
    sources
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

impl Source {
    /// Finds the lines of code before the file's tests in which `look` finds a word. A `use` tree
    /// is looked at path by path.
    pub(super) fn find(
        &self,
        why: &'static str,
        look: impl Fn(&str) -> Option<&'static str>,
    ) -> Vec<Finding> {
        let lines = self.code();
        let found = lines
            .iter()
            .filter_map(|(line, code)| look(code).map(|word| (*line, word)));
        found
            .map(|(line, word)| Finding {
                path: self.path.clone(),
                line,
                word,
                why,
            })
            .collect()
    }

    fn code(&self) -> Vec<(usize, String)> {
        let mut lines = Vec::new();
        let mut tree = None;
        for (at, line) in self
            .text
            .lines()
            .enumerate()
            .take_while(|(_, line)| !line.trim().ends_with("mod tests {"))
        {
            let code = code(line);
            let begins = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "];
            let begun = begins
                .iter()
                .find_map(|begin| code.trim().strip_prefix(begin))
                .filter(|_| tree.is_none());
            if begun.is_some() {
                tree = Some(vec![String::new()]);
            }
            let Some(open) = &mut tree else {
                lines.push((at + 1, code));
                continue;
            };
            if paths(begun.unwrap_or(&code), open, |path| {
                lines.push((at + 1, path));
            }) {
                tree = None;
            }
        }
        lines
    }
}

/// Hands each whole path of a line of a `use` tree to `each`; `open` holds the paths before the
/// open braces. Returns whether the tree ends on this line.
fn paths(line: &str, open: &mut Vec<String>, mut each: impl FnMut(String)) -> bool {
    let mut name = String::new();
    for sign in line.trim().chars() {
        match sign {
            '{' => {
                let path = format!("{}{name}", open.last().unwrap());
                open.push(path);
                name.clear();
            }
            ',' | '}' | ';' => {
                if !name.trim().is_empty() {
                    each(format!("use {}{}", open.last().unwrap(), name.trim()));
                }
                name.clear();
                if sign == '}' {
                    open.pop();
                }
            }
            _ => name.push(sign),
        }
    }
    line.trim_end().ends_with(';')
}

/// Shows what was found, one line each.
pub(super) fn broken(found: &[Finding]) -> String {
    let shown = found.iter().map(|found| {
        format!(
            "\n{}:{}: `{}` {}",
            found.path, found.line, found.word, found.why
        )
    });
    shown.collect()
}

/// Takes comments and texts out of a line.
fn code(line: &str) -> String {
    let mut code = String::new();
    let (mut inside, mut before) = (false, ' ');
    let mut rest = line.chars().peekable();
    while let Some(sign) = rest.next() {
        match sign {
            '\\' if inside => drop(rest.next()),
            '"' if before != '\'' => inside = !inside,
            '/' if !inside && rest.peek() == Some(&'/') => break,
            _ if !inside => code.push(sign),
            _ => {}
        }
        before = sign;
    }
    code
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// Returns whether a line of code has a word or path, whole.
pub(super) fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Returns whether a line of code reaches into a module of the library.
pub(super) fn uses_module(code: &str, module: &str) -> bool {
    names_from_root(code, module) || names(code, &format!("super::{module}"))
}

/// Returns whether a line of code names a module of the library by its whole path: if a folder has
/// a module of the same name, `super` leads to that one.
pub(super) fn names_from_root(code: &str, module: &str) -> bool {
    ["crate", "prorata", "super::super"]
        .iter()
        .any(|root| names(code, &format!("{root}::{module}")))
}
