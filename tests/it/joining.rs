//! Clients and invites: from added to verified, and every way in which a join must not work.

use alcove::app::account::{NewAccount, NewSlot, NewSlotKind};
use alcove::app::client::ClientEdit;
use alcove::app::join::Join;
use alcove::app::record::RecordWrite;
use alcove::app::session::NewDevice;
use alcove::app::space::RosterChange;
use alcove::domain::client::ClientState;
use alcove::domain::id::{DeviceId, InviteId, PersonId, SlotId};
use alcove::domain::invite::Standing;
use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::domain::record::{Change, EpochCounts};
use alcove::domain::role::Role;
use alcove::store::{Reads as _, StoreError};

use crate::world::account::outside;
use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, code, grant, made, record, sealed, visitor};

/// What the device of `joiner` sends, and the chain after it.
pub fn join(joiner: &Keys, coach: &Keys, invite: InviteId, key: &Keys, chain: &Chain) -> (Join, Chain) {
    let mut after = chain.clone();
    let entries = vec![after.join(invite, key, joiner, coach), after.epoch(joiner)];
    let epoch = after.epoch_n();
    let grants = vec![grant(joiner.person, epoch, "to me"), grant(coach.person, epoch, "to the coach")];
    let slot = |n: u8, kind: NewSlotKind| NewSlot {
        slot: SlotId::from_bytes([n; 16]),
        label: format!("Slot {n}"),
        login_key: Keys::of(200 + n).public(),
        kind,
    };
    let account = NewAccount {
        person: joiner.person,
        name: "Anna".to_owned(),
        email: None,
        zone: "Europe/Paris".to_owned(),
        statement: joiner.statement(),
        tag: [joiner.n; 16],
        salt: [joiner.n; 16],
        keyring: sealed("keyring", 500),
        slots: vec![slot(joiner.n, NewSlotKind::Password { salt: [1; 16] }), slot(joiner.n + 20, NewSlotKind::Kit)],
    };
    let notebook = made(&Chain::begin("notebook", joiner, joiner.n), joiner);
    let device = NewDevice { device: DeviceId::from_bytes([joiner.n; 16]), label: "Phone".to_owned() };
    (Join { account, notebook, head: chain.head, entries, grants, device }, after)
}

/// Somebody invited, and what their device sends to join.
pub fn invited(world: &World, coach: &Keys) -> (PersonId, InviteId, Join) {
    world.prove(coach);
    let (client, mut chain) = world.client(coach, 1);
    let (invite, key) = world.invite(coach, client, &mut chain, 2);
    let anna = Keys::of(5);
    (anna.person, invite, join(&anna, coach, invite, &key, &chain).0)
}

fn state(world: &World, coach: &Keys) -> ClientState {
    world.app.clients(&actor(coach, Role::Owner)).unwrap()[0].state
}

#[test]
fn a_client_goes_from_added_to_verified() {
    let (world, coach) = World::with_owner();
    let coach_acts = actor(&coach, Role::Owner);
    let (client, mut chain) = world.client(&coach, 1);
    assert_eq!(state(&world, &coach), ClientState::Added);
    let (invite, key) = world.invite(&coach, client, &mut chain, 2);
    assert_eq!(state(&world, &coach), ClientState::Invited);
    world.app.write_record(&coach_acts, None, chain.space, &record(1, 1, "welcome")).unwrap();

    let shown = world.app.invite(&visitor(), invite).unwrap();
    assert_eq!((shown.practice.as_str(), shown.roster.len()), ("Quiet Corner", 2));
    assert_eq!(shown.coach.person, coach.person);
    assert_eq!(shown.last.into_iter().collect::<Vec<_>>(), [(DeviceId::from_bytes([1; 16]), 1)]);

    let anna = Keys::of(5);
    let (request, mut chain) = join(&anna, &coach, invite, &key, &chain);
    let entered = world.app.join(&outside(), invite, request).unwrap();
    assert_eq!((entered.me.spaces.len(), entered.me.person.role), (2, Role::Client));
    assert_eq!(state(&world, &coach), ClientState::Joined);
    let anna_acts = actor(&anna, Role::Client);
    assert_eq!(world.app.grants(&anna_acts, chain.space).unwrap()[0].epoch, 2);
    world.app.write_record(&anna_acts, None, chain.space, &record(2, 2, "hello")).unwrap();
    assert_eq!(world.app.members(&coach_acts, chain.space).unwrap().len(), 2);
    let told = world.app.account_changes(&coach_acts, 0).unwrap().changes;
    assert!(told.iter().any(|change| change.kind.word() == "joined" && change.id == client.to_string()));

    for (how, expected) in [("link", ClientState::Joined), ("words", ClientState::Verified)] {
        let head = chain.head;
        let entries = vec![chain.add(&coach, &anna, "client", how)];
        let change = RosterChange { head, entries, grants: Vec::new(), invite: None };
        world.app.change_roster(&coach_acts, None, chain.space, &change).unwrap();
        assert_eq!(state(&world, &coach), expected);
    }
    assert_eq!(world.app.clients(&coach_acts).unwrap()[0].zone.as_deref(), Some("Europe/Paris"));
}

