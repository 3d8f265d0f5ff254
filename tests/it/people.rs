//! People of the practice: roles, suspension, closed accounts, policies.

use alcove::app::activity::{Look, Part};
use alcove::app::people::DataChoice;
use alcove::app::roles::RoleEdit;
use alcove::app::session::Asker;
use alcove::domain::audit::Topic;
use alcove::domain::device::Device;
use alcove::domain::id::{DeviceId, PersonId, SlotId};
use alcove::domain::link::{Link, LinkFor};
use alcove::domain::person::{KitsProved, Person, PersonState, SuspendedWhy};
use alcove::domain::record::Change;
use alcove::domain::role::Role;
use alcove::domain::security_policy::SecurityPolicy;
use alcove::domain::session::{Holder, Session, Strength};
use alcove::policy::{Actor, ActorKind, PersonStanding, Right, Rights};
use alcove::store::rows::keyring::Keyring;
use alcove::store::{Notice, Reads as _, StoreError};

use crate::world::account::{device, outside};
use crate::world::factors::came_in;
use crate::world::sign::Keys;
use crate::world::{World, actor, code, record};

fn of(world: &World, keys: &Keys) -> Person {
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&keys.person));
    found.unwrap().unwrap()
}

/// Puts somebody into a state behind the use cases' backs.
fn put_state(world: &World, keys: &Keys, state: PersonState) {
    world.put(&Person { state, ..of(world, keys) });
}

/// Somebody by a role of the practice's own making.
fn acting_as(keys: &Keys, role: Role, given: Rights) -> Actor {
    let mut acts = actor(keys, role);
    if let ActorKind::Person { rights, .. } = &mut acts.kind {
        *rights = rights.and(given);
    }
    acts
}

/// A confirmed owner, an admin, a practitioner and a client who is in no space.
fn practice() -> (World, Keys, Keys, Keys, Keys) {
    let (world, owner, _) = World::founded();
    world.prove(&owner);
    let [admin, coach, client] = [2, 3, 4].map(Keys::of);
    world.add(&admin, Role::Admin);
    world.add(&coach, Role::Practitioner);
    world.add(&client, Role::Client);
    (world, owner, admin, coach, client)
}

#[test]
fn who_is_suspended_is_nobody_and_learns_it_only_by_a_right_proof() {
    let (world, owner, entered) = World::founded();
    let at = world.clock.now();
    put_state(&world, &owner, PersonState::Suspended { at, why: SuspendedWhy::Operator });
    let asker = world.asker(&entered.token);
    assert_eq!((asker.actor.kind, asker.session), (ActorKind::Visitor, None));
    let sign_in = |proof| world.app.sign_in(&outside(), proof, &device(2));
    assert_eq!(code(sign_in(world.proof(&owner, 3))), "sign-in-failed");
    assert_eq!(code(sign_in(world.proof(&Keys::of(9), 1))), "sign-in-failed");
    assert_eq!(code(sign_in(world.proof(&owner, 1))), "account-suspended");
    assert_eq!(world.codes().last().unwrap(), "sign-in.refused");
    put_state(&world, &owner, PersonState::Active);
    world.minutes_pass(1);
    assert!(sign_in(world.proof(&owner, 1)).is_ok());
}

#[test]
fn an_admin_looks_after_people_and_never_after_owners_or_themselves() {
    let (world, owner, admin, coach, client) = practice();
    let acts = actor(&admin, Role::Admin);
    let suspend = |id: PersonId| world.app.suspend(&acts, id);
    assert_eq!(code(suspend(owner.person)), "person-beyond-you");
    assert_eq!(code(suspend(admin.person)), "not-oneself");
    assert_eq!(code(suspend(Keys::of(9).person)), "not-found");
    assert_eq!(code(world.app.change_role(&acts, coach.person, Role::Owner)), "role-too-wide");
    assert_eq!(code(world.app.change_role(&acts, client.person, Role::Staff)), "role-unfit");
    world.app.change_role(&acts, coach.person, Role::Admin).unwrap();
    assert_eq!(of(&world, &coach).role, Role::Admin);
    suspend(client.person).unwrap();
    let seen = world.app.person(&acts, client.person).unwrap();
    assert_eq!((seen.person.state.word(), seen.manageable), ("suspended", true));
    world.app.reinstate(&acts, client.person).unwrap();
    assert!(of(&world, &client).is_active());
    let manageable: Vec<_> = world
        .app
        .people(&acts)
        .unwrap()
        .into_iter()
        .filter(|seen| seen.manageable)
        .map(|seen| seen.person.person)
        .collect();
    assert_eq!(manageable, [coach.person, client.person]);
    for low in [actor(&coach, Role::Practitioner), actor(&client, Role::Client)] {
        assert_eq!(code(world.app.people(&low)), "NotAllowed");
        assert_eq!(code(world.app.suspend(&low, client.person)), "NotAllowed");
    }
    let stale = PersonStanding { fresh: false, ..PersonStanding::GOOD };
    let mut stale_acts = acts.clone();
    if let ActorKind::Person { standing, .. } = &mut stale_acts.kind {
        *standing = stale;
    }
    assert_eq!(code(world.app.suspend(&stale_acts, client.person)), "ProofTooOld");
}

