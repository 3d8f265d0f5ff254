//! Joining by invite: account, notebook, roster entries and grants come to be together, or not at all.

use super::account::{CheckedAccount, NewAccount, create, strength_of};
use super::changes::account_change;
use super::invite::open_offer;
use super::me::Me;
use super::restore::guard_writable;
use super::session::{Asker, NewDevice, open, replace};
use super::sign_in::Entered;
use super::space::{
    Creator, GrantMade, SpaceMade, append_entries, begin_space, check_covered, check_head, take_grants,
};
use super::{App, Error};
use crate::crypto::sign::key_hash;
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::client::Client;
use crate::domain::id::{ClientId, InviteId};
use crate::domain::invite::{Invited, Offer};
use crate::domain::person::{KitsProved, Person};
use crate::domain::role::Role;
use crate::domain::roster::{Entry, Op, RosterRefused};
use crate::domain::space::{Space, SpaceKind};
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::rows::keyring::Keyring;
use crate::store::{Reads, WriteTx};

/// What a device sends to join.
#[derive(Clone, Debug)]
pub struct Join {
    /// The new account.
    pub account: NewAccount,
    /// The joiner's notebook.
    pub notebook: SpaceMade,
    /// The head that the entries build on.
    pub head: [u8; 32],
    /// The join, and the epoch that the joiner begins.
    pub entries: Vec<String>,
    /// The new epoch, sealed to every member.
    pub grants: Vec<GrantMade>,
    /// The device.
    pub device: NewDevice,
}

impl App {
    /// Joins by an invite, and signs in. A browser that is signed in already joins as a new person all the same; the
    /// session that it had ends.
    ///
    /// # Errors
    /// `invite-spent`, `invite-revoked`, `invite-expired`, `roster-moved`, `roster-refused`, and those of making an
    /// account; or there is no such invite.
    pub fn join(&self, asker: &Asker, id: InviteId, join: Join) -> Result<Entered, Error> {
        let permit = Actor { kind: ActorKind::Visitor, network: asker.actor.network.clone() }.may(Right::Join)?;
        // Looked at before the account is checked, which uses up the passkey's challenge: a device that only has to
        // fetch the roster again must not have to make another passkey.
        let now = self.clock.now();
        self.read(|tx| find(tx, id, &join.head, now).map(drop))?;
        let account = self.check_account(join.account)?;
        self.write(|tx| {
            let (offer, mut space) = find(tx, id, &join.head, tx.now())?;
            guard_writable(tx)?;
            let strength = strength_of(&account);
            let person = admit(tx, &permit, account, &offer)?;
            let now = tx.now();
            let entries = append_entries(tx, &permit, &mut space, &join.entries, Some(now))?;
            check_entries(&entries, id, &person)?;
            take_grants(tx, &permit, &space, &join.grants, person.person)?;
            check_covered(&space, &join.grants, now)?;
            let creator = Creator { person: person.person, sign: &person.sign, recipient: &person.recipient };
            begin_space(tx, &permit, &join.notebook, &creator, SpaceKind::Notebook, None)?;
            settle(tx, &permit, &offer, &space, &person)?;
            let token = open(tx, &permit, &person, &join.device, strength)?;
            replace(tx, &self.live, &permit, asker, person.person)?;
            let keyring = tx.find::<Keyring>(&person.person)?.ok_or(Error::NotFound)?;
            let me = Me::of(tx, &person, join.device.device, false, strength, now)?;
            Ok(Entered { token, me, keyring })
        })
    }
}

/// The open offer and its space, whose head is the expected one.
fn find(tx: &impl Reads, id: InviteId, head: &[u8; 32], now: jiff::Timestamp) -> Result<(Offer, Space), Error> {
    let offer = open_offer(tx, id, now)?;
    let space: Space = tx.find(&offer.space)?.ok_or(Error::NotFound)?;
    check_head(&space, head)?;
    Ok((offer, space))
}

/// Exactly the joiner's join by this invite, with the keys of their account, and their epoch.
fn check_entries(entries: &[Entry], id: InviteId, person: &Person) -> Result<(), RosterRefused> {
    let [join, epoch] = entries else { return Err(RosterRefused::JoinUnfit) };
    let keys = key_hash(person.person, &person.sign, &person.recipient);
    let theirs = matches!(&join.op, Op::Join { invite, admission, .. } if *invite == id && admission.key_hash == keys);
    if theirs && matches!(epoch.op, Op::Epoch(_)) { Ok(()) } else { Err(RosterRefused::JoinUnfit) }
}

/// The account with the role that was offered.
fn admit(tx: &mut WriteTx, permit: &Permit, account: CheckedAccount, offer: &Offer) -> Result<Person, Error> {
    let role = match &offer.to {
        Invited::Client(_) => Role::Client,
        Invited::Colleague(colleague) => colleague.role,
    };
    let mut person = create(tx, permit, account, role)?;
    if role == Role::Owner {
        // The restore kit is the practice's: whoever founded it has proved it. This owner's own paper is still to come.
        person.kits = KitsProved { restore: true, ..person.kits };
        tx.put(&person, permit)?;
    }
    Ok(person)
}

/// Those who share the space learn who joined.
fn settle(tx: &mut WriteTx, permit: &Permit, offer: &Offer, space: &Space, person: &Person) -> Result<(), Error> {
    if let Invited::Client(client) = offer.to {
        return settle_client(tx, permit, offer, client, space, person);
    }
    for member in space.roster.members.iter().filter(|member| member.person != person.person) {
        account_change(tx, permit, member.person, ChangeKind::Joined, &person.person)?;
    }
    let event = Event::new("colleague.joined").about(person.person).with("role", person.role);
    tx.audit(permit, event.with("invite", offer.invite))?;
    Ok(())
}

/// The client has an account from now on, and those who look after them learn it.
fn settle_client(
    tx: &mut WriteTx,
    permit: &Permit,
    offer: &Offer,
    client: ClientId,
    space: &Space,
    person: &Person,
) -> Result<(), Error> {
    let mut client: Client = tx.find(&client)?.ok_or(Error::NotFound)?;
    client.person = Some(person.person);
    client.version += 1;
    tx.put(&client, permit)?;
    for member in space.roster.members.iter().filter(|member| member.person != person.person) {
        account_change(tx, permit, member.person, ChangeKind::Joined, &client.id)?;
    }
    let event = Event::new("client.joined").with("client", client.id).about(person.person);
    tx.audit(permit, event.with("invite", offer.invite))?;
    Ok(())
}
