//! Repeats: the same request with the same key is carried out once; another request under that key is refused.

use alcove::app::client::ClientMade;
use alcove::app::idempotency::Once;
use alcove::domain::id::ClientId;
use alcove::domain::role::Role;

use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, code, grant, locked, made};

fn client(coach: &Keys, n: u8) -> ClientMade {
    let (shared, own) = (Chain::begin("shared", coach, n), Chain::begin("own", coach, n));
    let client = ClientId::from_bytes([n; 16]);
    ClientMade { client, name: "Ana".into(), email: None, shared: made(&shared, coach), own: made(&own, coach) }
}

#[test]
fn a_repeat_gets_the_first_answer_and_does_nothing() {
    let (world, coach) = World::with_owner();
    let (owner, once) = (actor(&coach, Role::Owner), Once::new("key-1", "POST /clients", [1; 32]).unwrap());
    let first = world.app.add_client(&owner, Some(&once), &client(&coach, 2)).unwrap();
    let entries = world.log().len();
    let again = world.app.add_client(&owner, Some(&once), &client(&coach, 2)).unwrap();
    assert_eq!(first.client, again.client);
    assert_eq!(world.log().len(), entries);
    assert_eq!(code(world.app.add_client(&owner, None, &client(&coach, 2))), "client-exists");
}

#[test]
fn a_key_is_good_for_one_request_of_one_person_for_a_day() {
    let (world, coach) = World::with_owner();
    let owner = actor(&coach, Role::Owner);
    let once = |route, body| Once::new("key-1", route, body).unwrap();
    world.app.add_client(&owner, Some(&once("POST /clients", [1; 32])), &client(&coach, 2)).unwrap();
    for other in [once("POST /clients", [2; 32]), once("POST /elsewhere", [1; 32])] {
        assert_eq!(code(world.app.add_client(&owner, Some(&other), &client(&coach, 3))), "idempotency-mismatch");
    }
    let colleague = Keys::of(5);
    world.add(&colleague, Role::Practitioner);
    let theirs = actor(&colleague, Role::Practitioner);
    world.app.add_client(&theirs, Some(&once("POST /clients", [2; 32])), &client(&colleague, 4)).unwrap();
    world.minutes_pass(24 * 60);
    world.app.sweep().unwrap();
    world.app.add_client(&owner, Some(&once("POST /clients", [2; 32])), &client(&coach, 3)).unwrap();
}

#[test]
fn a_session_that_is_locked_by_now_gets_no_earlier_answer() {
    let (world, coach) = World::with_owner();
    let (mut owner, once) = (actor(&coach, Role::Owner), Once::new("key-1", "POST /clients", [1; 32]).unwrap());
    let (_, chain) = world.client(&coach, 2);
    let grants = [grant(coach.person, 1, "again")];
    world.app.grant(&owner, Some(&once), chain.space, &grants).unwrap();
    world.app.grant(&owner, Some(&once), chain.space, &grants).unwrap();
    owner = locked(owner);
    assert_eq!(code(world.app.grant(&owner, Some(&once), chain.space, &grants)), "Locked");
}

#[test]
fn a_refused_request_keeps_no_answer() {
    let (world, coach) = World::with_owner();
    let (owner, once) = (actor(&coach, Role::Owner), Once::new("key-1", "POST /clients", [1; 32]).unwrap());
    world.unprove(&coach);
    assert_eq!(code(world.app.add_client(&owner, Some(&once), &client(&coach, 2))), "kits-unproved");
    world.add(&coach, Role::Owner);
    assert!(world.app.add_client(&owner, Some(&once), &client(&coach, 2)).is_ok());
    assert!(Once::new("", "POST /clients", [0; 32]).is_err());
    assert!(Once::new(&"k".repeat(65), "POST /clients", [0; 32]).is_err());
}
