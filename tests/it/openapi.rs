//! The API's description and its route list are committed and reviewed; a change shows here first.

use std::fmt::Write as _;
use std::path::Path;

use alcove::http::api;
use serde_json::Value;

const REWRITE: &str = "ALCOVE_REWRITE_GOLDEN=1 cargo test --test it golden";

/// Compares a committed file with what the code says now, or writes it anew when asked to.
pub fn golden(path: &str, now: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("ALCOVE_REWRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, now).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == now, "{path} is stale; look at the change, then run: {REWRITE}");
}

fn description() -> Value {
    serde_json::from_str(&api::description()).unwrap()
}

#[test]
fn golden_description() {
    let mut text = serde_json::to_string_pretty(&description()).unwrap();
    text.push('\n');
    golden("web/openapi.json", &text);
}

#[test]
fn golden_routes() {
    let description = description();
    let mut lines = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let needs: Vec<_> = operation["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
            lines.push(format!("{:6} {path:40} {}", method.to_uppercase(), needs.join(" or ")));
        }
    }
    lines.sort_by_key(|line| line[7..].to_owned());
    let mut text =
        String::from("# Each operation of the API and the right that it needs. Membership is checked besides.\n");
    for line in lines {
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    golden("tests/golden/routes.txt", &text);
}
