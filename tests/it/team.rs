//! The team: begun once, entered by invite with a role that is no wider than the inviter's. And colleagues in a client's
//! space whose place ends by itself.

use alcove::app::join::Join;
use alcove::app::people::DataChoice;
use alcove::app::session::Asker;
use alcove::app::space::{InviteMade, RosterChange};
use alcove::domain::id::{InviteId, PersonId, SpaceId};
use alcove::domain::invite::{Invited, NewColleague};
use alcove::domain::person::{KitsProved, Person, PersonState, SuspendedWhy};
use alcove::domain::role::Role;
use alcove::policy::Actor;
use alcove::store::{Reads as _, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::world::account::{account, device, outside};
use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, code, grant, made, record, sealed, visitor};

const HOUR_MS: i64 = 3_600_000;

/// A practice with a team, whose only member is the owner.
fn begun() -> (World, Keys, Chain) {
    let (world, owner) = World::with_owner();
    let team = Chain::begin("team", &owner, 1);
    world.app.begin_team(&actor(&owner, Role::Owner), None, &made(&team, &owner)).unwrap();
    (world, owner, team)
}

struct Inviting {
    role: Role,
    place: &'static str,
    n: u8,
}

impl Inviting {
    fn practitioner(n: u8) -> Self {
        Self { role: Role::Practitioner, place: "colleague", n }
    }

    fn id(&self) -> InviteId {
        InviteId::from_bytes([self.n; 16])
    }

    fn key(&self) -> Keys {
        Keys::of(100 + self.n)
    }

    /// What the inviting device sends.
    fn change(&self, world: &World, by: &Keys, chain: &mut Chain) -> RosterChange {
        let expires_at = world.clock.now() + SignedDuration::from_hours(24 * 14);
        let head = chain.head;
        let entries = vec![chain.invite_as(by, self.id(), &self.key(), expires_at, self.place)];
        let to = Invited::Colleague(NewColleague { role: self.role, name: "Lena".to_owned(), email: None });
        let invite = Some(InviteMade { invite: self.id(), to, pending_grant: sealed("pending", 200), expires_at });
        RosterChange { head, entries, grants: Vec::new(), invite }
    }

    /// What the joining device sends; grants for everybody who is in the team by then.
    fn join(&self, joiner: &Keys, by: &Keys, members: &[PersonId], chain: &mut Chain) -> Join {
        let head = chain.head;
        let entries = vec![chain.join_as(self.id(), &self.key(), joiner, by, self.place), chain.epoch(joiner)];
        let epoch = chain.epoch_n();
        let grants = members.iter().map(|to| grant(*to, epoch, "new")).collect();
        let notebook = made(&Chain::begin("notebook", joiner, joiner.n), joiner);
        Join { account: account(joiner), notebook, head, entries, grants, device: device(joiner.n) }
    }
}

/// Somebody who joined the team.
fn joined(world: &World, owner: &Keys, chain: &mut Chain, inviting: &Inviting, n: u8) -> Keys {
    let joiner = Keys::of(n);
    let change = inviting.change(world, owner, chain);
    world.app.change_roster(&actor(owner, Role::Owner), None, chain.space, &change).unwrap();
    let join = inviting.join(&joiner, owner, &[owner.person, joiner.person], chain);
    world.app.join(&outside(), inviting.id(), join).unwrap();
    joiner
}

fn person(world: &World, keys: &Keys) -> Person {
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&keys.person));
    found.unwrap().unwrap()
}

#[test]
fn a_team_is_begun_once_by_whoever_manages_people() {
    let (world, owner, team) = begun();
    let acts = actor(&owner, Role::Owner);
    let again = Chain::begin("team", &owner, 2);
    assert_eq!(code(world.app.begin_team(&acts, None, &made(&again, &owner))), "team-exists");
    let seen = world.app.colleagues(&acts).unwrap();
    assert_eq!((seen.space, seen.colleagues.len()), (Some(team.space), 1));
    assert!(world.codes().contains(&"team.begun".to_owned()));

    let (coach, client) = (Keys::of(3), Keys::of(4));
    world.add(&coach, Role::Practitioner);
    world.add(&client, Role::Client);
    let theirs = Chain::begin("team", &coach, 3);
    let refused = world.app.begin_team(&actor(&coach, Role::Practitioner), None, &made(&theirs, &coach));
    assert_eq!(code(refused), "NotAllowed");
    let outside = world.app.colleagues(&actor(&coach, Role::Practitioner)).unwrap();
    assert_eq!((outside.space, outside.colleagues.len()), (None, 0), "who is not in it learns nothing of it");
    assert_eq!(code(world.app.colleagues(&actor(&client, Role::Client))), "not-found");
}

