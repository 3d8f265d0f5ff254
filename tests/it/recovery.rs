//! Practice recovery over the real socket: set up by owners, agreed to, used to bring people back, and refused wherever
//! somebody goes around it.

use alcove::app::recovery::NewPlan;
use alcove::crypto::HybridIdentity;
use alcove::crypto::sign::sha256;
use alcove::domain::id::PersonId;
use alcove::domain::recovery::NestedFile;
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use serde_json::{Value, json};

use crate::world::sign::Keys;
use crate::world::{World, actor, sealed};

/// The recipient of somebody's recovery paper.
fn paper_recipient(keys: &Keys) -> String {
    HybridIdentity::from_seed([keys.n ^ 0x80; 32]).to_recipient().unwrap().to_string()
}

/// An owner's word for their paper.
pub fn paper(keys: &Keys) -> String {
    let (person, recipient) = (keys.person.to_string(), paper_recipient(keys));
    keys.sign("recovery", &json!({"v": 1, "what": "paper", "person": person, "recipient": recipient, "ts": "x"}))
}

/// What a plan with the papers of these owners says, after the plan of that text.
fn plan_payload(owners: &[&Keys], n: u64, before: Option<&str>) -> Value {
    let named = |keys: &&Keys| json!({"person": keys.person.to_string(), "recipient": paper_recipient(keys)});
    json!({
        "v": 1, "what": "plan", "n": n, "prev": before.map(|text| b64u(&sha256(text.as_bytes()))),
        "recipient": HybridIdentity::from_seed([u8::try_from(n).unwrap(); 32]).to_recipient().unwrap().to_string(),
        "papers": owners.iter().map(named).collect::<Vec<_>>(), "by": owners[0].person.to_string(), "ts": "x",
    })
}

/// Every file that a plan with these papers needs.
fn files(owners: &[&Keys]) -> Vec<(PersonId, Option<PersonId>)> {
    if let [sole] = owners {
        return vec![(sole.person, None)];
    }
    let pairs = owners.iter().flat_map(|first| owners.iter().map(|then| (first.person, then.person)));
    pairs.filter(|(first, then)| first != then).map(|(first, then)| (first, Some(then))).collect()
}

fn body(first: PersonId, then: Option<PersonId>) -> Vec<u8> {
    sealed(&format!("{first} then {then:?}"), 200)
}

/// A plan signed by the first of these owners, with its files.
pub fn plan(owners: &[&Keys], n: u64, before: Option<&str>) -> (String, Value) {
    let file = |(first, then): (PersonId, Option<PersonId>)| json!({"first": first.to_string(), "then": then.map(|then| then.to_string()), "body": b64u(&body(first, then))});
    let statement = owners[0].sign("recovery", &plan_payload(owners, n, before));
    (statement, files(owners).into_iter().map(file).collect())
}

/// A colleague's word for a plan.
pub fn endorsement(keys: &Keys, plan: &str) -> String {
    let plan = b64u(&sha256(plan.as_bytes()));
    keys.sign("recovery", &json!({"v": 1, "what": "endorse", "plan": plan, "by": keys.person.to_string(), "ts": "x"}))
}

/// Papers and a plan of these owners; gives its statement.
pub fn set_up(world: &World, owners: &[&Keys], n: u64, before: Option<&str>) -> String {
    for keys in owners {
        world.app.make_recovery_paper(&actor(keys, Role::Owner), &paper(keys)).unwrap();
    }
    let statement = plan(owners, n, before).0;
    let file = |(first, then)| NestedFile { first, then, body: body(first, then) };
    let new = NewPlan { statement: statement.clone(), files: files(owners).into_iter().map(file).collect() };
    world.app.set_up_recovery(&actor(owners[0], Role::Owner), &new).unwrap();
    statement
}
