//! `alcove admin` as an operator runs it: beside the running server and on the data of a stopped one, with exit codes.

use std::process::Output;

use serde_json::Value;

use super::practice::Practice;
use crate::support::alcove;

fn told(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// On the data of a practice with a coach and a client, which nobody serves.
#[test]
fn somebody_is_suspended_and_let_in_again_while_the_server_is_stopped() {
    let machine = Practice::of_first_format();
    let run = |arguments: &[&str]| {
        alcove(machine.home(), &machine.data_dir()).args(["--json", "admin"]).args(arguments).output().unwrap()
    };
    let people = || told(&run(&["list"]))["people"].as_array().unwrap().clone();
    let state = |role: &str| people().iter().find(|person| person["role"] == role).unwrap()["state"].clone();
    let name = |role: &str| people().iter().find(|person| person["role"] == role).unwrap()["name"].clone();
    assert_eq!((people().len(), state("client")), (2, "active".into()));

    let client = name("client");
    assert_eq!(told(&run(&["disable", client.as_str().unwrap()]))["name"], client);
    assert_eq!(state("client"), "suspended");
    told(&run(&["recover-account", client.as_str().unwrap()]));
    assert_eq!(state("client"), "active");
    let audited = machine.audited();
    let is_there = |code: &str| audited.iter().any(|entry| entry == code);
    assert!(is_there("person.suspended") && is_there("person.recovered"), "{audited:?}");

    assert!(refused(&run(&["disable", name("owner").as_str().unwrap()])).contains("without an active owner"));
    assert!(refused(&run(&["recover-account", "Nobody of that name"])).contains("nobody here has this id or name"));
    assert_eq!(run(&["disable"]).status.code(), Some(2));
}

#[test]
fn the_running_server_answers_an_operator() {
    let running = Practice::found().serve();
    let run = |arguments: &[&str]| running.process.command(&[&["--json", "admin"], arguments].concat());
    let people = told(&run(&["list"]))["people"].as_array().unwrap().clone();
    assert_eq!((people.len(), people[0]["role"].as_str()), (1, Some("owner")));
    let owner = people[0]["person"].as_str().unwrap();
    assert!(refused(&run(&["disable", owner])).contains("without an active owner"));
    told(&run(&["recover-account", owner]));
    let words = running.process.command(&["admin", "recover-account", owner]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("You can copy this to them"));
}