/// The practice had no team for good once its founder's account was closed and erased.
#[test]
fn a_team_whose_accounts_are_all_closed_is_begun_anew() {
    let (world, owner, team) = begun();
    let second = Keys::of(6);
    world.add(&second, Role::Owner);
    let acts = actor(&second, Role::Owner);
    let anew = Chain::begin("team", &second, 2);
    world.app.suspend(&acts, owner.person).unwrap();
    assert_eq!(code(world.app.begin_team(&acts, None, &made(&anew, &second))), "team-exists");
    world.app.close_account(&acts, owner.person, DataChoice::EraseOwn).unwrap();
    assert!(world.codes().contains(&"space.emptied".to_owned()));
    world.app.begin_team(&acts, None, &made(&anew, &second)).unwrap();
    let seen = world.app.colleagues(&acts).unwrap();
    assert_eq!((seen.space, seen.colleagues.len()), (Some(anew.space), 1));
    assert_ne!(anew.space, team.space);
    let third = Chain::begin("team", &second, 3);
    assert_eq!(code(world.app.begin_team(&acts, None, &made(&third, &second))), "team-exists");
}

#[test]
fn a_colleague_joins_with_the_role_that_was_offered() {
    let (world, owner, mut chain) = begun();
    let inviting = Inviting::practitioner(2);
    let change = inviting.change(&world, &owner, &mut chain);
    let acts = actor(&owner, Role::Owner);
    world.app.change_roster(&acts, None, chain.space, &change).unwrap();
    assert_eq!(world.app.colleagues(&acts).unwrap().invites.len(), 1);
    let lena = Keys::of(5);
    let join = inviting.join(&lena, &owner, &[owner.person, lena.person], &mut chain);
    let entered = world.app.join(&outside(), inviting.id(), join).unwrap();
    assert_eq!((entered.me.person.role, entered.me.spaces.len()), (Role::Practitioner, 2));
    let theirs = world.app.colleagues(&actor(&lena, Role::Practitioner)).unwrap();
    assert_eq!((theirs.colleagues.len(), theirs.invites.len()), (2, 0));
    assert!(world.app.colleagues(&acts).unwrap().invites.is_empty());
    let log = world.codes();
    assert!(["colleague.invited", "colleague.joined"].iter().all(|code| log.contains(&(*code).to_owned())));
    let told = world.app.account_changes(&acts, 0).unwrap().changes;
    assert!(told.iter().any(|change| change.kind.word() == "joined" && change.id == lena.person.to_string()));
}

#[test]
fn several_colleagues_may_be_invited_at_once() {
    let (world, owner, mut chain) = begun();
    let (first, second) = (Inviting::practitioner(2), Inviting::practitioner(3));
    for inviting in [&first, &second] {
        let change = inviting.change(&world, &owner, &mut chain);
        world.app.change_roster(&actor(&owner, Role::Owner), None, chain.space, &change).unwrap();
    }
    let (lena, olu) = (Keys::of(5), Keys::of(6));
    let join = first.join(&lena, &owner, &[owner.person, lena.person], &mut chain);
    world.app.join(&outside(), first.id(), join).unwrap();
    let join = second.join(&olu, &owner, &[owner.person, lena.person, olu.person], &mut chain);
    world.app.join(&outside(), second.id(), join).unwrap();
    assert_eq!(world.app.colleagues(&actor(&olu, Role::Practitioner)).unwrap().colleagues.len(), 3);
}

#[test]
fn nobody_offers_more_than_they_have_nor_another_place_than_it_takes() {
    let (world, owner, mut chain) = begun();
    let admin = Inviting { role: Role::Admin, place: "keeper", n: 2 };
    let adam = joined(&world, &owner, &mut chain, &admin, 5);
    world.prove(&adam);
    let attempt = |by: &Keys, role: Role, inviting: &Inviting| {
        let change = inviting.change(&world, by, &mut chain.clone());
        code(world.app.change_roster(&actor(by, role), None, chain.space, &change))
    };
    let owning = Inviting { role: Role::Owner, place: "keeper", n: 3 };
    assert_eq!(attempt(&adam, Role::Admin, &owning), "role-too-wide");
    let unfit = Inviting { role: Role::Practitioner, place: "keeper", n: 3 };
    assert_eq!(attempt(&owner, Role::Owner, &unfit), "roster-refused: not-allowed");
    let client = Inviting { role: Role::Client, place: "colleague", n: 3 };
    assert_eq!(attempt(&owner, Role::Owner, &client), "role-too-wide");
    let change = Inviting::practitioner(3).change(&world, &adam, &mut chain);
    world.app.change_roster(&actor(&adam, Role::Admin), None, chain.space, &change).unwrap();
    // What a role allows on paper is asked of the actor, too.
    let (_, shared) = world.client(&owner, 1);
    let elsewhere = Inviting::practitioner(4).change(&world, &owner, &mut shared.clone());
    let acts = actor(&owner, Role::Owner);
    assert_eq!(code(world.app.change_roster(&acts, None, shared.space, &elsewhere)), "roster-refused: no-such-role");
}

