//! What looks unusual is written down, told to whom it is about, and listed for whoever sees to security.

use alcove::app::activity::Look;
use alcove::app::factor::Given;
use alcove::app::session::Asker;
use alcove::config::Limits;
use alcove::crypto::token::Token;
use alcove::domain::anomaly::Agent;
use alcove::domain::audit::{Entry, Topic};
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::http::api;
use alcove::policy::{Actor, ActorKind};
use alcove::{app::proof::Proof, domain::id::PersonId};
use poem::{EndpointExt as _, Route};
use serde_json::{Value, json};

use crate::matrix::ask;
use crate::sharing::cookie;
use crate::support::Site;
use crate::world::account::{account, answer, device, origin};
use crate::world::factors::came_in;
use crate::world::sign::Keys;
use crate::world::{World, actor, code};

const ELSEWHERE: &str = "203.0.113.0/24";

fn at(network: &str) -> Asker {
    Asker { actor: Actor { kind: ActorKind::Visitor, network: Some(network.to_owned()) }, session: None }
}

fn unusual(world: &World) -> Vec<Entry> {
    world.log().into_iter().filter(|entry| entry.code.starts_with("anomaly.")).collect()
}

fn told(world: &World, keys: &Keys, role: Role) -> usize {
    let changes = world.app.account_changes(&actor(keys, role), 0).unwrap().changes;
    changes.iter().filter(|change| change.kind.word() == "security").count()
}

#[test]
fn a_new_device_from_a_new_network_is_unusual_and_either_alone_is_not() {
    let (world, owner, _) = World::founded();
    let come = |network: &str, n: u8| {
        came_in(world.app.sign_in(&at(network), world.proof(&owner, 1), &device(n)).unwrap());
    };
    come("192.0.2.0/24", 2);
    assert_eq!(unusual(&world).len(), 0, "set-up was from this network");
    come(ELSEWHERE, 1);
    come("192.0.2.0/24", 2);
    assert_eq!(unusual(&world).len(), 0, "known devices travel");
    come(ELSEWHERE, 3);
    assert_eq!(unusual(&world).len(), 0, "a known device was there before");
    // Where devices and sessions are elsewhere by now, the log remembers.
    (1..=3).for_each(|n| come("198.51.100.0/24", n));
    world.minutes_pass(13 * 60);
    world.app.sweep().unwrap();
    (1..=3).for_each(|n| come("198.51.100.0/24", n));
    come(ELSEWHERE, 4);
    assert_eq!(unusual(&world).len(), 0, "{:?}", unusual(&world));

    let before = told(&world, &owner, Role::Owner);
    come("100.64.7.0/24", 5);
    let [noted] = &unusual(&world)[..] else { panic!("{:?}", unusual(&world)) };
    assert_eq!((noted.code.as_str(), noted.network.as_deref()), ("anomaly.new-place", Some("100.64.7.0/24")));
    assert_eq!(noted.fact("device"), Some(device(5).device.to_string().as_str()));
    assert!(told(&world, &owner, Role::Owner) > before, "their devices hear of it");
    let look = Look { before: None, limit: None, topic: Topic::Account };
    let acts = world.app.own_activity(&actor(&owner, Role::Owner), look).unwrap().acts;
    let act = acts.iter().find(|act| act.code == "anomaly.new-place").expect("My access shows it");
    assert_eq!(act.device.as_deref(), Some("Firefox on Linux"));
    // Once an hour.
    come("100.64.8.0/24", 6);
    assert_eq!(unusual(&world).len(), 1);
    world.minutes_pass(60);
    come("100.64.9.0/24", 7);
    assert_eq!(unusual(&world).len(), 2);
}

#[test]
fn a_session_that_is_used_elsewhere_by_another_browser_is_noted_once_an_hour_and_goes_on() {
    let (world, owner, entered) = World::founded();
    let used = |token: &Token, network: &str, agent: u8| {
        let asker = world.app.asker(Some(token), Some(network.to_owned()), Some(Agent([agent; 8]))).unwrap();
        assert!(matches!(asker.actor.kind, ActorKind::Person { .. }), "it keeps nobody out");
    };
    used(&entered.token, "192.0.2.0/24", 1);
    used(&entered.token, ELSEWHERE, 1);
    used(&entered.token, ELSEWHERE, 2);
    assert_eq!(unusual(&world).len(), 0, "one after the other is travelling, and an update");
    let before = told(&world, &owner, Role::Owner);
    used(&entered.token, "192.0.2.0/24", 3);
    let [noted] = &unusual(&world)[..] else { panic!("{:?}", unusual(&world)) };
    assert_eq!((noted.code.as_str(), noted.network.as_deref()), ("anomaly.session-moved", Some("192.0.2.0/24")));
    assert_eq!((noted.fact("from"), noted.fact("device").is_some()), (Some(ELSEWHERE), true));
    assert_eq!(told(&world, &owner, Role::Owner), before + 1);
    for n in 0..20 {
        used(&entered.token, if n % 2 == 0 { ELSEWHERE } else { "192.0.2.0/24" }, n);
    }
    assert_eq!(unusual(&world).len(), 1, "back and forth is told once");
    world.minutes_pass(60);
    used(&entered.token, ELSEWHERE, 77);
    assert_eq!(unusual(&world).len(), 2);

    // After a restart the server knows where it was used from what the sweep wrote down.
    world.app.sweep().unwrap();
    let anew = alcove::app::App::new(world.store.clone(), world.clock.clone());
    anew.asker(Some(&entered.token), Some("100.64.1.0/24".to_owned()), Some(Agent([9; 8]))).unwrap();
    assert_eq!(unusual(&world).len(), 3);
}

