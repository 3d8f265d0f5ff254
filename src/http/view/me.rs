//! The signed-in person, their account cursor, the directory and the anchor.

use jiff::Timestamp;
use poem_openapi::Object;

use super::account::SlotView;
use super::factor::FactorsSummaryView;
use super::text::Text;
use crate::app::changes::ChangesPage;
use crate::app::directory::DirectoryPage;
use crate::app::me::Me;
use crate::app::space::{MemberAway, SpaceSeen};
use crate::domain::change::AccountChange;
use crate::domain::directory::{DirectoryHead, Leaf};
use crate::domain::id::{ClientId, DeviceId, InstallId, PersonId, SpaceId};
use crate::domain::practice::{Anchor, Practice};

/// The person who is signed in, at one of their devices.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Me")]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own that the device shows")]
pub struct MeView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Their time zone.
    pub zone: String,
    /// Their role in the practice: `owner`, `admin`, `practitioner`, `staff`, `client`, or the id of one of the
    /// practice's own making.
    pub role: String,
    /// The name of a role of the practice's own making.
    pub role_name: Option<String>,
    /// What the role may do.
    pub rights: Vec<String>,
    /// Whether it is time to attest again, by a fresh proof, that one is still who looks after the practice.
    pub attestation_due: bool,
    /// Whether the password has run out; until it is changed, little else is answered.
    pub password_expired: bool,
    /// The practice.
    pub practice: PracticeNameView,
    /// Version of their keyring.
    pub keyring_version: u64,
    /// Whether they proved to hold the kits that they need.
    pub kits_proved: bool,
    /// The device of this session.
    pub device: Text<DeviceId>,
    /// Whether the session is locked.
    pub locked: bool,
    /// How much this session proved: `single` or `strong`.
    pub strength: String,
    /// Whether this session waits for a second factor before it may work.
    pub needs_factor: bool,
    /// Their second factors.
    pub factors: FactorsSummaryView,
    /// Their spaces; empty while locked.
    pub spaces: Vec<SpaceSeenView>,
    /// The ways to unlock their keyring.
    pub slots: Vec<SlotView>,
    /// Where the directory ends.
    pub directory: DirectoryHeadView,
    /// Where their account cursor stands.
    pub account_cursor: u64,
    /// The anchor to remember.
    pub anchor: AnchorView,
    /// What is known of restores.
    pub restore: RestoreView,
    /// Who owns the practice.
    pub owner: Text<PersonId>,
    /// When they were here last, before this visit.
    pub last_visit_at: Option<Text<Timestamp>>,
}

/// What the practice is called, where it is.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PracticeName")]
pub struct PracticeNameView {
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: String,
    /// Its origin.
    pub origin: String,
}

/// A space as one of its members sees it from outside.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SpaceSeen")]
pub struct SpaceSeenView {
    /// The space.
    pub space: Text<SpaceId>,
    /// `shared`, `own` or `notebook`.
    pub kind: String,
    /// The client that it is about.
    pub client: Option<Text<ClientId>>,
    /// Hash of its last roster entry.
    pub roster_head: Text<[u8; 32]>,
    /// How many roster entries it has.
    pub roster_size: u64,
    /// Its current epoch.
    pub epoch: u64,
    /// Its change cursor.
    pub changes_head: u64,
    /// The person's role in it.
    pub role: String,
    /// Members who may not come in, for whoever keeps the space: their devices take closed accounts out of it.
    pub away: Vec<MemberAwayView>,
}

/// A member whose account is suspended or closed.
#[derive(Clone, Debug, Object)]
#[oai(rename = "MemberAway")]
pub struct MemberAwayView {
    /// Who.
    pub person: Text<PersonId>,
    /// `suspended` or `deleted`.
    pub state: String,
}

/// Where the directory ends.
#[derive(Clone, Debug, Object)]
#[oai(rename = "DirectoryHead")]
pub struct DirectoryHeadView {
    /// Its head.
    pub head: Text<[u8; 32]>,
    /// How many leaves it has.
    pub size: u64,
}

/// What devices remember, so that they notice a rollback.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Anchor")]
pub struct AnchorView {
    /// The installation.
    pub install: Text<InstallId>,
    /// Its timeline.
    pub timeline: u64,
    /// How many audit entries there are.
    pub size: u64,
    /// The audit chain's root after them.
    pub root: Text<[u8; 32]>,
}

/// What is known of restores.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Restore")]
pub struct RestoreView {
    /// Whether one waits for an owner's signature.
    pub pending: bool,
    /// Where the restored log ended, which the owner signs for.
    pub restored: Option<LogEndView>,
    /// Those that owners signed for.
    pub statements: Vec<String>,
}

/// Where an audit log ends.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LogEnd")]
pub struct LogEndView {
    /// How many entries.
    pub size: u64,
    /// The chain's root after them.
    pub root: Text<[u8; 32]>,
}

/// An owner's signature for a restore.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RestoreSigned")]
pub struct RestoreSignedView {
    /// The signed statement.
    pub statement: String,
}

