//! What a restored server takes back, from whom, and how long.

use alcove::app::reoffer::{RecordOffered, Reoffer, Retaken};
use alcove::app::space::RosterChange;
use alcove::crypto::statement::directory_head;
use alcove::domain::id::DeviceId;
use alcove::domain::role::Role;

use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, code, grant, record};

const DAY_MS: i64 = 24 * 3_600_000;

fn offer(n: u8, epoch: u64, tag: &str) -> Reoffer {
    let origin = (Keys::of(2).person, DeviceId::from_bytes([8; 16]), "2026-11-01T10:00:00Z".parse().unwrap());
    let (author, device, at) = origin;
    let offered = RecordOffered { write: record(n, epoch, tag), author, device, at };
    Reoffer { records: vec![offered], ..Reoffer::default() }
}

fn new_epoch(world: &World, coach: &Keys, chain: &mut Chain) {
    let head = chain.head;
    let entries = vec![chain.epoch(coach)];
    let grants = vec![grant(coach.person, chain.epoch_n(), "next")];
    let change = RosterChange { head, entries, grants, invite: None };
    world.app.change_roster(&actor(coach, Role::Owner), None, chain.space, &change).unwrap();
}

#[test]
fn things_come_back_for_fourteen_days() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    world.restore(true);
    world.clock.advance_ms(14 * DAY_MS - 60_000);
    let taken = world.app.reoffer(&acts, None, chain.space, &offer(1, 1, "in time")).unwrap();
    assert_eq!(taken.records, 1);
    world.clock.advance_ms(120_000);
    assert_eq!(code(world.app.reoffer(&acts, None, chain.space, &offer(2, 1, "late"))), "reoffer-closed");
    assert_eq!(code(world.app.reoffer_leaves(&acts, &[([1; 16], [1; 32])])), "reoffer-closed");
}

#[test]
fn only_epochs_from_before_the_restore_take_things_back() {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    world.restore(true);
    let back = Reoffer { entries: vec![chain.epoch(&coach)], ..Reoffer::default() };
    assert_eq!(world.app.reoffer(&acts, None, chain.space, &back).unwrap().entries, 1);
    assert_eq!(world.app.reoffer(&acts, None, chain.space, &offer(1, 2, "brought back")).unwrap().records, 1);
    new_epoch(&world, &coach, &mut chain);
    assert_eq!(
        code(world.app.reoffer(&acts, None, chain.space, &offer(2, 3, "of the new time"))),
        "roster-refused: epoch-unfit"
    );
    let now = record(3, 3, "written now");
    world.app.write_record(&acts, None, chain.space, &now).unwrap();
    // What is here already is passed over, whatever its epoch.
    assert_eq!(world.app.reoffer(&acts, None, chain.space, &offer(3, 3, "written now")).unwrap(), Retaken::default());
}

#[test]
fn an_owner_brings_leaves_of_the_directory_back_in_order() {
    let (world, coach) = World::with_owner();
    let acts = actor(&coach, Role::Owner);
    let lost = [([1; 16], [11; 32]), ([2; 16], [12; 32])];
    assert_eq!(code(world.app.reoffer_leaves(&acts, &lost)), "reoffer-refused");
    world.restore(true);
    for role in [Role::Practitioner, Role::Client] {
        assert_eq!(code(world.app.reoffer_leaves(&actor(&coach, role), &lost)), "NotAllowed");
    }
    let before = world.app.directory(&acts, 1).unwrap().end;
    assert_eq!(world.app.reoffer_leaves(&acts, &lost).unwrap().leaves, 2);
    assert_eq!(world.app.reoffer_leaves(&acts, &lost).unwrap().leaves, 0);
    let end = world.app.directory(&acts, 1).unwrap().end;
    let head = lost.iter().fold(before.head, |head, (tag, hash)| directory_head(&head, tag, hash));
    assert_eq!((end.size, end.head), (before.size + 2, head));
}