/// Whoever was suspended while their request was on its way changes nobody any more.
#[test]
fn rights_are_looked_at_again_where_they_are_used() {
    let (world, _, admin, coach, _) = practice();
    put_state(&world, &admin, PersonState::Suspended { at: world.clock.now(), why: SuspendedWhy::Operator });
    assert_eq!(code(world.app.suspend(&actor(&admin, Role::Admin), coach.person)), "SignedOut");
    world.put(&Person { role: Role::Staff, state: PersonState::Active, ..of(&world, &admin) });
    assert_eq!(code(world.app.suspend(&actor(&admin, Role::Admin), coach.person)), "NotAllowed");
}

#[test]
fn hostile_case_14_an_owner_who_is_not_confirmed_yet_deletes_nobody() {
    let (world, owner, _, coach, _) = practice();
    let second = Keys::of(5);
    world.add(&second, Role::Owner);
    world.put(&Person { kits: KitsProved { personal: true, restore: false }, ..of(&world, &second) });
    let acts = actor(&second, Role::Owner);
    assert_eq!(code(world.app.close_account(&acts, coach.person, DataChoice::Keep)), "owner-unconfirmed");
    assert_eq!(code(world.app.suspend(&acts, owner.person)), "owner-unconfirmed");
    assert_eq!(code(world.app.set_security_policy(&acts, SecurityPolicy::default())), "owner-unconfirmed");
    assert_eq!(code(world.app.add_role(&acts, "Desk", Rights::NONE)), "owner-unconfirmed");
    world.prove(&second);
    world.app.suspend(&acts, owner.person).unwrap();
}

#[test]
fn hostile_case_16_a_role_is_never_wider_than_its_maker() {
    let (world, owner, admin, coach, _) = practice();
    let (boss, acts) = (actor(&owner, Role::Owner), actor(&admin, Role::Admin));
    let clients = Rights::from_all(&[Right::ManageClients]);
    assert_eq!(code(world.app.add_role(&acts, "Coaching", clients)), "role-too-wide");
    for right in Right::ALL.into_iter().filter(|right| !right.grantable()) {
        assert_eq!(code(world.app.add_role(&boss, "Too much", Rights::from_all(&[right]))), "role-refused");
    }
    let desk = Rights::from_all(&[Right::SeePeople, Right::ManagePeople, Right::ManageRoles]);
    let role = world.app.add_role(&acts, "Front desk", desk).unwrap().role;
    let id = role.custom().unwrap();
    assert_eq!(code(world.app.add_role(&acts, "front DESK", desk)), "role-refused");
    world.app.change_role(&boss, coach.person, role).unwrap();
    // By their new role the former practitioner makes nothing wider than it, and does not widen it.
    let theirs = acting_as(&coach, role, desk);
    assert_eq!(code(world.app.add_role(&theirs, "Wide", Rights::from_all(&[Right::SetPolicy]))), "role-too-wide");
    let edit = RoleEdit { rights: Some(Rights::from_all(&[Right::SeePeople])), name: None };
    assert_eq!(code(world.app.edit_role(&theirs, id, &edit)), "not-oneself");
    let other = world.app.add_role(&boss, "Security", Rights::from_all(&[Right::SeeSecurity])).unwrap().role;
    assert_eq!(code(world.app.edit_role(&theirs, other.custom().unwrap(), &edit)), "role-too-wide");
    assert_eq!(code(world.app.change_role(&theirs, admin.person, Role::Staff)), "person-beyond-you");
    let staff = Keys::of(6);
    world.add(&staff, Role::Staff);
    assert_eq!(code(world.app.change_role(&theirs, staff.person, other)), "role-too-wide");
    assert_eq!(code(world.app.remove_role(&boss, id)), "role-in-use");
    world.app.change_role(&boss, coach.person, Role::Practitioner).unwrap();
    world.app.remove_role(&boss, id).unwrap();
    assert_eq!(code(world.app.remove_role(&boss, id)), "not-found");
}

