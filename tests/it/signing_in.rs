//! Signing in, unlocking, kits: right proofs work once; wrong ones all look the same.

use alcove::app::proof::Proof;
use alcove::app::session::Asker;
use alcove::app::sign_in::{Entered, LoginBy};
use alcove::domain::audit::Entry;
use alcove::domain::id::PersonId;
use alcove::domain::origin::Origin;
use alcove::policy::{Actor, ActorKind};

use crate::world::account::{answer, device, login_key, origin, outside};
use crate::world::factors::came_in;
use crate::world::sign::Keys;
use crate::world::{World, code, visitor};

fn is_open(actor: &Actor) -> bool {
    matches!(actor.kind, ActorKind::Person { .. }) && !actor.is_locked()
}

fn sign_in(world: &World, proof: Proof) -> Result<Entered, alcove::app::Error> {
    world.app.sign_in(&outside(), proof, &device(2)).map(came_in)
}

#[test]
fn a_right_proof_opens_a_session_and_gives_the_sealed_keyring() {
    let (world, owner, _) = World::founded();
    let entered = sign_in(&world, world.proof(&owner, 1)).unwrap();
    assert_eq!(entered.keyring.version, 1);
    assert!(entered.me.person.visited_before_at.is_some());
    let asker = world.asker(&entered.token);
    assert!(
        matches!(asker.actor.kind, ActorKind::Person { person, standing, .. } if person == owner.person && !standing.locked)
    );
    assert!(world.codes().contains(&"sign-in.done".to_owned()));
}

#[test]
fn every_wrong_proof_gets_the_same_answer_and_an_entry() {
    let (world, owner, _) = World::founded();
    let stranger = Keys::of(9);
    let phished: Origin = "https://practice.example.evil".parse().unwrap();
    let replayed = world.proof(&owner, 1);
    sign_in(&world, replayed.clone()).unwrap();
    let expired = world.proof(&owner, 1);
    world.minutes_pass(5);
    let crossed = {
        let asked = world.challenge(&stranger);
        answer(&owner, 1, &origin(), &asked)
    };
    let mut forged = world.proof(&owner, 1);
    if let Proof::LoginKey { signature, .. } = &mut forged {
        signature[0] ^= 1;
    }
    let wrong = [
        replayed,
        expired,
        answer(&owner, 1, &phished, &world.challenge(&owner)),
        crossed,
        forged,
        world.proof(&stranger, 1),
        answer(&owner, 7, &origin(), &world.challenge(&owner)),
    ];
    let count = wrong.len();
    let before = world.codes().iter().filter(|code| *code == "sign-in.failed").count();
    for proof in wrong {
        let refused = sign_in(&world, proof).unwrap_err();
        assert_eq!(refused.to_string(), "signing in did not work: try again, or use another way to unlock");
        // Slowing down is tried elsewhere.
        world.minutes_pass(1);
    }
    assert_eq!(world.codes().iter().filter(|code| *code == "sign-in.failed").count(), before + count);
}

#[test]
fn unknown_people_get_challenges_that_stay_the_same() {
    let (world, owner, _) = World::founded();
    let ask = |by| world.app.login_challenge(&visitor(), by).unwrap();
    let nobody = PersonId::from_bytes([200; 16]);
    let (first, second) = (ask(LoginBy::Person(nobody)), ask(LoginBy::Person(nobody)));
    assert_eq!((first.person, first.salt), (nobody, second.salt));
    assert_ne!(first.nonce, second.nonce);
    assert_ne!(first.salt, ask(LoginBy::Person(PersonId::from_bytes([201; 16]))).salt);
    // By login key: a kit in a new browser finds its person, any other key finds the same nobody again.
    let kit = login_key(&owner, 2).verifying_key().to_bytes();
    assert_eq!(ask(LoginBy::LoginKey(kit)).person, owner.person);
    assert_eq!(ask(LoginBy::LoginKey(kit)).salt, [5; 16]);
    assert_eq!(ask(LoginBy::LoginKey([1; 32])).person, ask(LoginBy::LoginKey([1; 32])).person);
}

#[test]
fn guessing_is_slowed_down_for_known_and_unknown_people_alike_and_never_for_good() {
    let (world, owner, _) = World::founded();
    for (guessed, network) in [(owner.clone(), "203.0.113.0/24"), (Keys::of(9), "203.0.114.0/24")] {
        let guesser = Actor { kind: ActorKind::Visitor, network: Some(network.to_owned()) };
        let guess = || {
            let asked = world.challenge(&guessed);
            let guesser = Asker { actor: guesser.clone(), session: None };
            world.app.sign_in(&guesser, answer(&guessed, 7, &origin(), &asked), &device(3))
        };
        let answers: Vec<_> = (0..7).map(|_| code(guess())).collect();
        assert_eq!(answers[..5], ["sign-in-failed"; 5]);
        assert_eq!(answers[5..], ["too-many-attempts"; 2]);
    }
    world.minutes_pass(1);
    assert!(sign_in(&world, world.proof(&owner, 1)).is_ok());
}

