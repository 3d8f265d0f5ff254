//! Rosters: who may append what, and that a tampered entry is never taken.

use alcove::app::space::RosterChange;
use alcove::domain::role::Role;
use proptest::prelude::*;

use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, code, grant, nowhere};

fn change(head: [u8; 32], entries: Vec<String>) -> RosterChange {
    RosterChange { head, entries, grants: Vec::new(), invite: None }
}

/// What appending these entries at the current head says.
fn refused(world: &World, by: &Keys, chain: &Chain, entries: Vec<String>) -> String {
    code(world.app.change_roster(&actor(by, Role::Owner), None, chain.space, &change(chain.head, entries)))
}

#[test]
fn the_loser_of_a_race_learns_the_new_head() {
    let (world, coach) = World::with_owner();
    let (client, chain) = world.client(&coach, 1);
    let (mut won, mut lost) = (chain.clone(), chain);
    let (late, ..) = world.inviting(&coach, client, &mut lost, 3);
    world.invite(&coach, client, &mut won, 2);
    let done = world.app.change_roster(&actor(&coach, Role::Owner), None, won.space, &late);
    let Err(alcove::app::Error::Refused(refusal)) = done else { panic!("{done:?}") };
    assert_eq!(refusal.code, "roster-moved");
    let head = alcove::domain::text::b64u(&won.head);
    assert!(refusal.detail.contains(&head) && refusal.facts.contains(&("head", head)));
}

#[test]
fn entries_need_the_right_place_signer_and_right() {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let client = Keys::of(2);
    world.add(&client, Role::Client);
    world.admit(&coach, &client, &mut chain);

    let forged = chain.clone().push(&client, "roster", coach.person, "close", serde_json::json!({}));
    assert_eq!(refused(&world, &coach, &chain, vec![forged]), "roster-refused: bad-signature");
    let wrong_kind = chain.clone().push(&coach, "grant", coach.person, "close", serde_json::json!({}));
    assert_eq!(refused(&world, &coach, &chain, vec![wrong_kind]), "roster-refused: bad-signature");
    let by_client = chain.clone().close(&client);
    assert_eq!(refused(&world, &client, &chain, vec![by_client]), "roster-refused: not-allowed");
    let lone_epoch = chain.clone().epoch(&client);
    assert_eq!(refused(&world, &client, &chain, vec![lone_epoch]), "roster-refused: not-allowed");
    let mut skipped = chain.clone();
    skipped.close(&coach);
    let second = skipped.close(&coach);
    assert_eq!(refused(&world, &coach, &chain, vec![second]), "roster-refused: wrong-place");
    let elsewhere = Chain::begin("shared", &coach, 9).close(&coach);
    assert_eq!(refused(&world, &coach, &chain, vec![elsewhere]), "roster-refused: wrong-space");
    let stranger = chain.clone().close(&Keys::of(77));
    assert_eq!(refused(&world, &coach, &chain, vec![stranger]), "roster-refused: not-a-member");
    let carried = chain.clone().close(&coach);
    assert_eq!(refused(&world, &client, &chain, vec![carried]), "roster-refused: not-allowed");
    let last = chain.clone().role(&coach, coach.person, "client");
    assert_eq!(refused(&world, &coach, &chain, vec![last]), "roster-refused: last-keeper");
}

#[test]
fn removal_comes_with_an_epoch_and_a_grant_for_everyone_left() {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let client = Keys::of(2);
    world.add(&client, Role::Client);
    world.admit(&coach, &client, &mut chain);

    let mut attempt = chain.clone();
    let alone = attempt.remove(&coach, client.person);
    assert_eq!(refused(&world, &coach, &chain, vec![alone.clone()]), "roster-refused: epoch-missing");
    let epoch = attempt.epoch(&coach);
    assert_eq!(refused(&world, &coach, &chain, vec![alone.clone(), epoch.clone()]), "grant-refused");
    let grants = vec![grant(client.person, 2, "to whom was removed")];
    let wrong = RosterChange { head: chain.head, entries: vec![alone, epoch], grants, invite: None };
    assert_eq!(code(world.app.change_roster(&actor(&coach, Role::Owner), None, chain.space, &wrong)), "grant-refused");
    world.remove(&coach, client.person, &mut chain);
}

