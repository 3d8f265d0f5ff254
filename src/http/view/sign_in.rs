//! Challenges and proofs.

use poem_openapi::Object;

use super::account::DeviceView;
use super::me::MeView;
use super::text::Text;
use crate::app::factor::Given;
use crate::app::proof::Proof;
use crate::app::sign_in::{Entered, LoginBy, LoginChallenge};
use crate::crypto::passkey::Assertion;
use crate::domain::id::{ChallengeId, PersonId};
use crate::http::Problem;

/// Who asks for a challenge: exactly one of the two.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LoginBy")]
pub struct LoginByView {
    /// By id.
    pub person: Option<Text<PersonId>>,
    /// By the public half of a login key.
    pub login_key: Option<Text<[u8; 32]>>,
}

/// A challenge for a login key.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LoginChallenge")]
pub struct LoginChallengeView {
    /// Which.
    pub challenge: Text<ChallengeId>,
    /// What to sign.
    pub nonce: Text<[u8; 32]>,
    /// For whom.
    pub person: Text<PersonId>,
    /// Version of the protocol.
    pub version: u32,
    /// The password's salt. There is always one, so that nobody learns who has a password.
    pub slots: Vec<SaltView>,
}

/// The salt of a password.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Salt")]
pub struct SaltView {
    /// Always `password`.
    pub kind: String,
    /// The salt.
    pub salt: Text<[u8; 16]>,
}

/// Signing in with a login key.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SignIn")]
pub struct SignInView {
    /// The challenge that it answers.
    pub challenge: Text<ChallengeId>,
    /// Public half of the key.
    pub login_key: Text<[u8; 32]>,
    /// The signature over the login message.
    pub signature: Text<Vec<u8>>,
    /// The device.
    pub device: DeviceView,
}

/// A passkey's answer to a challenge, field by field.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyProof")]
pub struct PasskeyProofView {
    /// The challenge that it answers.
    pub challenge: Text<ChallengeId>,
    /// The credential's id.
    pub credential_id: Text<Vec<u8>>,
    /// The client data.
    pub client_data: Text<Vec<u8>>,
    /// The authenticator data.
    pub authenticator_data: Text<Vec<u8>>,
    /// The signature.
    pub signature: Text<Vec<u8>>,
    /// The user handle: the 16 bytes of the person's id.
    pub user_handle: Text<Vec<u8>>,
}

/// Signing in with a passkey.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeySignIn")]
pub struct PasskeySignInView {
    /// The challenge that it answers.
    pub challenge: Text<ChallengeId>,
    /// The credential's id.
    pub credential_id: Text<Vec<u8>>,
    /// The client data.
    pub client_data: Text<Vec<u8>>,
    /// The authenticator data.
    pub authenticator_data: Text<Vec<u8>>,
    /// The signature.
    pub signature: Text<Vec<u8>>,
    /// The user handle: the 16 bytes of the person's id.
    pub user_handle: Text<Vec<u8>>,
    /// The device.
    pub device: DeviceView,
}

/// A proof by whoever holds a session: the three members of a login key's proof, or `passkey`; with a second factor
/// beside it where one is wanted.
#[derive(Clone, Object)]
#[oai(rename = "SessionProof")]
pub struct SessionProofView {
    /// The challenge that it answers.
    pub challenge: Option<Text<ChallengeId>>,
    /// Public half of the key.
    pub login_key: Option<Text<[u8; 32]>>,
    /// The signature over the login message.
    pub signature: Option<Text<Vec<u8>>>,
    /// A passkey instead.
    pub passkey: Option<PasskeyProofView>,
    /// The six digits that the authenticator app shows, where a second factor is wanted as well.
    #[oai(validator(max_length = 32))]
    pub totp: Option<String>,
    /// A recovery code instead of them.
    #[oai(validator(max_length = 64))]
    pub recovery: Option<String>,
}

