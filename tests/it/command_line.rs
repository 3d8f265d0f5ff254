//! What the program says about itself: every command's help, as reviewed.

use std::process::Command;

use crate::openapi::golden;

fn help(path: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_alcove")).args(path).arg("--help").env_clear().output().unwrap();
    assert!(output.status.success(), "{path:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// This command's help, then that of each command below it.
fn all(path: &[String], text: &mut String) {
    let help = help(path);
    text.extend([format!("$ alcove {} --help\n", path.join(" ")).replace("  ", " "), help.clone(), "\n".to_owned()]);
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| line.starts_with("  "));
    // Continuation lines stand further in.
    for name in commands.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next()) {
        all(&[path, &[name.to_owned()]].concat(), text);
    }
}

#[test]
fn golden_command_line() {
    let mut text = String::new();
    all(&[], &mut text);
    assert!(text.contains("$ alcove seal migrate --help") && text.contains("$ alcove kit rotate --help"));
    golden("tests/golden/command_line.txt", &text);
}
