//! What rows name: one line for each reference from a table to another. A check follows all of them.

use crate::domain::audit::Mention;
use crate::domain::change::AccountChange;
use crate::domain::client::Client;
use crate::domain::device::Device;
use crate::domain::directory::{DirectoryHead, Leaf};
use crate::domain::factor::{RecoveryCodes, SecurityKey, Totp};
use crate::domain::file::{File, Upload};
use crate::domain::invite::{Invited, Offer};
use crate::domain::link::Link as LinkRow;
use crate::domain::person::Person;
use crate::domain::practice::Practice;
use crate::domain::record::Change;
use crate::domain::recovery::{Answer, Case, Endorsement, HalfFile, NestedFile, Paper, PlanHead};
use crate::domain::review::Review;
use crate::domain::session::{Holder, Session};
use crate::domain::slot::{Slot, SlotKind};
use crate::domain::space::{Grant, Membership, RosterLine, Space, SpaceCursor};
use crate::domain::team::Team;
use crate::policy::CustomRole;
use crate::store::audit::StoredEntry;
use crate::store::row::from_value;
use crate::store::rows::answer::FirstAnswer;
use crate::store::rows::keyring::Keyring;
use crate::store::rows::record::{RecordBody, RecordHead};
use crate::store::rows::slot::{Credential, LoginKey};
use crate::store::{Key as _, Row, RowError};

/// Raw keys out of a raw value.
type Keys = fn(&[u8]) -> Result<Vec<Vec<u8>>, RowError>;

/// A reference that every row of a table has to others.
pub(super) struct Link {
    pub from: &'static str,
    pub to: &'static str,
    /// What it is to the row, in words.
    pub what: &'static str,
    /// Whether a restored practice may lack it: devices bring back content of people whom the backup did not know.
    pub may_be_lost: bool,
    /// The keys of the rows that this value names.
    pub keys: Keys,
}

const ALWAYS: bool = false;
const UNLESS_RESTORED: bool = true;

macro_rules! links {
    ($($from:ty => $to:ty, $what:literal, $may_be_lost:ident, |$row:ident| $keys:expr;)*) => {
        &[$(Link {
            from: <$from as Row>::TABLE,
            to: <$to as Row>::TABLE,
            what: $what,
            may_be_lost: $may_be_lost,
            keys: |value| {
                let $row: $from = from_value(value)?;
                let keys: Vec<<$to as Row>::Key> = $keys.into_iter().collect();
                Ok(keys.iter().map(|key| key.to_bytes()).collect())
            },
        }),*]
    };
}