#[test]
fn an_invite_ends_with_the_right_of_whoever_made_it() {
    let (world, owner, mut chain) = begun();
    let admin = Inviting { role: Role::Admin, place: "keeper", n: 2 };
    let adam = joined(&world, &owner, &mut chain, &admin, 5);
    world.prove(&adam);
    let inviting = Inviting::practitioner(3);
    let change = inviting.change(&world, &adam, &mut chain);
    world.app.change_roster(&actor(&adam, Role::Admin), None, chain.space, &change).unwrap();
    assert!(world.app.invite(&visitor(), inviting.id()).is_ok());
    let state = PersonState::Suspended { at: world.clock.now(), why: SuspendedWhy::By(owner.person) };
    world.put(&Person { state, ..person(&world, &adam) });
    assert_eq!(code(world.app.invite(&visitor(), inviting.id())), "invite-revoked");
    assert!(world.app.colleagues(&actor(&owner, Role::Owner)).unwrap().invites.is_empty());
}

#[test]
fn a_second_owner_proves_their_own_paper_only() {
    let (world, owner, mut chain) = begun();
    let owning = Inviting { role: Role::Owner, place: "keeper", n: 2 };
    let olu = joined(&world, &owner, &mut chain, &owning, 5);
    let kits = person(&world, &olu).kits;
    assert_eq!((kits.personal, kits.restore), (false, true));
    assert!(person(&world, &olu).waits_for_kits());
    world.put(&Person { kits: KitsProved { personal: true, ..kits }, ..person(&world, &olu) });
    assert!(!person(&world, &olu).waits_for_kits());
}

/// A client of the owner with a colleague who covers for an hour.
fn covered() -> (World, Keys, Keys, Chain, Timestamp) {
    let (world, owner, mut team) = begun();
    let lena = joined(&world, &owner, &mut team, &Inviting::practitioner(2), 5);
    world.prove(&lena);
    let (_, mut chain) = world.client(&owner, 1);
    let until = (world.clock.now() + SignedDuration::from_hours(1)).round(jiff::Unit::Second).unwrap();
    let head = chain.head;
    let entries = vec![chain.add_until(&owner, &lena, "cover", until)];
    let grants = vec![grant(lena.person, 1, "cover")];
    let change = RosterChange { head, entries, grants, invite: None };
    world.app.change_roster(&actor(&owner, Role::Owner), None, chain.space, &change).unwrap();
    (world, owner, lena, chain, until)
}

/// Everything that a member is served, asked for by this actor: the code of each refusal, or `served`.
fn served(world: &World, acts: &Actor, space: SpaceId) -> Vec<String> {
    let told = |refused: Option<alcove::app::Error>| match refused {
        None => "served".to_owned(),
        Some(error) => code::<()>(Err(error)),
    };
    let app = &world.app;
    vec![
        told(app.roster(acts, space, 0).err()),
        told(app.members(acts, space).err()),
        told(app.grants(acts, space).err()),
        told(app.changes(acts, space, 0, 10).err()),
        told(app.record_body(acts, space, record(1, 1, "").record, 1).err()),
        told(app.write_record(acts, None, space, &record(9, 1, "more")).err()),
    ]
}

#[test]
fn a_place_ends_by_itself_at_once() {
    let (world, owner, lena, chain, _) = covered();
    let (coach, acts) = (actor(&owner, Role::Owner), actor(&lena, Role::Practitioner));
    world.app.write_record(&acts, None, chain.space, &record(1, 1, "covering")).unwrap();
    assert!(served(&world, &acts, chain.space).iter().all(|word| word == "served"));
    assert_eq!(world.app.clients(&acts).unwrap()[0].place, "cover");
    world.clock.advance_ms(HOUR_MS + 2_000);
    assert!(served(&world, &acts, chain.space).iter().all(|word| word == "not-found"));
    assert!(world.app.clients(&acts).unwrap().is_empty());
    let spaces = world.app.me(&Asker { actor: acts.clone(), session: None }).unwrap().spaces;
    assert!(spaces.iter().all(|seen| seen.space != chain.space), "not even the list of spaces names it");
    assert_eq!(world.app.clients(&coach).unwrap().len(), 1);
}

