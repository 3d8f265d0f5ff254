//! Help for whoever lost their second factor: somebody who looks after people takes it away, or whoever runs the server.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use alcove::app::factor::Given;
use alcove::app::session::Asker;
use alcove::config::Limits;
use alcove::crypto::token::Token;
use alcove::domain::factor::Factors;
use alcove::domain::person::Person;
use alcove::domain::role::Role;
use alcove::http::api;
use alcove::policy::{Actor, ActorKind, Right};
use alcove::store::{Reads as _, StoreError};
use poem::{EndpointExt as _, Route};
use serde_json::json;

use crate::matrix::ask;
use crate::sharing::cookie;
use crate::support::Site;
use crate::world::account::{device, outside};
use crate::world::factors::{came_in, halfway};
use crate::world::sign::Keys;
use crate::world::{World, actor, code};

/// A confirmed owner with their own session, an admin and a practitioner.
fn practice() -> (World, Keys, Asker, Keys, Keys) {
    let (world, owner, entered) = World::founded();
    world.prove(&owner);
    let [admin, coach] = [2, 3].map(Keys::of);
    world.add(&admin, Role::Admin);
    world.add(&coach, Role::Practitioner);
    let session = world.asker(&entered.token);
    (world, owner, session, admin, coach)
}

fn session_of(world: &World, keys: &Keys) -> Token {
    Token::parse(cookie(world, keys).split_once('=').unwrap().1).unwrap()
}

fn told(world: &World, keys: &Keys, about: &Keys, since: u64) -> bool {
    let changes = world.app.account_changes(&actor(keys, Role::Owner), since).unwrap().changes;
    changes.iter().any(|change| change.kind.word() == "security" && change.id == about.person.to_string())
}

fn cursor(world: &World, keys: &Keys) -> u64 {
    world.app.account_changes(&actor(keys, Role::Owner), 0).unwrap().cursor
}

#[test]
fn a_manager_of_people_takes_second_factors_away_and_everybody_concerned_is_told() {
    let (world, owner, _, admin, coach) = practice();
    let token = session_of(&world, &coach);
    world.set_up_totp(&world.asker(&token));
    let since = [&owner, &coach].map(|keys| cursor(&world, keys));
    let acts = actor(&admin, Role::Admin);
    let seen = world.app.person(&acts, coach.person).unwrap();
    assert_eq!((seen.factors.totp.is_some(), seen.factors.recovery_left()), (true, 10));

    world.app.reset_factors(&acts, coach.person).unwrap();
    assert_eq!(world.app.person(&acts, coach.person).unwrap().factors, Factors::default());
    assert_eq!(world.asker(&token).actor.kind, ActorKind::Visitor, "their sessions end");
    assert!(told(&world, &owner, &coach, since[0]) && told(&world, &coach, &coach, since[1]));
    let entry = world.log().into_iter().find(|entry| entry.code == "person.factors-reset").unwrap();
    assert_eq!(entry.about().collect::<Vec<_>>(), [coach.person]);
    // Again there is nothing to take away, and nothing is said.
    let before = world.log().len();
    world.app.reset_factors(&acts, coach.person).unwrap();
    assert_eq!(world.log().len(), before);
}

#[test]
fn nobody_resets_themselves_or_somebody_beyond_them() {
    let (world, owner, session, admin, coach) = practice();
    world.set_up_totp(&session);
    let acts = actor(&admin, Role::Admin);
    let reset = |acts: &Actor, whom: &Keys| code(world.app.reset_factors(acts, whom.person));
    assert_eq!(reset(&acts, &owner), "person-beyond-you");
    assert_eq!(reset(&acts, &admin), "not-oneself");
    assert_eq!(reset(&actor(&owner, Role::Owner), &owner), "not-oneself");
    assert_eq!(reset(&acts, &Keys::of(9)), "not-found");
    assert_eq!(reset(&actor(&coach, Role::Practitioner), &admin), "NotAllowed");
    let mut stale = acts.clone();
    if let ActorKind::Person { standing, .. } = &mut stale.kind {
        standing.fresh = false;
    }
    assert_eq!(reset(&stale, &coach), "ProofTooOld");
    assert!(world.app.factors(&session).unwrap().any());
    let second = Keys::of(5);
    world.add(&second, Role::Owner);
    world.app.reset_factors(&actor(&second, Role::Owner), owner.person).unwrap();
    // They come in by one thing again, and then owe another one.
    let entered = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    assert_eq!(code(world.app.clients(&world.asker(&entered.token).actor)), "FactorNeeded");
}

