//! Clients: added by a practitioner together with the two spaces about them, renamed, listed. Whoever is no member of
//! a client's spaces does not learn that the client exists.

use super::changes::account_change;
use super::guard::guard_work;
use super::idempotency::Once;
use super::invite::standing_of;
use super::space::{Creator, SpaceMade, begin_space, member_of, space_of};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::client::{Client, ClientState};
use crate::domain::id::{ClientId, InviteId, PersonId, SpaceId};
use crate::domain::invite::{Offer, Standing};
use crate::domain::person::{FieldError, Person, parse_email, parse_name};
use crate::domain::roster::{How, RIGHT_ROSTER};
use crate::domain::space::{Membership, Space, SpaceKind};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads, WriteTx};
use jiff::Timestamp;

/// A client as a practitioner's device makes one.
#[derive(Clone, Debug)]
pub struct ClientMade {
    /// Their id, made on the device.
    pub client: ClientId,
    /// What to call them.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// The space to share with them.
    pub shared: SpaceMade,
    /// The practitioner's own space about them.
    pub own: SpaceMade,
}

/// What to change about a client.
#[derive(Clone, Debug, Default)]
pub struct ClientEdit {
    /// Another name.
    pub name: Option<String>,
    /// Another address; empty text takes it away.
    pub email: Option<String>,
}

/// A client with what follows from their invite, account and roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSeen {
    /// The client.
    pub client: Client,
    /// How far they have come.
    pub state: ClientState,
    /// The actor's own space about them, once it was begun.
    pub own: Option<SpaceId>,
    /// The actor's role in the space that is shared with them.
    pub place: String,
    /// Their own time zone, once they joined.
    pub zone: Option<String>,
    /// Their last invite.
    pub invite: Option<InviteSeen>,
}

/// An invite as the practitioner's list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteSeen {
    /// Its id.
    pub invite: InviteId,
    /// Until when.
    pub expires_at: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

impl App {
    /// The clients in whose spaces the actor is, oldest first.
    ///
    /// # Errors
    /// The actor may not look after clients.
    pub fn clients(&self, actor: &Actor) -> Result<Vec<ClientSeen>, Error> {
        let person = actor.may(Right::ManageClients)?.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        self.read(|tx| {
            let mut seen = Vec::new();
            for client in tx.scan::<Client>(&())? {
                match look(tx, client, person, now) {
                    Ok(client) => seen.push(client),
                    Err(Error::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(seen)
        })
    }

    /// Adds a client and begins both spaces about them.
    ///
    /// # Errors
    /// A field or genesis entry is unfit, or the id is taken.
    pub fn add_client(&self, actor: &Actor, once: Option<&Once>, made: &ClientMade) -> Result<ClientSeen, Error> {
        let client = self.write_once(actor, Right::ManageClients, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            guard_work(tx, by)?;
            add(tx, permit, by, made)
        })?;
        self.see_client(actor, client)
    }

    /// Renames a client or changes their address, if nobody else did since `version`.
    ///
    /// # Errors
    /// `changed-meanwhile`, an unfit field, or the actor may not know the client.
    pub fn edit_client(
        &self,
        actor: &Actor,
        id: ClientId,
        version: Option<u64>,
        edit: &ClientEdit,
    ) -> Result<ClientSeen, Error> {
        let client = self.write(|tx| {
            let permit = actor.may(Right::ManageClients)?;
            let by = permit.person().ok_or(Error::NotFound)?;
            let mut client: Client = tx.find(&id)?.ok_or(Error::NotFound)?;
            space_of(tx, client.shared, by, tx.now())?;
            guard_work(tx, by)?;
            check_version(&client, version)?;
            apply(&mut client, edit)?;
            tx.put(&client, &permit)?;
            let event = Event::new("client.edited").with("client", id);
            tx.audit(&permit, client.person.into_iter().fold(event, Event::about))?;
            tell_practitioners(tx, &permit, &client)?;
            Ok(client)
        })?;
        self.see_client(actor, client)
    }

    /// Begins the actor's own space about a client whom a colleague added.
    ///
    /// # Errors
    /// `space-exists` when there is one, `roster-refused`, or the actor may not know the client.
    pub fn begin_own(
        &self,
        actor: &Actor,
        once: Option<&Once>,
        id: ClientId,
        made: &SpaceMade,
    ) -> Result<ClientSeen, Error> {
        self.write_once(actor, Right::ManageClients, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            let client: Client = tx.find(&id)?.ok_or(Error::NotFound)?;
            space_of(tx, client.shared, by, tx.now())?;
            guard_work(tx, by)?;
            if own_space(tx, id, by)?.is_some() {
                return Err(Refusal::new("space-exists", "you have a space of your own about this client").into());
            }
            let me: Person = tx.find(&by)?.ok_or(Error::NotFound)?;
            let creator = Creator { person: by, sign: &me.sign, recipient: &me.recipient };
            begin_space(tx, permit, made, &creator, SpaceKind::Own, Some(id))?;
            account_change(tx, permit, by, ChangeKind::Client, &id)
        })?;
        let client = self.read(|tx| tx.find::<Client>(&id)?.ok_or(Error::NotFound))?;
        self.see_client(actor, client)
    }

    fn see_client(&self, actor: &Actor, client: Client) -> Result<ClientSeen, Error> {
        let person = actor.may(Right::ManageClients)?.person().ok_or(Error::NotFound)?;
        self.read(|tx| look(tx, client, person, self.clock.now()))
    }
}

fn add(tx: &mut WriteTx, permit: &Permit, by: PersonId, made: &ClientMade) -> Result<Client, Error> {
    if tx.find::<Client>(&made.client)?.is_some() {
        return Err(Refusal::new("client-exists", "there is a client with this id already").into());
    }
    let name = parse_name(&made.name).map_err(unfit)?;
    let email = email(made.email.as_deref())?;
    let me: Person = tx.find(&by)?.ok_or(Error::NotFound)?;
    let creator = Creator { person: by, sign: &me.sign, recipient: &me.recipient };
    let id = made.client;
    let shared = begin_space(tx, permit, &made.shared, &creator, SpaceKind::Shared, Some(id))?;
    let own = begin_space(tx, permit, &made.own, &creator, SpaceKind::Own, Some(id))?;
    let made_at = tx.now();
    let client = Client { id, name, email, by, made_at, shared, own, person: None, invite: None, version: 1 };
    tx.put(&client, permit)?;
    tx.audit(permit, Event::new("client.added").with("client", id))?;
    account_change(tx, permit, by, ChangeKind::Client, &id)?;
    Ok(client)
}

fn apply(client: &mut Client, edit: &ClientEdit) -> Result<(), Error> {
    if let Some(name) = &edit.name {
        client.name = parse_name(name).map_err(unfit)?;
    }
    if let Some(address) = &edit.email {
        client.email = email(Some(address))?;
    }
    client.version += 1;
    Ok(())
}

fn email(text: Option<&str>) -> Result<Option<String>, Error> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => Ok(Some(parse_email(text).map_err(unfit)?)),
    }
}

