//! No circle of imports: what a file uses never leads back to it, so that every file can be read
//! after the files below it, and moved or tested with them alone.
//!
//! A file uses the file that defines the name it names: a name that a module only passes on
//! (`pub use`) leads to where it is defined.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, sources};

/// A module as its path: `["crate", "domain", "event"]`, or `["bin", …]` for the program.
type Path = Vec<String>;

/// What one file says about others.
#[derive(Default)]
struct Module {
    /// The names that `use` brings in, each with its path. A glob has the name `*::path`.
    uses: BTreeMap<String, Path>,
    /// Those of them that others may use through this module.
    passed_on: BTreeSet<String>,
    /// The paths in the code itself.
    paths: BTreeSet<Path>,
    /// The words of the code itself.
    words: BTreeSet<String>,
}

/// Where a path leads: to a module, or to something that is defined in a module.
enum Target {
    Module(Path),
    Item(Path),
}

#[test]
fn no_imports_go_in_a_circle() {
    let circles = circles(&sources());
    assert!(
        circles.is_empty(),
        "circles of imports:\n{}",
        shown(&circles)
    );
}

#[test]
fn a_circle_is_found_by_the_file_that_defines_a_name() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let leaf = source("src/a/leaf.rs", "use super::Shared; // crate::b\n");
    let shared = source(
        "src/a/shared.rs",
        "pub struct Shared; const B: &str = \"b::B\";",
    );
    let inner = "mod leaf;\nmod shared;\npub use leaf::Leaf;\npub use shared::Shared;\n";
    let passes_on = source("src/a/mod.rs", inner);
    let lib = source("src/lib.rs", "pub mod a;\npub mod b;\n");
    let b = source(
        "src/b.rs",
        "use crate::a::{self, leaf};\nfn b() { leaf::run(a::Leaf) }",
    );
    let found = circles(&[lib, passes_on, leaf, shared, b]);
    assert!(found.is_empty(), "{}", shown(&found));

    let uses = source(
        "src/a/mod.rs",
        "mod leaf;\npub struct Shared;\nfn a() { leaf::run() }",
    );
    let leaf = source("src/a/leaf.rs", "fn run(_: super::Shared) {}");
    assert_eq!(
        shown(&circles(&[uses, leaf])),
        "src/a/mod.rs uses src/a/leaf.rs\nsrc/a/leaf.rs uses src/a/mod.rs\n"
    );
}

/// A file of a circle, and the files of the circle that it uses.
struct Member {
    path: String,
    uses: Vec<String>,
}

/// Shows circles, a file a line and a blank line between two circles.
fn shown(circles: &[Vec<Member>]) -> String {
    let circles = circles.iter().map(|circle| {
        let files = circle.iter();
        let lines = files.map(|file| format!("{} uses {}\n", file.path, file.uses.join(", ")));
        lines.collect::<String>()
    });
    circles.collect::<Vec<_>>().join("\n")
}

/// Finds the circles among source files, each as its files in order.
fn circles(sources: &[Source]) -> Vec<Vec<Member>> {
    let modules: BTreeMap<Path, Module> = sources
        .iter()
        .map(|source| (module_of(&source.path), Module::read(&source.text)))
        .collect();
    let numbers: BTreeMap<Path, usize> = (sources.iter().enumerate())
        .map(|(number, source)| (module_of(&source.path), number))
        .collect();
    let mut edges = vec![BTreeSet::new(); sources.len()];
    for (path, module) in &modules {
        let used = module.used(path, &modules);
        edges[numbers[path]] = used.iter().map(|path| numbers[path]).collect();
    }
    let reach: Vec<BTreeSet<usize>> = (0..edges.len()).map(|from| reached(from, &edges)).collect();
    let circles: BTreeSet<BTreeSet<usize>> = (0..edges.len())
        .filter(|file| reach[*file].contains(file))
        .map(|file| {
            (reach[file]
                .iter()
                .copied()
                .filter(|other| reach[*other].contains(&file)))
            .collect()
        })
        .collect();
    let path = |file: &usize| sources[*file].path.clone();
    let member = |file: &usize, circle: &BTreeSet<usize>| Member {
        path: path(file),
        uses: edges[*file].intersection(circle).map(path).collect(),
    };
    circles
        .iter()
        .map(|circle| circle.iter().map(|file| member(file, circle)).collect())
        .collect()
}

fn reached(from: usize, edges: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> = edges[from].iter().copied().collect();
    while let Some(file) = open.pop() {
        if reached.insert(file) {
            open.extend(&edges[file]);
        }
    }
    reached
}

/// Returns the module that a file is.
fn module_of(file: &str) -> Path {
    let (root, rest) = match file.strip_prefix("src/bin/prorata/") {
        Some(rest) => ("bin", rest),
        None => ("crate", file.strip_prefix("src/").unwrap()),
    };
    let rest = rest.strip_suffix(".rs").unwrap();
    let names = rest
        .split('/')
        .filter(|name| !matches!(*name, "mod" | "lib" | "main"));
    std::iter::once(root)
        .chain(names)
        .map(str::to_owned)
        .collect()
}

