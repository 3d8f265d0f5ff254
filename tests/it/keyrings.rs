//! The keyring is replaced by compare-and-swap together with its slots; a changed way to unlock ends other sessions.

use alcove::app::account::NewSlotKind;
use alcove::app::keyring::KeyringChange;
use alcove::domain::audit::Entry;
use alcove::policy::ActorKind;

use crate::world::account::{device, new_slot, outside};
use crate::world::factors::came_in;
use crate::world::sign::Keys;
use crate::world::{World, code, sealed};

fn change(version: u64) -> KeyringChange {
    KeyringChange { version, body: sealed("keyring again", 120), add: Vec::new(), remove: Vec::new() }
}

#[test]
fn the_keyring_moves_one_version_at_a_time() {
    let (world, _, entered) = World::founded();
    let asker = world.asker(&entered.token);
    assert_eq!(world.app.replace_keyring(&asker, change(1)).unwrap(), 2);
    assert_eq!(code(world.app.replace_keyring(&asker, change(1))), "keyring-moved");
    assert_eq!(world.app.keyring(&asker).unwrap().body, sealed("keyring again", 120));
    let plain = KeyringChange { body: b"{}".to_vec(), ..change(2) };
    assert_eq!(code(world.app.replace_keyring(&asker, plain)), "keyring-refused");
}

/// Hostile case 18, of a password: changing it removes the slot of the one before.
#[test]
fn removing_a_slot_ends_other_sessions_and_its_login_key() {
    let (world, owner, entered) = World::founded();
    let other = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    let asker = world.asker(&entered.token);
    let password = new_slot(&owner, 1, NewSlotKind::Kit).slot;
    world.app.replace_keyring(&asker, KeyringChange { remove: vec![password], ..change(1) }).unwrap();
    assert_eq!(world.asker(&other.token).actor.kind, ActorKind::Visitor);
    assert!(matches!(world.asker(&entered.token).actor.kind, ActorKind::Person { .. }));
    assert_eq!(code(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2))), "sign-in-failed");
    assert!(world.app.sign_in(&outside(), world.proof(&owner, 2), &device(2)).is_ok());
}

#[test]
fn slots_stay_a_sound_set_and_a_refusal_changes_nothing() {
    let (world, owner, entered) = World::founded();
    let asker = world.asker(&entered.token);
    let slots = [1, 2].map(|n| new_slot(&owner, n, NewSlotKind::Kit).slot);
    let none = KeyringChange { remove: slots.to_vec(), ..change(1) };
    assert_eq!(code(world.app.replace_keyring(&asker, none)), "slots-refused");
    let second = KeyringChange { add: vec![new_slot(&owner, 3, NewSlotKind::Password { salt: [1; 16] })], ..change(1) };
    assert_eq!(code(world.app.replace_keyring(&asker, second)), "slots-refused");
    let taken = KeyringChange { add: vec![new_slot(&owner, 2, NewSlotKind::Kit)], ..change(1) };
    assert_eq!(code(world.app.replace_keyring(&asker, taken)), "slots-refused");
    let foreign = KeyringChange { remove: vec![new_slot(&Keys::of(9), 1, NewSlotKind::Kit).slot], ..change(1) };
    assert_eq!(code(world.app.replace_keyring(&asker, foreign)), "not-found");
    assert_eq!(world.app.keyring(&asker).unwrap().version, 1);
}

#[test]
fn changing_slots_needs_a_fresh_proof() {
    let (world, owner, entered) = World::founded();
    world.minutes_pass(16);
    let asker = world.asker(&entered.token);
    let add = || KeyringChange { add: vec![new_slot(&owner, 3, NewSlotKind::Kit)], ..change(1) };
    assert_eq!(code(world.app.replace_keyring(&asker, add())), "ProofTooOld");
    world.app.unlock_session(&asker, world.proof(&owner, 1), None).unwrap();
    let asker = world.asker(&entered.token);
    assert_eq!(world.app.replace_keyring(&asker, add()).unwrap(), 2);
    let page = world.app.account_changes(&asker.actor, 0).unwrap();
    assert_eq!((page.cursor, page.more), (page.changes.len() as u64, false));
    assert!(world.app.account_changes(&asker.actor, page.cursor).unwrap().changes.is_empty());
}

#[test]
fn a_keyring_is_noted_once_for_each_session_and_version() {
    let (world, owner, entered) = World::founded();
    let asker = world.asker(&entered.token);
    let noted = || {
        let is_keyring = |entry: &&Entry| entry.code == "delivered" && entry.facts[0].0 == "keyring";
        world.log().iter().filter(is_keyring).count()
    };
    for _ in 0..3 {
        world.app.keyring(&asker).unwrap();
    }
    assert_eq!(noted(), 1);
    world.app.replace_keyring(&asker, change(1)).unwrap();
    world.app.keyring(&asker).unwrap();
    assert_eq!(noted(), 2);
    // Signing in hands it over, too.
    let other = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    assert_eq!(noted(), 3);
    world.app.keyring(&world.asker(&other.token)).unwrap();
    assert_eq!(noted(), 3);
    let last = world.log().into_iter().rfind(|entry| entry.code == "delivered").unwrap();
    let fact = |name: &str| last.facts.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!((fact("keyring"), fact("person")), ("2".to_owned(), owner.person.to_string()));
}
