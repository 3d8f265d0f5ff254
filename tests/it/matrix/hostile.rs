//! Hostile cases that go over every operation of the API: smuggled roles, enumeration, another host's name, requests
//! that another site makes. `tests/golden/hostile_cases.txt` says where the other cases are.

use std::collections::BTreeMap;

use alcove::app::proof::Proof;
use alcove::domain::id::{InviteId, PersonId};
use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::http::api;
use alcove::store::{Reads as _, StoreError};
use serde_json::{Value, json};

use super::samples::{device, sample};
use super::stage::{Stage, Who};
use super::{Operation, ask, kind, operations, told};
use crate::support::{Answer, Site};
use crate::world::account::{answer, login_key, origin};
use crate::world::sign::Keys;

const JSON: &str = "Content-Type: application/json\r\n";

fn people(stage: &Stage) -> Vec<Person> {
    let found: Result<Vec<Person>, StoreError> = stage.world.store.read(|tx| tx.scan(&()));
    found.unwrap()
}

/// A request as it is, without the headers that our own pages send.
async fn bare(site: &Site, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    site.trust.ask(method, &format!("{}{path}", api::BASE), headers, body).await
}

fn body_of(stage: &Stage, Operation { method, path, takes_body }: &Operation) -> Vec<u8> {
    if *takes_body { sample(stage, method, path).unwrap() } else { Vec::new() }
}

/// Every object in a body, with a role in it.
fn with_roles(body: &Value) -> Vec<Value> {
    let Value::Object(fields) = body else { return Vec::new() };
    let mut all = Vec::new();
    if !fields.contains_key("role") {
        let mut more = fields.clone();
        more.insert("role".to_owned(), json!("owner"));
        all.push(Value::Object(more));
    }
    for (name, inner) in fields {
        all.extend(with_roles(inner).into_iter().map(|inner| {
            let mut outer = fields.clone();
            outer.insert(name.clone(), inner);
            Value::Object(outer)
        }));
    }
    all
}

/// Hostile case 15: an extra `role` in any body, or in any object of it, is refused or passed over: nobody's changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_role_smuggled_into_a_body_changes_nobodys() {
    let stage = Stage::set().await;
    let before = people(&stage);
    let mut tried = 0;
    for operation in operations().iter().filter(|operation| operation.takes_body) {
        let Operation { method, path, .. } = operation;
        let Ok(body) = serde_json::from_slice::<Value>(&body_of(&stage, operation)) else { continue };
        for body in with_roles(&body) {
            // A good sign-in ends the session of its cookie.
            let headers = format!("{JSON}If-Match: *\r\n{}", stage.cookie(Who::Owner));
            let there = stage.there(method, path);
            let answer = ask(&stage.site, method, &there, &headers, body.to_string().as_bytes()).await;
            assert!(answer.status < 500, "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried} bodies");
    let roles = |people: Vec<Person>| people.into_iter().map(|one| (one.person, one.role)).collect::<BTreeMap<_, _>>();
    let (before, mut after) = (roles(before), roles(people(&stage)));
    // Whoever joined by the sample's invite is what the invite said.
    let joined = after.remove(&Keys::of(8).person);
    assert!(joined.is_none_or(|role| role == Role::Client), "{joined:?}");
    assert_eq!(after, before);
}

/// An answer without what may differ for anybody: of texts only how long they are.
fn shape(answer: &Answer) -> (u16, Vec<String>, Value) {
    fn of(value: &Value) -> Value {
        match value {
            Value::String(text) => json!(text.len()),
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), of(value))).collect(),
            Value::Array(values) => values.iter().map(of).collect(),
            other => other.clone(),
        }
    }
    let (status, headers, body) = told(answer);
    let headers = headers.into_iter().map(|(name, _)| name).collect();
    (status, headers, of(&serde_json::from_str(&body).unwrap()))
}

/// A good signature by a key that is no way of theirs.
fn wrong_proof(stage: &Stage, whose: &Keys) -> Value {
    let asked = stage.world.challenge(whose);
    let Proof::LoginKey { challenge, login_key, signature } = answer(whose, 9, &origin(), &asked) else { panic!() };
    json!({"challenge": challenge.to_string(), "login_key": b64u(&login_key), "signature": b64u(&signature),
        "device": device()})
}

/// Hostile case 22: whether somebody is here shows in no answer to those who are not signed in: not where ways to sign in
/// are asked for, by person or by a kit's key, not where a proof is wrong, not for a suspended or closed account.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_here_cannot_be_told_from_answers() {
    let stage = Stage::set().await;
    let (world, owner, anna) = (&stage.world, &stage.owner, &stage.anna);
    let post = async |path: &str, body: Value| ask(&stage.site, "POST", path, JSON, body.to_string().as_bytes()).await;
    let at = world.clock.now();
    let states = [PersonState::Suspended { at, why: SuspendedWhy::Operator }, PersonState::Deleted { at }];
    let nobody = PersonId::from_bytes([0xee; 16]).to_string();
    let unknown = post("/sign-in/challenges", json!({"person": nobody})).await;
    let by_key = async |key: &[u8; 32]| post("/sign-in/challenges", json!({"login_key": b64u(key)})).await;
    let no_kit = by_key(&[7; 32]).await;
    assert_eq!(shape(&unknown), shape(&no_kit));
    for state in [PersonState::Active].into_iter().chain(states) {
        for keys in [owner, anna] {
            let row = people(&stage).into_iter().find(|person| person.person == keys.person).unwrap();
            world.put(&Person { state, ..row });
            let known = post("/sign-in/challenges", json!({"person": keys.person.to_string()})).await;
            assert_eq!(shape(&known), shape(&unknown), "{state:?}");
            let kit = by_key(&login_key(keys, 2).verifying_key().to_bytes()).await;
            assert_eq!(shape(&kit), shape(&no_kit), "{state:?}");
            // A wrong proof is a wrong proof, byte for byte.
            let mut refused = Vec::new();
            for whose in [keys, &Keys::of(0xee)] {
                refused.push(post("/sign-ins", wrong_proof(&stage, whose)).await);
            }
            assert_eq!((refused[0].status, refused[0].code().as_str()), (401, "sign-in-failed"));
            assert_eq!(told(&refused[0]), told(&refused[1]), "{state:?}");
            world.minutes_pass(1);
        }
    }
}

