//! A new device comes in by a link: once, in time, and whoever comes otherwise is answered like a stranger.

use alcove::app::account::NewSlotKind;
use alcove::app::keyring::KeyringChange;
use alcove::domain::link::LinkState;
use alcove::domain::person::Person;
use alcove::domain::role::Role;
use alcove::domain::slot::SlotKind;
use alcove::domain::text::b64u;
use alcove::http::api;
use alcove::policy::{Actor, ActorKind};
use alcove::store::{Reads as _, StoreError};
use alcove::{app::proof::Proof, config::Limits};
use poem::{EndpointExt as _, Route};
use serde_json::{Value, json};

use crate::matrix::ask;
use crate::support::Site;
use crate::world::account::{account, answer, device, new_slot, origin, outside};
use crate::world::factors::{came_in, halfway};
use crate::world::sign::Keys;
use crate::world::{World, code, sealed};

/// The number of the slot that is the link.
const LINK: u8 = 6;

fn change(version: u64) -> KeyringChange {
    KeyringChange { version, body: sealed("keyring again", 120), add: Vec::new(), remove: Vec::new() }
}

fn with_link(owner: &Keys, version: u64, n: u8) -> KeyringChange {
    KeyringChange { add: vec![new_slot(owner, n, NewSlotKind::Link)], ..change(version) }
}

fn link_of(owner: &Keys) -> alcove::domain::id::SlotId {
    new_slot(owner, LINK, NewSlotKind::Link).slot
}

#[test]
fn a_link_lets_one_device_in_which_makes_a_way_of_its_own() {
    let (world, owner, entered) = World::founded();
    let old = world.asker(&entered.token);
    let third = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(3)).unwrap());
    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    let seen = world.app.link(&old.actor, link_of(&owner)).unwrap();
    assert_eq!((seen.state, seen.device), (LinkState::Waiting, None));
    assert_eq!(seen.link.by.unwrap(), device(1).device);

    let phone = came_in(world.app.sign_in(&outside(), world.proof(&owner, LINK), &device(2)).unwrap());
    assert_eq!(phone.keyring.version, 2);
    let seen = world.app.link(&old.actor, link_of(&owner)).unwrap();
    assert_eq!((seen.state, seen.device.unwrap().device), (LinkState::Entered, device(2).device));
    let changes = world.app.account_changes(&old.actor, 0).unwrap().changes;
    assert!(changes.iter().any(|change| change.id == link_of(&owner).to_string()));

    // Its own way in, and the link goes, in one change; nobody's session ends by that.
    let phone = world.asker(&phone.token);
    let add = vec![new_slot(&owner, 7, NewSlotKind::Kit)];
    let done = KeyringChange { add, remove: vec![link_of(&owner)], ..change(2) };
    assert_eq!(world.app.replace_keyring(&phone, done).unwrap(), 3);
    for token in [&entered.token, &third.token] {
        assert!(matches!(world.asker(token).actor.kind, ActorKind::Person { .. }));
    }
    assert_eq!(world.app.link(&old.actor, link_of(&owner)).unwrap().state, LinkState::Done);
    assert!(world.app.me(&old).unwrap().slots.iter().all(|slot| slot.kind != SlotKind::Link));
    assert!(world.codes().contains(&"link.used".to_owned()));
}

#[test]
fn a_used_expired_or_cancelled_link_is_answered_like_an_unknown_key() {
    let (world, owner, entered) = World::founded();
    let old = world.asker(&entered.token);
    let enter = |proof: Proof| world.app.sign_in(&outside(), proof, &device(2));
    let refused = |proof: Proof| {
        let said = enter(proof).unwrap_err().to_string();
        world.minutes_pass(1);
        said
    };
    let unknown = refused(answer(&owner, 9, &origin(), &world.challenge(&owner)));

    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    enter(world.proof(&owner, LINK)).unwrap();
    assert_eq!(refused(world.proof(&owner, LINK)), unknown, "used");

    let cancelled = KeyringChange { remove: vec![link_of(&owner)], ..with_link(&owner, 2, 8) };
    world.app.replace_keyring(&old, cancelled).unwrap();
    let next = new_slot(&owner, 8, NewSlotKind::Link).slot;
    world.app.replace_keyring(&old, KeyringChange { remove: vec![next], ..change(3) }).unwrap();
    assert_eq!(world.app.link(&old.actor, next).unwrap().state, LinkState::Cancelled);
    assert_eq!(refused(world.proof(&owner, 8)), unknown, "cancelled");

    world.app.replace_keyring(&old, with_link(&owner, 4, 10)).unwrap();
    world.minutes_pass(10);
    assert_eq!(refused(world.proof(&owner, 10)), unknown, "expired");
}

