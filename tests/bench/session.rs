//! People of a seeded practice, signed in by kit (WIRE.md, "Unlock slots" and "Sign-in"), and a large file of the owner's.

use aws_lc_rs::{
    digest::{SHA256, digest},
    hkdf,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as B64U};
use bip39::{Language, Mnemonic};
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{caller::Caller, running::Running, world::factors::TotpApp};

/// The one device that all of them use.
pub const DEVICE: &str = "dev_00000000000000000000000000";

/// Somebody who came in.
pub struct Entered {
    /// The session's cookie; empty where a second step follows.
    pub cookie: String,
    /// What the practice answered: who they are, and their keyring.
    pub answer: Value,
}

/// The owner, all the way in: their kit, then what their authenticator app shows. The session's cookie.
pub async fn sign_in(running: &Running, seeded: &Value) -> String {
    let owner = &seeded["owner"];
    let mut caller = Caller::new(&running.trust, "").await;
    let halfway = enter(&mut caller, running, owner).await;
    let app = TotpApp::of(owner["totp_secret"].as_str().unwrap());
    let given = json!({
        "challenge": halfway.answer["second"]["challenge"],
        "totp": app.shows(Timestamp::now()),
    });
    let reply = caller.send("POST", "/api/v1/sign-ins/second", "application/json", given.to_string().as_bytes()).await;
    assert!(reply.status < 300, "{} {}", reply.status, String::from_utf8_lossy(&reply.body));
    reply.cookie.unwrap()
}

/// Signs somebody in by kit, as far as the kit alone leads.
pub async fn enter(caller: &mut Caller, running: &Running, person: &Value) -> Entered {
    let key = login_key(person);
    let login_key = B64U.encode(key.verifying_key().as_bytes());
    let asked = caller.send_json("/api/v1/sign-in/challenges", &json!({ "login_key": login_key })).await;
    let text = |name: &str| asked[name].as_str().unwrap();
    let message = format!("alcove-login/1\n{}\n{}\n{}", running.trust.origin(), text("person"), text("nonce"));
    let signature = B64U.encode(key.sign(message.as_bytes()).to_bytes());
    let device = json!({ "device": DEVICE, "label": "Bench" });
    let proof =
        json!({ "challenge": text("challenge"), "login_key": login_key, "signature": signature, "device": device });
    let body = proof.to_string();
    let reply = caller.send("POST", "/api/v1/sign-ins", "application/json", body.as_bytes()).await;
    assert!(reply.status < 300, "{} {}", reply.status, String::from_utf8_lossy(&reply.body));
    let answer = serde_json::from_slice(&reply.body).unwrap();
    Entered { cookie: reply.cookie.unwrap_or_default(), answer }
}

fn login_key(person: &Value) -> SigningKey {
    let words: Vec<&str> =
        person["personal_words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    let kit = Mnemonic::parse_in_normalized(Language::English, &words.join(" ")).unwrap().to_entropy();
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&kit);
    let mut seed = [0; 32];
    derived.expand(&[b"alcove/v1/login-kit"], hkdf::HKDF_SHA256).unwrap().fill(&mut seed).unwrap();
    SigningKey::from_bytes(&seed)
}

/// Sends a file of noise, as sealed files look, into the space shared with the first client.
pub async fn upload(running: &Running, seeded: &Value, cookie: &str, size_bytes: usize) {
    let mut bytes = vec![0; size_bytes];
    getrandom::fill(&mut bytes).unwrap();
    let mut caller = Caller::new(&running.trust, cookie).await;
    let file = format!("fil_{}", "0".repeat(26));
    let space = seeded["clients"][0]["shared"].as_str().unwrap();
    let hash = B64U.encode(digest(&SHA256, &bytes));
    let order = json!({ "file": file, "size": size_bytes, "sha256": hash });
    let begun = caller.send_json(&format!("/api/v1/spaces/{space}/files"), &order).await;
    let part_bytes = usize::try_from(begun["part_bytes"].as_u64().unwrap()).unwrap();
    for (n, part) in bytes.chunks(part_bytes).enumerate() {
        let path = format!("/api/v1/files/{file}/parts/{}", n * part_bytes);
        let reply = caller.send("PUT", &path, "application/octet-stream", part).await;
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    }
    caller.send_json(&format!("/api/v1/files/{file}/commit"), &json!({})).await;
}