/// Part of hostile case 20: nobody is kept out for good, however often somebody fails in their name.
#[test]
fn the_operator_ends_every_wait_and_takes_the_second_factor_away() {
    let (world, owner, session, ..) = practice();
    let (app, _) = world.set_up_totp(&session);
    world.clock.advance_ms(30_000);
    world.give(world.first_step(&owner).challenge, &app).unwrap();
    let wrong = Given::Totp("none".to_owned());
    let challenge = world.first_step(&owner).challenge;
    for _ in 0..5 {
        assert_eq!(code(world.app.sign_in_second(&outside(), challenge, &wrong)), "second-factor-failed");
    }
    let challenge = world.first_step(&owner).challenge;
    assert_eq!(code(world.app.sign_in_second(&outside(), challenge, &wrong)), "too-many-attempts");
    let enter = |slot| world.app.sign_in(&outside(), world.proof(&owner, slot), &device(2));
    for _ in 0..5 {
        assert_eq!(code(enter(9)), "sign-in-failed");
    }
    assert_eq!(code(enter(1)), "too-many-attempts", "from a network where they came in before");
    let since = cursor(&world, &owner);
    world.app.recover_account(&Actor::local(ActorKind::Operator), &owner.person.to_string()).unwrap();
    assert!(told(&world, &owner, &owner, since));
    let entered = came_in(enter(1).unwrap());
    assert_eq!(entered.me.factors, Factors::default());
    assert_eq!(world.asker_of(&session), ActorKind::Visitor);
    let codes = world.codes();
    assert!(["person.recovered", "person.factors-reset"].iter().all(|code| codes.contains(&(*code).to_owned())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_the_socket() {
    let (world, owner, _, admin, coach) = practice();
    world.set_up_totp(&world.asker(&session_of(&world, &coach)));
    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
    let site = Site::start(Limits::default(), routes).await;
    let headers = format!("Cookie: {}\r\n", cookie(&world, &admin));
    let path = |keys: &Keys, of: &str| format!("/people/{}{of}", keys.person);
    let seen = ask(&site, "GET", &path(&coach, ""), &headers, b"").await.json();
    assert_eq!(seen["second_factor"], json!({"totp": true, "keys": 0, "recovery_left": 10, "passkeys": 0}));
    assert_eq!(ask(&site, "DELETE", &path(&coach, "/factors"), &headers, b"").await.status, 204);
    let seen = ask(&site, "GET", &path(&coach, ""), &headers, b"").await.json();
    assert_eq!(seen["second_factor"], json!({"totp": false, "keys": 0, "recovery_left": 0, "passkeys": 0}));
    let refused = ask(&site, "DELETE", &path(&owner, "/factors"), &headers, b"").await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "person-beyond-you"));
}

/// Whoever comes back while the silent are being suspended is not silent any more.
#[test]
fn somebody_who_comes_at_the_last_moment_is_not_suspended() {
    let (world, _, _, _, coach) = practice();
    world.minutes_pass(60 * 24 * 181);
    let of = |keys: &Keys| {
        let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&keys.person));
        found.unwrap().unwrap()
    };
    let (go, wait) = mpsc::channel::<()>();
    let (holds, held) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let (store, person) = (world.store.clone(), Person { visited_at: world.clock.now(), ..of(&coach) });
        scope.spawn(move || {
            let permit = Actor::local(ActorKind::System).may(Right::Housekeep).unwrap();
            let written = store.write(|tx| {
                holds.send(()).unwrap();
                wait.recv().unwrap();
                tx.put(&person, &permit)?;
                tx.audit(&permit, alcove::domain::audit::Event::new("test.came-back"))
            });
            written.map(drop).map_err(|error: StoreError| error.to_string()).unwrap();
        });
        held.recv().unwrap();
        let suspending = scope.spawn(|| world.app.suspend_inactive());
        // It has looked, and waits to write.
        while world.store.writers_waiting() == 0 {
            thread::sleep(Duration::from_millis(1));
        }
        go.send(()).unwrap();
        suspending.join().unwrap().unwrap();
    });
    assert!(of(&coach).is_active());
}

/// A challenge from before the reset opens nothing any more.
#[test]
fn a_second_step_that_was_open_is_over() {
    let (world, owner, session, ..) = practice();
    let (app, _) = world.set_up_totp(&session);
    world.clock.advance_ms(30_000);
    let asked = halfway(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    let second = Keys::of(5);
    world.add(&second, Role::Owner);
    world.app.reset_factors(&actor(&second, Role::Owner), owner.person).unwrap();
    assert_eq!(code(world.give(asked.challenge, &app)), "second-factor-failed");
}
