//! One's own devices: listed, named, signed out at once, over the real socket; and when they were used, written coarsely.

use std::time::{Duration, Instant};

use alcove::app::account::NewSlotKind;
use alcove::app::keyring::KeyringChange;
use alcove::config::Limits;
use alcove::domain::id::DeviceId;
use alcove::domain::link::LinkState;
use alcove::domain::role::Role;
use alcove::domain::session::Session;
use alcove::http::api;
use alcove::policy::ActorKind;
use alcove::store::{Reads as _, StoreError};
use poem::{EndpointExt as _, Route};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::matrix::ask;
use crate::support::{Answer, Site};
use crate::world::account::{device, new_slot, outside};
use crate::world::factors::came_in;
use crate::world::sign::Keys;
use crate::world::{World, actor, code, sealed};

/// An owner at a desktop and a phone, and their practice on the network.
struct Home {
    world: World,
    site: Site,
    owner: Keys,
    desktop: String,
    phone: String,
}

impl Home {
    async fn open() -> Self {
        let (world, owner, entered) = World::founded();
        let phone = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
        world.strengthen(&phone);
        let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
        let site = Site::start(Limits { attempts_burst: 1000, ..Limits::default() }, routes).await;
        let cookie = |token: &alcove::crypto::token::Token| format!("Cookie: __Host-alcove={}\r\n", token.reveal());
        let (desktop, phone) = (cookie(&entered.token), cookie(&phone.token));
        Self { world, site, owner, desktop, phone }
    }

    async fn ask(&self, cookie: &str, method: &str, path: &str, body: Value) -> Answer {
        let headers = format!("Content-Type: application/json\r\n{cookie}");
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        ask(&self.site, method, path, &headers, &body).await
    }

    async fn list(&self, cookie: &str) -> Vec<Value> {
        let answer = self.ask(cookie, "GET", "/me/devices", Value::Null).await;
        assert_eq!(answer.status, 200);
        answer.json()["devices"].as_array().unwrap().clone()
    }
}