#[test]
fn after_the_end_a_new_key_leaves_them_out_and_more_time_brings_them_back() {
    let (world, owner, lena, mut chain, until) = covered();
    let coach = actor(&owner, Role::Owner);
    world.clock.advance_ms(HOUR_MS + 2_000);
    let head = chain.head;
    let later = until + SignedDuration::from_hours(24);
    let entries = vec![chain.epoch(&owner)];
    let grants = vec![grant(owner.person, 2, "mine")];
    let change = RosterChange { head, entries, grants, invite: None };
    world.app.change_roster(&coach, None, chain.space, &change).unwrap();

    let head = chain.head;
    let entries = vec![chain.add_until(&owner, &lena, "cover", later)];
    let change = RosterChange { head, entries, grants: Vec::new(), invite: None };
    world.app.change_roster(&coach, None, chain.space, &change).unwrap();
    assert!(world.app.roster(&actor(&lena, Role::Practitioner), chain.space, 0).is_ok());

    // Who has time left is granted every new key.
    let head = chain.head;
    let entries = vec![chain.epoch(&owner)];
    let grants = vec![grant(owner.person, 3, "mine")];
    let change = RosterChange { head, entries, grants, invite: None };
    assert_eq!(code(world.app.change_roster(&coach, None, chain.space, &change)), "grant-refused");
}

#[test]
fn whoever_may_change_a_roster_has_no_end() {
    let (world, owner, lena, chain, until) = covered();
    let coach = actor(&owner, Role::Owner);
    let attempt = |entry: &dyn Fn(&mut Chain) -> String| {
        let entries = vec![entry(&mut chain.clone())];
        let change = RosterChange { head: chain.head, entries, grants: Vec::new(), invite: None };
        code(world.app.change_roster(&coach, None, chain.space, &change))
    };
    let role = attempt(&|chain| chain.role(&owner, lena.person, "practitioner"));
    assert_eq!(role, "roster-refused: end-unfit");
    let olu = Keys::of(7);
    world.add(&olu, Role::Practitioner);
    let add = attempt(&|chain| chain.add_until(&owner, &olu, "practitioner", until));
    assert_eq!(add, "roster-refused: end-unfit");
}

#[test]
fn a_colleague_begins_a_space_of_their_own_about_a_client() {
    let (world, owner, lena, chain, _) = covered();
    let acts = actor(&lena, Role::Practitioner);
    let client = world.app.clients(&acts).unwrap()[0].client.id;
    assert_eq!(world.app.clients(&acts).unwrap()[0].own, None, "the practitioner's own is not hers");
    let own = Chain::begin("own", &lena, 8);
    let seen = world.app.begin_own(&acts, None, client, &made(&own, &lena)).unwrap();
    assert_eq!((seen.own, seen.client.shared), (Some(own.space), chain.space));
    let twice = Chain::begin("own", &lena, 9);
    assert_eq!(code(world.app.begin_own(&acts, None, client, &made(&twice, &lena))), "space-exists");
    assert!(world.app.clients(&actor(&owner, Role::Owner)).unwrap()[0].own.is_some_and(|theirs| theirs != own.space));
    let stranger = Keys::of(9);
    world.add(&stranger, Role::Practitioner);
    let theirs = Chain::begin("own", &stranger, 10);
    let refused = world.app.begin_own(&actor(&stranger, Role::Practitioner), None, client, &made(&theirs, &stranger));
    assert_eq!(code(refused), "not-found");
}

#[test]
fn a_client_is_handed_over_by_the_roster() {
    let (world, owner, mut team) = begun();
    let lena = joined(&world, &owner, &mut team, &Inviting::practitioner(2), 5);
    world.prove(&lena);
    let (client, mut chain) = world.client(&owner, 1);
    let coach = actor(&owner, Role::Owner);
    let change = |entries: Vec<String>, head, grants| RosterChange { head, entries, grants, invite: None };
    let head = chain.head;
    let entries = vec![chain.add(&owner, &lena, "practitioner", "link")];
    let added = change(entries, head, vec![grant(lena.person, 1, "all")]);
    world.app.change_roster(&coach, None, chain.space, &added).unwrap();
    assert_eq!(world.app.clients(&coach).unwrap()[0].client.by, owner.person, "two may look after one client");

    let head = chain.head;
    let entries = vec![chain.role(&owner, owner.person, "supervisor")];
    world.app.change_roster(&coach, None, chain.space, &change(entries, head, Vec::new())).unwrap();
    let theirs = world.app.clients(&actor(&lena, Role::Practitioner)).unwrap();
    assert_eq!((theirs[0].client.by, theirs[0].place.as_str(), theirs[0].own), (lena.person, "practitioner", None));
    let before = world.app.clients(&coach).unwrap();
    assert!(before[0].place == "supervisor" && before[0].own.is_some(), "what was theirs alone stays so");
    let log = world.log();
    let entry = log.iter().find(|entry| entry.code == "client.handed-over").unwrap();
    assert!(entry.facts.contains(&("client".to_owned(), client.to_string())));
}
