//! People with a passkey, as their devices make and use it over HTTP.

use alcove::app::passkey::MakingChallenge;
use alcove::app::proof::Proof;
use alcove::app::sign_in::PasskeyChallenge;
use alcove::crypto::passkey::Assertion;
use alcove::crypto::sign::sha256;
use alcove::domain::id::PersonId;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as B64U};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::running::Running;
use crate::session::{DEVICE, enter};
use crate::world::authenticator::Authenticator;

/// One person with a passkey.
pub struct Holder {
    person: PersonId,
    passkey: Authenticator,
}

impl Holder {
    /// Signs this person in by kit and adds a passkey to their keyring.
    pub async fn made(running: &Running, person: &Value) -> Self {
        let entered = enter(&mut Caller::from_elsewhere(&running.trust).await, running, person).await;
        let id: PersonId = person["person"].as_str().unwrap().parse().unwrap();
        let mut caller = Caller::new(&running.trust, &entered.cookie).await;
        let wanted = json!({ "person": id.to_string(), "name": "Bench", "purpose": "add" });
        let asked = caller.send_json("/api/v1/passkeys/challenges", &wanted).await;
        let (challenge, rp_id) = challenge(&asked);
        let mut passkey = Authenticator::new(&rp_id, &running.trust.origin());
        passkey.id = [*id.as_bytes(), *id.as_bytes()].concat();
        let made = passkey.make(&MakingChallenge { challenge, exclude: Vec::new(), practice: "Bench".into() });
        let attestation = json!({
            "challenge": asked["challenge"], "credential_id": B64U.encode(made.credential_id),
            "client_data": B64U.encode(made.client_data), "attestation_object": B64U.encode(made.attestation_object),
        });
        let slot = json!({
            "slot": format!("slt_{}", "0".repeat(26)), "kind": "passkey", "label": "Bench",
            "login_key": B64U.encode(sha256(id.as_bytes())), "salt": null, "passkey": attestation,
        });
        let keyring = caller.get_json("/api/v1/me/keyring").await;
        let change = json!({ "version": keyring["version"], "body": keyring["body"], "add": [slot], "remove": [] });
        let reply = caller.send("PUT", "/api/v1/me/keyring", "application/json", change.to_string().as_bytes()).await;
        assert!(reply.status < 300, "{} {}", reply.status, String::from_utf8_lossy(&reply.body));
        Self { person: id, passkey }
    }

    /// Signs in with it.
    pub async fn enter(&mut self, caller: &mut Caller) {
        let asked = caller.send("POST", "/api/v1/sign-in/passkey-challenges", "", &[]).await;
        let asked: Value = serde_json::from_slice(&asked.body).unwrap();
        let Proof::Passkey { answer, .. } = self.passkey.answer(&challenge(&asked).0, self.person) else {
            panic!("a passkey answers as one")
        };
        let reply = caller.send_json("/api/v1/sign-ins/passkey", &proof(&asked["challenge"], &answer)).await;
        assert!(reply["keyring"].is_string(), "the passkey did not lead all the way in");
    }
}

fn challenge(asked: &Value) -> (PasskeyChallenge, String) {
    let rp_id = asked["options"]["rp_id"].as_str().unwrap().to_owned();
    let bytes = B64U.decode(asked["options"]["challenge"].as_str().unwrap()).unwrap();
    let challenge = asked["challenge"].as_str().unwrap().parse().unwrap();
    (PasskeyChallenge { challenge, rp_id: rp_id.clone(), bytes }, rp_id)
}

fn proof(challenge: &Value, answer: &Assertion) -> Value {
    json!({
        "challenge": challenge, "credential_id": B64U.encode(&answer.credential_id),
        "client_data": B64U.encode(&answer.client_data), "authenticator_data": B64U.encode(&answer.authenticator_data),
        "signature": B64U.encode(&answer.signature), "user_handle": B64U.encode(&answer.user_handle),
        "device": { "device": DEVICE, "label": "Bench" },
    })
}
