//! Invites: the offer kept beside the roster's invite entry, looked up by whoever has the link, and used once.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::account::field;
use super::changes::account_change;
use super::client::tell_practitioners;
use super::delivery::Handed;
use super::people::guard_confirmed;
use super::record::counts_of;
use super::roles::rights_of;
use super::space::{InviteMade, lines};
use super::team::{check_offer, may_offer, team};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::client::Client;
use crate::domain::id::{ClientId, DeviceId, InviteId, PersonId};
use crate::domain::invite::{Invited, NewColleague, Offer, Standing};
use crate::domain::person::{Person, parse_email, parse_name};
use crate::domain::practice::Practice;
use crate::domain::roster::{Entry, InviteEntry, InviteState, Op, RIGHT_ROSTER};
use crate::domain::space::{Space, SpaceKind};
use crate::domain::team::check_place;
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::{Reads, WriteTx};

/// The most bytes of a pending grant.
const PENDING_BYTES_MAX: usize = 64 * 1024;

/// What somebody with the link sees before they join.
#[derive(Clone, Debug)]
pub struct InviteShown {
    /// The practice's name.
    pub practice: String,
    /// The offer with its pending grant.
    pub offer: Offer,
    /// The roster that they would join.
    pub roster: Vec<String>,
    /// Who invites, with their key statement.
    pub coach: Person,
    /// The highest count per device among the records of the current epoch, which a join closes.
    pub last: BTreeMap<DeviceId, u64>,
}

impl App {
    /// Whether joining by this invite is worth reading what it takes.
    ///
    /// # Errors
    /// `invite-spent`, `invite-revoked`, `invite-expired`; or there is none.
    pub fn may_join(&self, id: InviteId) -> Result<(), Error> {
        let now = self.clock.now();
        self.read(|tx| open_offer(tx, id, now).map(drop))
    }

    /// An invite, to whoever knows its id.
    ///
    /// # Errors
    /// `invite-spent`, `invite-revoked`, `invite-expired`; or there is none.
    pub fn invite(&self, actor: &Actor, id: InviteId) -> Result<InviteShown, Error> {
        let permit = Actor { kind: ActorKind::Visitor, network: actor.network.clone() }.may(Right::Join)?;
        let now = self.clock.now();
        let shown = self.read(|tx| {
            let offer = open_offer(tx, id, now)?;
            show(tx, offer)
        })?;
        let bytes = shown.offer.pending_grant.len() as u64;
        self.hand_invite(&permit, id, Handed { bodies: 1, bytes })?;
        Ok(shown)
    }
}

fn show(tx: &impl Reads, offer: Offer) -> Result<InviteShown, Error> {
    let practice: Practice = tx.find(&())?.ok_or(Error::NotFound)?;
    let coach: Person = tx.find(&offer.by)?.ok_or(Error::NotFound)?;
    let space: Space = tx.find(&offer.space)?.ok_or(Error::NotFound)?;
    let roster = lines(tx, offer.space, 0)?.into_iter().map(|line| line.text).collect();
    let last = counts_of(tx, offer.space, space.roster.epoch())?.last;
    Ok(InviteShown { practice: practice.name, offer, roster, coach, last })
}

/// The invite, unless it may not be used any more: refused by name then.
///
/// # Errors
/// `invite-spent`, `invite-revoked`, `invite-expired`; or there is none.
pub(super) fn open_offer(tx: &impl Reads, id: InviteId, now: Timestamp) -> Result<Offer, Error> {
    let offer: Offer = tx.find(&id)?.ok_or(Error::NotFound)?;
    let refusal = match standing_of(tx, &offer, now)? {
        Standing::Open => return Ok(offer),
        Standing::Spent => Refusal::new("invite-spent", "somebody already joined by this invite"),
        Standing::Revoked => {
            Refusal::new("invite-revoked", "this invite was taken back, or a newer one took its place")
        }
        Standing::Expired => Refusal::new("invite-expired", "this invite has expired; ask for a new one"),
    };
    Err(refusal.into())
}

/// How an invite stands. It is worth as much as what whoever made it may do now: one of somebody who was suspended, may
/// not invite any more or keeps the space no longer counts as taken back.
///
/// # Errors
/// The store's trouble.
pub(super) fn standing_of(tx: &impl Reads, offer: &Offer, now: Timestamp) -> Result<Standing, Error> {
    match offer.standing(now) {
        Standing::Open if !(keeps(tx, offer, now)? && may_invite(tx, offer)?) => Ok(Standing::Revoked),
        standing => Ok(standing),
    }
}

fn keeps(tx: &impl Reads, offer: &Offer, now: Timestamp) -> Result<bool, Error> {
    let space: Space = tx.find(&offer.space)?.ok_or(Error::NotFound)?;
    Ok(space.roster.member_at(offer.by, now).is_some_and(|member| space.roster.allows(&member.role, RIGHT_ROSTER)))
}

fn may_invite(tx: &impl Reads, offer: &Offer) -> Result<bool, Error> {
    match &offer.to {
        Invited::Colleague(colleague) => may_offer(tx, offer.by, colleague.role),
        Invited::Client(_) => match tx.find::<Person>(&offer.by)?.filter(Person::is_active) {
            Some(inviter) => Ok(rights_of(tx, inviter.role)?.has(Right::ManageClients)),
            None => Ok(false),
        },
    }
}

