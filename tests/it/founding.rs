//! Claiming and setting up: once, by whoever holds the code, at the origin that the server is served at.

use alcove::app::practice::SetUp;
use alcove::domain::practice::PracticeState;
use alcove::policy::{Actor, ActorKind};
use alcove::store::SlotKind;

use crate::world::account::{account, set_up};
use crate::world::sign::{Chain, Keys};
use crate::world::{World, code, made, sealed, visitor};

#[test]
fn a_practice_is_claimed_and_set_up_once() {
    let world = World::unclaimed();
    assert_eq!(world.app.doorplate().unwrap().state, PracticeState::Unclaimed);
    let founder = world.claimed();
    assert_eq!(founder.actor.kind, ActorKind::Founder);
    assert_eq!(world.app.doorplate().unwrap().state, PracticeState::Claimed);

    let owner = Keys::of(1);
    let entered = world.app.set_up(&founder.actor, &set_up(&owner)).unwrap();
    assert_eq!(entered.me.practice.name, "Quiet Corner");
    assert_eq!(entered.me.spaces.len(), 1);
    assert_eq!((entered.me.keyring_version, entered.me.directory.size), (1, 1));
    assert!(!entered.me.person.kits_proved());
    assert!(world.store.engine().slots().unwrap().iter().any(|slot| slot.kind == SlotKind::RestoreKit));

    let plate = world.app.doorplate().unwrap();
    assert_eq!(
        (plate.state, plate.practice.map(|practice| practice.owner)),
        (PracticeState::Active, Some(owner.person))
    );
    // The set-up session is over, and no code opens the practice again.
    assert_eq!(world.asker_of(&founder), ActorKind::Visitor);
    assert_eq!(code(world.app.make_claim_code(&Actor::local(ActorKind::Operator))), "already-claimed");
    assert_eq!(code(world.app.claim(&visitor(), "0000-0000-0000")), "already-claimed");
    assert_eq!(code(world.app.set_up(&founder.actor, &set_up(&Keys::of(2)))), "already-claimed");
    let codes = world.codes();
    for expected in
        ["claim.spent", "practice.set-up", "person.added", "space.begun", "session.opened", "kit.slot-added"]
    {
        assert!(codes.iter().any(|code| code == expected), "{expected}");
    }
}

#[test]
fn a_wrong_claim_code_is_slowed_down_and_logged() {
    let world = World::unclaimed();
    world.app.make_claim_code(&Actor::local(ActorKind::Operator)).unwrap();
    for _ in 0..5 {
        assert_eq!(code(world.app.claim(&visitor(), "0000-0000-0000")), "claim-wrong");
    }
    assert_eq!(code(world.app.claim(&visitor(), "0000-0000-0000")), "too-many-attempts");
    assert_eq!(world.codes().iter().filter(|code| *code == "claim.failed").count(), 5);
    world.minutes_pass(1);
    let right = world.app.make_claim_code(&Actor::local(ActorKind::Operator)).unwrap();
    assert!(world.app.claim(&visitor(), &right.to_string()).is_ok());
}

#[test]
fn nothing_of_a_refused_set_up_stays() {
    let world = World::unclaimed();
    let founder = world.claimed();
    let owner = Keys::of(1);
    let refused = |change: &dyn Fn(&mut SetUp)| {
        let mut asked = set_up(&owner);
        change(&mut asked);
        code(world.app.set_up(&founder.actor, &asked))
    };
    assert_eq!(refused(&|asked| asked.origin = "https://evil.example".parse().unwrap()), "origin-differs");
    assert_eq!(refused(&|asked| asked.restore_kit = "age1nope".into()), "restore-kit-refused");
    assert_eq!(refused(&|asked| asked.owner.statement = Keys::of(2).statement()), "statement-refused");
    assert_eq!(refused(&|asked| asked.owner.name = "a\nb".into()), "field-refused");
    assert_eq!(refused(&|asked| asked.owner.zone = "Mars/Olympus".into()), "field-refused");
    assert_eq!(refused(&|asked| asked.owner.slots.clear()), "slots-refused");
    assert_eq!(refused(&|asked| asked.owner.keyring = b"plain".to_vec()), "keyring-refused");
    let others = made(&Chain::begin("notebook", &Keys::of(2), 2), &Keys::of(2));
    assert!(refused(&|asked| asked.notebook = others.clone()).starts_with("roster-refused"));
    assert_eq!(code(world.app.set_up(&visitor(), &set_up(&owner))), "SignedOut");
    assert!(!world.codes().iter().any(|code| code == "person.added" || code == "practice.set-up"));
    assert!(world.app.set_up(&founder.actor, &set_up(&owner)).is_ok());
}

#[test]
fn a_set_up_session_ends_after_two_hours() {
    let world = World::unclaimed();
    let founder = world.claimed();
    world.minutes_pass(121);
    assert_eq!(world.asker_of(&founder), ActorKind::Visitor);
    world.app.sweep().unwrap();
    assert!(world.codes().contains(&"session.swept".to_owned()));
}

#[test]
fn the_log_never_holds_what_is_secret_or_a_name() {
    let (world, owner, entered) = World::founded();
    let log = format!("{:?}", world.log());
    let secret = entered.token.reveal();
    for hidden in [secret.split('.').nth(1).unwrap(), "Ada", "ada@example.org", "Quiet Corner"] {
        assert!(!log.contains(hidden), "{hidden}");
    }
    assert_eq!(account(&owner).keyring, sealed("keyring 1", 100));
}