/// A page of account changes.
#[derive(Clone, Debug, Object)]
#[oai(rename = "AccountChanges")]
pub struct AccountChangesView {
    /// The changes, oldest first.
    pub changes: Vec<AccountChangeView>,
    /// Where to go on.
    pub cursor: u64,
    /// Whether there are more.
    pub more: bool,
}

/// One change of an account.
#[derive(Clone, Debug, Object)]
#[oai(rename = "AccountChange")]
pub struct AccountChangeView {
    /// Its position.
    pub cursor: u64,
    /// What kind of thing changed.
    pub kind: String,
    /// The thing's id.
    pub id: String,
    /// When.
    pub at: Text<Timestamp>,
}

/// Leaves of the directory.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Directory")]
pub struct DirectoryView {
    /// The leaves, in order.
    pub leaves: Vec<LeafView>,
    /// The head of the whole chain.
    pub head: Text<[u8; 32]>,
    /// How many leaves the whole chain has.
    pub size: u64,
}

/// One leaf of the directory.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Leaf")]
pub struct LeafView {
    /// Its position, from 1.
    pub n: u64,
    /// The person's tag.
    pub tag: Text<[u8; 16]>,
    /// Salted hash of the key statement.
    pub hash: Text<[u8; 32]>,
}

/// Leaves that are brought back, in order.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LeavesReoffered")]
pub struct LeavesReofferedView {
    /// Those that the server may have lost; it takes the ones that it has not got.
    #[oai(validator(max_items = "5000"))]
    pub leaves: Vec<LeafReofferedView>,
}

/// One leaf that is brought back.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LeafReoffered")]
pub struct LeafReofferedView {
    /// The person's tag.
    pub tag: Text<[u8; 16]>,
    /// Salted hash of the key statement.
    pub hash: Text<[u8; 32]>,
}

impl From<Me> for MeView {
    fn from(me: Me) -> Self {
        Self {
            person: Text(me.person.person),
            role: me.person.role.to_string(),
            role_name: me.role_name,
            attestation_due: me.asked.attestation,
            password_expired: me.asked.password,
            rights: me.rights.iter().map(|right| right.word().to_owned()).collect(),
            kits_proved: me.person.kits_proved(),
            last_visit_at: me.person.visited_before_at.map(Text),
            name: me.person.name,
            email: me.person.email,
            zone: me.person.zone,
            owner: Text(me.practice.owner),
            practice: me.practice.into(),
            keyring_version: me.keyring_version,
            device: Text(me.device),
            locked: me.locked,
            strength: me.strength.word().to_owned(),
            needs_factor: me.asked.factor,
            factors: (&me.factors).into(),
            spaces: me.spaces.into_iter().map(Into::into).collect(),
            slots: me.slots.into_iter().map(Into::into).collect(),
            directory: me.directory.into(),
            account_cursor: me.account_cursor,
            anchor: me.anchor.into(),
            restore: RestoreView {
                pending: me.restored.is_some(),
                restored: me.restored.map(|end| LogEndView { size: end.size, root: Text(end.root) }),
                statements: me.restore_statements,
            },
        }
    }
}

impl From<Practice> for PracticeNameView {
    fn from(practice: Practice) -> Self {
        Self { name: practice.name, zone: practice.zone, origin: practice.origin.to_string() }
    }
}

impl From<SpaceSeen> for SpaceSeenView {
    fn from(seen: SpaceSeen) -> Self {
        Self {
            space: Text(seen.space),
            kind: seen.kind.word().to_owned(),
            client: seen.client.map(Text),
            roster_head: Text(seen.roster_head),
            roster_size: seen.roster_size,
            epoch: seen.epoch,
            changes_head: seen.changes_head,
            role: seen.role,
            away: seen.away.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<MemberAway> for MemberAwayView {
    fn from(MemberAway { person, state }: MemberAway) -> Self {
        Self { person: Text(person), state: state.word().to_owned() }
    }
}

impl From<DirectoryHead> for DirectoryHeadView {
    fn from(end: DirectoryHead) -> Self {
        Self { head: Text(end.head), size: end.size }
    }
}

impl From<Anchor> for AnchorView {
    fn from(anchor: Anchor) -> Self {
        let (size, root) = (anchor.end.size, Text(anchor.end.root));
        Self { install: Text(anchor.install), timeline: anchor.timeline, size, root }
    }
}

impl From<ChangesPage> for AccountChangesView {
    fn from(page: ChangesPage) -> Self {
        Self { changes: page.changes.into_iter().map(Into::into).collect(), cursor: page.cursor, more: page.more }
    }
}

impl From<AccountChange> for AccountChangeView {
    fn from(change: AccountChange) -> Self {
        Self { cursor: change.cursor, kind: change.kind.word().to_owned(), id: change.id, at: Text(change.at) }
    }
}

impl From<DirectoryPage> for DirectoryView {
    fn from(page: DirectoryPage) -> Self {
        let leaves = page.leaves.into_iter().map(Into::into).collect();
        Self { leaves, head: Text(page.end.head), size: page.end.size }
    }
}

impl From<Leaf> for LeafView {
    fn from(leaf: Leaf) -> Self {
        Self { n: leaf.n, tag: Text(leaf.tag), hash: Text(leaf.hash) }
    }
}