/// Keeps the server's part of the invite among these entries; both have to come together and agree.
pub(super) fn match_offer(
    tx: &mut WriteTx,
    actor: &Actor,
    permit: &Permit,
    space: &Space,
    entries: &[Entry],
    made: Option<&InviteMade>,
) -> Result<(), Error> {
    let mut entered = entries.iter().filter_map(|entry| match &entry.op {
        Op::Invite(invite) => Some((entry.by, invite)),
        _ => None,
    });
    let (made, (by, entered)) = match (made, entered.next(), entered.next()) {
        (None, None, _) => return Ok(()),
        (Some(made), Some(one), None) => (made, one),
        _ => return Err(unfit("an invite comes as one entry with its pending grant")),
    };
    let agrees = made.invite == entered.invite
        && made.expires_at == entered.expires_at
        && made.pending_grant.len() <= PENDING_BYTES_MAX
        && made.pending_grant.starts_with(b"age-encryption.org/v1\n");
    if !agrees || tx.find::<Offer>(&made.invite)?.is_some() {
        return Err(unfit("the invite does not agree with its entry, or its id is taken"));
    }
    match &made.to {
        Invited::Client(client) => {
            actor.may(Right::ManageClients)?;
            note_client(tx, permit, space, *client, made.invite)?;
        }
        Invited::Colleague(colleague) => check_colleague(tx, actor, space, entered, colleague)?,
    }
    keep(tx, permit, space, made, by)
}

/// Clients are invited into the space that is shared with them.
fn note_client(
    tx: &mut WriteTx,
    permit: &Permit,
    space: &Space,
    client: ClientId,
    invite: InviteId,
) -> Result<(), Error> {
    let mut client: Client = tx.find(&client)?.ok_or(Error::NotFound)?;
    if space.client != Some(client.id) || client.shared != space.roster.space {
        return Err(unfit("clients are invited into the space that is shared with them"));
    }
    client.invite = Some(invite);
    tx.put(&client, permit)?;
    tell_practitioners(tx, permit, &client)
}

/// Colleagues are invited into the team, to a place there that fits their role in the practice.
fn check_colleague(
    tx: &WriteTx,
    actor: &Actor,
    space: &Space,
    entered: &InviteEntry,
    colleague: &NewColleague,
) -> Result<(), Error> {
    let by = actor.may(Right::ManagePeople)?.person().ok_or(Error::NotFound)?;
    if team(tx)?.is_none_or(|team| team.roster.space != space.roster.space) {
        return Err(unfit("colleagues are invited into the team"));
    }
    guard_confirmed(tx, by)?;
    check_offer(tx, by, colleague.role)?;
    check_place(&entered.role, rights_of(tx, colleague.role)?.has(Right::ManagePeople))?;
    field("name", parse_name(&colleague.name))?;
    colleague.email.as_deref().map(|email| field("email", parse_email(email))).transpose()?;
    Ok(())
}

fn keep(tx: &mut WriteTx, permit: &Permit, space: &Space, made: &InviteMade, by: PersonId) -> Result<(), Error> {
    let offer = Offer {
        invite: made.invite,
        to: made.to.clone(),
        space: space.roster.space,
        by,
        made_at: tx.now(),
        expires_at: made.expires_at,
        pending_grant: made.pending_grant.clone(),
        state: InviteState::Open,
    };
    tx.put(&offer, permit)?;
    if let Invited::Colleague(NewColleague { role, .. }) = made.to {
        tx.audit(permit, Event::new("colleague.invited").with("invite", made.invite).with("role", role))?;
        account_change(tx, permit, by, ChangeKind::Invite, &made.invite)?;
    }
    Ok(())
}

/// A newer invite into a client's space takes the place of those before it: at most one link admits, whether or not the
/// device that made the new one took the older ones back in the roster. A team has room for several at once; for one
/// colleague the device withdraws the older one.
pub(super) fn replace_older(tx: &mut WriteTx, permit: &Permit, space: &Space, newer: InviteId) -> Result<(), Error> {
    if space.roster.kind == SpaceKind::Team {
        return Ok(());
    }
    let others = space.roster.invites.iter().filter(|known| known.invite != newer);
    for older in others.filter(|known| known.state == InviteState::Open) {
        let Some(offer) = tx.find::<Offer>(&older.invite)?.filter(|offer| offer.state == InviteState::Open) else {
            continue;
        };
        tx.put(&Offer { state: InviteState::Revoked, pending_grant: Vec::new(), ..offer }, permit)?;
        tx.audit(permit, Event::new("invite.replaced").with("invite", older.invite).with("by", newer))?;
    }
    Ok(())
}

/// The invite was used.
pub(super) fn spend(tx: &mut WriteTx, permit: &Permit, invite: InviteId) -> Result<(), Error> {
    settle(tx, permit, invite, InviteState::Spent)
}

/// The invite was taken back.
pub(super) fn revoke(tx: &mut WriteTx, permit: &Permit, invite: InviteId) -> Result<(), Error> {
    settle(tx, permit, invite, InviteState::Revoked)
}

/// After a restore the offer itself may be missing; the roster's word is enough then. A pending grant is of no more
/// use once the invite is settled, and goes.
fn settle(tx: &mut WriteTx, permit: &Permit, invite: InviteId, state: InviteState) -> Result<(), Error> {
    let Some(mut offer) = tx.find::<Offer>(&invite)? else { return Ok(()) };
    offer.state = state;
    offer.pending_grant = Vec::new();
    tx.put(&offer, permit)?;
    let Invited::Client(client) = offer.to else {
        return account_change(tx, permit, offer.by, ChangeKind::Invite, &invite);
    };
    match tx.find::<Client>(&client)? {
        Some(client) => tell_practitioners(tx, permit, &client),
        None => Ok(()),
    }
}

fn unfit(detail: &str) -> Error {
    Refusal::new("invite-refused", detail).into()
}