fn path(n: u8) -> String {
    format!("/me/devices/{}", device(n).device)
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_listed_named_and_signed_out_over_the_socket() {
    let home = Home::open().await;
    let listed = home.list(&home.desktop).await;
    let ids: Vec<_> = listed.iter().map(|device| device["device"].as_str().unwrap()).collect();
    assert_eq!(ids, [device(1).device.to_string(), device(2).device.to_string()], "this one first");
    assert_eq!((&listed[0]["here"], &listed[1]["here"]), (&json!(true), &json!(false)));
    assert_eq!((&listed[1]["sessions"], &listed[1]["label"]), (&json!(1), &json!("Firefox on Linux")));
    assert_eq!((&listed[0]["network"], &listed[1]["name"]), (&json!("127.0.0.0/24"), &Value::Null), "{listed:?}");

    let named = home.ask(&home.desktop, "PATCH", &path(2), json!({"name": " My phone "})).await;
    assert_eq!(named.status, 204);
    assert_eq!(home.list(&home.phone).await[0]["name"], "My phone");
    let activity = home.ask(&home.desktop, "GET", "/me/activity", Value::Null).await.json().to_string();
    assert!(activity.contains("My phone") && activity.contains("device.renamed"), "told by its name: {activity}");
    let refused = home.ask(&home.desktop, "PATCH", &path(2), json!({"name": "  "})).await;
    assert_eq!((refused.status, refused.code()), (422, "field-refused".to_owned()));
    let nobodys = home.ask(&home.desktop, "PATCH", &path(9), json!({"name": "Mine"})).await;
    assert_eq!(nobodys.status, 404);
    assert_eq!(home.ask(&home.desktop, "PATCH", &path(2), json!({"name": null})).await.status, 204);
    assert_eq!(home.list(&home.desktop).await[1]["name"], Value::Null);

    let own = home.ask(&home.desktop, "DELETE", &path(1), Value::Null).await;
    assert_eq!((own.status, own.code()), (409, "own-device".to_owned()));
    assert_eq!(home.ask(&home.desktop, "DELETE", &path(9), Value::Null).await.status, 404);
    assert_eq!(home.ask(&home.desktop, "DELETE", &path(2), Value::Null).await.status, 204);
    assert_eq!(home.list(&home.desktop).await.len(), 1);
    let out = home.ask(&home.phone, "GET", "/me", Value::Null).await;
    assert_eq!((out.status, out.code()), (401, "signed-out".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_else_keeps_this_session_only() {
    let home = Home::open().await;
    let Home { world, owner, .. } = &home;
    let third = came_in(world.app.sign_in(&outside(), world.proof(owner, 1), &device(3)).unwrap());
    assert_eq!(home.ask(&home.desktop, "DELETE", "/me/sessions", Value::Null).await.status, 204);
    let open: Vec<_> = home.list(&home.desktop).await.iter().map(|device| device["sessions"].clone()).collect();
    assert_eq!(open, [json!(1), json!(0), json!(0)], "they stay in the list, signed out");
    assert_eq!(home.ask(&home.phone, "GET", "/me", Value::Null).await.status, 401);
    assert_eq!(world.asker(&third.token).actor.kind, ActorKind::Visitor);
    assert!(world.codes().contains(&"session.others-ended".to_owned()));
}

/// The phone listens and has its cookie; whoever holds it is out within a second, with both.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_case_17_a_device_that_was_signed_out_is_cut_at_once() {
    let home = Home::open().await;
    let mut feed = home.site.trust.connect("http/1.1").await;
    let (base, host) = (api::BASE, home.site.trust.host());
    let head = format!("GET {base}/events HTTP/1.1\r\nHost: {host}\r\n{}\r\n", home.phone);
    feed.write_all(head.as_bytes()).await.unwrap();
    feed.flush().await.unwrap();
    let (mut opening, mut piece) = (String::new(), vec![0; 4096]);
    while !opening.contains("ping") {
        let count = feed.read(&mut piece).await.unwrap();
        assert!(count > 0, "the feed never opened: {opening}");
        opening.push_str(&String::from_utf8_lossy(&piece[..count]));
    }
    let began = Instant::now();
    assert_eq!(home.ask(&home.desktop, "DELETE", &path(2), Value::Null).await.status, 204);
    let rest = tokio::time::timeout(Duration::from_secs(1), async {
        let mut rest = String::new();
        loop {
            match feed.read(&mut piece).await {
                // The end of a chunked body, or of the connection.
                Ok(count @ 1..) => rest.push_str(&String::from_utf8_lossy(&piece[..count])),
                Ok(0) | Err(_) => return rest,
            }
            if rest.ends_with("0\r\n\r\n") {
                return rest;
            }
        }
    });
    let rest = rest.await.expect("the feed goes on");
    assert!(began.elapsed() < Duration::from_secs(1) && !rest.contains("data:"), "{rest}");
    for (method, path) in [("GET", "/me"), ("GET", "/events"), ("GET", "/me/keyring"), ("PUT", "/session/lock")] {
        assert_eq!(home.ask(&home.phone, method, path, Value::Null).await.status, 401, "{path}");
    }
    // It may come in again by what its person can prove, as a new device; the others hear of it.
    let Home { world, owner, .. } = &home;
    came_in(world.app.sign_in(&outside(), world.proof(owner, 1), &device(2)).unwrap());
    let again = world.log().into_iter().rev().find(|entry| entry.code == "session.opened").unwrap();
    assert_eq!(again.fact("new_device"), Some("true"));
}

#[test]
fn removing_takes_a_fresh_proof_and_ones_own_device() {
    let (world, owner, entered) = World::founded();
    let phone = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    let other = Keys::of(5);
    world.add(&other, Role::Client);
    let stranger = actor(&other, Role::Client);
    assert_eq!(code(world.app.remove_device(&stranger, device(2).device)), "not-found");
    assert_eq!(code(world.app.name_device(&stranger, device(2).device, Some("Mine"))), "not-found");
    assert!(world.app.devices(&stranger).unwrap().is_empty());
    world.minutes_pass(16);
    let stale = world.asker(&entered.token);
    assert_eq!(code(world.app.remove_device(&stale.actor, device(2).device)), "ProofTooOld");
    assert_eq!(code(world.app.end_own_others(&stale)), "ProofTooOld");
    world.app.name_device(&stale.actor, device(2).device, Some("Phone")).unwrap();
    world.app.lock_session(&world.asker(&phone.token)).unwrap();
    let locked = world.asker(&phone.token);
    assert_eq!(code(world.app.devices(&locked.actor)), "Locked");
    assert_eq!(code(world.app.name_device(&locked.actor, device(2).device, None)), "Locked");
}

/// A code that the device showed to let one more in, and the one that it came in by, open nothing any more.
#[test]
fn the_links_of_a_removed_device_go_with_it() {
    let (world, owner, entered) = World::founded();
    let desktop = world.asker(&entered.token);
    let with = |version, n| KeyringChange {
        version,
        body: sealed("keyring again", 120),
        add: vec![new_slot(&owner, n, NewSlotKind::Link)],
        remove: Vec::new(),
    };
    let phone = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    world.strengthen(&phone);
    world.app.replace_keyring(&world.asker(&phone.token), with(1, 6)).unwrap();
    let link = new_slot(&owner, 6, NewSlotKind::Link).slot;
    world.app.remove_device(&desktop.actor, device(2).device).unwrap();
    assert_eq!(world.app.link(&desktop.actor, link).unwrap().state, LinkState::Cancelled);
    assert_eq!(code(world.app.sign_in(&outside(), world.proof(&owner, 6), &device(3))), "sign-in-failed");
    world.minutes_pass(1);

    world.app.replace_keyring(&desktop, with(2, 7)).unwrap();
    came_in(world.app.sign_in(&outside(), world.proof(&owner, 7), &device(4)).unwrap());
    world.app.remove_device(&desktop.actor, device(4).device).unwrap();
    let slots = world.app.me(&desktop).unwrap().slots;
    assert!(slots.iter().all(|slot| slot.kind != alcove::domain::slot::SlotKind::Link), "{slots:?}");
}

fn row(world: &World, of: DeviceId) -> Session {
    let all: Result<Vec<Session>, StoreError> = world.store.read(|tx| tx.scan(&()));
    let at = |session: &Session| matches!(session.holder, alcove::domain::session::Holder::Person { device, .. } if device == of);
    all.unwrap().into_iter().find(at).unwrap()
}

/// Never per request, and by the sweep every ten minutes at most; a server that starts anew still knows.
#[test]
fn the_use_of_a_session_is_written_down_coarsely() {
    let (world, _, entered) = World::founded();
    let began = row(&world, device(1).device).used_at;
    world.minutes_pass(9);
    let asker = world.app.asker(Some(&entered.token), Some("203.0.113.0/24".to_owned()), None).unwrap();
    let entries = world.log().len();
    assert_eq!(world.app.devices(&asker.actor).unwrap()[0].device.network.as_deref(), Some("203.0.113.0/24"));
    world.app.sweep().unwrap();
    assert_eq!((row(&world, device(1).device).used_at, world.log().len()), (began, entries), "too soon");
    world.minutes_pass(1);
    world.app.asker(Some(&entered.token), Some("203.0.113.0/24".to_owned()), None).unwrap();
    assert_eq!(row(&world, device(1).device).used_at, began, "a request writes nothing");
    world.app.sweep().unwrap();
    let noted = row(&world, device(1).device);
    assert!(noted.used_at > began + jiff::SignedDuration::from_mins(9), "{noted:?}");
    assert_eq!(noted.seen_network.as_deref(), Some("203.0.113.0/24"));
    let entries = world.log().len();
    world.app.sweep().unwrap();
    assert_eq!(world.log().len(), entries, "nothing new to write");

    let anew = alcove::app::App::new(world.store.clone(), world.clock.clone());
    world.minutes_pass(3 * 60);
    let asker = anew.asker(Some(&entered.token), None, None).unwrap();
    assert!(!asker.actor.is_locked(), "three hours after its last use, not after its proof");
    let seen = anew.devices(&asker.actor).unwrap();
    assert_eq!((seen.len(), seen[0].is_here, seen[0].sessions), (1, true, 1));
}