/// All of them, by the table that they begin at.
#[rustfmt::skip]
pub(super) const LINKS: &[Link] = links! {
    AccountChange => Person, "its person", ALWAYS, |row| [row.person];
    Answer => Person, "its person", ALWAYS, |row| [row.person];
    Case => Person, "its people", ALWAYS, |row| {
        row.holders.iter().copied().chain([row.person, row.by]).collect::<Vec<_>>()
    };
    Change => Space, "its space", ALWAYS, |row| [row.space];
    Change => Person, "its author", UNLESS_RESTORED, |row| [row.author];
    Change => Device, "its device", UNLESS_RESTORED, |row| [(row.author, row.device)];
    Change => RecordHead, "its record", ALWAYS, |row| [(row.space, row.record)];
    Change => RecordBody, "its body", ALWAYS, |row| [(row.space, row.record, row.rev)];
    Client => Space, "its spaces", ALWAYS, |row| [row.shared, row.own];
    Client => Person, "its practitioner", ALWAYS, |row| [row.by];
    Client => Person, "its account", ALWAYS, |row| row.person;
    Client => Offer, "its invite", ALWAYS, |row| row.invite;
    Credential => Slot, "its way to unlock", ALWAYS, |row| [(row.person, row.slot)];
    CustomRole => Person, "its maker", ALWAYS, |row| [row.by];
    Device => Person, "its person", ALWAYS, |row| [row.person];
    DirectoryHead => Leaf, "its leaves", ALWAYS, |row| 1..=row.size;
    Endorsement => Person, "its signer", ALWAYS, |row| [row.person];
    File => Space, "its space", ALWAYS, |row| [row.space];
    File => Person, "its uploader", ALWAYS, |row| [row.by];
    File => Device, "its device", ALWAYS, |row| [(row.by, row.device)];
    File => Upload, "its upload", ALWAYS, |row| row.committed_at.is_none().then_some((row.by, row.id));
    FirstAnswer => Person, "its person", ALWAYS, |row| [row.person];
    Grant => Space, "its space", ALWAYS, |row| [row.space];
    Grant => Person, "its receiver and giver", UNLESS_RESTORED, |row| [row.to, row.by];
    HalfFile => Case, "its case", ALWAYS, |row| [row.case];
    Keyring => Person, "its person", ALWAYS, |row| [row.person];
    LinkRow => Person, "its person", ALWAYS, |row| [row.person];
    LoginKey => Slot, "its way to unlock", ALWAYS, |row| [(row.person, row.slot)];
    Membership => Space, "its space", ALWAYS, |row| [row.space];
    Membership => Person, "its person", UNLESS_RESTORED, |row| [row.person];
    Mention => StoredEntry, "its entry", ALWAYS, |row| [row.n];
    NestedFile => Person, "its people", ALWAYS, |row| row.then.into_iter().chain([row.first]);
    Offer => Client, "its client", ALWAYS, |row| match row.to {
        Invited::Client(client) => Some(client),
        Invited::Colleague(_) => None,
    };
    Offer => Space, "its space", ALWAYS, |row| [row.space];
    Offer => Person, "its maker", ALWAYS, |row| [row.by];
    Paper => Person, "its owner", ALWAYS, |row| [row.person];
    Person => CustomRole, "its role", ALWAYS, |row| row.role.custom();
    Person => Keyring, "its keyring", ALWAYS, |row| (!row.is_deleted()).then_some(row.person);
    Person => Leaf, "its place in the directory", ALWAYS, |row| [row.leaf];
    PlanHead => Person, "its people", ALWAYS, |row| {
        row.plan.iter().flat_map(|plan| plan.holders().chain([plan.by])).collect::<Vec<_>>()
    };
    Practice => Person, "its owner", ALWAYS, |row| [row.owner];
    RecordBody => Change, "its change", ALWAYS, |row| [(row.space, row.seq)];
    RecordHead => Change, "its last change", ALWAYS, |row| [(row.space, row.seq)];
    Review => Person, "its people", ALWAYS, |row| {
        row.lines.iter().map(|line| line.person).chain([row.by]).collect::<Vec<_>>()
    };
    RosterLine => Space, "its space", ALWAYS, |row| [row.space];
    Session => Person, "its person", ALWAYS, |row| row.person();
    Session => Device, "its device", ALWAYS, |row| match row.holder {
        Holder::Person { person, device } => Some((person, device)),
        Holder::Founder => None,
    };
    Slot => Person, "its person", ALWAYS, |row| [row.person];
    Slot => LoginKey, "its login key", ALWAYS, |row| [row.login_key];
    Slot => Credential, "its passkey", ALWAYS, |row| match row.kind {
        SlotKind::Passkey { credential, .. } => Some(credential),
        SlotKind::Password { .. } | SlotKind::Kit | SlotKind::Link => None,
    };
    Slot => LinkRow, "its link", ALWAYS, |row| (row.kind == SlotKind::Link).then_some((row.person, row.slot));
    Space => Client, "its client", ALWAYS, |row| row.client;
    Space => SpaceCursor, "its cursor", ALWAYS, |row| [row.roster.space];
    Space => RosterLine, "its roster's entries", ALWAYS, |row| (0..row.roster.size).map(|n| (row.roster.space, n));
    Space => Membership, "its members' access", ALWAYS, |row| {
        row.roster.members.iter().map(|member| (member.person, row.roster.space)).collect::<Vec<_>>()
    };
    SpaceCursor => Space, "its space", ALWAYS, |row| [row.space];
    SpaceCursor => Change, "its changes", ALWAYS, |row| (1..=row.changes).map(|seq| (row.space, seq));
    Totp => Person, "its person", ALWAYS, |row| [row.person];
    RecoveryCodes => Person, "its person", ALWAYS, |row| [row.person];
    SecurityKey => Person, "its person", ALWAYS, |row| [row.person];
    Team => Space, "its space", ALWAYS, |row| [row.space];
    Upload => File, "its file", ALWAYS, |row| [row.file];
    Upload => Person, "its uploader", ALWAYS, |row| [row.by];
};

#[cfg(test)]
mod tests {
    use super::super::tables;
    use super::*;

    #[test]
    fn links_lead_from_and_to_known_tables() {
        for link in LINKS {
            assert!(tables::known(link.from).is_some() && tables::known(link.to).is_some(), "{}", link.what);
        }
        assert!(LINKS.is_sorted_by_key(|link| LINKS.iter().position(|first| first.from == link.from)));
    }
}
