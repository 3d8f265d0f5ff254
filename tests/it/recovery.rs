//! Practice recovery over the real socket: set up by owners, agreed to, used to bring people back, and refused wherever
//! somebody goes around it.

mod cases;
mod plans;

use alcove::app::recovery::NewPlan;
use alcove::config::Limits;
use alcove::crypto::HybridIdentity;
use alcove::crypto::sign::sha256;
use alcove::domain::id::PersonId;
use alcove::domain::recovery::NestedFile;
use alcove::domain::role::Role;
use alcove::domain::slot::{Slot, SlotKind};
use alcove::domain::text::b64u;
use alcove::http::api;
use alcove::store::rows::keyring::Keyring;
use alcove::store::rows::slot::LoginKey;
use poem::{EndpointExt as _, Route};
use serde_json::{Value, json};

use crate::sharing::cookie;
use crate::support::{Answer, Site};
use crate::world::account::{login_key, new_slot};
use crate::world::sign::Keys;
use crate::world::{World, actor, sealed};

/// An owner and a client, served over TLS.
struct Practice {
    world: World,
    site: Site,
    owner: Keys,
    anna: Keys,
}

impl Practice {
    async fn open() -> Self {
        let (world, owner) = World::with_owner();
        let anna = Keys::of(5);
        at_home(&world, &owner, Role::Owner);
        at_home(&world, &anna, Role::Client);
        let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
        let limits = Limits { attempts_burst: 1000, ..Limits::default() };
        let site = Site::start(limits, routes).await;
        Self { world, site, owner, anna }
    }

    /// Asks by a session that was proved just now.
    async fn ask(&self, who: &Keys, method: &str, path: &str, body: &Value) -> Answer {
        self.ask_by(&cookie(&self.world, who), method, path, body).await
    }

    async fn ask_by(&self, cookie: &str, method: &str, path: &str, body: &Value) -> Answer {
        let origin = self.site.trust.origin();
        let headers = format!("Origin: {origin}\r\nContent-Type: application/json\r\nCookie: {cookie}\r\n");
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.site.trust.ask(method, &format!("{}{path}", api::BASE), &headers, &body).await
    }

    async fn see(&self, who: &Keys, path: &str) -> Value {
        self.ask(who, "GET", path, &Value::Null).await.json()
    }

    /// The code of a refusal, with its reason.
    async fn refused(&self, who: &Keys, method: &str, path: &str, body: &Value) -> String {
        let answer = self.ask(who, method, path, body).await;
        assert!(answer.status >= 400, "{method} {path} was not refused: {}", answer.status);
        let reason = answer.json()["reason"].as_str().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("{} {}{reason}", answer.status, answer.code())
    }

    async fn done(&self, who: &Keys, method: &str, path: &str, body: &Value) {
        let answer = self.ask(who, method, path, body).await;
        assert_eq!(answer.status, 204, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
    }
}

/// Somebody with a keyring and a kit (slot 1) that opens it.
fn at_home(world: &World, keys: &Keys, role: Role) {
    world.add(keys, role);
    let (person, made_at) = (keys.person, world.clock.now());
    let slot = new_slot(keys, 1, alcove::app::account::NewSlotKind::Kit);
    let login_key = login_key(keys, 1).verifying_key().to_bytes();
    world.put(&Keyring { person, version: 1, body: keyring(keys) });
    world.put(&LoginKey { key: login_key, person, slot: slot.slot });
    world.put(&Slot { slot: slot.slot, person, kind: SlotKind::Kit, label: "Kit".to_owned(), login_key, made_at });
}

fn keyring(keys: &Keys) -> Vec<u8> {
    sealed(&format!("keyring of {}", keys.person), 200)
}

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
