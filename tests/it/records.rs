//! Records: order, epochs, repeats, paging, deliveries, re-offers, and that outsiders see nothing.

use alcove::app::record::RecordWrite;
use alcove::app::reoffer::{RecordOffered, Reoffer, Retaken};
use alcove::crypto::sign::sha256;
use alcove::domain::id::{DeviceId, RecordId};
use alcove::domain::record::OpenAction;
use alcove::domain::role::Role;

use crate::world::sign::Keys;
use crate::world::{World, actor, code, grant, locked, nowhere, record, sealed};

#[test]
fn revisions_follow_their_head_and_repeats_are_harmless() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let (acts, space) = (actor(&coach, Role::Owner), chain.space);
    let first = record(1, 1, "one");
    let taken = world.app.write_record(&acts, None, space, &first).unwrap();
    assert_eq!((taken.seq, taken.rev, taken.hash), (1, 1, sha256(&first.body)));
    assert_eq!(world.app.write_record(&acts, None, space, &first).unwrap(), taken);

    let open = Some(OpenAction { due_on: Some("2026-12-24".parse().unwrap()), done: false });
    let second = RecordWrite { rev: 2, prev: Some(taken.hash), open, ..record(1, 1, "two") };
    assert_eq!(world.app.write_record(&acts, None, space, &second).unwrap().open, open);
    let stale = RecordWrite { rev: 2, prev: Some(taken.hash), ..record(1, 1, "also two") };
    let refused = world.app.write_record(&acts, None, space, &stale);
    let Err(alcove::app::Error::Refused(refusal)) = &refused else { panic!("{refused:?}") };
    let head = ("head", alcove::domain::text::b64u(&sha256(&second.body)));
    assert!(refusal.code == "head-moved" && refusal.facts.contains(&head));
    for wrong in [
        RecordWrite { rev: 3, prev: None, ..record(1, 1, "x") },
        RecordWrite { rev: 4, prev: Some(sha256(&second.body)), ..record(1, 1, "x") },
        RecordWrite { rev: 2, ..record(2, 1, "x") },
        RecordWrite { prev: Some([0; 32]), ..record(2, 1, "x") },
    ] {
        assert_eq!(code(world.app.write_record(&acts, None, space, &wrong)), "head-moved");
    }
    assert_eq!(world.app.changes(&acts, space, 0, 500).unwrap().head, 2);
}

#[test]
fn only_the_current_epoch_takes_records_and_only_age_files_of_a_fitting_size() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    assert_eq!(code(world.app.write_record(&acts, None, chain.space, &record(1, 2, "x"))), "epoch-closed");
    let plain = RecordWrite { body: b"not sealed".to_vec(), ..record(1, 1, "x") };
    assert_eq!(code(world.app.write_record(&acts, None, chain.space, &plain)), "record-refused");
    let large = RecordWrite { body: sealed("x", 4 * 1024 * 1024 + 1), ..record(1, 1, "x") };
    assert_eq!(code(world.app.write_record(&acts, None, chain.space, &large)), "too-large");
}

#[test]
fn changes_come_in_pages_with_small_bodies_inside() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    for n in 1..=5 {
        let bytes = if n == 3 { 20_000 } else { 400 };
        let write = RecordWrite { body: sealed(&n.to_string(), bytes), ..record(n, 1, "") };
        world.app.write_record(&acts, None, chain.space, &write).unwrap();
    }
    let first = world.app.changes(&acts, chain.space, 0, 2).unwrap();
    assert_eq!((first.changes.len(), first.head, first.more), (2, 5, true));
    let rest = world.app.changes(&acts, chain.space, 2, 500).unwrap();
    let seqs: Vec<u64> = rest.changes.iter().map(|seen| seen.change.seq).collect();
    assert_eq!((seqs, rest.more), (vec![3, 4, 5], false));
    assert!(rest.changes[0].body.is_none() && rest.changes[1].body == Some(sealed("4", 400)));
    let (change, body) = world.app.record_body(&acts, chain.space, RecordId::from_bytes([3; 16]), 1).unwrap();
    assert_eq!((change.hash, body.len()), (sha256(&body), 20_000));
    let none = world.app.changes(&acts, chain.space, 5, 500).unwrap();
    assert!(none.changes.is_empty() && !none.more);
}

