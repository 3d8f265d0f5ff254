//! Keys, and roster entries signed with them.

use std::path::Path;
use std::sync::Arc;

use alcove::app::App;
use alcove::clock::Clock;
use alcove::crypto::HybridIdentity;
use alcove::crypto::sign::{key_hash, sha256, statement};
use alcove::domain::id::{InviteId, PersonId, SpaceId};
use alcove::domain::text::b64u;
use alcove::store::Store;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A person's keys, made from a number.
#[derive(Clone)]
pub struct Keys {
    pub n: u8,
    pub person: PersonId,
    pub recipient: String,
    key: SigningKey,
}

impl Keys {
    pub fn of(n: u8) -> Self {
        let recipient = HybridIdentity::from_seed([n; 32]).to_recipient().unwrap().to_string();
        Self { n, person: PersonId::from_bytes([n; 16]), recipient, key: SigningKey::from_bytes(&[n; 32]) }
    }

    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    pub fn hash(&self) -> [u8; 32] {
        key_hash(self.person, &self.public(), &self.recipient)
    }

    pub fn sign(&self, kind: &str, payload: &Value) -> String {
        statement(kind, payload.to_string().as_bytes(), &self.key)
    }

    pub fn statement(&self) -> String {
        let (person, sign) = (self.person.to_string(), b64u(&self.public()));
        let payload = json!({"v": 1, "person": person, "sign": sign, "recipient": self.recipient, "ts": now()});
        self.sign("directory", &payload)
    }

    fn admission(&self, role: &str) -> Value {
        json!({
            "person": self.person.to_string(),
            "role": role,
            "sign": b64u(&self.public()),
            "recipient": self.recipient,
        })
    }
}

/// A roster chain as devices hold it.
#[derive(Clone)]
pub struct Chain {
    pub space: SpaceId,
    pub head: [u8; 32],
    pub texts: Vec<String>,
    commits: Vec<[u8; 32]>,
}

impl Chain {
    pub fn begin(kind: &str, by: &Keys, n: u8) -> Self {
        let commit = sha256(&[n, 1]);
        let all = ["roster", "epoch", "note", "action", "message", "file", "welcome", "tombstone"];
        let mut nonce = [n; 16];
        nonce[..kind.len().min(15)].copy_from_slice(&kind.as_bytes()[..kind.len().min(15)]);
        let few = ["epoch", "action", "message", "file", "tombstone"];
        let (founder, rights) = if kind == "team" {
            ("keeper", json!({"keeper": all, "colleague": few}))
        } else {
            ("practitioner", json!({"practitioner": all, "client": few, "cover": few, "supervisor": []}))
        };
        let payload = json!({
            "v": 1, "op": "genesis", "space": null, "n": 0, "prev": null, "by": by.person.to_string(), "ts": now(),
            "kind": kind, "nonce": b64u(&nonce), "rights": rights,
            "members": [by.admission(founder)],
            "epoch": {"n": 1, "prev": null, "commit": b64u(&commit)},
        });
        let text = by.sign("roster", &payload);
        let head = sha256(text.as_bytes());
        Self { space: SpaceId::from_bytes(head), head, texts: vec![text], commits: vec![commit] }
    }

    pub fn epoch_n(&self) -> u64 {
        self.commits.len() as u64
    }

    pub fn epoch(&mut self, by: &Keys) -> String {
        let prev = *self.commits.last().unwrap();
        let commit = sha256(&[&prev[..], self.head.as_slice()].concat());
        let n = self.epoch_n() + 1;
        let epoch = json!({"n": n, "prev": b64u(&prev), "commit": b64u(&commit), "last": {}});
        self.commits.push(commit);
        self.push(by, "roster", by.person, "epoch", json!({"epoch": epoch}))
    }

    pub fn invite(&mut self, by: &Keys, invite: InviteId, key: &Keys, expires_at: Timestamp) -> String {
        self.invite_as(by, invite, key, expires_at, "client")
    }

    pub fn invite_as(&mut self, by: &Keys, invite: InviteId, key: &Keys, expires_at: Timestamp, role: &str) -> String {
        let fields = json!({
            "invite": invite.to_string(), "invite_key": b64u(&key.public()), "role": role,
            "epoch": self.epoch_n(), "expires": expires_at.to_string(), "coach": b64u(&by.hash()),
        });
        self.push(by, "roster", by.person, "invite", fields)
    }

    pub fn revoke(&mut self, by: &Keys, invite: InviteId) -> String {
        self.push(by, "roster", by.person, "revoke", json!({"invite": invite.to_string()}))
    }

    pub fn join(&mut self, invite: InviteId, key: &Keys, joiner: &Keys, coach: &Keys) -> String {
        self.join_as(invite, key, joiner, coach, "client")
    }

    pub fn join_as(&mut self, invite: InviteId, key: &Keys, joiner: &Keys, coach: &Keys, role: &str) -> String {
        let mut fields = joiner.admission(role);
        fields["invite"] = json!(invite.to_string());
        fields["coach"] = json!(b64u(&coach.hash()));
        self.push(key, "join", joiner.person, "join", fields)
    }

    pub fn add(&mut self, by: &Keys, who: &Keys, role: &str, how: &str) -> String {
        let mut fields = who.admission(role);
        fields["how"] = json!(how);
        fields["invite"] = json!(null);
        self.push(by, "roster", by.person, "add", fields)
    }

    /// Adds somebody until an instant.
    pub fn add_until(&mut self, by: &Keys, who: &Keys, role: &str, until: Timestamp) -> String {
        let mut fields = who.admission(role);
        fields["how"] = json!("link");
        fields["invite"] = json!(null);
        fields["until"] = json!(format!("{until:.3}"));
        self.push(by, "roster", by.person, "add", fields)
    }

    pub fn remove(&mut self, by: &Keys, person: PersonId) -> String {
        self.push(by, "roster", by.person, "remove", json!({"person": person.to_string()}))
    }

    pub fn role(&mut self, by: &Keys, person: PersonId, role: &str) -> String {
        self.push(by, "roster", by.person, "role", json!({"person": person.to_string(), "role": role}))
    }

    pub fn close(&mut self, by: &Keys) -> String {
        self.push(by, "roster", by.person, "close", json!({}))
    }

    /// Any entry, signed by `signer` as `kind` and written in the name of `by`.
    pub fn push(&mut self, signer: &Keys, kind: &str, by: PersonId, op: &str, mut fields: Value) -> String {
        for (name, value) in [
            ("v", json!(1)),
            ("op", json!(op)),
            ("space", json!(self.space.to_string())),
            ("n", json!(self.texts.len())),
            ("prev", json!(b64u(&self.head))),
            ("by", json!(by.to_string())),
            ("ts", json!(now())),
        ] {
            fields[name] = value;
        }
        let text = signer.sign(kind, &fields);
        self.head = sha256(text.as_bytes());
        self.texts.push(text.clone());
        text
    }
}

fn now() -> String {
    Timestamp::now().to_string()
}

pub fn app(store: Arc<Store>, clock: Clock, _dir: &Path) -> App {
    App::new(store, clock)
}
