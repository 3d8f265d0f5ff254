//! People of the practice: roles, suspension, closed accounts.

use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::policy::ActorKind;
use alcove::store::{Reads as _, StoreError};

use crate::world::account::{device, outside};
use crate::world::sign::Keys;
use crate::world::{World, code};

/// Puts somebody into a state behind the use cases' backs.
fn put_state(world: &World, keys: &Keys, state: PersonState) {
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&keys.person));
    world.put(&Person { state, ..found.unwrap().unwrap() });
}

#[test]
fn who_is_suspended_is_nobody_and_learns_it_only_by_a_right_proof() {
    let (world, owner, entered) = World::founded();
    let at = world.clock.now();
    put_state(&world, &owner, PersonState::Suspended { at, why: SuspendedWhy::Operator });
    let asker = world.asker(&entered.token);
    assert_eq!((asker.actor.kind, asker.session), (ActorKind::Visitor, None));
    let sign_in = |proof| world.app.sign_in(&outside(), proof, &device(2));
    assert_eq!(code(sign_in(world.proof(&owner, 3))), "sign-in-failed");
    assert_eq!(code(sign_in(world.proof(&Keys::of(9), 1))), "sign-in-failed");
    assert_eq!(code(sign_in(world.proof(&owner, 1))), "account-suspended");
    assert_eq!(world.codes().last().unwrap(), "sign-in.refused");
    put_state(&world, &owner, PersonState::Active);
    world.minutes_pass(1);
    assert!(sign_in(world.proof(&owner, 1)).is_ok());
}