impl Module {
    fn read(text: &str) -> Self {
        let mut module = Self::default();
        let code = without_tests(&code_of(text));
        let (mut own, mut rest) = (String::new(), code.as_str());
        while let Some(at) = rest.find("use ") {
            let (before, tree) = (&rest[..at], &rest[at + 4..]);
            own.push_str(before);
            rest = tree;
            if own.ends_with(is_word) {
                continue;
            }
            let tree;
            (tree, rest) = rest.split_once(';').unwrap();
            let is_public = own.trim_end().ends_with(')') || own.trim_end().ends_with("pub");
            for (alias, path) in leaves(tree, &[]) {
                if is_public {
                    module.passed_on.insert(alias.clone());
                }
                module.uses.insert(alias, path);
            }
        }
        own.push_str(rest);
        let mut parts = own.split("mod ");
        let mut words = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            words.push_str(part.trim_start_matches(is_word));
        }
        module.paths = paths_in(&words);
        module.words = words
            .split(|sign| !is_word(sign))
            .map(str::to_owned)
            .collect();
        module
    }

    /// Returns the modules whose names this one uses.
    fn used(&self, own: &Path, modules: &BTreeMap<Path, Self>) -> BTreeSet<Path> {
        let imported = self
            .uses
            .iter()
            .filter(|(alias, _)| !self.passed_on.contains(*alias) || self.words.contains(*alias))
            .map(|(_, path)| path);
        imported
            .chain(&self.paths)
            .filter_map(|path| match resolve(own, path, modules, 0)? {
                Target::Item(module) => Some(module),
                Target::Module(_) => None,
            })
            .filter(|module| module != own)
            .collect()
    }
}

/// Follows a path from a module, through names that modules pass on, to where it is defined.
/// Returns `None` for what other crates define.
fn resolve(
    own: &Path,
    path: &[String],
    modules: &BTreeMap<Path, Module>,
    depth: u32,
) -> Option<Target> {
    if depth > 20 {
        return None;
    }
    let child = |of: &Path, name: &String| {
        let path: Path = of.iter().chain([name]).cloned().collect();
        modules.contains_key(&path).then_some(path)
    };
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => own[..1].to_vec(),
        "prorata" if own[0] == "bin" => vec!["crate".to_owned()],
        "self" => own.clone(),
        "super" => own[..own.len() - 1].to_vec(),
        _ => match (child(own, first), modules.get(own)?.uses.get(first)) {
            (Some(path), _) => path,
            (None, Some(import)) if import.as_slice() != path => {
                match resolve(own, import, modules, depth + 1)? {
                    Target::Module(path) => path,
                    item @ Target::Item(_) => return Some(item),
                }
            }
            (None, _) => return None,
        },
    };
    while let Some((name, after)) = rest.split_first() {
        rest = after;
        if name == "super" {
            at.pop();
        } else if let Some(path) = child(&at, name) {
            at = path;
        } else if let Some(import) = modules.get(&at)?.uses.get(name) {
            match resolve(&at, import, modules, depth + 1)? {
                Target::Module(path) => at = path,
                item @ Target::Item(_) => return Some(item),
            }
        } else {
            return Some(Target::Item(at));
        }
    }
    Some(Target::Module(at))
}

/// Returns the names that a `use` tree brings in, each with its path.
fn leaves(tree: &str, before: &[String]) -> Vec<(String, Path)> {
    let tree = tree.trim();
    let segments = |path: &str| -> Path {
        let names = path
            .split("::")
            .map(|name| name.trim().trim_start_matches("r#"));
        let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
        before.iter().cloned().chain(names).collect()
    };
    let Some((path, branches)) = tree.split_once('{') else {
        let (path, alias) = match tree.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias.trim().to_owned())),
            None => (tree, None),
        };
        let mut path = segments(path);
        match path.last().map(String::as_str) {
            Some("self") => drop(path.pop()),
            Some("*") => return vec![(format!("*::{}", path.join("::")), path)],
            Some(_) => {}
            None => return Vec::new(),
        }
        let alias = alias.or_else(|| path.last().cloned());
        return alias.map(|alias| (alias, path)).into_iter().collect();
    };
    let path = segments(path);
    let branches = branches.trim_end().strip_suffix('}').unwrap();
    let (mut depth, mut from, mut found) = (0_u32, 0, Vec::new());
    for (at, sign) in branches.char_indices().chain([(branches.len(), ',')]) {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(leaves(&branches[from..at], &path));
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Returns every path of two or more names in code.
fn paths_in(code: &str) -> BTreeSet<Path> {
    let is_path = |sign: char| is_word(sign) || sign == ':' || sign == '#';
    code.split(|sign: char| !is_path(sign))
        .filter(|path| path.contains("::"))
        .map(|path| {
            path.split("::")
                .map(|name| name.trim_matches(':').trim_start_matches("r#").to_owned())
                .take_while(|name| !name.is_empty())
                .collect()
        })
        .collect()
}

/// Takes comments, texts and letters out of a file.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if sign == '"' {
            text_end(rest)
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            3 + raw.find("\"#").unwrap() + 2
        } else if let Some(raw) = rest.strip_prefix("r\"") {
            2 + raw.find('"').unwrap() + 1
        } else if rest.starts_with("'\\") {
            3 + rest[3..].find('\'').unwrap() + 1
        } else if sign == '\'' && rest.chars().nth(2) == Some('\'') {
            rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at)
        } else {
            code.push(sign);
            sign.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

/// Returns the length of the text that begins with a quotation mark.
fn text_end(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => drop(signs.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Takes what is only built for tests out of code: modules, and what they import.
fn without_tests(code: &str) -> String {
    let mut parts = code.split("#[cfg(test)]");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = match (part.find(';'), part.find('{')) {
            (Some(end), Some(open)) if end < open => end + 1,
            (_, Some(open)) if part.trim_start().starts_with("use ") => {
                open + part[open..].find(';').unwrap() + 1
            }
            (_, Some(open)) => open + block_end(&part[open..]),
            (Some(end), None) => end + 1,
            (None, None) => 0,
        };
        kept.push_str(&part[end..]);
    }
    kept
}

/// Returns the length of the block that begins with a brace.
pub(super) fn block_end(code: &str) -> usize {
    let mut depth = 0_u32;
    for (at, sign) in code.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}
