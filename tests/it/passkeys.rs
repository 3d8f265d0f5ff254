//! Passkeys, with an authenticator in software: made for a person, used at the right origin, by a verified user.

use alcove::app::account::NewSlotKind;
use alcove::app::keyring::KeyringChange;
use alcove::app::passkey::Purpose;
use alcove::app::session::Asker;
use alcove::domain::id::InviteId;

use crate::world::account::{ORIGIN, device, new_slot, outside, set_up};
use crate::world::authenticator::Authenticator;
use crate::world::factors::came_in;
use crate::world::sign::Keys;
use crate::world::{World, code, sealed, visitor};

const RP_ID: &str = "practice.example";

fn add(world: &World, session: &Asker, owner: &Keys, maker: &mut Authenticator, version: u64) -> String {
    let asked = world.app.begin_passkey(&session.actor, owner.person, "Ada", Purpose::Add).unwrap();
    let kind = NewSlotKind::Passkey { challenge: asked.challenge.challenge, answer: maker.make(&asked) };
    let add = vec![new_slot(owner, 5, kind)];
    let change = KeyringChange { version, body: sealed("keyring", 90), add, remove: Vec::new() };
    world.app.replace_keyring(session, change).map_or_else(|error| code::<()>(Err(error)), |_| "made".to_owned())
}

#[test]
fn a_passkey_signs_in_and_unlocks() {
    let (world, owner, entered) = World::founded();
    let session = world.asker(&entered.token);
    let mut passkey = Authenticator::new(RP_ID, ORIGIN);
    assert_eq!(add(&world, &session, &owner, &mut passkey, 1), "made");
    let again = world.app.begin_passkey(&session.actor, owner.person, "Ada", Purpose::Add).unwrap();
    assert_eq!(again.exclude, vec![vec![42; 32]]);

    let asked = world.app.passkey_challenge(&visitor()).unwrap();
    assert_eq!(asked.rp_id, RP_ID);
    let proof = passkey.answer(&asked, owner.person);
    let entered = came_in(world.app.sign_in(&outside(), proof.clone(), &device(2)).unwrap());
    assert_eq!(entered.me.person.person, owner.person);
    assert_eq!(code(world.app.sign_in(&outside(), proof, &device(2))), "sign-in-failed");

    let session = world.asker(&entered.token);
    world.app.lock_session(&session).unwrap();
    let asked = world.app.passkey_challenge(&visitor()).unwrap();
    world.app.unlock_session(&world.asker(&entered.token), passkey.answer(&asked, owner.person), None).unwrap();
}

#[test]
fn a_passkey_of_another_origin_person_or_without_verification_is_refused() {
    let (world, owner, entered) = World::founded();
    let session = world.asker(&entered.token);
    let mut phished = Authenticator::new(RP_ID, "https://practice.example.evil");
    assert_eq!(add(&world, &session, &owner, &mut phished, 1), "passkey-refused");
    let mut careless = Authenticator::new(RP_ID, ORIGIN);
    careless.verifies_user = false;
    assert_eq!(add(&world, &session, &owner, &mut careless, 1), "passkey-refused");

    let mut passkey = Authenticator::new(RP_ID, ORIGIN);
    assert_eq!(add(&world, &session, &owner, &mut passkey, 1), "made");
    let try_with = |passkey: &mut Authenticator, person| {
        let asked = world.app.passkey_challenge(&visitor()).unwrap();
        code(world.app.sign_in(&outside(), passkey.answer(&asked, person), &device(2)))
    };
    assert_eq!(try_with(&mut passkey, Keys::of(9).person), "sign-in-failed");
    passkey.verifies_user = false;
    assert_eq!(try_with(&mut passkey, owner.person), "sign-in-failed");
    passkey.verifies_user = true;
    passkey.origin = "https://practice.example.evil".to_owned();
    assert_eq!(try_with(&mut passkey, owner.person), "sign-in-failed");
    let mut stranger = Authenticator::new(RP_ID, ORIGIN);
    assert_eq!(try_with(&mut stranger, owner.person), "sign-in-failed");
}

#[test]
fn a_challenge_is_for_its_person_and_purpose() {
    let world = World::unclaimed();
    let (owner, founder) = (Keys::of(1), world.claimed());
    let other = world.app.begin_passkey(&founder.actor, Keys::of(9).person, "Ada", Purpose::SetUp).unwrap();
    let mut passkey = Authenticator::new(RP_ID, ORIGIN);
    let mut asked = set_up(&owner);
    let kind = NewSlotKind::Passkey { challenge: other.challenge.challenge, answer: passkey.make(&other) };
    asked.owner.slots.push(new_slot(&owner, 5, kind));
    assert_eq!(code(world.app.set_up(&founder.actor, &asked)), "passkey-refused");

    let begun = world.app.begin_passkey(&founder.actor, owner.person, "Ada", Purpose::SetUp).unwrap();
    let mut asked = set_up(&owner);
    let kind = NewSlotKind::Passkey { challenge: begun.challenge.challenge, answer: passkey.make(&begun) };
    asked.owner.slots.push(new_slot(&owner, 5, kind));
    world.app.set_up(&founder.actor, &asked).unwrap();

    let refusal = |purpose| code(world.app.begin_passkey(&visitor(), owner.person, "Ada", purpose));
    assert_eq!(refusal(Purpose::SetUp), "SignedOut");
    assert_eq!(refusal(Purpose::Add), "SignedOut");
    assert_eq!(refusal(Purpose::Join(InviteId::from_bytes([1; 16]))), "not-found");
}