#[test]
fn hostile_case_17_suspension_cuts_sessions_and_streams_at_once_and_fellows_are_told() {
    let (world, owner, admin, coach, _) = practice();
    let (_, mut chain) = world.client(&owner, 1);
    world.admit(&owner, &coach, &mut chain);
    let theirs =
        Session { session: alcove::domain::id::SessionId::from_bytes([8; 16]), ..a_session(&world, &owner, &coach) };
    world.put(&theirs);
    let acts = actor(&coach, Role::Practitioner);
    world.app.write_record(&acts, None, chain.space, &record(1, 1, "before")).unwrap();
    let before = cursor(&world, &owner);
    let mut heard = world.app.listen();
    world.app.suspend(&actor(&admin, Role::Admin), coach.person).unwrap();
    let mut ended = false;
    while let Ok(told) = heard.try_recv() {
        ended |= matches!(told, alcove::app::Told::One(Notice::Ended { session }) if session == theirs.session);
    }
    assert!(ended, "the event stream of the session is cut by its notice");
    let gone: Result<Option<Session>, StoreError> = world.store.read(|tx| tx.find(&theirs.session));
    assert!(gone.unwrap().is_none());
    let told = world.app.account_changes(&actor(&owner, Role::Owner), before).unwrap().changes;
    let told: Vec<_> = told.iter().map(|change| (change.kind.word(), change.id.as_str())).collect();
    let (person, space) = (coach.person.to_string(), chain.space.to_string());
    assert_eq!(told, [("security", person.as_str()), ("member", space.as_str())]);
    let members = world.app.members(&actor(&owner, Role::Owner), chain.space).unwrap();
    assert!(members.iter().any(|member| member.person.person == coach.person && !member.person.is_active()));
}

fn cursor(world: &World, keys: &Keys) -> u64 {
    world.app.account_changes(&actor(keys, Role::Owner), 0).unwrap().cursor
}

/// A session of somebody, like one of the owner's.
fn a_session(world: &World, owner: &Keys, whose: &Keys) -> Session {
    let all: Result<Vec<Session>, StoreError> = world.store.read(|tx| tx.scan(&()));
    let all = all.unwrap();
    let one = all.into_iter().find(|session| session.person() == Some(owner.person)).unwrap();
    let device = actor(whose, Role::Client);
    let ActorKind::Person { device, .. } = device.kind else { panic!() };
    Session { holder: Holder::Person { person: whose.person, device }, ..one }
}

#[test]
fn a_closed_account_keeps_its_name_and_nothing_that_lets_in_or_opens() {
    let (world, owner, entered) = World::founded();
    world.prove(&owner);
    let second = Keys::of(5);
    world.add(&second, Role::Owner);
    let notebook = entered.me.spaces[0].space;
    let acts = actor(&owner, Role::Owner);
    world.app.write_record(&acts, None, notebook, &record(1, 1, "mine alone")).unwrap();
    let (_, chain) = world.client(&owner, 1);
    world.app.write_record(&acts, None, chain.space, &record(2, 1, "shared")).unwrap();
    let by = actor(&second, Role::Owner);
    world.app.close_account(&by, owner.person, DataChoice::EraseOwn).unwrap();
    let person = of(&world, &owner);
    assert!(person.is_deleted() && person.email.is_none() && person.name == "Ada");
    let (keyring, kept): (Option<Keyring>, Vec<Change>) =
        world.store.read(|tx| Ok::<_, StoreError>((tx.find(&owner.person)?, tx.scan(&())?))).unwrap();
    assert!(keyring.is_none());
    assert_eq!(kept.iter().map(|change| change.space).collect::<Vec<_>>(), [chain.space]);
    assert_eq!(code(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2))), "sign-in-failed");
    assert!(matches!(world.asker(&entered.token).actor.kind, ActorKind::Visitor));
    assert_eq!(code(world.app.reinstate(&by, owner.person)), "not-found");
    assert!(!world.app.person(&by, owner.person).unwrap().manageable);
}