#[test]
fn many_wrong_second_factors_are_noted_and_a_few_are_not() {
    let (world, owner, entered) = World::founded();
    world.set_up_totp(&world.asker(&entered.token));
    let before = told(&world, &owner, Role::Owner);
    let wrong = Given::Totp("000000".to_owned());
    for n in 1..=6 {
        let asked = world.first_step(&owner);
        assert_eq!(code(world.app.sign_in_second(&at(ELSEWHERE), asked.challenge, &wrong)), "second-factor-failed");
        assert_eq!(unusual(&world).len(), usize::from(n >= 5), "after {n}");
        world.minutes_pass(2);
    }
    let noted = unusual(&world).remove(0);
    assert_eq!((noted.code.as_str(), noted.network.as_deref()), ("anomaly.second-guesses", Some(ELSEWHERE)));
    assert_eq!(noted.about().collect::<Vec<_>>(), [owner.person]);
    assert_eq!(told(&world, &owner, Role::Owner), before + 1);
}

#[test]
fn somebody_who_mistypes_and_a_household_that_does_are_nothing_unusual() {
    let (world, owner, _) = World::founded();
    let fail = |keys: &Keys| {
        drop(world.app.sign_in(&at(ELSEWHERE), world.proof(keys, 7), &device(3)).unwrap_err());
        world.minutes_pass(1);
    };
    (0..12).for_each(|_| fail(&owner));
    (2..5).for_each(|n| fail(&Keys::of(n)));
    assert_eq!(unusual(&world).len(), 0);
    world.minutes_pass(61);
    (5..9).for_each(|n| fail(&Keys::of(n)));
    assert_eq!(unusual(&world).len(), 0, "hours apart");
    fail(&owner);
    assert_eq!(unusual(&world).len(), 1);
}

/// A sign-in that does not fit, as its device would send it.
fn wrong(world: &World, keys: &Keys) -> Vec<u8> {
    let Proof::LoginKey { challenge, login_key, signature } = answer(keys, 7, &origin(), &world.challenge(keys)) else {
        panic!()
    };
    json!({
        "challenge": challenge.to_string(), "login_key": b64u(&login_key), "signature": b64u(&signature),
        "device": {"device": device(3).device.to_string(), "label": "Phone"},
    })
    .to_string()
    .into_bytes()
}

/// Whatever the header says, it is the connection's network that is counted, slowed down, and written down.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_case_21_spraying_behind_forged_headers_is_one_network_and_is_written_down() {
    let (world, owner, _) = World::founded();
    let (anna, admin, staff) = (Keys::of(5), Keys::of(3), Keys::of(4));
    for (keys, role) in [(&anna, Role::Client), (&admin, Role::Admin), (&staff, Role::Staff)] {
        world.add(keys, role);
    }
    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
    let site = Site::start(Limits { attempts_burst: 1000, ..Limits::default() }, routes).await;
    let mut statuses = Vec::new();
    for n in 0..30_u8 {
        let keys = [owner.clone(), anna.clone(), Keys::of(100 + n)][usize::from(n % 3)].clone();
        let headers = format!(
            "Content-Type: application/json\r\nX-Forwarded-For: 203.0.{n}.7\r\nForwarded: for=203.0.{n}.7\r\nX-Real-IP: 203.0.{n}.7\r\n"
        );
        statuses.push(ask(&site, "POST", "/sign-ins", &headers, &wrong(&world, &keys)).await.status);
    }
    assert!(statuses[..8].iter().all(|status| *status == 401), "{statuses:?}");
    assert!(statuses[25..].contains(&429), "one network is slowed down: {statuses:?}");
    let [noted] = &unusual(&world)[..] else { panic!("{:?}", unusual(&world)) };
    assert_eq!((noted.code.as_str(), noted.network.as_deref()), ("anomaly.spraying", Some("127.0.0.0/24")));
    assert_eq!(noted.fact("accounts"), Some("5"));
    let people: Vec<PersonId> = noted.about().collect();
    assert_eq!(people, [owner.person, anna.person], "who exists is named, nobody else");
    assert!(!format!("{:?}", world.log()).contains("203.0."), "nothing of the headers is kept");
    assert_eq!(told(&world, &anna, Role::Client), 1);

    let read = async |keys: &Keys, path: &str| {
        let cookie = format!("Cookie: {}\r\n", cookie(&world, keys));
        ask(&site, "GET", path, &cookie, b"").await
    };
    for keys in [&owner, &admin] {
        let answer = read(keys, "/anomalies").await;
        assert_eq!(answer.status, 200);
        let listed = answer.json()["anomalies"].as_array().unwrap().clone();
        let newest: &Value = &listed[0];
        assert_eq!((&newest["code"], &newest["network"]), (&json!("anomaly.spraying"), &json!("127.0.0.0/24")));
        assert_eq!(newest["people"][0]["name"], json!(account(&owner).name));
        assert_eq!(newest["facts"], json!([{"name": "accounts", "value": "5"}]));
    }
    for keys in [&anna, &staff] {
        assert_eq!(read(keys, "/anomalies").await.status, 403);
    }
    let own = read(&anna, "/me/activity").await.json();
    let act = own["acts"].as_array().unwrap().iter().find(|act| act["code"] == "anomaly.spraying").unwrap().clone();
    assert_eq!((&act["part"], &act["by"]), (&json!("own"), &json!("visitor")), "{act}");
    assert!(!own.to_string().contains(&owner.person.to_string()), "who else was tried is not told");
}