#[test]
fn a_link_lets_in_and_proves_nothing_else() {
    let (world, owner, entered) = World::founded();
    let old = world.asker(&entered.token);
    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    world.app.lock_session(&old).unwrap();
    let locked = world.asker(&entered.token);
    assert_eq!(code(world.app.unlock_session(&locked, world.proof(&owner, LINK), None)), "sign-in-failed");
    assert_eq!(code(world.app.link(&locked.actor, link_of(&owner))), "Locked");
    world.app.unlock_session(&locked, world.proof(&owner, 1), None).unwrap();
    let open = world.asker(&entered.token);
    assert_eq!(code(world.app.prove_kits(&open.actor, world.proof(&owner, LINK), false)), "kit-proof-failed");
    // It was not used up by that.
    world.app.sign_in(&outside(), world.proof(&owner, LINK), &device(2)).unwrap();
}

#[test]
fn a_link_takes_a_fresh_proof_is_one_at_a_time_and_no_way_that_stays() {
    let (world, owner, entered) = World::founded();
    let old = world.asker(&entered.token);
    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    assert_eq!(code(world.app.replace_keyring(&old, with_link(&owner, 2, 7))), "slots-refused");
    let slots = [1, 2].map(|n| new_slot(&owner, n, NewSlotKind::Kit).slot);
    let only = KeyringChange { remove: slots.to_vec(), ..change(2) };
    assert_eq!(code(world.app.replace_keyring(&old, only)), "slots-refused");
    world.minutes_pass(16);
    let later = world.asker(&entered.token);
    assert_eq!(code(world.app.replace_keyring(&later, with_link(&owner, 2, 7))), "ProofTooOld");

    let mut begun = account(&Keys::of(7));
    begun.slots.push(new_slot(&Keys::of(7), 3, NewSlotKind::Link));
    let founder = World::unclaimed();
    let setup = alcove::app::practice::SetUp { owner: begun, ..crate::world::account::set_up(&Keys::of(7)) };
    assert_eq!(code(founder.app.set_up(&founder.claimed().actor, &setup)), "slots-refused");
}

#[test]
fn the_sweep_takes_out_links_that_ran_out_and_tells_the_person() {
    let (world, owner, entered) = World::founded();
    let old = world.asker(&entered.token);
    let sweep = || world.app.sweep().unwrap();
    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    world.minutes_pass(9);
    sweep();
    assert!(world.app.me(&old).unwrap().slots.iter().any(|slot| slot.kind == SlotKind::Link));
    let before = world.app.account_changes(&old.actor, 0).unwrap().cursor;
    world.minutes_pass(1);
    sweep();
    assert!(world.app.me(&old).unwrap().slots.iter().all(|slot| slot.kind != SlotKind::Link));
    assert_eq!(world.app.account_changes(&old.actor, before).unwrap().changes.len(), 1);
    assert_eq!(world.app.link(&old.actor, link_of(&owner)).unwrap().state, LinkState::Expired);

    // A device that came in and never made a way of its own: the link goes when its proof is no longer fresh.
    world.app.unlock_session(&old, world.proof(&owner, 1), None).unwrap();
    world.app.replace_keyring(&old, with_link(&owner, 2, 7)).unwrap();
    world.app.sign_in(&outside(), world.proof(&owner, 7), &device(2)).unwrap();
    world.minutes_pass(14);
    sweep();
    let used = new_slot(&owner, 7, NewSlotKind::Link).slot;
    assert_eq!(world.app.link(&old.actor, used).unwrap().state, LinkState::Entered);
    world.minutes_pass(1);
    sweep();
    assert_eq!(world.app.link(&old.actor, used).unwrap().state, LinkState::Done);
    world.minutes_pass(7 * 24 * 60);
    sweep();
    let again = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(1)).unwrap());
    assert_eq!(code(world.app.link(&world.asker(&again.token).actor, used)), "not-found");
}

