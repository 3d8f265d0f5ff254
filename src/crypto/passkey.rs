//! Passkeys by webauthn-rs. Everything is built field by field from what the API takes; extension results never come
//! near the server, so that no PRF output can.

use std::fmt;

use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};
use webauthn_rs_proto::{
    AuthenticationExtensionsClientOutputs, AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw,
    RegistrationExtensionsClientOutputs,
};

use super::sign::sha256;
use crate::domain::id::PersonId;
use crate::domain::origin::{Host, Origin};
use crate::domain::text::b64u;

/// What a passkey needs of the practice's origin, and why it may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The origin is an address, or not fit for passkeys otherwise.
    #[error("passkeys need a host name; at a bare address use a password and a kit")]
    Origin,
    /// The answer does not fit the challenge.
    #[error("this passkey's answer does not fit")]
    Answer,
}

/// The relying party of one origin.
pub struct Passkeys {
    webauthn: Webauthn,
    /// The host name that passkeys belong to.
    pub rp_id: String,
}

/// A registration that waits for its answer.
#[derive(Clone, Debug)]
pub struct Making(PasskeyRegistration);

/// A sign-in that waits for its answer.
#[derive(Clone, Debug)]
pub struct Using(DiscoverableAuthentication);

/// What a device answers when it has made a passkey.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// The client data, as the browser wrote it.
    pub client_data: Vec<u8>,
    /// The attestation object.
    pub attestation_object: Vec<u8>,
}

/// What a device answers when it uses a passkey.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// The client data, as the browser wrote it.
    pub client_data: Vec<u8>,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// The user handle: the person's id in bytes.
    pub user_handle: Vec<u8>,
}

/// A passkey that was made: its id's hash, and what checks its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Hash of the credential's id.
    pub credential: [u8; 32],
    /// What checks its signatures.
    pub verifier: Vec<u8>,
}

/// A passkey that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// What checks its signatures from now on.
    pub verifier: Vec<u8>,
    /// Whether the authenticator checked a finger, a face or a PIN.
    pub user_verified: bool,
}

impl Passkeys {
    /// The relying party at this origin.
    ///
    /// # Errors
    /// The origin's host is no name.
    pub fn at(origin: &Origin) -> Result<Self, PasskeyError> {
        let (webauthn, rp_id) = relying_party(origin, false)?;
        Ok(Self { webauthn, rp_id })
    }

    /// Begins to make a passkey; the bytes are the challenge. The device builds the other options itself and asks for
    /// a resident key with user verification.
    ///
    /// # Errors
    /// The library refuses the name.
    pub fn begin_making(&self, person: PersonId, name: &str) -> Result<(Vec<u8>, Making), PasskeyError> {
        let handle = Uuid::from_bytes(*person.as_bytes());
        let begun = self.webauthn.start_passkey_registration(handle, name, name, None);
        let (options, state) = begun.map_err(|_| PasskeyError::Answer)?;
        Ok((options.public_key.challenge, Making(state)))
    }

    /// Checks what the device answered.
    ///
    /// # Errors
    /// It does not fit the challenge, the origin, or the demand for user verification.
    pub fn finish_making(&self, making: &Making, answer: Attestation) -> Result<Made, PasskeyError> {
        let answer = RegisterPublicKeyCredential {
            id: b64u(&answer.credential_id),
            raw_id: answer.credential_id,
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: answer.attestation_object,
                client_data_json: answer.client_data,
                transports: None,
            },
            type_: "public-key".to_owned(),
            extensions: RegistrationExtensionsClientOutputs::default(),
        };
        let passkey =
            self.webauthn.finish_passkey_registration(&answer, &making.0).map_err(|_| PasskeyError::Answer)?;
        Ok(Made { credential: credential_hash(passkey.cred_id()), verifier: to_bytes(&passkey)? })
    }

    /// Begins a sign-in for whoever the authenticator knows; the bytes are the challenge.
    ///
    /// # Errors
    /// The library fails to make a challenge.
    pub fn begin_using(&self) -> Result<(Vec<u8>, Using), PasskeyError> {
        let (options, state) = self.webauthn.start_discoverable_authentication().map_err(|_| PasskeyError::Answer)?;
        Ok((options.public_key.challenge, Using(state)))
    }

    /// Checks what the device answered; gives the verifier to keep, its counter moved, and whether the authenticator
    /// verified who used it.
    ///
    /// # Errors
    /// It does not fit the challenge, the origin, the passkey, or the demand for user verification.
    pub fn finish_using(&self, using: Using, answer: Assertion, verifier: &[u8]) -> Result<Used, PasskeyError> {
        let mut passkey: Passkey = serde_json::from_slice(verifier).map_err(|_| PasskeyError::Answer)?;
        let answer = PublicKeyCredential {
            id: b64u(&answer.credential_id),
            raw_id: answer.credential_id,
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: answer.authenticator_data,
                client_data_json: answer.client_data,
                signature: answer.signature,
                user_handle: Some(answer.user_handle),
            },
            extensions: AuthenticationExtensionsClientOutputs::default(),
            type_: "public-key".to_owned(),
        };
        let key = DiscoverableKey::from(&passkey);
        let result = self.webauthn.finish_discoverable_authentication_v2(&answer, using.0, &key);
        let result = result.map_err(|_| PasskeyError::Answer)?;
        let moved = passkey.update_credential(&result) == Some(true);
        let verifier = if moved { to_bytes(&passkey)? } else { verifier.to_vec() };
        Ok(Used { verifier, user_verified: result.user_verified() })
    }
}

impl fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passkeys({})", self.rp_id)
    }
}

/// What stands for the practice at this origin, with its host name. The library's security keys need no user
/// verification if `presence_only`; its passkeys always do.
pub(super) fn relying_party(origin: &Origin, presence_only: bool) -> Result<(Webauthn, String), PasskeyError> {
    let Host::Name(rp_id) = origin.host() else { return Err(PasskeyError::Origin) };
    let url = Url::parse(&origin.to_string()).map_err(|_| PasskeyError::Origin)?;
    let builder = WebauthnBuilder::new(rp_id, &url).map_err(|_| PasskeyError::Origin)?;
    let builder = builder.rp_name("Alcove").danger_set_user_presence_only_security_keys(presence_only);
    Ok((builder.build().map_err(|_| PasskeyError::Origin)?, rp_id.clone()))
}

/// The credential id of a kept passkey, so that a device does not make a second one in the same place.
#[must_use]
pub fn credential_id(verifier: &[u8]) -> Option<Vec<u8>> {
    let passkey: Passkey = serde_json::from_slice(verifier).ok()?;
    Some(passkey.cred_id().clone())
}

/// What finds a passkey by its credential id.
#[must_use]
pub fn credential_hash(credential_id: &[u8]) -> [u8; 32] {
    sha256(credential_id)
}

fn to_bytes(passkey: &Passkey) -> Result<Vec<u8>, PasskeyError> {
    serde_json::to_vec(passkey).map_err(|_| PasskeyError::Answer)
}