/// What a join closes is kept with each record, and not read from all of them; where it was not kept yet, it is counted.
#[test]
fn an_invite_shows_the_counts_of_its_epoch() {
    let (world, coach) = World::with_owner();
    let acts = actor(&coach, Role::Owner);
    let (client, mut chain) = world.client(&coach, 1);
    let (invite, _) = world.invite(&coach, client, &mut chain, 2);
    let shown = || world.app.invite(&visitor(), invite).unwrap().last.into_values().collect::<Vec<_>>();
    assert!(shown().is_empty());
    for n in 1..=3 {
        let write = RecordWrite { device_seq: u64::from(n) * 2, ..record(n, 1, "counted") };
        world.app.write_record(&acts, None, chain.space, &write).unwrap();
    }
    assert_eq!(shown(), [6]);
    let unseen = world.app.changes(&acts, chain.space, 0, 1).unwrap().changes.remove(0).change;
    world.put(&Change { device_seq: 99, ..unseen });
    assert_eq!(shown(), [6], "changes are not read");

    world.take_away::<EpochCounts>(&(chain.space, 1));
    assert_eq!(shown(), [99], "a database from before they were kept");
    let write = RecordWrite { device_seq: 7, ..record(9, 1, "kept from now on") };
    world.app.write_record(&acts, None, chain.space, &write).unwrap();
    let kept: Result<Option<EpochCounts>, StoreError> = world.store.read(|tx| tx.find(&(chain.space, 1)));
    assert_eq!(kept.unwrap().unwrap().last.into_values().collect::<Vec<_>>(), [99]);
}

#[test]
fn an_invite_works_once() {
    let (world, coach) = World::with_owner();
    let (client, mut chain) = world.client(&coach, 1);
    let (invite, key) = world.invite(&coach, client, &mut chain, 2);
    let (first, after) = join(&Keys::of(5), &coach, invite, &key, &chain);
    let (second, _) = join(&Keys::of(6), &coach, invite, &key, &chain);
    let (third, _) = join(&Keys::of(7), &coach, invite, &key, &after);
    world.app.join(&outside(), invite, first).unwrap();
    assert_eq!(code(world.app.join(&outside(), invite, second)), "invite-spent");
    assert_eq!(code(world.app.join(&outside(), invite, third)), "invite-spent");
    assert_eq!(code(world.app.invite(&visitor(), invite)), "invite-spent");
}

/// Whether or not the coach's device takes the older one back in the roster.
#[test]
fn a_newer_invite_takes_the_older_ones_place() {
    let (world, coach) = World::with_owner();
    let (client, mut chain) = world.client(&coach, 1);
    let (older, older_key) = world.invite(&coach, client, &mut chain, 2);
    let (newer, newer_key) = world.invite(&coach, client, &mut chain, 3);
    let (by_older, _) = join(&Keys::of(5), &coach, older, &older_key, &chain);
    assert_eq!(code(world.app.invite(&visitor(), older)), "invite-revoked");
    assert_eq!(code(world.app.may_join(older)), "invite-revoked");
    assert_eq!(code(world.app.join(&outside(), older, by_older)), "invite-revoked");
    assert!(world.codes().contains(&"invite.replaced".to_owned()));
    assert_eq!(state(&world, &coach), ClientState::Invited);
    let (by_newer, _) = join(&Keys::of(5), &coach, newer, &newer_key, &chain);
    world.app.join(&outside(), newer, by_newer).unwrap();
}

