//! Second factors: listed, set up, given. Secrets and codes go out once, when they are made.

use jiff::Timestamp;
use poem_openapi::{Enum, Object, Union};

use super::account::AttestationView;
use super::sign_in::EnteredView;
use super::text::Text;
use crate::app::factor::{Given, NewKey, TotpBegun};
use crate::app::second_step::{KeyAsking, SecondAsked};
use crate::crypto::passkey::Assertion;
use crate::domain::factor::{Factors, Method, RecoveryCode, SecurityKey};
use crate::domain::id::{ChallengeId, KeyId};
use crate::http::Problem;

/// One's second factors.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Factors")]
pub struct FactorsView {
    /// The authenticator app, if there is one.
    pub totp: Option<TotpView>,
    /// The security keys, oldest first.
    pub keys: Vec<KeyView>,
    /// How many recovery codes are left.
    pub recovery_left: u32,
}

/// An authenticator app.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Totp")]
pub struct TotpView {
    /// Since when.
    pub made_at: Text<Timestamp>,
}

/// A security key.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SecurityKey")]
pub struct KeyView {
    /// Which.
    pub key: Text<KeyId>,
    /// What the person calls it.
    pub label: String,
    /// Since when.
    pub made_at: Text<Timestamp>,
    /// When it was last used.
    pub used_at: Option<Text<Timestamp>>,
}

/// What second factors there are, in numbers.
#[derive(Clone, Debug, Object)]
#[oai(rename = "FactorsSummary")]
pub struct FactorsSummaryView {
    /// Whether there is an authenticator app.
    pub totp: bool,
    /// How many security keys there are.
    pub keys: u32,
    /// How many recovery codes are left.
    pub recovery_left: u32,
}

/// What an authenticator app is set up with.
#[derive(Clone, Debug, Object)]
#[oai(rename = "TotpBegun")]
pub struct TotpBegunView {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The secret as an `otpauth` URI, to be scanned.
    pub uri: String,
}

/// The code that confirms an authenticator app.
#[derive(Clone, Debug, Object)]
#[oai(rename = "TotpCode")]
pub struct TotpCodeView {
    /// The six digits that the app shows.
    #[oai(validator(max_length = 32))]
    pub code: String,
}

/// Recovery codes, shown once.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryCodes")]
pub struct RecoveryCodesView {
    /// New ones; empty if the ones from before stay good.
    pub recovery: Vec<String>,
}

/// A security key to be added.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KeyMade")]
pub struct KeyMadeView {
    /// What the person calls it.
    pub label: String,
    /// Its answer to the challenge.
    pub answer: AttestationView,
}

/// A security key that was added.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KeyAdded")]
pub struct KeyAddedView {
    /// The key.
    pub key: KeyView,
    /// New recovery codes; empty if the ones from before stay good.
    pub recovery: Vec<String>,
}

/// A way to give a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "FactorMethod", rename_all = "lowercase")]
pub enum MethodView {
    /// A code of an authenticator app.
    Totp,
    /// A security key.
    Key,
    /// A recovery code.
    Recovery,
}

/// The answer to a right first proof.
#[derive(Clone, Debug, Union)]
#[oai(rename = "SignInAnswer")]
pub enum SignInAnswerView {
    /// Signed in: there is no second factor, or the proof was of two things.
    Entered(Box<EnteredView>),
    /// A second factor is asked for; nothing was handed out.
    Second(SecondStepView),
}

/// That a second factor is asked for.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SecondStep")]
pub struct SecondStepView {
    /// What is asked for.
    pub second: SecondAskedView,
}

/// What is asked for.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SecondAsked")]
pub struct SecondAskedView {
    /// The challenge; it takes five tries.
    pub challenge: Text<ChallengeId>,
    /// The ways in which this person can answer, best first.
    pub methods: Vec<MethodView>,
    /// What a security key has to answer, if there is one.
    pub key: Option<KeyAskingView>,
    /// Until when.
    pub expires_at: Text<Timestamp>,
}

/// What the device cannot know of the options for a security key. It asks for no user verification.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KeyAsking")]
pub struct KeyAskingView {
    /// The host name that keys belong to.
    pub rp_id: String,
    /// The bytes to answer.
    pub challenge: Text<Vec<u8>>,
    /// The credential ids that may answer.
    pub allow: Vec<Text<Vec<u8>>>,
}

