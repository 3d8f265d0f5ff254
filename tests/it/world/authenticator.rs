//! A passkey authenticator in software, as far as the server can see one: an ES256 key, attestation "none".

use alcove::app::passkey::MakingChallenge;
use alcove::app::proof::Proof;
use alcove::app::sign_in::PasskeyChallenge;
use alcove::crypto::passkey::{Assertion, Attestation};
use alcove::crypto::sign::sha256;
use alcove::domain::id::PersonId;
use alcove::domain::text::b64u;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

pub struct Authenticator {
    key: EcdsaKeyPair,
    pub id: Vec<u8>,
    rp_id: String,
    /// Where the browser says it is.
    pub origin: String,
    /// Whether it checks a finger or a PIN.
    pub verifies_user: bool,
    /// How often it was used.
    pub count: u32,
}

impl Authenticator {
    pub fn new(rp_id: &str, origin: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let (rp_id, origin) = (rp_id.to_owned(), origin.to_owned());
        Self { key, id: vec![42; 32], rp_id, origin, verifies_user: true, count: 0 }
    }

    pub fn make(&mut self, asked: &MakingChallenge) -> Attestation {
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        let mut object = vec![0xa3];
        object.extend(text("fmt"));
        object.extend(text("none"));
        object.extend(text("attStmt"));
        object.push(0xa0);
        object.extend(text("authData"));
        object.extend(bytes(&data));
        Attestation {
            credential_id: self.id.clone(),
            client_data: self.client_data("webauthn.create", &asked.challenge.bytes),
            attestation_object: object,
        }
    }

    pub fn answer(&mut self, asked: &PasskeyChallenge, person: PersonId) -> Proof {
        self.count += 1;
        let client_data = self.client_data("webauthn.get", &asked.bytes);
        let authenticator_data = self.data(0);
        let signed = [authenticator_data.clone(), sha256(&client_data).to_vec()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec();
        let (credential_id, user_handle) = (self.id.clone(), person.as_bytes().to_vec());
        let answer = Assertion { credential_id, client_data, authenticator_data, signature, user_handle };
        Proof::Passkey { challenge: asked.challenge, answer }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies_user { VERIFIED } else { 0 };
        let mut data = sha256(self.rp_id.as_bytes()).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        let (challenge, origin) = (b64u(challenge), &self.origin);
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#).into_bytes()
    }

    /// The public key as COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
    fn cose_key(&self) -> Vec<u8> {
        let point = &self.key.public_key().as_ref()[1..];
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
        key.extend(bytes(&point[..32]));
        key.push(0x22);
        key.extend(bytes(&point[32..]));
        key
    }
}

fn text(word: &str) -> Vec<u8> {
    let mut out = vec![0x60 | u8::try_from(word.len()).unwrap()];
    out.extend(word.as_bytes());
    out
}

fn bytes(value: &[u8]) -> Vec<u8> {
    let mut out = vec![0x59];
    out.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
    out.extend(value);
    out
}
