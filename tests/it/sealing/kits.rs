//! The restore kit from the terminal.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use alcove::crypto::Kit;

use super::{done, file, refused};
use crate::support::{Process, alcove};

#[test]
fn a_kit_is_made_verified_and_rotated() {
    let server = Process::start();
    let at = |name: &str| server.home().join(name).to_str().unwrap().to_owned();
    let (first, second) = (at("first"), at("second"));
    assert!(done(&server.command(&["--json", "kit", "list"]))["kits"].as_array().unwrap().is_empty());
    refused(&server.command(&["kit", "rotate", "--yes"]), 1, "no restore kit yet");
    let made = done(&server.command(&["--json", "kit", "create", "--yes", "--out", &first]));
    assert!(made["kit"].is_null() && made["proved"] == false);
    refused(&server.command(&["kit", "create", "--yes"]), 1, "kit rotate");
    let listed = done(&server.command(&["--json", "kit", "list"]));
    assert_eq!(listed["kits"][0]["recipient"], made["recipient"]);
    assert!(listed["kits"][0]["made_at"].is_string());
    done(&server.command(&["--json", "kit", "verify", "--kit", &first]));

    let text = fs::read_to_string(&first).unwrap();
    let forged = text.replace(listed["backup_key"].as_str().unwrap(), "another");
    let forged = file(&server, "forged", &forged).to_str().unwrap().to_owned();
    refused(&server.command(&["kit", "verify", "--kit", &forged]), 5, "another backup key");
    let bare = file(&server, "bare", text.lines().last().unwrap()).to_str().unwrap().to_owned();
    refused(&server.command(&["kit", "verify", "--kit", &bare]), 5, "backup key");

    let before = fs::read(server.data_dir().join("alcove.redb")).unwrap()[..0x8000].to_vec();
    refused(&prove(&server, &second, |words| words.replace(|_| true, "x")), 5, "nothing was changed");
    assert!(!server.home().join("second").exists(), "a kit that opens nothing does not lie about");
    assert_eq!(fs::read(server.data_dir().join("alcove.redb")).unwrap()[..0x8000], before);
    let rotated = prove(&server, &second, str::to_owned);
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    assert!(String::from_utf8_lossy(&rotated.stdout).contains("old kit only"));
    done(&server.command(&["--json", "kit", "verify", "--kit", &second]));
    refused(&server.command(&["kit", "verify", "--kit", &first]), 5, "does not open the practice");
}

/// Rotates, and types what `answer` makes of the words that were asked for.
fn prove(server: &Process, out: &str, answer: impl Fn(&str) -> String) -> std::process::Output {
    let mut command = alcove(server.home(), server.data_dir());
    command.args(["kit", "rotate", "--out", out]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Type the words") {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "it never asked");
    }
    let kit = Kit::parse(&fs::read_to_string(out).unwrap()).unwrap();
    let words = kit.plain_words();
    let places = line.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse::<usize>().ok());
    let asked = places.map(|place| words[place - 1].clone()).collect::<Vec<_>>().join(" ");
    writeln!(child.stdin.take().unwrap(), "{}", answer(&asked)).unwrap();
    let mut output = child.wait_with_output().unwrap();
    std::io::Read::read_to_end(&mut stderr, &mut output.stderr).unwrap();
    output
}

#[test]
fn a_kit_opens_a_sealed_server_and_closed_data() {
    let mut server = Process::start();
    let kit = server.home().join("kit").to_str().unwrap().to_owned();
    done(&server.command(&["--json", "kit", "create", "--yes", "--out", &kit]));
    let words = Kit::parse(&fs::read_to_string(&kit).unwrap()).unwrap().plain_words().join(" ");
    server.signal("TERM");
    assert!(server.wait().success());
    fs::remove_file(server.home().join(".config/alcove/data.key")).unwrap();
    done(&server.command(&["--json", "kit", "verify", "--kit", &kit]));
    let (home, port) = server.into_home();
    let server = Process::serve(home, "data", port);
    assert_eq!(server.started["state"], "sealed");
    refused(&server.command(&["kit", "verify", "--kit", &kit]), 4, "sealed");
    let typed = file(&server, "typed", &words).to_str().unwrap().to_owned();
    done(&server.command(&["--json", "seal", "unseal", "--passphrase-file", &typed]));
}
