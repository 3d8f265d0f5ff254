//! The shared vectors of rosters: what devices accept and refuse, the server does too.

use std::path::Path;

use alcove::crypto::roster::{append, begin, hash_of};
use alcove::domain::roster::{How, InviteState, Roster, RosterRefused};
use alcove::domain::text::b64u;
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The roster of these entries, judged by their own times.
fn grow(case: &Value) -> Result<Roster, RosterRefused> {
    let texts = case["inputs"]["entries"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let mut roster: Option<Roster> = None;
    for text in texts {
        match &mut roster {
            None => roster = Some(begin(text)?),
            Some(roster) => drop(append(roster, text, None)?),
        }
    }
    let roster = roster.unwrap();
    roster.check_settled()?;
    Ok(roster)
}

#[test]
fn what_devices_accept_is_accepted() {
    for case in vectors("roster.json") {
        let (name, outputs) = (&case["name"], &case["outputs"]);
        let roster = grow(&case).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(roster.space.to_string(), outputs["space"].as_str().unwrap(), "{name}");
        let last = case["inputs"]["entries"].as_array().unwrap().last().unwrap().as_str().unwrap();
        assert_eq!(roster.head, hash_of(last), "{name}");
        let hashes = outputs["hashes"].as_array().unwrap();
        assert_eq!(
            (hashes.len() as u64, hashes.last().unwrap().as_str().unwrap()),
            (roster.size, &*b64u(&roster.head))
        );
        let members = outputs["members"].as_array().unwrap();
        assert_eq!(members.len(), roster.members.len(), "{name}");
        for (member, expected) in roster.members.iter().zip(members) {
            assert_eq!(member.person.to_string(), expected["person"].as_str().unwrap(), "{name}");
            assert_eq!(member.role, expected["role"].as_str().unwrap(), "{name}");
            assert_eq!(member.how.map(How::word), expected["how"].as_str(), "{name}");
            let until = member.until.map(|until| format!("{until:.3}"));
            assert_eq!(until.as_deref(), expected["until"].as_str(), "{name}");
        }
        assert_eq!(roster.epoch(), outputs["epochs"].as_array().unwrap().len() as u64, "{name}");
        assert_eq!(roster.rotation_pending, outputs["rotation_pending"].as_bool().unwrap(), "{name}");
        for (invite, expected) in roster.invites.iter().zip(outputs["invites"].as_array().unwrap()) {
            let state = match invite.state {
                InviteState::Open => "open",
                InviteState::Spent => "used",
                InviteState::Revoked => "revoked",
            };
            assert_eq!(state, expected["state"].as_str().unwrap(), "{name}");
        }
    }
}

#[test]
fn what_devices_refuse_is_refused() {
    for case in vectors("roster-refused.json") {
        let space = case["inputs"]["space"].as_str().unwrap();
        let grown = grow(&case);
        let elsewhere = grown.as_ref().is_ok_and(|roster| roster.space.to_string() != space);
        assert!(grown.is_err() || elsewhere, "{}", case["name"]);
    }
}
