//! Accounts, slots and passkeys as devices send them.

use poem_openapi::{Enum, Object};

use super::text::Text;
use crate::app::account::{NewAccount, NewSlot, NewSlotKind};
use crate::app::session::NewDevice;
use crate::crypto::passkey::Attestation;
use crate::domain::id::{ChallengeId, DeviceId, PersonId, SlotId};
use crate::domain::slot::{Slot, SlotWord};
use crate::http::Problem;
use jiff::Timestamp;

/// An account to be made.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Account")]
pub struct AccountView {
    /// Who; chosen on the device.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Their IANA time zone.
    pub zone: String,
    /// Their key statement, signed.
    pub statement: String,
    /// Their directory leaf.
    pub leaf: LeafSecretView,
    /// Their sealed keyring, version 1.
    pub keyring: Text<Vec<u8>>,
    /// The ways to unlock it.
    pub slots: Vec<SlotMadeView>,
}

/// What makes a directory leaf of a key statement.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LeafSecret")]
pub struct LeafSecretView {
    /// The person's random tag, 16 bytes.
    pub tag: Text<[u8; 16]>,
    /// The leaf's salt, 16 bytes.
    pub salt: Text<[u8; 16]>,
}

/// A way to unlock a keyring.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SlotMade")]
pub struct SlotMadeView {
    /// Which; chosen on the device.
    pub slot: Text<SlotId>,
    /// What kind.
    pub kind: SlotKindView,
    /// What the person calls it.
    pub label: String,
    /// Public half of its login key.
    pub login_key: Text<[u8; 32]>,
    /// The salt of a password.
    pub salt: Option<Text<[u8; 16]>>,
    /// The proof of a passkey.
    pub passkey: Option<AttestationView>,
}

/// The kinds of slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "SlotKind", rename_all = "lowercase")]
pub enum SlotKindView {
    /// A passkey.
    Passkey,
    /// A password.
    Password,
    /// A personal kit on paper.
    Kit,
    /// A link for a new device, good for ten minutes.
    Link,
}

/// A new passkey's answer to its challenge, field by field.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyAttestation")]
pub struct AttestationView {
    /// The challenge that it answers.
    pub challenge: Text<ChallengeId>,
    /// The credential's id.
    pub credential_id: Text<Vec<u8>>,
    /// The client data.
    pub client_data: Text<Vec<u8>>,
    /// The attestation object.
    pub attestation_object: Text<Vec<u8>>,
    /// How the authenticator is reached; kept on the device only.
    #[oai(default)]
    pub transports: Vec<String>,
}

/// A device.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Device")]
pub struct DeviceView {
    /// Which; chosen on the device.
    pub device: Text<DeviceId>,
    /// What it is called.
    pub label: String,
}

/// A slot as its owner sees it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Slot")]
pub struct SlotView {
    /// Which.
    pub slot: Text<SlotId>,
    /// What kind.
    pub kind: SlotKindView,
    /// What the person calls it.
    pub label: String,
    /// When it was made.
    pub made_at: Text<Timestamp>,
}

impl TryFrom<AccountView> for NewAccount {
    type Error = Problem;

    fn try_from(view: AccountView) -> Result<Self, Problem> {
        Ok(Self {
            person: view.person.0,
            name: view.name,
            email: view.email,
            zone: view.zone,
            statement: view.statement,
            tag: view.leaf.tag.0,
            salt: view.leaf.salt.0,
            keyring: view.keyring.0,
            slots: view.slots.into_iter().map(NewSlot::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<SlotMadeView> for NewSlot {
    type Error = Problem;

    fn try_from(view: SlotMadeView) -> Result<Self, Problem> {
        let kind = match (view.kind, view.salt, view.passkey) {
            (SlotKindView::Kit, None, None) => NewSlotKind::Kit,
            (SlotKindView::Link, None, None) => NewSlotKind::Link,
            (SlotKindView::Password, Some(Text(salt)), None) => NewSlotKind::Password { salt },
            (SlotKindView::Passkey, None, Some(passkey)) => {
                NewSlotKind::Passkey { challenge: passkey.challenge.0, answer: passkey.into() }
            }
            _ => return Err(Problem::bad_request("A slot has a salt if it is a password, a passkey if it is one.")),
        };
        Ok(Self { slot: view.slot.0, label: view.label, login_key: view.login_key.0, kind })
    }
}

impl From<AttestationView> for Attestation {
    fn from(view: AttestationView) -> Self {
        Self {
            credential_id: view.credential_id.0,
            client_data: view.client_data.0,
            attestation_object: view.attestation_object.0,
        }
    }
}

impl From<DeviceView> for NewDevice {
    fn from(view: DeviceView) -> Self {
        Self { device: view.device.0, label: view.label }
    }
}

impl From<SlotWord> for SlotKindView {
    fn from(word: SlotWord) -> Self {
        match word {
            SlotWord::Passkey => Self::Passkey,
            SlotWord::Password => Self::Password,
            SlotWord::Kit => Self::Kit,
            SlotWord::Link => Self::Link,
        }
    }
}

impl From<Slot> for SlotView {
    fn from(slot: Slot) -> Self {
        let kind = slot.kind.word().into();
        Self { slot: Text(slot.slot), kind, label: slot.label, made_at: Text(slot.made_at) }
    }
}
