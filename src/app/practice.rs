//! The practice itself: what anybody may see of it, claiming it, setting it up.

use super::account::{CheckedAccount, NewAccount, create, field};
use super::me::Me;
use super::security_policy::policy_in;
use super::session::{NewDevice, end_founding, open, open_founding};
use super::sign_in::Entered;
use super::space::{Creator, SpaceMade, begin_space};
use super::throttle::Counted;
use super::{App, Error, Refusal, claim};
use crate::crypto::token::Token;
use crate::crypto::{HybridRecipient, random};
use crate::domain::audit::Event;
use crate::domain::id::InstallId;
use crate::domain::origin::Origin;
use crate::domain::person::{parse_name, parse_zone};
use crate::domain::practice::{Installation, Practice, PracticeState};
use crate::domain::role::Role;
use crate::domain::security_policy::PasswordProfile;
use crate::domain::session::{Holder, Session, Standing};
use crate::domain::space::SpaceKind;
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::rows::keyring::Keyring;
use crate::store::{Reads, SlotSecret, StoreError, WriteTx};

/// What anybody may see of the practice.
#[derive(Clone, Debug)]
pub struct Doorplate {
    /// The practice, once it is set up.
    pub practice: Option<Practice>,
    /// How far set-up has come.
    pub state: PracticeState,
    /// Its origin, or before set-up the one that it is served at.
    pub origin: Option<Origin>,
    /// Which passwords are taken.
    pub profile: PasswordProfile,
    /// Whether a restore waits for an owner's signature.
    pub restore_pending: bool,
    /// Fingerprint of the backup-signing key.
    pub backup_key: String,
    /// The installation.
    pub install: InstallId,
}

/// What set-up needs.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The practice's name.
    pub name: String,
    /// Its time zone.
    pub zone: String,
    /// Its origin, as the device sees it.
    pub origin: Origin,
    /// The first owner.
    pub owner: NewAccount,
    /// The owner's notebook.
    pub notebook: SpaceMade,
    /// The recipient of the restore kit, `age1pq1…`.
    pub restore_kit: String,
    /// The device.
    pub device: NewDevice,
}

