//! Second factors: set up in two steps, asked for before anything is handed out, each good once, never guessed.

use std::process::Command;

use alcove::app::factor::Given;
use alcove::app::session::Asker;
use alcove::domain::session::{Session, Strength};
use alcove::policy::{Actor, ActorKind};
use alcove::store::{Reads as _, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::support::need;
use crate::world::account::{answer, device, origin, outside};
use crate::world::factors::{TotpApp, came_in, halfway};
use crate::world::sign::Keys;
use crate::world::{World, code};

/// A practice whose owner has an authenticator app, half a minute later, so that the next code is a new one.
fn with_totp() -> (World, Keys, Asker, TotpApp, Vec<alcove::domain::factor::RecoveryCode>) {
    let (world, owner, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    let (app, codes) = world.set_up_totp(&session);
    world.clock.advance_ms(30_000);
    (world, owner, session, app, codes)
}

#[test]
fn an_app_counts_once_its_code_came() {
    let (world, owner, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    assert_eq!(code(world.app.confirm_totp(&session, "123456")), "totp-refused", "nothing was begun");
    let first = TotpApp::of(&world.app.begin_totp(&session).unwrap().secret);
    let begun = world.app.begin_totp(&session).unwrap();
    assert!(begun.uri.starts_with("otpauth://totp/Quiet%20Corner:ada%40example.org?secret="), "{}", begun.uri);
    let app = TotpApp::of(&begun.secret);
    assert_eq!(code(world.app.confirm_totp(&session, &first.shows(world.clock.now()))), "totp-refused");
    assert!(!world.app.factors(&session).unwrap().any());
    came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    world.minutes_pass(5);
    let codes = world.app.confirm_totp(&session, &app.shows(world.clock.now())).unwrap();
    assert_eq!(codes.len(), 10);
    let factors = world.app.factors(&session).unwrap();
    assert_eq!((factors.totp.is_some(), factors.recovery_left()), (true, 10));
    // Set up again, the codes from before stay good.
    let again = TotpApp::of(&world.app.begin_totp(&session).unwrap().secret);
    assert!(world.app.confirm_totp(&session, &again.shows(world.clock.now())).unwrap().is_empty());
}

/// Hostile case 18, of a change of second factors (that of a password is in [`crate::keyrings`]), and hostile case 19: what
/// was proved by a password alone, and not just now, changes none.
#[test]
fn setting_up_takes_a_fresh_proof_ends_other_sessions_and_makes_this_one_strong() {
    let (world, owner, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    assert!(world.app.me(&session).unwrap().asked.factor);
    let other = came_in(world.app.sign_in(&outside(), world.proof(&owner, 2), &device(2)).unwrap());
    world.minutes_pass(16);
    let session = world.asker(&entered.token);
    assert_eq!(code(world.app.begin_totp(&session)), "ProofTooOld");
    world.app.prove_session(&session, world.proof(&owner, 1), None).unwrap();
    let session = world.asker(&entered.token);
    let (app, codes) = world.set_up_totp(&session);
    assert_eq!(world.asker(&other.token).actor.kind, ActorKind::Visitor);
    let me = world.app.me(&session).unwrap();
    assert_eq!((me.asked.factor, me.strength.word(), me.factors.recovery_left()), (false, "strong", 10));
    // Whoever must have one keeps one, and nobody without any has recovery codes.
    assert_eq!(code(world.app.remove_totp(&session)), "last-factor");
    assert!(world.app.me(&session).unwrap().factors.totp.is_some());
    let renewed = world.app.renew_recovery_codes(&session).unwrap();
    assert!(codes.iter().all(|old| !renewed.contains(old)));
    // Nothing that opens anything is in the log.
    let log = format!("{:?}", world.log());
    let secrets = codes.iter().chain(&renewed).map(ToString::to_string);
    assert!(secrets.chain([app.shows(world.clock.now())]).all(|secret| !log.contains(&secret)));
    let anna = Keys::of(5);
    let joined = crate::joining::invited(&world, &owner);
    let theirs = world.app.join(&outside(), joined.1, joined.2).unwrap();
    let session = world.asker(&theirs.token);
    assert_eq!(anna.person, theirs.me.person.person);
    assert_eq!(code(world.app.renew_recovery_codes(&session)), "no-factor");
    world.set_up_totp(&session);
    world.app.remove_totp(&session).unwrap();
    assert_eq!(world.app.factors(&session).unwrap(), alcove::domain::factor::Factors::default());
}

/// Hostile case 20: a code is good once.
#[test]
fn a_first_proof_hands_nothing_out_and_a_code_is_good_once() {
    let (world, owner, _, app, _) = with_totp();
    let before = world.log().len();
    let asked = world.first_step(&owner);
    assert_eq!(asked.methods.iter().map(|method| method.word()).collect::<Vec<_>>(), ["totp", "recovery"]);
    let codes: Vec<_> = world.log().split_off(before).into_iter().map(|entry| entry.code).collect();
    assert_eq!(codes, ["sign-in.first-step"], "no session, no keyring");
    let entered = world.give(asked.challenge, &app).unwrap();
    assert_eq!(entered.me.strength.word(), "strong");
    assert!(matches!(world.asker(&entered.token).actor.kind, ActorKind::Person { .. }));
    assert_eq!(code(world.give(asked.challenge, &app)), "sign-in-expired", "one challenge, one session");
    let again = world.first_step(&owner);
    assert_eq!(code(world.give(again.challenge, &app)), "second-factor-failed: used", "replayed");
    world.clock.advance_ms(30_000);
    world.give(again.challenge, &app).unwrap();
    // A kit asks for it as well: it is one thing.
    halfway(world.app.sign_in(&outside(), world.proof(&owner, 2), &device(2)).unwrap());
}

/// Hostile case 20: one step to either side, and no further.
#[test]
fn a_clock_may_be_off_by_one_step() {
    let (world, owner, _, app, _) = with_totp();
    for (off_s, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false), (90, false)] {
        world.minutes_pass(10);
        let asked = world.first_step(&owner);
        let shown = app.shows(world.clock.now() + SignedDuration::from_secs(off_s));
        let given = Given::Totp(shown);
        assert_eq!(world.app.sign_in_second(&outside(), asked.challenge, &given).is_ok(), good, "{off_s}");
    }
}

#[test]
fn a_challenge_takes_five_tries_and_five_minutes() {
    let (world, owner, _, app, _) = with_totp();
    let asked = world.first_step(&owner);
    let wrong = Given::Totp("000000".to_owned());
    for _ in 0..5 {
        assert_eq!(code(world.app.sign_in_second(&outside(), asked.challenge, &wrong)), "second-factor-failed");
        world.clock.advance_ms(20_000);
    }
    world.minutes_pass(20);
    let expired = world.first_step(&owner);
    assert_eq!(code(world.give(asked.challenge, &app)), "sign-in-expired");
    world.minutes_pass(5);
    assert_eq!(code(world.give(expired.challenge, &app)), "sign-in-expired");
    // A challenge for something else is none for this.
    let other = world.challenge(&owner).challenge;
    assert_eq!(code(world.give(other, &app)), "sign-in-expired");
}

/// Hostile case 20: whoever knows the password and asks a hundred thousand times gets some hundred answers a day, and the holder comes
/// in where they were before all the while.
#[test]
fn a_hundred_thousand_guesses_are_slowed_down_and_nobody_is_locked_out() {
    let (world, owner, _, app, _) = with_totp();
    let guesser = Actor { kind: ActorKind::Visitor, network: Some("203.0.113.0/24".to_owned()) };
    let guesser = Asker { actor: guesser, session: None };
    world.give(world.first_step(&owner).challenge, &app).unwrap();
    let first = || {
        let proof = answer(&owner, 1, &origin(), &world.challenge(&owner));
        world.app.sign_in(&guesser, proof, &device(3)).map(|came| halfway(came).challenge)
    };
    let (mut challenge, mut answered) = (first().unwrap(), 0);
    let began = world.clock.now();
    for n in 0..100_000_u32 {
        // As fast as one guess a second for more than a day.
        world.clock.advance_ms(1_000);
        if n % 120 == 0 {
            // The network waits, too.
            challenge = first().unwrap_or(challenge);
        }
        // Wrong whatever the app shows.
        match code(world.app.sign_in_second(&guesser, challenge, &Given::Totp("none".to_owned()))).as_str() {
            "second-factor-failed" => answered += 1,
            "too-many-attempts" | "sign-in-expired" => {}
            other => panic!("{other}"),
        }
    }
    let days = world.clock.now().duration_since(began).as_hours() / 24 + 1;
    assert!(answered <= 130 * days, "{answered} answers in {days} days");
    world.clock.advance_ms(30_000);
    world.give(world.first_step(&owner).challenge, &app).unwrap();
    // And elsewhere after the wait.
    world.minutes_pass(15);
    let asked = halfway(world.app.sign_in(&guesser, world.proof(&owner, 1), &device(3)).unwrap());
    let given = Given::Totp(app.shows(world.clock.now()));
    world.app.sign_in_second(&guesser, asked.challenge, &given).unwrap();
}

#[test]
fn recovery_codes_are_good_once_and_counted() {
    let (world, owner, session, _, codes) = with_totp();
    let give = |typed: &str| {
        let asked = world.first_step(&owner);
        world.app.sign_in_second(&outside(), asked.challenge, &Given::Recovery(typed.to_owned()))
    };
    let typed = codes[3].to_string().to_lowercase().replace('-', " ");
    give(&typed).unwrap();
    assert_eq!(world.app.factors(&session).unwrap().recovery_left(), 9);
    assert_eq!(code(give(&typed)), "second-factor-failed");
    assert_eq!(code(give("0000-0000-0000-0000")), "second-factor-failed");
    assert!(world.codes().contains(&"recovery-code.used".to_owned()));
    // Nobody else's.
    let asked = world.first_step(&owner);
    let stranger = Keys::of(9);
    assert_eq!(code(world.app.sign_in(&outside(), world.proof(&stranger, 1), &device(3))), "sign-in-failed");
    world.app.sign_in_second(&outside(), asked.challenge, &Given::Recovery(codes[0].to_string())).unwrap();
}

/// Before the first proof is right, nothing tells whether there is a second factor, or a person at all.
#[test]
fn second_factors_are_no_news_to_strangers() {
    let (world, owner, _, _, _) = with_totp();
    let (_, without, _) = World::founded_by_password();
    let told = |keys: &Keys, slot: u8| {
        let refused = world.app.sign_in(&outside(), answer(keys, slot, &origin(), &world.challenge(keys)), &device(3));
        let refused = refused.unwrap_err().to_string();
        world.minutes_pass(1);
        refused
    };
    assert_eq!(told(&owner, 7), told(&Keys::of(9), 1));
    assert_eq!(told(&owner, 7), told(&without, 9));
    let (mine, nobodys) = (world.challenge(&owner), world.challenge(&Keys::of(9)));
    assert_eq!((mine.nonce.len(), mine.salt.len()), (nobodys.nonce.len(), nobodys.salt.len()));
}

/// Hostile case 19: a stolen session that is no longer fresh changes no factor.
#[test]
fn a_fresh_proof_of_a_single_session_takes_the_factor_as_well() {
    let (world, owner, _, app, _) = with_totp();
    let token = world.give(world.first_step(&owner).challenge, &app).unwrap().token;
    let session = world.asker(&token);
    let found: Result<Option<Session>, StoreError> = world.store.read(|tx| tx.find(&session.session.unwrap()));
    world.put(&Session { strength: Strength::Single, ..found.unwrap().unwrap() });
    world.minutes_pass(20);
    let session = world.asker(&token);
    let renew = || code(world.app.renew_recovery_codes(&world.asker(&token)));
    assert_eq!(renew(), "ProofTooOld");
    let prove = |second: Option<Given>| world.app.prove_session(&session, world.proof(&owner, 1), second.as_ref());
    assert_eq!(code(prove(None)), "second-factor-wanted");
    assert_eq!(code(prove(Some(Given::Totp("000000".to_owned())))), "second-factor-failed");
    assert_eq!(code(prove(Some(Given::Recovery("0".to_owned())))), "second-factor-failed");
    assert_eq!(renew(), "ProofTooOld");
    prove(Some(Given::Totp(app.shows(world.clock.now())))).unwrap();
    assert_eq!(world.app.me(&session).unwrap().strength.word(), "strong");
    world.minutes_pass(20);
    prove(None).unwrap();
    world.app.renew_recovery_codes(&world.asker(&token)).unwrap();
    // A locked session proves nothing but that it may be unlocked.
    world.app.lock_session(&session).unwrap();
    let locked = world.asker(&token);
    assert_eq!(code(world.app.prove_session(&locked, world.proof(&owner, 1), None)), "Locked");
}

/// A session of one thing whose holder has a factor by now is unlocked by both, and is a strong one then.
#[test]
fn unlocking_is_no_way_around_the_factor() {
    let (world, owner, session, app, codes) = with_totp();
    let key = session.session.unwrap();
    let row = || -> Session { world.store.read(|tx| Ok::<_, StoreError>(tx.find(&key)?.unwrap())).unwrap() };
    let unlock = |second: Option<Given>| {
        let asker = Asker { session: session.session, actor: session.actor.clone() };
        world.app.unlock_session(&asker, world.proof(&owner, 1), second.as_ref())
    };
    // A strong one needs no more than it did.
    world.app.lock_session(&session).unwrap();
    unlock(None).unwrap();
    world.put(&Session { strength: Strength::Single, locked: true, ..row() });
    assert_eq!(code(unlock(None)), "second-factor-wanted");
    assert_eq!(code(unlock(Some(Given::Totp("000000".to_owned())))), "second-factor-failed");
    assert!(row().locked);
    unlock(Some(Given::Totp(app.shows(world.clock.now())))).unwrap();
    assert_eq!((row().locked, row().strength), (false, Strength::Strong));
    world.put(&Session { strength: Strength::Single, locked: true, ..row() });
    unlock(Some(Given::Recovery(codes[0].to_string()))).unwrap();
    assert_eq!((row().locked, row().strength), (false, Strength::Strong));
}

/// The reference implementation of both specifications agrees, in both directions.
#[test]
fn oathtool_shows_the_codes_that_are_taken() {
    need("oathtool", "oathtool");
    let (world, _, entered) = World::founded_by_password();
    let session = world.asker(&entered.token);
    let secret = world.app.begin_totp(&session).unwrap().secret;
    let shows = |at: Timestamp| {
        let now = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        let shown = Command::new("oathtool").args(["--totp", "--base32", "--now", &now, &secret]).output().unwrap();
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        String::from_utf8(shown.stdout).unwrap().trim().to_owned()
    };
    let app = TotpApp::of(&secret);
    for days in [0, 1, 365, 3650] {
        let at = world.clock.now() + SignedDuration::from_hours(24 * days);
        assert_eq!(app.shows(at), shows(at), "{at}");
    }
    assert_eq!(
        code(world.app.confirm_totp(&session, &shows(world.clock.now() - SignedDuration::from_mins(5)))),
        "totp-refused"
    );
    assert_eq!(world.app.confirm_totp(&session, &shows(world.clock.now())).unwrap().len(), 10);
}
