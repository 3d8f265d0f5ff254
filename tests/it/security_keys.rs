//! Security keys as second factors, with an authenticator in software that verifies nobody.

use alcove::app::factor::{Given, NewKey};
use alcove::app::proof::Proof;
use alcove::app::second_step::SecondAsked;
use alcove::app::session::Asker;
use alcove::domain::factor::SecurityKey;

use crate::world::account::{ORIGIN, outside};
use crate::world::authenticator::Authenticator;
use crate::world::sign::Keys;
use crate::world::{World, code};

const RP_ID: &str = "practice.example";

fn key(id: u8) -> Authenticator {
    let mut key = Authenticator::new(RP_ID, ORIGIN);
    key.verifies_user = false;
    key.id = vec![id; 32];
    key
}

fn add(
    world: &World,
    session: &Asker,
    key: &mut Authenticator,
    label: &str,
) -> Result<SecurityKey, alcove::app::Error> {
    let (asked, _) = world.app.begin_key(session)?;
    let challenge = asked.challenge.challenge;
    let new = NewKey { challenge, answer: key.make(&asked), label: label.to_owned() };
    world.app.add_key(session, new).map(|(key, _)| key)
}

fn given(asked: &SecondAsked, key: &mut Authenticator, owner: &Keys) -> Given {
    let challenge = asked.key.as_ref().unwrap().challenge.clone();
    let Proof::Passkey { mut answer, .. } = key.answer(&challenge, owner.person) else { panic!() };
    answer.user_handle = Vec::new();
    Given::Key(answer)
}

#[test]
fn a_key_is_added_named_used_and_removed() {
    let (world, owner, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    let (mut blue, mut green) = (key(1), key(2));
    let kept = add(&world, &session, &mut blue, "Blue").unwrap();
    assert_eq!(world.app.factors(&session).unwrap().recovery_left(), 10);
    add(&world, &session, &mut green, "Green").unwrap();
    assert_eq!(code(add(&world, &session, &mut blue, "Blue again")), "key-refused");
    assert_eq!(world.app.begin_key(&session).unwrap().0.exclude.len(), 2);

    let asked = world.first_step(&owner);
    assert_eq!(asked.methods.iter().map(|method| method.word()).collect::<Vec<_>>(), ["key", "recovery"]);
    assert_eq!(asked.key.as_ref().unwrap().allowed, [vec![1; 32], vec![2; 32]]);
    let answer = given(&asked, &mut green, &owner);
    let entered = world.app.sign_in_second(&outside(), asked.challenge, &answer).unwrap();
    assert_eq!(entered.me.strength.word(), "strong");
    let again = world.first_step(&owner);
    let refused = world.app.sign_in_second(&outside(), again.challenge, &answer);
    assert_eq!(code(refused), "second-factor-failed", "an answer fits its challenge alone");
    let keys = world.app.factors(&session).unwrap().keys;
    assert_eq!(keys.iter().filter(|key| key.used_at.is_some()).map(|key| &key.label).collect::<Vec<_>>(), ["Green"]);

    world.app.remove_key(&session, kept.key).unwrap();
    assert_eq!(code(world.app.remove_key(&session, kept.key)), "not-found");
    let mut lost = world.first_step(&owner);
    assert_eq!(lost.key.as_ref().unwrap().allowed, [vec![2; 32]]);
    let answer = given(&lost, &mut blue, &owner);
    assert_eq!(code(world.app.sign_in_second(&outside(), lost.challenge, &answer)), "second-factor-failed");
    lost = world.first_step(&owner);
    let answer = given(&lost, &mut green, &owner);
    world.app.sign_in_second(&outside(), lost.challenge, &answer).unwrap();
}

/// A counter that does not move tells of a copy of the key.
#[test]
fn a_copied_key_and_one_of_another_origin_are_refused() {
    let (world, owner, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    let mut phished = Authenticator::new(RP_ID, "https://practice.example.evil");
    assert_eq!(code(add(&world, &session, &mut phished, "Phished")), "key-refused");
    let mut real = key(1);
    add(&world, &session, &mut real, "Real").unwrap();
    let asked = world.first_step(&owner);
    let answer = given(&asked, &mut real, &owner);
    world.app.sign_in_second(&outside(), asked.challenge, &answer).unwrap();
    let asked = world.first_step(&owner);
    real.count -= 1;
    let answer = given(&asked, &mut real, &owner);
    assert_eq!(code(world.app.sign_in_second(&outside(), asked.challenge, &answer)), "second-factor-failed");
    let answer = given(&asked, &mut real, &owner);
    world.app.sign_in_second(&outside(), asked.challenge, &answer).unwrap();
}

#[test]
fn a_passkey_is_no_security_key_and_a_security_key_opens_nothing() {
    let (world, owner, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    let mut only = key(1);
    add(&world, &session, &mut only, "Only").unwrap();
    let asked = world.app.passkey_challenge(&crate::world::visitor()).unwrap();
    only.verifies_user = true;
    let proof = only.answer(&asked, owner.person);
    let refused = world.app.sign_in(&outside(), proof, &crate::world::account::device(3));
    assert_eq!(code(refused), "sign-in-failed");
}
