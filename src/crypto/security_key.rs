//! Security keys as second factors: presence is enough, no user verification, no resident key, no extensions. Whoever
//! has one has shown what they know before.

use webauthn_rs::prelude::{
    PublicKeyCredential, RegisterPublicKeyCredential, SecurityKey, SecurityKeyAuthentication, SecurityKeyRegistration,
    Uuid, Webauthn,
};
use webauthn_rs_proto::{
    AuthenticationExtensionsClientOutputs, AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw,
    RegistrationExtensionsClientOutputs,
};

use super::passkey::{Assertion, Attestation, Made, PasskeyError, credential_hash, relying_party};
use crate::domain::id::PersonId;
use crate::domain::origin::Origin;
use crate::domain::text::b64u;

/// The relying party of one origin, for keys that only show presence.
pub struct SecurityKeys {
    webauthn: Webauthn,
    /// The host name that keys belong to.
    pub rp_id: String,
}

/// A registration that waits for its answer.
#[derive(Clone, Debug)]
pub struct KeyMaking(SecurityKeyRegistration);

/// A use that waits for its answer.
#[derive(Clone, Debug)]
pub struct KeyUsing(SecurityKeyAuthentication);

/// A challenge to use one of somebody's keys.
#[derive(Clone, Debug)]
pub struct KeyAsked {
    /// The bytes to answer.
    pub bytes: Vec<u8>,
    /// The credential ids that may answer.
    pub allowed: Vec<Vec<u8>>,
    /// What checks the answer.
    pub using: KeyUsing,
}

impl SecurityKeys {
    /// The relying party at this origin.
    ///
    /// # Errors
    /// The origin's host is no name.
    pub fn at(origin: &Origin) -> Result<Self, PasskeyError> {
        let (webauthn, rp_id) = relying_party(origin, true)?;
        Ok(Self { webauthn, rp_id })
    }

    /// Begins to add a key; the bytes are the challenge. The device builds the other options itself.
    ///
    /// # Errors
    /// The library refuses the name.
    pub fn begin_making(&self, person: PersonId, name: &str) -> Result<(Vec<u8>, KeyMaking), PasskeyError> {
        let handle = Uuid::from_bytes(*person.as_bytes());
        let begun = self.webauthn.start_securitykey_registration(handle, name, name, None, None, None);
        let (options, state) = begun.map_err(|_| PasskeyError::Answer)?;
        Ok((options.public_key.challenge, KeyMaking(state)))
    }

    /// Checks what the device answered.
    ///
    /// # Errors
    /// It does not fit the challenge or the origin.
    pub fn finish_making(&self, making: &KeyMaking, answer: Attestation) -> Result<Made, PasskeyError> {
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
        let made = self.webauthn.finish_securitykey_registration(&answer, &making.0);
        let key = made.map_err(|_| PasskeyError::Answer)?;
        Ok(Made { credential: credential_hash(key.cred_id()), verifier: to_bytes(&key)? })
    }

    /// Begins the use of one of these keys.
    ///
    /// # Errors
    /// A verifier that cannot be read, or none.
    pub fn begin_using<'a>(&self, verifiers: impl Iterator<Item = &'a [u8]>) -> Result<KeyAsked, PasskeyError> {
        let keys: Vec<SecurityKey> = verifiers.map(from_bytes).collect::<Result<_, _>>()?;
        let (options, state) =
            self.webauthn.start_securitykey_authentication(&keys).map_err(|_| PasskeyError::Answer)?;
        let allowed = keys.iter().map(|key| key.cred_id().clone()).collect();
        Ok(KeyAsked { bytes: options.public_key.challenge, allowed, using: KeyUsing(state) })
    }

    /// Checks what the device answered with the key of this verifier; gives the verifier to keep when its counter
    /// moved. A counter that stands still or goes back is refused: there may be a copy of the key.
    ///
    /// # Errors
    /// It does not fit the challenge, the origin or the key.
    pub fn finish_using(
        &self,
        using: &KeyUsing,
        answer: Assertion,
        verifier: &[u8],
    ) -> Result<Option<Vec<u8>>, PasskeyError> {
        let mut key = from_bytes(verifier)?;
        let answer = PublicKeyCredential {
            id: b64u(&answer.credential_id),
            raw_id: answer.credential_id,
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: answer.authenticator_data,
                client_data_json: answer.client_data,
                signature: answer.signature,
                user_handle: (!answer.user_handle.is_empty()).then_some(answer.user_handle),
            },
            extensions: AuthenticationExtensionsClientOutputs::default(),
            type_: "public-key".to_owned(),
        };
        let result = self.webauthn.finish_securitykey_authentication(&answer, &using.0);
        let result = result.map_err(|_| PasskeyError::Answer)?;
        match key.update_credential(&result) {
            Some(true) => to_bytes(&key).map(Some),
            Some(false) => Ok(None),
            None => Err(PasskeyError::Answer),
        }
    }
}

/// The credential id of a kept key, so that a device does not add it twice.
#[must_use]
pub fn credential_id(verifier: &[u8]) -> Option<Vec<u8>> {
    from_bytes(verifier).ok().map(|key| key.cred_id().clone())
}

fn from_bytes(verifier: &[u8]) -> Result<SecurityKey, PasskeyError> {
    serde_json::from_slice(verifier).map_err(|_| PasskeyError::Answer)
}

fn to_bytes(key: &SecurityKey) -> Result<Vec<u8>, PasskeyError> {
    serde_json::to_vec(key).map_err(|_| PasskeyError::Answer)
}