#[test]
fn a_link_is_seen_by_who_made_it_only() {
    let (world, owner, entered) = World::founded();
    let old = world.asker(&entered.token);
    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    let other = Keys::of(5);
    world.add(&other, alcove::domain::role::Role::Client);
    let other = crate::world::actor(&other, alcove::domain::role::Role::Client);
    assert_eq!(code(world.app.link(&other, link_of(&owner))), "not-found");
    let visitor = Actor { kind: ActorKind::Visitor, network: None };
    assert_eq!(code(world.app.link(&visitor, link_of(&owner))), "SignedOut");
}

/// A link lets nobody skip what the session that made it did not prove either.
#[test]
fn a_link_proves_no_more_than_the_session_that_made_it() {
    let (world, owner, entered) = World::founded_by_password();
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&owner.person));
    let owner_row = found.unwrap().unwrap();
    let old = world.asker(&entered.token);
    assert_eq!(code(world.app.replace_keyring(&old, with_link(&owner, 1, LINK))), "FactorNeeded");
    world.put(&Person { role: Role::Practitioner, ..owner_row.clone() });
    let old = world.asker(&entered.token);
    world.app.replace_keyring(&old, with_link(&owner, 1, LINK)).unwrap();
    let phone = came_in(world.app.sign_in(&outside(), world.proof(&owner, LINK), &device(2)).unwrap());
    assert_eq!(phone.me.strength.word(), "single");
    // Whoever has a factor by then gives it.
    let again = KeyringChange { remove: vec![link_of(&owner)], ..with_link(&owner, 2, 7) };
    world.app.replace_keyring(&old, again).unwrap();
    let (app, _) = world.set_up_totp(&old);
    world.clock.advance_ms(30_000);
    let asked = halfway(world.app.sign_in(&outside(), world.proof(&owner, 7), &device(3)).unwrap());
    assert_eq!(world.give(asked.challenge, &app).unwrap().me.strength.word(), "strong");
    // And that session is strong, and so is what it lets in.
    let again = KeyringChange { remove: vec![new_slot(&owner, 7, NewSlotKind::Link).slot], ..with_link(&owner, 3, 8) };
    world.app.replace_keyring(&world.asker(&entered.token), again).unwrap();
    let third = came_in(world.app.sign_in(&outside(), world.proof(&owner, 8), &device(4)).unwrap());
    assert_eq!(third.me.strength.word(), "strong");
}

/// The whole way as two devices go it, over the real socket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_the_socket() {
    let (world, owner, entered) = World::founded();
    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
    let site = Site::start(Limits { attempts_burst: 1000, ..Limits::default() }, routes).await;
    let cookie = format!("Cookie: __Host-alcove={}\r\n", entered.token.reveal());
    let json_body = "Content-Type: application/json\r\n".to_owned();
    let made = new_slot(&owner, LINK, NewSlotKind::Link);
    let body = json!({
        "version": 1, "body": b64u(&sealed("keyring 2", 100)),
        "add": [{"slot": made.slot.to_string(), "kind": "link", "label": "link", "login_key": b64u(&made.login_key)}],
    });
    let put = ask(&site, "PUT", "/me/keyring", &(cookie.clone() + &json_body), body.to_string().as_bytes()).await;
    assert_eq!(put.status, 200);
    let link = format!("/links/{}", made.slot);
    let state = async || {
        let answer = ask(&site, "GET", &link, &cookie, b"").await;
        serde_json::from_slice::<Value>(answer.body.trim_ascii()).unwrap()
    };
    assert_eq!(state().await["state"], "waiting");

    let proof = || {
        let Proof::LoginKey { challenge, login_key, signature } = world.proof(&owner, LINK) else { panic!() };
        let device = json!({"device": device(2).device.to_string(), "label": "Pixel 9"});
        json!({
            "challenge": challenge.to_string(), "login_key": b64u(&login_key), "signature": b64u(&signature),
            "device": device,
        })
    };
    let first = ask(&site, "POST", "/sign-ins", &json_body, proof().to_string().as_bytes()).await;
    assert_eq!(first.status, 200);
    let second = ask(&site, "POST", "/sign-ins", &json_body, proof().to_string().as_bytes()).await;
    assert_eq!(second.status, 401);
    let seen = state().await;
    assert_eq!((seen["state"].as_str(), seen["device"]["label"].as_str()), (Some("entered"), Some("Pixel 9")));
}
