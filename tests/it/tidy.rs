//! Enforces ARCHITECTURE.md and STYLE.md: which module may know which, who may name what, how long things get.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const MAIN_LINES_MAX: usize = 60;

/// What each module may use of the house, besides itself. `cli` stands on top and may use everything.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("policy", &["domain"]),
    ("crypto", &["domain"]),
    ("store", &["policy", "domain", "crypto", "clock", "sys"]),
    ("app", &["store", "policy", "domain", "crypto", "clock"]),
    ("backup", &["store", "policy", "domain", "crypto", "clock", "sys"]),
    ("mail", &["app", "domain", "crypto", "clock", "config"]),
    ("jobs", &["app", "backup", "mail", "policy", "domain", "clock"]),
    ("http", &["app", "backup", "policy", "domain", "crypto", "clock", "config", "assets", "tls", "store"]),
    ("tls", &["domain", "config"]),
    ("config", &["domain"]),
    ("clock", &[]),
    ("assets", &[]),
    ("sys", &[]),
    ("lib", &[]),
];

/// Crates and calls that only some places may name.
const ONLY_IN: [(&str, &[&str]); 15] = [
    ("redb::", &["store", "backup"]),
    ("poem::", &["http"]),
    ("poem_openapi::", &["http"]),
    ("argon2::", &["crypto"]),
    ("totp_rs::", &["crypto"]),
    ("webauthn_rs", &["crypto"]),
    ("age::", &["crypto", "backup"]),
    ("rcgen::", &["tls"]),
    ("Instant::now", &["clock"]),
    ("SystemTime::now", &["clock"]),
    ("Timestamp::now", &["clock"]),
    ("Zoned::now", &["clock"]),
    ("OffsetDateTime::now", &["clock"]),
    ("env::var", &["config"]),
    ("unsafe ", &["sys"]),
];

struct Source {
    /// Below `src` or `tests/it`, with `/`.
    name: String,
    /// The first part of the name, without an ending.
    module: String,
    text: String,
    /// The text without comments, strings aside.
    code: String,
}

fn sources(below: &str) -> Vec<Source> {
    let dir = Path::new(ROOT).join(below);
    let mut files = Vec::new();
    collect(&dir, &mut files);
    assert!(!files.is_empty());
    files.into_iter().map(|path| source(&dir, &path)).collect()
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn source(dir: &Path, path: &Path) -> Source {
    let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
    let module = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
    let text = fs::read_to_string(path).unwrap();
    let before_comment = |line: &str| line.split("//").next().unwrap_or_default().trim_end().to_owned();
    // A URL in a string loses its tail here, which no rule below minds.
    let code = text.lines().map(before_comment).collect::<Vec<_>>().join("\n");
    Source { name, module, text, code }
}

/// The modules of the house that a file names: `crate::x` and the first level of `use crate::{x, y::z}`.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(first_level(list)),
            None => found.extend(word(rest)),
        }
    }
    found
}

fn first_level(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = word(list.trim_start()).into_iter().collect::<Vec<_>>();
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.extend(word(list[at + 1..].trim_start())),
            _ => (),
        }
    }
    names
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

fn complain(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}

#[test]
fn dependencies_point_one_way() {
    let modules: BTreeSet<&str> = MAY_USE.iter().map(|(module, _)| *module).chain(["cli", "main"]).collect();
    let mut mistakes = Vec::new();
    for source in sources("src") {
        if !modules.contains(source.module.as_str()) {
            mistakes.push(format!("src/{}: {} is not in ARCHITECTURE.md", source.name, source.module));
        }
        let Some((_, may)) = MAY_USE.iter().find(|(module, _)| *module == source.module) else { continue };
        for name in used(&source.code) {
            if name != source.module && modules.contains(name.as_str()) && !may.contains(&name.as_str()) {
                mistakes.push(format!("src/{}: {} may not use {name}", source.name, source.module));
            }
        }
    }
    complain(&mistakes);
}

#[test]
fn some_names_live_in_one_place() {
    let mut mistakes = Vec::new();
    for source in sources("src") {
        for (name, places) in ONLY_IN {
            let starts_a_word =
                |at: usize| !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c));
            let is_named = source.code.match_indices(name).any(|(at, _)| starts_a_word(at) || name.contains("::n"));
            if is_named && !places.contains(&source.module.as_str()) {
                mistakes.push(format!("src/{}: {name} belongs into {}", source.name, places.join(", ")));
            }
        }
    }
    complain(&mistakes);
}

#[test]
fn unsafe_code_is_where_it_is_listed() {
    let found: BTreeSet<String> = sources("src")
        .into_iter()
        .filter(|source| source.code.contains("allow(unsafe_code"))
        .map(|source| source.name)
        .collect();
    let listed = ["sys/file_space.rs", "sys/memory.rs", "sys/resolver.rs"];
    assert_eq!(found, listed.map(str::to_owned).into());
}

#[test]
fn files_and_functions_stay_short() {
    let mut mistakes = Vec::new();
    for (below, sources) in [("src", sources("src")), ("tests/it", sources("tests/it"))] {
        for source in sources {
            let lines: Vec<&str> = source.text.lines().collect();
            let max = if source.name == "main.rs" && below == "src" { MAIN_LINES_MAX } else { FILE_LINES_MAX };
            if lines.len() > max {
                mistakes.push(format!("{below}/{}: {} lines, at most {max}", source.name, lines.len()));
            }
            for (line, length) in functions(&lines) {
                if length > FUNCTION_LINES_MAX {
                    mistakes.push(format!("{below}/{}:{line}: a function of {length} lines", source.name));
                }
            }
        }
    }
    complain(&mistakes);
}

/// First line and length of each function, trusting rustfmt: it ends at the brace that stands below its beginning.
fn functions(lines: &[&str]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let is_one = line.trim_start().starts_with("fn ") || line.contains(" fn ");
        if is_one && !line.trim_start().starts_with("//") && !line.trim_end().ends_with([';', '}']) {
            let closing = format!("{}}}", " ".repeat(indent));
            let length = lines[first..].iter().position(|line| *line == closing).unwrap_or(0);
            found.push((first + 1, length + 1));
        }
    }
    found
}

#[test]
fn nothing_is_left_for_later_or_badly_named() {
    // Put together here, so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["unimplemented", "!("], ["todo", "!("]]
        .map(|parts| parts.concat());
    let names = [["fn ", "get_"], ["Manager ", "{"], ["Helper ", "{"], ["mod ", "utils"]].map(|parts| parts.concat());
    let mut mistakes = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests/it")) {
        mistakes.extend(
            marks.iter().filter(|mark| source.text.contains(*mark)).map(|mark| format!("{}: {mark}", source.name)),
        );
        mistakes.extend(
            names.iter().filter(|name| source.code.contains(*name)).map(|name| format!("{}: {name}", source.name)),
        );
        if !source.text.starts_with("//!") && !source.name.ends_with("tests.rs") {
            mistakes.push(format!("{}: a module opens with its duty", source.name));
        }
    }
    complain(&mistakes);
}

#[test]
fn the_rules_above_find_what_they_should() {
    let code = "use crate::{\n    app::App,\n    tls::{self, Certificates},\n};\nlet x = crate::store::Row;\nother_crate::http;";
    assert_eq!(used(code), BTreeSet::from(["app", "tls", "store"].map(str::to_owned)));
    let lines = ["    pub async fn a(", "    ) {", "        b();", "    }", "fn c() {}"];
    assert_eq!(functions(&lines), [(1, 4)]);
}
