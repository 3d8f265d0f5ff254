//! Which test answers which hostile case: a reviewed list, and every test in it is there.

use std::path::Path;

const LIST: &str = include_str!("../golden/hostile_cases.txt");

/// The cases and the tests of each, as `module::test` or `module::part::test`.
fn cases() -> Vec<(u8, Vec<&'static str>)> {
    let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let of_line = |line: &'static str| {
        let mut words = line.split_whitespace();
        (words.next().unwrap().parse().unwrap(), words.collect())
    };
    lines.map(of_line).collect()
}

fn is_there(named: &str) -> bool {
    let (module, name) = named.rsplit_once("::").unwrap();
    let path = module.replace("::", "/");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let files = [tests.join(format!("{path}.rs")), tests.join(&path).join("mod.rs")];
    let text = files.iter().find_map(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    text.split_once(&format!("fn {name}(")).is_some_and(|(before, _)| {
        let attributes = before.rsplit("\n\n").next().unwrap_or_default();
        attributes.contains("#[test]") || attributes.contains("#[tokio::test")
    })
}

#[test]
fn every_listed_case_has_its_tests() {
    let cases = cases();
    assert!(cases.iter().map(|(n, _)| n).is_sorted(), "in the order of their numbers");
    for (n, tests) in cases {
        assert!(!tests.is_empty(), "case {n} names no test");
        for test in tests {
            assert!(is_there(test), "case {n}: there is no test {test}");
        }
    }
}