#[test]
fn a_page_of_changes_stays_bounded_in_bytes() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    for n in 1..=150 {
        let write = RecordWrite { body: sealed(&n.to_string(), 16 * 1024), ..record(n, 1, "") };
        world.app.write_record(&acts, None, chain.space, &write).unwrap();
    }
    let page = world.app.changes(&acts, chain.space, 0, 500).unwrap();
    assert!(page.more && page.changes.len() == 128);
}

#[test]
fn deliveries_are_in_the_log_before_and_never_tell_less_than_the_truth() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    for n in 1..=20 {
        world.app.write_record(&acts, None, chain.space, &record(n, 1, "x")).unwrap();
    }
    let delivered = || -> Vec<(u64, u64)> {
        let fact = |entry: &alcove::domain::audit::Entry, name: &str| -> u64 {
            entry.facts.iter().find(|(fact, _)| fact == name).unwrap().1.parse().unwrap()
        };
        let log = world.log();
        let found = log.iter().filter(|entry| entry.code == "delivered");
        found.map(|entry| (fact(entry, "bodies"), fact(entry, "up_to"))).collect()
    };
    let next_minute = || world.clock.advance_ms(60_000 - world.clock.now().as_millisecond() % 60_000);
    next_minute();
    world.app.changes(&acts, chain.space, 20, 500).unwrap();
    assert_eq!(delivered(), []);
    world.app.changes(&acts, chain.space, 10, 500).unwrap();
    assert_eq!(delivered(), [(10, 20)]);
    world.app.changes(&acts, chain.space, 10, 500).unwrap();
    assert_eq!(delivered(), [(10, 20)]);
    world.app.record_body(&acts, chain.space, RecordId::from_bytes([1; 16]), 1).unwrap();
    assert_eq!(delivered(), [(10, 20), (21, 42)]);
    next_minute();
    world.app.record_body(&acts, chain.space, RecordId::from_bytes([1; 16]), 1).unwrap();
    assert_eq!(delivered(), [(10, 20), (21, 42), (1, 16)]);
    let last = world.log().pop().unwrap();
    assert_eq!(last.network.as_deref(), Some("192.0.2.0/24"));
    assert!(format!("{:?}", last.doer).contains("dev_"));
}

#[test]
fn who_does_not_belong_gets_what_absent_spaces_give() {
    let (world, coach) = World::with_owner();
    let (client, mut chain) = world.client(&coach, 1);
    let (member, stranger) = (Keys::of(2), Keys::of(3));
    world.add(&member, Role::Client);
    world.add(&stranger, Role::Practitioner);
    world.admit(&coach, &member, &mut chain);
    world.app.write_record(&actor(&member, Role::Client), None, chain.space, &record(1, 1, "mine")).unwrap();
    world.remove(&coach, member.person, &mut chain);

    let acts = [actor(&member, Role::Client), actor(&stranger, Role::Practitioner)];
    for (who, space) in acts.iter().flat_map(|who| [(who, chain.space), (who, nowhere())]) {
        let app = &world.app;
        let change = alcove::app::space::RosterChange {
            head: chain.head,
            entries: vec![chain.clone().close(&coach)],
            grants: Vec::new(),
            invite: None,
        };
        assert_eq!(code(app.roster(who, space, 0)), "not-found");
        assert_eq!(code(app.members(who, space)), "not-found");
        assert_eq!(code(app.grants(who, space)), "not-found");
        assert_eq!(code(app.grant(who, None, space, &[grant(member.person, 1, "x")])), "not-found");
        assert_eq!(code(app.change_roster(who, None, space, &change)), "not-found");
        assert_eq!(code(app.write_record(who, None, space, &record(9, 1, "x"))), "not-found");
        assert_eq!(code(app.changes(who, space, 0, 10)), "not-found");
        assert_eq!(code(app.record_body(who, space, RecordId::from_bytes([1; 16]), 1)), "not-found");
        assert_eq!(code(app.reoffer(who, None, space, &Reoffer::default())), "not-found");
    }
    let edit = alcove::app::client::ClientEdit { name: Some("Mine".to_owned()), email: None };
    assert_eq!(code(world.app.edit_client(&acts[1], client, None, &edit)), "not-found");
    assert!(world.app.clients(&acts[1]).unwrap().is_empty());
    assert_eq!(code(world.app.clients(&acts[0])), "NotAllowed");
}