#[test]
fn whoever_leaves_makes_no_epoch_and_nobody_seals_until_another_does() {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let client = Keys::of(2);
    world.add(&client, Role::Client);
    world.admit(&coach, &client, &mut chain);
    let head = chain.head;
    let left = chain.remove(&client, client.person);
    world.app.change_roster(&actor(&client, Role::Client), None, chain.space, &change(head, vec![left])).unwrap();

    let coach_acts = actor(&coach, Role::Owner);
    let write = crate::world::record(1, 1, "meanwhile");
    assert_eq!(code(world.app.write_record(&coach_acts, None, chain.space, &write)), "epoch-closed");
    let head = chain.head;
    let entries = vec![chain.epoch(&coach)];
    let rotated = RosterChange { head, entries, grants: vec![grant(coach.person, 2, "new")], invite: None };
    world.app.change_roster(&coach_acts, None, chain.space, &rotated).unwrap();
    let write = crate::world::record(1, 2, "after");
    world.app.write_record(&coach_acts, None, chain.space, &write).unwrap();
}

#[test]
fn keys_of_the_directory_are_the_only_ones_added() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let (client, mut other) = (Keys::of(2), Keys::of(3));
    world.add(&client, Role::Client);
    other.person = client.person;
    let swapped = chain.clone().add(&coach, &other, "client", "link");
    assert_eq!(refused(&world, &coach, &chain, vec![swapped]), "roster-refused: keys-differ");
    let unknown = chain.clone().add(&coach, &Keys::of(4), "client", "link");
    assert_eq!(refused(&world, &coach, &chain, vec![unknown]), "roster-refused: no-such-member");
}

#[test]
fn a_closed_space_takes_nothing_more() {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let head = chain.head;
    let close = chain.close(&coach);
    let acts = actor(&coach, Role::Owner);
    world.app.change_roster(&acts, None, chain.space, &change(head, vec![close])).unwrap();
    let again = chain.clone().close(&coach);
    assert_eq!(refused(&world, &coach, &chain, vec![again]), "roster-refused: closed");
    let write = crate::world::record(1, 1, "late");
    assert_eq!(code(world.app.write_record(&acts, None, chain.space, &write)), "space-closed");
}

#[test]
fn a_space_is_begun_with_its_creators_own_keys() {
    let (world, coach) = World::with_owner();
    let (own, foreign) = (Chain::begin("own", &coach, 1), Chain::begin("shared", &Keys::of(5), 1));
    let made = alcove::app::client::ClientMade {
        client: alcove::domain::id::ClientId::from_bytes([1; 16]),
        name: "Client".to_owned(),
        email: None,
        shared: crate::world::made(&foreign, &coach),
        own: crate::world::made(&own, &coach),
    };
    let acts = actor(&coach, Role::Owner);
    assert_eq!(code(world.app.add_client(&acts, None, &made)), "roster-refused: keys-differ");
    let swapped = alcove::app::client::ClientMade { shared: crate::world::made(&own, &coach), ..made };
    assert_eq!(code(world.app.add_client(&acts, None, &swapped)), "roster-refused: malformed");
    assert!(world.app.clients(&acts).unwrap().is_empty());
    assert_eq!(code(world.app.roster(&acts, nowhere(), 0)), "not-found");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_tampered_entry_is_never_taken(at in 0_usize..10_000, flip in 1_u8..128) {
        let coach = Keys::of(1);
        let mut chain = Chain::begin("shared", &coach, 1);
        let roster = alcove::crypto::roster::begin(&chain.texts[0]).unwrap();
        let genuine = chain.epoch(&coach);
        let mut bytes = genuine.clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let mut grown = roster.clone();
        if let Ok(tampered) = String::from_utf8(bytes) {
            prop_assert!(alcove::crypto::roster::append(&mut grown, &tampered, None).is_err());
            prop_assert_eq!(&grown, &roster);
        }
        prop_assert!(alcove::crypto::roster::append(&mut grown, &genuine, None).is_ok());
    }

    #[test]
    fn a_tampered_genesis_names_another_space_or_none(at in 0_usize..10_000, flip in 1_u8..128) {
        let chain = Chain::begin("shared", &Keys::of(1), 1);
        let mut bytes = chain.texts[0].clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        if let Ok(tampered) = String::from_utf8(bytes) {
            prop_assert!(alcove::crypto::roster::begin(&tampered).is_err());
        }
    }
}