/// The proof that a kit is at hand.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KitProof")]
pub struct KitProofView {
    /// The challenge that it answers.
    pub challenge: Text<ChallengeId>,
    /// Public half of the kit's login key.
    pub login_key: Text<[u8; 32]>,
    /// The signature over the login message.
    pub signature: Text<Vec<u8>>,
    /// That the personal kit was typed back.
    #[oai(default)]
    pub personal: Option<bool>,
    /// Whether the restore kit was typed back as well.
    pub restore: bool,
}

/// What a device gets when it has signed in.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Entered")]
pub struct EnteredView {
    /// Who is signed in.
    #[oai(flatten)]
    pub me: MeView,
    /// Their sealed keyring.
    pub keyring: Text<Vec<u8>>,
}

impl TryFrom<LoginByView> for LoginBy {
    type Error = Problem;

    fn try_from(view: LoginByView) -> Result<Self, Problem> {
        match (view.person, view.login_key) {
            (Some(Text(person)), None) => Ok(Self::Person(person)),
            (None, Some(Text(key))) => Ok(Self::LoginKey(key)),
            _ => Err(Problem::bad_request("Name yourself by person or by login_key, and by one of them only.")),
        }
    }
}

impl From<LoginChallenge> for LoginChallengeView {
    fn from(made: LoginChallenge) -> Self {
        Self {
            challenge: Text(made.challenge),
            nonce: Text(made.nonce),
            person: Text(made.person),
            version: 1,
            slots: vec![SaltView { kind: "password".to_owned(), salt: Text(made.salt) }],
        }
    }
}

impl SignInView {
    /// The proof and the device.
    #[must_use]
    pub fn split(self) -> (Proof, DeviceView) {
        let (Text(challenge), Text(login_key), Text(signature)) = (self.challenge, self.login_key, self.signature);
        (Proof::LoginKey { challenge, login_key, signature }, self.device)
    }
}

impl PasskeySignInView {
    /// The proof and the device.
    #[must_use]
    pub fn split(self) -> (Proof, DeviceView) {
        let proof = PasskeyProofView {
            challenge: self.challenge,
            credential_id: self.credential_id,
            client_data: self.client_data,
            authenticator_data: self.authenticator_data,
            signature: self.signature,
            user_handle: self.user_handle,
        };
        (proof.into(), self.device)
    }
}

impl From<PasskeyProofView> for Proof {
    fn from(view: PasskeyProofView) -> Self {
        Self::Passkey {
            challenge: view.challenge.0,
            answer: Assertion {
                credential_id: view.credential_id.0,
                client_data: view.client_data.0,
                authenticator_data: view.authenticator_data.0,
                signature: view.signature.0,
                user_handle: view.user_handle.0,
            },
        }
    }
}

impl TryFrom<SessionProofView> for (Proof, Option<Given>) {
    type Error = Problem;

    fn try_from(view: SessionProofView) -> Result<Self, Problem> {
        let proof = match (view.challenge, view.login_key, view.signature, view.passkey) {
            (Some(Text(challenge)), Some(Text(login_key)), Some(Text(signature)), None) => {
                Proof::LoginKey { challenge, login_key, signature }
            }
            (None, None, None, Some(passkey)) => passkey.into(),
            _ => {
                let detail = "Prove it with challenge, login_key and signature, or with passkey alone.";
                return Err(Problem::bad_request(detail));
            }
        };
        Ok((proof, view.totp.map(Given::Totp).or(view.recovery.map(Given::Recovery))))
    }
}

impl From<KitProofView> for (Proof, bool) {
    fn from(view: KitProofView) -> Self {
        let (Text(challenge), Text(login_key), Text(signature)) = (view.challenge, view.login_key, view.signature);
        (Proof::LoginKey { challenge, login_key, signature }, view.restore)
    }
}

impl From<Entered> for EnteredView {
    fn from(entered: Entered) -> Self {
        Self { me: entered.me.into(), keyring: Text(entered.keyring.body) }
    }
}
