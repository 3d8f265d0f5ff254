//! What changed about an account, so that devices fetch only what is new.

use std::str::FromStr;

use jiff::Timestamp;

use super::id::PersonId;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A client was added or changed.
    Client,
    /// A space came to be, or one's place in it changed.
    Space,
    /// An invite was made, used, revoked.
    Invite,
    /// A client joined.
    Joined,
    /// The keyring or its slots changed.
    Keyring,
    /// A restore was signed for.
    Restore,
    /// Someone was added to or removed from a space.
    Member,
    /// A check of the practice's data found something wrong.
    Damage,
    /// How the practice can help people back changed.
    Recovery,
    /// Something happened to the account that its holder should look at: a sign-in on a new device, another role, changed
    /// factors.
    Security,
}

impl ChangeKind {
    const ALL: [Self; 10] = [
        Self::Client,
        Self::Space,
        Self::Invite,
        Self::Joined,
        Self::Keyring,
        Self::Restore,
        Self::Member,
        Self::Damage,
        Self::Recovery,
        Self::Security,
    ];

    /// The word in the API and in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Space => "space",
            Self::Invite => "invite",
            Self::Joined => "joined",
            Self::Keyring => "keyring",
            Self::Restore => "restore",
            Self::Member => "member",
            Self::Damage => "damage",
            Self::Recovery => "recovery",
            Self::Security => "security",
        }
    }
}

impl FromStr for ChangeKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// One change of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// Whose account.
    pub person: PersonId,
    /// Position, from 1, without gaps.
    pub cursor: u64,
    /// What kind of thing.
    pub kind: ChangeKind,
    /// Its id, as text.
    pub id: String,
    /// When.
    pub at: Timestamp,
}