/// Tries at the same time count before any of them is looked at: no more are answered than one after another.
#[test]
fn guesses_at_once_are_slowed_down_like_guesses_in_turn() {
    let (world, owner, _) = World::founded();
    let asked: Vec<_> = (0..24).map(|_| world.challenge(&owner)).collect();
    let start = std::sync::Barrier::new(asked.len());
    let answers: Vec<_> = std::thread::scope(|scope| {
        let guess = |asked| {
            let (world, owner, start) = (&world, &owner, &start);
            scope.spawn(move || {
                start.wait();
                code(world.app.sign_in(&outside(), answer(owner, 7, &origin(), asked), &device(3)))
            })
        };
        let guesses: Vec<_> = asked.iter().map(guess).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| *answer == "sign-in-failed").count(), 5, "{answers:?}");
    assert!(answers.iter().all(|answer| answer == "sign-in-failed" || answer == "too-many-attempts"), "{answers:?}");
}

/// The cookie of the session that the browser had is replaced: nobody could end that session any more.
#[test]
fn signing_in_over_a_session_ends_it() {
    let (world, owner, first) = World::founded();
    let earlier = world.asker(&first.token);
    let again = came_in(world.app.sign_in(&earlier, world.proof(&owner, 1), &device(1)).unwrap());
    assert_eq!(world.asker(&first.token).actor.kind, ActorKind::Visitor);
    let ended = |world: &World, session: &Asker, why: &str| {
        let ended = |entry: &Entry| {
            let has = |name: &str, value: &str| entry.facts.contains(&(name.to_owned(), value.to_owned()));
            entry.code == "session.ended" && has("session", &session.session.unwrap().to_string()) && has("why", why)
        };
        world.log().iter().filter(|entry| ended(entry)).count() == 1
    };
    assert!(ended(&world, &earlier, "signed-in-anew"));

    // A wrong proof ends nothing; another person's right one does.
    let open = world.asker(&again.token);
    world.app.sign_in(&open, world.proof(&Keys::of(9), 1), &device(1)).unwrap_err();
    assert!(is_open(&world.asker(&again.token).actor));
    let (anna, invite, request) = crate::joining::invited(&world, &owner);
    let joined = world.app.join(&open, invite, request).unwrap();
    assert_eq!(joined.me.person.person, anna);
    assert_eq!(world.asker(&again.token).actor.kind, ActorKind::Visitor);
    assert!(ended(&world, &open, "signed-in-as-another"));
}

#[test]
fn a_locked_session_only_finishes_unlocks_and_ends() {
    let (world, owner, entered) = World::founded();
    let open = world.asker(&entered.token);
    world.app.lock_session(&open).unwrap();
    let locked = world.asker(&entered.token);
    assert!(locked.actor.is_locked());
    assert_eq!(code(world.app.keyring(&locked)), "Locked");
    assert_eq!(code(world.app.account_changes(&locked.actor, 0)), "Locked");
    assert_eq!(code(world.app.may_listen(&locked)), "Locked");
    let me = world.app.me(&locked).unwrap();
    assert!(me.locked && me.spaces.is_empty());

    let stranger = Keys::of(9);
    assert_eq!(code(world.app.unlock_session(&locked, world.proof(&stranger, 1), None)), "sign-in-failed");
    world.app.unlock_session(&locked, world.proof(&owner, 1), None).unwrap();
    let open = world.asker(&entered.token);
    assert!(world.app.keyring(&open).is_ok());
    world.app.end_session(&open).unwrap();
    assert_eq!(world.asker_of(&open), ActorKind::Visitor);
}

#[test]
fn silence_locks_a_session_and_twelve_hours_end_it() {
    let (world, _, entered) = World::founded();
    world.minutes_pass(3 * 60);
    assert!(is_open(&world.asker(&entered.token).actor));
    world.minutes_pass(3 * 60 + 15);
    assert!(world.asker(&entered.token).actor.is_locked());
    // Asking again is no use of a locked session.
    assert!(world.asker(&entered.token).actor.is_locked());
    world.minutes_pass(6 * 60);
    assert_eq!(world.asker(&entered.token).actor.kind, ActorKind::Visitor);
}

#[test]
fn a_kit_is_proved_by_its_own_login_key_only() {
    let (world, owner, entered) = World::founded();
    let asker = world.asker(&entered.token);
    let actor = &asker.actor;
    assert_eq!(code(world.app.prove_kits(actor, world.proof(&owner, 1), true)), "kit-proof-failed");
    world.app.prove_kits(actor, world.proof(&owner, 2), false).unwrap();
    assert!(!world.app.me(&asker).unwrap().person.kits_proved());
    world.app.prove_kits(actor, world.proof(&owner, 2), true).unwrap();
    assert!(world.app.me(&asker).unwrap().person.kits_proved());
}