/// A second factor for a challenge: exactly one of the three.
#[derive(Clone, Object)]
#[oai(rename = "SecondGiven")]
pub struct SecondGivenView {
    /// The challenge.
    pub challenge: Text<ChallengeId>,
    /// The six digits that the app shows.
    #[oai(validator(max_length = 32))]
    pub totp: Option<String>,
    /// A recovery code.
    #[oai(validator(max_length = 64))]
    pub recovery: Option<String>,
    /// A security key's answer.
    pub key: Option<KeyProofView>,
}

/// A security key's answer, field by field.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KeyProof")]
pub struct KeyProofView {
    /// The credential's id.
    pub credential_id: Text<Vec<u8>>,
    /// The client data.
    pub client_data: Text<Vec<u8>>,
    /// The authenticator data.
    pub authenticator_data: Text<Vec<u8>>,
    /// The signature.
    pub signature: Text<Vec<u8>>,
}

impl From<&Factors> for FactorsSummaryView {
    fn from(factors: &Factors) -> Self {
        let keys = count(factors.keys.len());
        Self { totp: factors.totp.is_some(), keys, recovery_left: count(factors.recovery_left()) }
    }
}

impl From<Factors> for FactorsView {
    fn from(factors: Factors) -> Self {
        Self {
            recovery_left: count(factors.recovery_left()),
            totp: factors.totp.map(|totp| TotpView { made_at: Text(totp.made_at) }),
            keys: factors.keys.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<SecurityKey> for KeyView {
    fn from(key: SecurityKey) -> Self {
        let (made_at, used_at) = (Text(key.made_at), key.used_at.map(Text));
        Self { key: Text(key.key), label: key.label, made_at, used_at }
    }
}

impl From<TotpBegun> for TotpBegunView {
    fn from(begun: TotpBegun) -> Self {
        Self { secret: begun.secret, uri: begun.uri }
    }
}

impl From<Vec<RecoveryCode>> for RecoveryCodesView {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        Self { recovery: codes.iter().map(ToString::to_string).collect() }
    }
}

impl From<(SecurityKey, Vec<RecoveryCode>)> for KeyAddedView {
    fn from((key, codes): (SecurityKey, Vec<RecoveryCode>)) -> Self {
        Self { key: key.into(), recovery: RecoveryCodesView::from(codes).recovery }
    }
}

impl From<KeyMadeView> for NewKey {
    fn from(view: KeyMadeView) -> Self {
        Self { challenge: view.answer.challenge.0, label: view.label, answer: view.answer.into() }
    }
}

impl From<Method> for MethodView {
    fn from(method: Method) -> Self {
        match method {
            Method::Totp => Self::Totp,
            Method::Key => Self::Key,
            Method::Recovery => Self::Recovery,
        }
    }
}

impl From<SecondAsked> for SecondStepView {
    fn from(asked: SecondAsked) -> Self {
        let methods = asked.methods.into_iter().map(Into::into).collect();
        let (challenge, expires_at) = (Text(asked.challenge), Text(asked.expires_at));
        Self { second: SecondAskedView { challenge, methods, key: asked.key.map(Into::into), expires_at } }
    }
}

impl From<KeyAsking> for KeyAskingView {
    fn from(asking: KeyAsking) -> Self {
        let allow = asking.allowed.into_iter().map(Text).collect();
        Self { rp_id: asking.challenge.rp_id, challenge: Text(asking.challenge.bytes), allow }
    }
}

impl TryFrom<SecondGivenView> for (ChallengeId, Given) {
    type Error = Problem;

    fn try_from(view: SecondGivenView) -> Result<Self, Problem> {
        let given = match (view.totp, view.recovery, view.key) {
            (Some(code), None, None) => Given::Totp(code),
            (None, Some(code), None) => Given::Recovery(code),
            (None, None, Some(key)) => Given::Key(key.into()),
            _ => return Err(Problem::bad_request("Give one second factor: totp, recovery or key.")),
        };
        Ok((view.challenge.0, given))
    }
}

impl From<KeyProofView> for Assertion {
    fn from(view: KeyProofView) -> Self {
        Self {
            credential_id: view.credential_id.0,
            client_data: view.client_data.0,
            authenticator_data: view.authenticator_data.0,
            signature: view.signature.0,
            user_handle: Vec::new(),
        }
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