/// Links and devices used to stay behind, with the networks that somebody came from.
#[test]
fn a_closed_account_leaves_no_link_and_no_device_behind() {
    let (world, owner, _, coach, _) = practice();
    let made_at = world.clock.now();
    let device = Device {
        device: DeviceId::from_bytes([8; 16]),
        person: coach.person,
        label: "Firefox on Linux".to_owned(),
        name: None,
        network: Some("192.0.2.0/24".to_owned()),
        first_seen_at: made_at,
        last_seen_at: made_at,
    };
    let (slot, by) = (SlotId::from_bytes([8; 16]), Some(device.device));
    world.put(&device);
    let (made_for, strength) = (LinkFor::Device, Strength::Strong);
    world.put(&Link { person: coach.person, slot, made_for, by, strength, made_at, used: None, closed_at: None });
    let left = || {
        let rows: Result<(Vec<Device>, Vec<Link>), StoreError> =
            world.store.read(|tx| Ok((tx.scan(&coach.person)?, tx.scan(&coach.person)?)));
        let (devices, links) = rows.unwrap();
        (devices.len(), links.len())
    };
    assert_eq!(left(), (1, 1));
    world.app.close_account(&actor(&owner, Role::Owner), coach.person, DataChoice::Keep).unwrap();
    assert_eq!(left(), (0, 0));
}

/// A client who shares a space with a colleague used to be sent the colleague's id; and so was whose time there was over.
#[test]
fn fellows_are_told_the_space_and_only_those_who_are_still_in_it() {
    let (world, owner, admin, coach, client) = practice();
    let (_, mut chain) = world.client(&owner, 1);
    world.admit(&owner, &coach, &mut chain);
    let (_, mut others) = world.client(&owner, 2);
    world.admit(&owner, &client, &mut others);
    world.app.suspend(&actor(&admin, Role::Admin), coach.person).unwrap();
    let told = world.app.account_changes(&actor(&client, Role::Client), 0).unwrap().changes;
    assert!(told.iter().all(|change| !change.id.contains(&coach.person.to_string())), "no fellow of the coach's");
    for keys in [&owner, &client] {
        let told = world.app.account_changes(&actor(keys, Role::Client), 0).unwrap().changes;
        let members = told.iter().filter(|change| change.kind.word() == "member");
        assert!(members.clone().all(|change| change.id.starts_with("spc_")), "{told:?}");
    }
}

/// Editing a role changed what its holders may do, and nobody was told.
#[test]
fn changing_what_a_role_may_do_is_told_to_its_holders_and_the_owners() {
    let (world, owner, admin, coach, _) = practice();
    let boss = actor(&owner, Role::Owner);
    let role = world.app.add_role(&boss, "Front desk", Rights::from_all(&[Right::SeePeople])).unwrap().role;
    let id = role.custom().unwrap();
    world.app.change_role(&boss, coach.person, role).unwrap();
    let theirs = actor(&coach, role);
    let heard = |acts: &Actor| world.app.account_changes(acts, 0).unwrap().changes.len();
    let before = (heard(&theirs), heard(&boss));
    let named = RoleEdit { name: Some("Desk".to_owned()), rights: None };
    world.app.edit_role(&boss, id, &named).unwrap();
    assert_eq!((heard(&theirs), heard(&boss)), before, "a name changes nothing for anybody");
    let wider = RoleEdit { name: None, rights: Some(Rights::from_all(&[Right::SeePeople, Right::ManagePeople])) };
    world.app.edit_role(&boss, id, &wider).unwrap();
    assert_eq!((heard(&theirs), heard(&boss)), (before.0 + 1, before.1 + 1));
    let look = Look { before: None, limit: None, topic: Topic::Account };
    let acts = world.app.own_activity(&theirs, look).unwrap().acts;
    assert_eq!((acts[0].code.as_str(), acts[0].part), ("role.changed", Part::Touched));
    let acts = world.app.own_activity(&actor(&admin, Role::Admin), look).unwrap().acts;
    assert!(acts.iter().all(|act| act.code != "role.changed"), "an admin does not hold it");
}