#[test]
fn a_locked_session_flushes_its_outbox_and_reads_nothing() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = locked(actor(&coach, Role::Owner));
    world.app.write_record(&acts, None, chain.space, &record(1, 1, "sealed before")).unwrap();
    assert_eq!(code(world.app.changes(&acts, chain.space, 0, 10)), "Locked");
    world.restore(true);
    let grants = Reoffer { grants: vec![grant(coach.person, 1, "late")], ..Reoffer::default() };
    let entries = Reoffer { entries: vec![chain.texts[0].clone()], ..Reoffer::default() };
    for offer in [grants, entries] {
        assert_eq!(code(world.app.reoffer(&acts, None, chain.space, &offer)), "Locked");
    }
}

#[test]
fn unproved_kits_and_unsigned_restores_stop_writing_but_not_reading() {
    let (world, coach) = World::with_owner();
    let (client, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    world.restore(false);
    assert_eq!(code(world.app.write_record(&acts, None, chain.space, &record(1, 1, "x"))), "restore-unsigned");
    let edit = alcove::app::client::ClientEdit::default();
    assert_eq!(code(world.app.edit_client(&acts, client, None, &edit)), "restore-unsigned");
    world.app.changes(&acts, chain.space, 0, 10).unwrap();
    world.restore(true);
    world.app.write_record(&acts, None, chain.space, &record(1, 1, "x")).unwrap();

    world.unprove(&coach);
    assert_eq!(code(world.app.write_record(&acts, None, chain.space, &record(2, 1, "x"))), "kits-unproved");
    assert_eq!(code(world.app.edit_client(&acts, client, None, &edit)), "kits-unproved");
}

#[test]
fn re_offers_are_counted_and_taken_once() {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    let kept = record(1, 1, "kept");
    world.app.write_record(&acts, None, chain.space, &kept).unwrap();

    let offered = |write: RecordWrite| RecordOffered {
        write,
        author: Keys::of(2).person,
        device: DeviceId::from_bytes([8; 16]),
        at: "2026-11-01T10:00:00Z".parse().unwrap(),
    };
    let lost_entry = chain.epoch(&coach);
    // Somebody whose account the restored server lost as well.
    let lost_member = chain.add(&coach, &Keys::of(6), "client", "link");
    let lost = RecordWrite { rev: 2, prev: Some(sha256(&kept.body)), ..record(1, 2, "lost") };
    let other = RecordWrite { rev: 2, prev: Some([7; 32]), ..record(3, 2, "no root") };
    let offer = Reoffer {
        entries: vec![chain.texts[0].clone(), lost_entry, lost_member],
        grants: vec![grant(coach.person, 2, "lost")],
        records: vec![offered(kept), offered(lost), offered(other)],
    };
    assert_eq!(code(world.app.reoffer(&acts, None, chain.space, &offer)), "reoffer-refused");
    world.restore(true);
    let taken = world.app.reoffer(&acts, None, chain.space, &offer).unwrap();
    assert_eq!(taken, Retaken { entries: 2, grants: 1, records: 1, leaves: 0 });
    let again = world.app.reoffer(&acts, None, chain.space, &offer).unwrap();
    assert_eq!(again, Retaken::default());
    let changes = world.app.changes(&acts, chain.space, 1, 10).unwrap().changes;
    assert_eq!((changes.len(), changes[0].change.author), (1, Keys::of(2).person));
}
