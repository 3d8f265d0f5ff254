//! What coming in costs: sign-ins a second by password and by passkey, memory while many come at once, and what it takes
//! to recognise a session and to decide on a right.
//!
//! A password and a kit are the same to the server: a signature by a login key. What is hard about a password happens on
//! the device.

use std::{hint::black_box, time::Instant};

use alcove::policy::Right;
use futures_util::future::join_all;
use serde_json::Value;

use crate::{
    caller::Caller,
    passkey::Holder,
    running::Running,
    session::enter,
    table::{Table, median},
    world::World,
};

/// Sign-ins of each person in one run.
const EACH: usize = 15;
const RUNS: usize = 3;
const AT_ONCE: usize = 50;
const DECISIONS: u32 = 200_000;
const RECOGNISED: u32 = 20_000;
/// Resident memory while fifty come in at once.
const GOAL_KIB: u64 = 120 * 1024;

/// Sign-ins of the clients of a seeded practice, and authorisation inside the program.
pub async fn measure(table: &mut Table, running: &Running, seeded: &Value) {
    authorisation(table);
    let people = seeded["clients"].as_array().unwrap();
    let mut holders = Vec::new();
    for person in people {
        holders.push(Holder::made(running, person).await);
    }
    table.row("sign-ins/s by password or kit", by_login_key(running, people).await, None);
    table.row("sign-ins/s by passkey", by_passkey(running, &mut holders).await, None);
    at_once(table, running, people).await;
}

/// Inside the program: from a cookie's token to somebody with rights, and the decision alone.
fn authorisation(table: &mut Table) {
    let (world, _, entered) = World::founded();
    let nanos = |count: u32, act: &mut dyn FnMut()| {
        let began = Instant::now();
        for _ in 0..count {
            act();
        }
        u64::try_from(began.elapsed().as_nanos() / u128::from(count)).unwrap()
    };
    let recognise = nanos(RECOGNISED, &mut || drop(black_box(world.asker(&entered.token))));
    table.row("a session recognised, with role and standing, ns", recognise, None);
    let asker = world.asker(&entered.token);
    let decide = nanos(DECISIONS, &mut || drop(black_box(black_box(&asker).actor.may(Right::OwnAccount))));
    table.row("  a right decided on, ns", decide, None);
}

async fn by_login_key(running: &Running, people: &[Value]) -> u64 {
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        let comings = people.iter().map(|person| async move {
            let mut caller = Caller::from_elsewhere(&running.trust).await;
            for _ in 0..EACH {
                enter(&mut caller, running, person).await;
            }
        });
        join_all(comings).await;
        rates.push(rate(people.len() * EACH, began));
    }
    median(rates)
}

async fn by_passkey(running: &Running, holders: &mut [Holder]) -> u64 {
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        let count = holders.len() * EACH;
        let comings = holders.iter_mut().map(|holder| async move {
            let mut caller = Caller::from_elsewhere(&running.trust).await;
            for _ in 0..EACH {
                holder.enter(&mut caller).await;
            }
        });
        join_all(comings).await;
        rates.push(rate(count, began));
    }
    median(rates)
}

/// Everybody at once, each on a connection of their own that is open already.
async fn at_once(table: &mut Table, running: &Running, people: &[Value]) {
    let mut callers = Vec::new();
    for n in 0..AT_ONCE {
        callers.push((Caller::from_elsewhere(&running.trust).await, &people[n % people.len()]));
    }
    running.forget_peak();
    let comings = callers.iter_mut().map(|(caller, person)| enter(caller, running, person));
    join_all(comings).await;
    table.row(
        &format!("most resident while {AT_ONCE} sign in at once, KiB"),
        running.status_kib("VmHWM"),
        Some(GOAL_KIB),
    );
    table.row("  of it its own, right after", running.status_kib("RssAnon"), None);
}

fn rate(count: usize, began: Instant) -> u64 {
    u64::try_from(count * 1000).unwrap() / u64::try_from(began.elapsed().as_millis()).unwrap().max(1)
}