/// A role stayed for good once an account with it was closed.
#[test]
fn a_role_that_only_closed_accounts_have_can_be_removed() {
    let (world, owner, _, coach, _) = practice();
    let boss = actor(&owner, Role::Owner);
    let role = world.app.add_role(&boss, "Front desk", Rights::from_all(&[Right::SeePeople])).unwrap().role;
    let id = role.custom().unwrap();
    world.app.change_role(&boss, coach.person, role).unwrap();
    world.app.suspend(&boss, coach.person).unwrap();
    assert_eq!(code(world.app.remove_role(&boss, id)), "role-in-use");
    world.app.close_account(&boss, coach.person, DataChoice::Keep).unwrap();
    world.app.remove_role(&boss, id).unwrap();
    let seen = world.app.person(&boss, coach.person).unwrap();
    assert_eq!((seen.role_name, seen.rights), (None, Rights::BASE));
    assert!(world.app.people(&boss).is_ok() && world.app.roles(&boss).unwrap().iter().all(|known| known.role != role));
}

/// A place stayed in every roster, and keepers were not told that its person would not come back.
#[test]
fn keepers_are_told_who_of_their_spaces_is_suspended_or_closed() {
    let (world, owner, _, coach, client) = practice();
    let (_, mut chain) = world.client(&owner, 1);
    world.admit(&owner, &coach, &mut chain);
    world.admit(&owner, &client, &mut chain);
    let away = |keys: &Keys, role| {
        let me = world.app.me(&Asker { actor: actor(keys, role), session: None }).unwrap();
        let space = me.spaces.into_iter().find(|seen| seen.space == chain.space).unwrap();
        space.away.iter().map(|away| (away.person, away.state.word())).collect::<Vec<_>>()
    };
    assert!(away(&owner, Role::Owner).is_empty());
    let boss = actor(&owner, Role::Owner);
    world.app.suspend(&boss, coach.person).unwrap();
    assert_eq!(away(&owner, Role::Owner), [(coach.person, "suspended")]);
    assert!(away(&client, Role::Client).is_empty(), "who keeps nothing needs not know");
    world.app.close_account(&boss, coach.person, DataChoice::Keep).unwrap();
    assert_eq!(away(&owner, Role::Owner), [(coach.person, "deleted")]);
}

#[test]
fn the_silent_are_suspended_but_never_clients_or_the_last_owner() {
    let (world, owner, admin, coach, client) = practice();
    world.app.suspend_inactive().unwrap();
    assert!(of(&world, &coach).is_active());
    world.minutes_pass(60 * 24 * 181);
    world.put(&Person { visited_at: world.clock.now(), ..of(&world, &admin) });
    world.app.suspend_inactive().unwrap();
    let why = |keys: &Keys| of(&world, keys).state;
    assert!(matches!(why(&coach), PersonState::Suspended { why: SuspendedWhy::Inactive, .. }));
    assert!([&owner, &admin, &client].into_iter().all(|keys| of(&world, keys).is_active()));
    let told = world.app.account_changes(&actor(&owner, Role::Owner), 0).unwrap().changes;
    assert!(told.iter().any(|change| change.kind.word() == "security" && change.id == coach.person.to_string()));
    let policy = SecurityPolicy { inactive_clients: true, ..SecurityPolicy::default() };
    world.app.set_security_policy(&actor(&owner, Role::Owner), policy).unwrap();
    world.app.suspend_inactive().unwrap();
    assert!(!of(&world, &client).is_active());
    world.app.reinstate(&actor(&admin, Role::Admin), coach.person).unwrap();
    world.app.suspend_inactive().unwrap();
    assert!(of(&world, &coach).is_active(), "their time of silence began anew");
}