impl App {
    /// What anybody may see.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn doorplate(&self) -> Result<Doorplate, Error> {
        let (installation, backup_key) = (self.installation()?, self.backup_key()?);
        let now = self.clock.now();
        self.read(|tx| {
            let practice: Option<Practice> = tx.find(&())?;
            let state = if practice.is_some() { PracticeState::Active } else { founding(tx, now)? };
            Ok(Doorplate {
                state,
                origin: practice.as_ref().map(|practice| practice.origin.clone()).or_else(|| self.site.clone()),
                practice,
                profile: policy_in(tx)?.profile,
                restore_pending: installation.restored.is_some(),
                backup_key: backup_key.fingerprint(),
                install: installation.install,
            })
        })
    }

    /// The installation, made at the first call.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn installation(&self) -> Result<Installation, Error> {
        if let Some(made) = self.read(|tx| Ok(tx.find(&())?))? {
            return Ok(made);
        }
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        self.write(|tx| match tx.find(&())? {
            Some(made) => Ok(made),
            None => make_installation(tx, &permit),
        })
    }

    /// Uses up a claim code and opens the set-up session. The set-up sessions before it end.
    ///
    /// # Errors
    /// `claim-wrong`, `claim-spent`, `claim-expired`, `already-claimed`, `too-many-attempts`; the store's trouble.
    pub fn claim(&self, actor: &Actor, typed: &str) -> Result<Token, Error> {
        let permit = Actor { kind: ActorKind::Visitor, network: actor.network.clone() }.may(Right::ClaimPractice)?;
        let mut counted = vec![Counted::Claim];
        counted.extend(actor.network.clone().map(Counted::Network));
        let counted = self.slow_down(&counted)?;
        let outcome = self.write(|tx| {
            guard_new(tx)?;
            match claim::spend(tx, &permit, typed) {
                Ok(()) => {}
                Err(Error::Refused(refusal)) => {
                    tx.audit(&permit, Event::new("claim.failed").with("code", refusal.code))?;
                    return Ok(Err(refusal));
                }
                Err(other) => return Err(other),
            }
            end_founding(tx, &self.live, &permit)?;
            Ok(Ok(open_founding(tx, &permit)?))
        })?;
        if outcome.is_ok() {
            self.live.throttle.succeeded(&counted);
            self.live.throttle.forget(&Counted::Claim);
        }
        Ok(outcome?)
    }

    /// Whether setting up is worth reading what it takes.
    ///
    /// # Errors
    /// `already-claimed`; or the asker holds no set-up session.
    pub fn may_set_up(&self, actor: &Actor) -> Result<(), Error> {
        self.read(guard_new)?;
        actor.may(Right::SetUpPractice)?;
        Ok(())
    }

    /// Sets the practice up: its first owner, their notebook, the restore kit's slot of the data key. Signs in.
    ///
    /// # Errors
    /// `already-claimed`, `origin-differs`, `restore-kit-refused`, and those of making an account and a space.
    pub fn set_up(&self, actor: &Actor, set_up: &SetUp) -> Result<Entered, Error> {
        let permit = actor.may(Right::SetUpPractice)?;
        if self.site.as_ref().is_some_and(|site| *site != set_up.origin) {
            let detail = "the server is served at another origin; open it there, or start it with --origin";
            return Err(Refusal::new("origin-differs", detail).into());
        }
        self.installation()?;
        let kit: HybridRecipient = set_up.restore_kit.parse().map_err(|_| kit_refused())?;
        let owner = self.check_account(set_up.owner.clone())?;
        self.write(|tx| {
            guard_new(tx)?;
            found(tx, &permit, set_up, &owner)?;
            let person = create(tx, &permit, owner, Role::Owner)?;
            let creator = Creator { person: person.person, sign: &person.sign, recipient: &person.recipient };
            begin_space(tx, &permit, &set_up.notebook, &creator, SpaceKind::Notebook, None)?;
            end_founding(tx, &self.live, &permit)?;
            let token = open(tx, &permit, &person, &set_up.device)?;
            // Last, because it is the one thing that cannot be taken back with the transaction; a second set-up
            // would put another kit in its place.
            let slot = SlotSecret::RestoreKit(Box::new(kit));
            self.store.engine().add_slot(&slot).map_err(StoreError::from)?;
            tx.audit(&permit, Event::new("kit.slot-added").with("kind", "restore"))?;
            let keyring = tx.find::<Keyring>(&person.person)?.ok_or(Error::NotFound)?;
            let me = Me::of(tx, &person, set_up.device.device, false)?;
            Ok(Entered { token, me, keyring })
        })
    }
}

fn found(tx: &mut WriteTx, permit: &Permit, set_up: &SetUp, owner: &CheckedAccount) -> Result<(), Error> {
    let practice = Practice {
        name: field("practice", parse_name(&set_up.name))?,
        zone: field("zone", parse_zone(&set_up.zone))?,
        origin: set_up.origin.clone(),
        owner: owner.keys().person,
        restore_kit: set_up.restore_kit.clone(),
        made_at: tx.now(),
    };
    tx.put(&practice, permit)?;
    tx.audit(permit, Event::new("practice.set-up").with("owner", practice.owner))?;
    Ok(())
}

fn make_installation(tx: &mut WriteTx, permit: &Permit) -> Result<Installation, Error> {
    let made_at = tx.now();
    let install = InstallId::new(made_at, random::bytes());
    let made = Installation { install, timeline: 1, decoy_key: random::bytes(), made_at, restored: None };
    tx.put(&made, permit)?;
    tx.audit(permit, Event::new("installation.made").with("install", install))?;
    Ok(made)
}

pub(super) fn guard_new(tx: &impl Reads) -> Result<(), Error> {
    match tx.find::<Practice>(&())? {
        None => Ok(()),
        Some(_) => Err(Refusal::new("already-claimed", "this practice is set up already; sign in instead").into()),
    }
}

fn founding(tx: &impl Reads, now: jiff::Timestamp) -> Result<PracticeState, Error> {
    let sessions: Vec<Session> = tx.scan(&())?;
    let live = sessions
        .iter()
        .any(|session| session.holder == Holder::Founder && session.standing(now, now) != Standing::Ended);
    Ok(if live { PracticeState::Claimed } else { PracticeState::Unclaimed })
}

fn kit_refused() -> Error {
    Refusal::new("restore-kit-refused", "the restore kit's recipient is not of the form age1pq1…; make the kit again")
        .into()
}