/// Hostile case 22, of invites: one that never was, and ways to use it, answer alike whoever asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_unknown_invite_is_absent_for_everybody() {
    let stage = Stage::set().await;
    for (method, path) in [("GET", "/invites/{invite}"), ("POST", "/invites/{invite}/join")] {
        let body = if method == "POST" { sample(&stage, method, path).unwrap() } else { Vec::new() };
        let absent = Stage::absent(path);
        let other = path.replace("{invite}", &InviteId::from_bytes([0xdd; 16]).to_string());
        let mut answers = Vec::new();
        for who in [Who::Anonymous, Who::Stranger, Who::Owner] {
            for path in [&absent, &other] {
                let headers = format!("{JSON}{}", stage.cookie(who));
                answers.push(ask(&stage.site, method, path, &headers, &body).await);
            }
        }
        assert_eq!(kind(&answers[0]), "404 not-found", "{method} {path}");
        assert!(answers.iter().all(|answer| told(answer) == told(&answers[0])), "{method} {path}");
    }
}

/// Hostile case 23: whatever host a request names, in its head or by a proxy's headers, answers name the configured
/// address or none.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn answers_name_the_configured_address_whatever_the_request_says() {
    let stage = Stage::set().await;
    let (base, own) = (api::BASE, stage.site.trust.origin());
    for operation in operations().iter().filter(|operation| operation.path != "/events") {
        let Operation { method, path, .. } = operation;
        let (there, body) = (stage.there(method, path), body_of(&stage, operation));
        let head = format!(
            "{method} {base}{there} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{JSON}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let other = Answer::parse(&stage.site.trust.send(&[head.as_bytes(), &body].concat()).await);
        assert_eq!((other.status, other.code().as_str()), (421, "other-host"), "{method} {path}");
        assert_eq!(other.json()["origin"], own);
        let forwarded = format!("{JSON}X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n");
        let answer = bare(&stage.site, method, &there, &forwarded, &body).await;
        for answer in [other, answer] {
            let (_, headers, body) = told(&answer);
            assert!(!format!("{headers:?}{body}").contains("evil.example"), "{method} {path}");
        }
    }
}

/// Hostile case 28: with a signed-in person's cookie, no form, no script of another site and no link changes anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_that_another_site_can_send_changes_anything() {
    let stage = Stage::set().await;
    let (cookie, own) = (stage.cookie(Who::Owner), stage.site.trust.origin());
    let before = stage.world.log();
    for operation in operations().iter().filter(|operation| operation.method != "GET") {
        let Operation { method, path, takes_body } = operation;
        let (there, body) = (stage.there(method, path), body_of(&stage, operation));
        for theirs in [
            "Origin: https://evil.example\r\n",
            "Origin: null\r\n",
            "Sec-Fetch-Site: cross-site\r\n",
            "Sec-Fetch-Site: same-site\r\nAlcove-Client: 1\r\n",
            "",
        ] {
            let headers = format!("{JSON}{theirs}{cookie}");
            let answer = bare(&stage.site, method, &there, &headers, &body).await;
            assert_eq!(kind(&answer), "403 other-site", "{method} {path} {theirs}");
        }
        // What a form can send is no form of ours, even from our own address.
        for form in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"] {
            let headers = format!("Origin: {own}\r\nContent-Type: {form}\r\n{cookie}");
            if *takes_body && !path.contains("/parts/") {
                let answer = bare(&stage.site, method, &there, &headers, &body).await;
                let claimed = kind(&answer) == "409 already-claimed";
                assert!(answer.status == 415 || claimed, "{method} {path} {form}");
            }
        }
    }
    assert_eq!(stage.world.log(), before, "nothing was written");
}

/// Hostile case 28, of links: what is asked for by `GET` changes nothing but the note of what was handed out.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_link_changes_nothing() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(Who::Owner);
    // The key of backups is made once, when it is first asked for.
    stage.world.app.backup_key().unwrap();
    for Operation { method, path, .. } in operations().iter().filter(|operation| operation.method == "GET") {
        let before = stage.world.log().len();
        let answer = ask(&stage.site, method, &stage.there(method, path), &cookie, &[]).await;
        assert!(answer.status < 500, "{path}");
        let written: Vec<_> = stage.world.log().drain(before..).map(|entry| entry.code).collect();
        assert!(written.iter().all(|code| code == "delivered"), "GET {path} writes {written:?}");
    }
}

/// Hostile case 21: whoever guesses names another network in each request, and is counted all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_forged_forwarded_header_buys_no_guesses() {
    let stage = Stage::set().await;
    let mut answers = Vec::new();
    for n in 0..8 {
        let proof = wrong_proof(&stage, &stage.owner);
        let headers = format!("{JSON}X-Forwarded-For: 203.0.{n}.9\r\nForwarded: for=203.0.{n}.9\r\n");
        answers.push(kind(&ask(&stage.site, "POST", "/sign-ins", &headers, proof.to_string().as_bytes()).await));
    }
    assert_eq!(answers[..5], ["401 sign-in-failed"; 5]);
    assert_eq!(answers[5..], ["429 too-many-attempts"; 3]);
}