#[test]
fn late_and_revoked_invites_say_so_and_unknown_ones_are_not_there() {
    let (world, coach) = World::with_owner();
    let (client, mut chain) = world.client(&coach, 1);
    let (revoked, key) = world.invite(&coach, client, &mut chain, 2);
    let head = chain.head;
    let entries = vec![chain.revoke(&coach, revoked)];
    let change = RosterChange { head, entries, grants: Vec::new(), invite: None };
    world.app.change_roster(&actor(&coach, Role::Owner), None, chain.space, &change).unwrap();
    let (late, _) = join(&Keys::of(5), &coach, revoked, &key, &chain);
    assert_eq!(code(world.app.join(&outside(), revoked, late)), "invite-revoked");
    assert_eq!(code(world.app.invite(&visitor(), revoked)), "invite-revoked");
    assert_eq!(state(&world, &coach), ClientState::Added);

    let (invite, key) = world.invite(&coach, client, &mut chain, 3);
    let (request, _) = join(&Keys::of(5), &coach, invite, &key, &chain);
    world.clock.advance_ms(14 * 24 * 3_600_000);
    assert_eq!(code(world.app.invite(&visitor(), invite)), "invite-expired");
    assert_eq!(code(world.app.join(&outside(), invite, request)), "invite-expired");
    assert_eq!(code(world.app.invite(&visitor(), InviteId::from_bytes([0xaa; 16]))), "not-found");
}

/// An invite outlived the right to make it: somebody suspended a moment ago still let people in.
#[test]
fn an_invite_ends_with_the_right_of_whoever_made_it() {
    let (world, owner) = World::with_owner();
    let coach = Keys::of(7);
    world.add(&coach, Role::Practitioner);
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&coach.person));
    let coach_row = found.unwrap().unwrap();
    let (client, mut chain) = world.client(&coach, 1);
    let (invite, key) = world.invite(&coach, client, &mut chain, 2);
    let request = || join(&Keys::of(5), &coach, invite, &key, &chain).0;
    let at = world.clock.now();
    let suspended = PersonState::Suspended { at, why: SuspendedWhy::Operator };
    let worse = [
        Person { state: suspended, ..coach_row.clone() },
        Person { state: PersonState::Deleted { at }, ..coach_row.clone() },
        Person { role: Role::Staff, ..coach_row.clone() },
    ];
    for row in worse {
        world.put(&row);
        assert_eq!(code(world.app.invite(&visitor(), invite)), "invite-revoked", "{:?} {}", row.state, row.role);
        assert_eq!(code(world.app.may_join(invite)), "invite-revoked");
        assert_eq!(code(world.app.join(&outside(), invite, request())), "invite-revoked");
    }
    world.put(&coach_row);
    // Somebody else keeps the space from now on.
    let head = chain.head;
    let mut after = chain.clone();
    let entries = vec![after.add(&coach, &owner, "practitioner", "link")];
    let change = RosterChange { head, entries, grants: Vec::new(), invite: None };
    world.app.change_roster(&actor(&coach, Role::Practitioner), None, chain.space, &change).unwrap();
    assert!(world.app.may_join(invite).is_ok());
    world.remove(&owner, coach.person, &mut after);
    assert_eq!(code(world.app.may_join(invite)), "invite-revoked");
    assert_eq!(code(world.app.invite(&visitor(), invite)), "invite-revoked");
    let seen = world.app.clients(&actor(&owner, Role::Owner)).unwrap().remove(0);
    assert_eq!((seen.state, seen.invite.unwrap().standing), (ClientState::Added, Standing::Revoked));
}