fn unfit(error: FieldError) -> Error {
    Refusal::new("field-refused", error.to_string()).into()
}

fn check_version(client: &Client, expected: Option<u64>) -> Result<(), Error> {
    match expected {
        Some(version) if version != client.version => {
            let refusal = Refusal::new("changed-meanwhile", "somebody changed this client; fetch it and try again");
            Err(refusal.with("version", client.version).into())
        }
        _ => Ok(()),
    }
}

/// A client is handed over by the roster: whoever looks after them lost their place or its rights, and another has them.
pub(super) fn follow_roster(tx: &mut WriteTx, permit: &Permit, space: &Space) -> Result<(), Error> {
    let roster = &space.roster;
    let Some(mut client) = space.client.map(|id| tx.find::<Client>(&id)).transpose()?.flatten() else { return Ok(()) };
    let keeper = roster.members.iter().find(|member| roster.allows(&member.role, RIGHT_ROSTER));
    let stays = roster.member(client.by).is_some_and(|member| roster.allows(&member.role, RIGHT_ROSTER));
    let (Some(keeper), false) = (keeper, stays || client.shared != roster.space) else { return Ok(()) };
    let event = Event::new("client.handed-over").with("client", client.id).about(client.by).about(keeper.person);
    client.by = keeper.person;
    client.version += 1;
    tx.put(&client, permit)?;
    tx.audit(permit, event)?;
    tell_practitioners(tx, permit, &client)
}

/// Tells everyone who looks after this client.
pub(super) fn tell_practitioners(tx: &mut WriteTx, permit: &Permit, client: &Client) -> Result<(), Error> {
    let space: Space = tx.find(&client.shared)?.ok_or(Error::NotFound)?;
    for member in &space.roster.members {
        if Some(member.person) != client.person {
            account_change(tx, permit, member.person, ChangeKind::Client, &client.id)?;
        }
    }
    Ok(())
}

/// This person's own space about a client. It stays theirs whoever looks after the client.
fn own_space(tx: &impl Reads, client: ClientId, person: PersonId) -> Result<Option<SpaceId>, Error> {
    for membership in tx.scan::<Membership>(&person)? {
        let space: Option<Space> = tx.find(&membership.space)?;
        let is_own = |space: &Space| space.roster.kind == SpaceKind::Own && space.client == Some(client);
        if space.as_ref().is_some_and(is_own) {
            return Ok(Some(membership.space));
        }
    }
    Ok(None)
}

fn look(tx: &impl Reads, client: Client, person: PersonId, now: Timestamp) -> Result<ClientSeen, Error> {
    let shared = space_of(tx, client.shared, person, now)?;
    let offer = client.invite.map(|id| tx.find::<Offer>(&id)).transpose()?.flatten();
    let invite = offer.map(|offer| {
        let standing = standing_of(tx, &offer, now)?;
        Ok::<_, Error>(InviteSeen { invite: offer.invite, expires_at: offer.expires_at, standing })
    });
    let invite = invite.transpose()?;
    let joined = client.person.and_then(|person| shared.roster.member(person));
    let state = match (joined, invite) {
        (Some(member), _) if member.how.is_some_and(How::compared) => ClientState::Verified,
        (Some(_), _) => ClientState::Joined,
        (None, Some(invite)) if invite.standing == Standing::Open => ClientState::Invited,
        (None, _) => ClientState::Added,
    };
    let zone = client.person.map(|id| tx.find::<Person>(&id)).transpose()?.flatten().map(|person| person.zone);
    let first: Option<Space> = tx.find(&client.own)?;
    let is_theirs = first.is_some_and(|own| own.roster.member(person).is_some());
    let own = if is_theirs { Some(client.own) } else { own_space(tx, client.id, person)? };
    let place = member_of(&shared, person, now)?.role.clone();
    Ok(ClientSeen { client, state, own, place, zone, invite })
}