#[test]
fn policies_have_bounds_and_say_which_passwords_are_taken() {
    let (world, owner, _, coach, _) = practice();
    let acts = actor(&owner, Role::Owner);
    assert_eq!(world.app.security_policy(&acts).unwrap(), SecurityPolicy::default());
    let wild = SecurityPolicy { inactive_days: 1, ..SecurityPolicy::default() };
    assert_eq!(code(world.app.set_security_policy(&acts, wild)), "policy-refused");
    let strict =
        SecurityPolicy { profile: "strict".parse().unwrap(), single_session: true, ..SecurityPolicy::default() };
    world.app.set_security_policy(&acts, strict).unwrap();
    assert_eq!(world.app.security_policy(&acts).unwrap(), strict);
    assert_eq!(world.app.doorplate().unwrap().profile.word(), "strict");
    assert_eq!(code(world.app.set_security_policy(&actor(&coach, Role::Practitioner), strict)), "NotAllowed");
}

/// What the person's device is told.
fn attestation_due(world: &World, acts: &Actor) -> bool {
    let asker = Asker { actor: acts.clone(), session: None };
    world.app.me(&asker).unwrap().asked.attestation
}

#[test]
fn owners_attest_every_90_days_and_by_a_fresh_proof_only() {
    let (world, owner, _, coach, _) = practice();
    let acts = actor(&owner, Role::Owner);
    assert!(!attestation_due(&world, &acts));
    world.minutes_pass(60 * 24 * 91);
    assert!(attestation_due(&world, &acts));
    let mut stale = acts.clone();
    if let ActorKind::Person { standing, .. } = &mut stale.kind {
        standing.fresh = false;
    }
    assert_eq!(code(world.app.attest(&stale)), "ProofTooOld");
    assert_eq!(code(world.app.attest(&actor(&coach, Role::Practitioner))), "not-found");
    world.app.attest(&acts).unwrap();
    assert!(!attestation_due(&world, &acts));
}

#[test]
fn a_password_that_ran_out_leaves_no_more_than_changing_it() {
    let (world, owner, _, _, _) = practice();
    let acts = actor(&owner, Role::Owner);
    let strict = SecurityPolicy { profile: "strict".parse().unwrap(), ..SecurityPolicy::default() };
    world.app.set_security_policy(&acts, strict).unwrap();
    world.minutes_pass(60 * 24 * 91);
    let entered = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    assert!(entered.me.asked.password);
    assert_eq!(code(world.app.clients(&world.asker(&entered.token).actor)), "FactorNeeded", "what is asked for first");
    world.strengthen(&entered);
    let asker = world.asker(&entered.token);
    assert_eq!(code(world.app.clients(&asker.actor)), "PasswordExpired");
    assert!(world.app.keyring(&asker).is_ok());
}

#[test]
fn one_session_for_each_person_where_the_policy_says_so() {
    let (world, owner, ..) = practice();
    let acts = actor(&owner, Role::Owner);
    let first = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(2)).unwrap());
    let policy = SecurityPolicy { single_session: true, ..SecurityPolicy::default() };
    world.app.set_security_policy(&acts, policy).unwrap();
    assert_ne!(world.asker(&first.token).actor.kind, ActorKind::Visitor, "the next sign-in ends it, not the rule");
    let second = came_in(world.app.sign_in(&outside(), world.proof(&owner, 1), &device(3)).unwrap());
    assert_eq!(world.asker(&first.token).actor.kind, ActorKind::Visitor);
    assert_ne!(world.asker(&second.token).actor.kind, ActorKind::Visitor);
}

#[test]
fn the_operator_lets_in_and_shuts_out_but_not_the_last_owner() {
    let (world, owner, _, coach, _) = practice();
    let operator = Actor::local(ActorKind::Operator);
    world.put(&Person { name: "Eva Berg".to_owned(), ..of(&world, &coach) });
    assert_eq!(world.app.disable_account(&operator, "eva berg").unwrap().person, coach.person);
    assert!(!of(&world, &coach).is_active());
    world.app.recover_account(&operator, &coach.person.to_string()).unwrap();
    assert!(of(&world, &coach).is_active());
    assert_eq!(code(world.app.disable_account(&operator, &owner.person.to_string())), "last-owner");
    assert_eq!(code(world.app.recover_account(&operator, "Nobody")), "person-unknown");
    world.put(&Person { name: "Eva Berg".to_owned(), ..of(&world, &owner) });
    assert_eq!(code(world.app.recover_account(&operator, "Eva Berg")), "person-ambiguous");
    assert_eq!(code(world.app.disable_account(&actor(&owner, Role::Owner), "Eva Berg")), "NotAllowed");
    assert!(world.codes().contains(&"person.recovered".to_owned()));
}
