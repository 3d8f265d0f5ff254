//! Letting a new device in by a link: offered with its slot, used once, taken back or run out. What made the link is
//! never told to whoever comes too late: they get the answer of a key that nobody knows.

use super::account::remove_slot;
use super::changes::account_change;
use super::proof::Proved;
use super::{App, Error};
use crate::domain::audit::{Doer, Event};
use crate::domain::change::ChangeKind;
use crate::domain::device::Device;
use crate::domain::id::{DeviceId, PersonId, SlotId};
use crate::domain::link::{LINK_KEPT, Link, LinkFor, LinkState, LinkUse};
use crate::domain::session::Strength;
use crate::domain::slot::{Slot, SlotWord};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads, WriteTx};
use jiff::Timestamp;

/// A link as the person who made it sees it.
#[derive(Clone, Debug)]
pub struct LinkSeen {
    /// The link.
    pub link: Link,
    /// How it stands.
    pub state: LinkState,
    /// The device that came in.
    pub device: Option<Device>,
}

impl App {
    /// How one of the asker's links stands.
    ///
    /// # Errors
    /// There is no such link of theirs, the session is locked, or the store's trouble.
    pub fn link(&self, actor: &Actor, slot: SlotId) -> Result<LinkSeen, Error> {
        let permit = actor.may(Right::OwnAccount)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        self.read(|tx| {
            let link: Link = tx.find(&(person, slot))?.ok_or(Error::NotFound)?;
            let device = link.used.map(|used| tx.find::<Device>(&(person, used.device))).transpose()?.flatten();
            Ok(LinkSeen { state: link.state(now), link, device })
        })
    }
}

/// Notes that a slot which is being added is a link, shown by the device of the permit at a session that proved so much.
pub(super) fn offer(tx: &mut WriteTx, permit: &Permit, strength: Strength, slot: &Slot) -> Result<(), Error> {
    if slot.kind.word() != SlotWord::Link {
        return Ok(());
    }
    let by = match permit.doer() {
        Doer::Person { device, .. } => device,
        _ => None,
    };
    let (person, slot, made_at) = (slot.person, slot.slot, tx.now());
    let made_for = LinkFor::Device;
    tx.put(&Link { person, slot, made_for, by, strength, made_at, used: None, closed_at: None }, permit)?;
    Ok(())
}

/// What somebody comes in with at this device. By a link they do once and in time, which uses it up, and have proved what
/// the session had proved that made it.
pub(super) fn admit(
    tx: &mut WriteTx,
    permit: &Permit,
    proved: Proved,
    device: DeviceId,
) -> Result<Option<Proved>, Error> {
    let slot = &proved.slot;
    if slot.kind.word() != SlotWord::Link {
        return Ok(Some(proved));
    }
    let known: Option<Link> = tx.find(&(slot.person, slot.slot))?;
    let at = tx.now();
    let Some(link) = known.filter(|link| link.state(at) == LinkState::Waiting) else { return Ok(None) };
    let strength = link.strength;
    tx.put(&Link { used: Some(LinkUse { device, at }), ..link }, permit)?;
    let event = Event::new("link.used").about(slot.person).with("slot", slot.slot);
    tx.audit(permit, event.with("device", device))?;
    account_change(tx, permit, slot.person, ChangeKind::Security, &slot.slot)?;
    Ok(Some(Proved { strength, ..proved }))
}

/// Takes back the links that a device which is signed out showed, or came in by: none of them opens anything any more.
pub(super) fn withdraw(tx: &mut WriteTx, permit: &Permit, person: PersonId, device: DeviceId) -> Result<(), Error> {
    for link in tx.scan::<Link>(&person)? {
        let is_theirs = link.by == Some(device) || link.used.is_some_and(|used| used.device == device);
        if link.closed_at.is_some() || !is_theirs {
            continue;
        }
        if let Some(slot) = tx.find::<Slot>(&(person, link.slot))? {
            remove_slot(tx, permit, &slot)?;
        }
        close(tx, permit, person, link.slot)?;
        account_change(tx, permit, person, ChangeKind::Keyring, &link.slot)?;
    }
    Ok(())
}

/// Notes that a slot which was taken out was a link.
pub(super) fn close(tx: &mut WriteTx, permit: &Permit, person: PersonId, slot: SlotId) -> Result<(), Error> {
    if let Some(link) = tx.find::<Link>(&(person, slot))?.filter(|link| link.closed_at.is_none()) {
        let closed_at = Some(tx.now());
        tx.put(&Link { closed_at, ..link }, permit)?;
    }
    Ok(())
}

/// Whether some link has run out or was kept long enough.
pub(super) fn any_old(tx: &impl Reads, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.scan::<Link>(&())?.iter().any(|link| has_run_out(link, now) || is_forgotten(link, now)))
}

/// Takes out the slots of links that ran out, and forgets old links; gives how many ran out. The people's devices then
/// seal their keyrings without them.
pub(super) fn sweep(tx: &mut WriteTx, permit: &Permit) -> Result<usize, Error> {
    let (now, mut ran_out) = (tx.now(), 0);
    for link in tx.scan::<Link>(&())? {
        let key = (link.person, link.slot);
        if has_run_out(&link, now) {
            if let Some(slot) = tx.find::<Slot>(&key)? {
                remove_slot(tx, permit, &slot)?;
            }
            close(tx, permit, link.person, link.slot)?;
            tx.audit(permit, Event::new("link.ran-out").about(link.person).with("slot", link.slot))?;
            account_change(tx, permit, link.person, ChangeKind::Keyring, &link.slot)?;
            ran_out += 1;
        } else if is_forgotten(&link, now) {
            tx.remove::<Link>(&key, permit)?;
        }
    }
    Ok(ran_out)
}

fn has_run_out(link: &Link, now: Timestamp) -> bool {
    link.closed_at.is_none() && (now >= link.runs_out_at() || now < link.made_at)
}

fn is_forgotten(link: &Link, now: Timestamp) -> bool {
    link.closed_at.is_some_and(|closed| now.duration_since(closed) >= LINK_KEPT)
}