/// Whoever keeps a space and may not look after clients any more used to invite into it all the same.
#[test]
fn clients_are_invited_by_who_may_look_after_them_only() {
    let (world, _) = World::with_owner();
    let coach = Keys::of(7);
    world.add(&coach, Role::Practitioner);
    let (client, mut chain) = world.client(&coach, 1);
    let (change, ..) = world.inviting(&coach, client, &mut chain, 2);
    let refused = world.app.change_roster(&actor(&coach, Role::Staff), None, chain.space, &change);
    assert_eq!(code(refused), "NotAllowed");
    world.app.change_roster(&actor(&coach, Role::Practitioner), None, chain.space, &change).unwrap();
}

#[test]
fn a_join_that_does_not_fit_leaves_nothing_behind() {
    let (world, coach) = World::with_owner();
    let (client, mut chain) = world.client(&coach, 1);
    let (invite, key) = world.invite(&coach, client, &mut chain, 2);
    let anna = Keys::of(5);
    let good = || join(&anna, &coach, invite, &key, &chain).0;

    let moved = Join { head: [0; 32], ..good() };
    assert_eq!(code(world.app.join(&outside(), invite, moved)), "roster-moved");
    let no_epoch = Join { entries: vec![good().entries[0].clone()], ..good() };
    assert_eq!(code(world.app.join(&outside(), invite, no_epoch)), "roster-refused: epoch-missing");
    let wrong_key = join(&anna, &coach, invite, &Keys::of(9), &chain).0;
    assert_eq!(code(world.app.join(&outside(), invite, wrong_key)), "roster-refused: bad-signature");
    let wrong_coach = join(&anna, &Keys::of(9), invite, &key, &chain).0;
    assert_eq!(code(world.app.join(&outside(), invite, wrong_coach)), "roster-refused: join-unfit");
    let another = Join { entries: join(&Keys::of(6), &coach, invite, &key, &chain).0.entries, ..good() };
    assert_eq!(code(world.app.join(&outside(), invite, another)), "roster-refused: join-unfit");
    let ungranted = Join { grants: vec![grant(anna.person, 2, "only me")], ..good() };
    assert_eq!(code(world.app.join(&outside(), invite, ungranted)), "grant-refused");
    let foreign = Join { notebook: made(&Chain::begin("notebook", &coach, 9), &coach), ..good() };
    assert_eq!(code(world.app.join(&outside(), invite, foreign)), "roster-refused: keys-differ");

    assert_eq!(world.app.roster(&actor(&coach, Role::Owner), chain.space, 0).unwrap().head, chain.head);
    assert_eq!(state(&world, &coach), ClientState::Invited);
    world.app.join(&outside(), invite, good()).unwrap();
}

#[test]
fn an_invite_comes_with_its_entry_for_the_client_of_its_space() {
    let (world, coach) = World::with_owner();
    let (first, chain) = world.client(&coach, 1);
    let (other, _) = world.client(&coach, 2);
    let acts = actor(&coach, Role::Owner);
    let attempt = |change: &RosterChange| code(world.app.change_roster(&acts, None, chain.space, change));
    let (crossed, ..) = world.inviting(&coach, other, &mut chain.clone(), 3);
    assert_eq!(attempt(&crossed), "invite-refused");
    let (mut bare, ..) = world.inviting(&coach, first, &mut chain.clone(), 3);
    bare.invite = None;
    assert_eq!(attempt(&bare), "invite-refused");
    let (mut longer, ..) = world.inviting(&coach, first, &mut chain.clone(), 3);
    longer.invite.as_mut().unwrap().expires_at = world.clock.now();
    assert_eq!(attempt(&longer), "invite-refused");
}

#[test]
fn clients_are_edited_by_version() {
    let (world, coach) = World::with_owner();
    let (client, _) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    let edit = ClientEdit { name: Some("  Anna Berg ".to_owned()), email: Some("anna@example.org".to_owned()) };
    let seen = world.app.edit_client(&acts, client, Some(1), &edit).unwrap().client;
    assert_eq!((seen.name.as_str(), seen.email.as_deref(), seen.version), ("Anna Berg", Some("anna@example.org"), 2));
    assert_eq!(code(world.app.edit_client(&acts, client, Some(1), &edit)), "changed-meanwhile");
    let unfit = ClientEdit { name: Some("\n".to_owned()), email: None };
    assert_eq!(code(world.app.edit_client(&acts, client, None, &unfit)), "field-refused");
}
