//! A body for each operation that takes one, good enough that its asker is judged and not its form.

use alcove::app::proof::Proof;
use alcove::crypto::sign::sha256;
use alcove::domain::text::b64u;
use serde_json::{Value, json};

use super::stage::{CONTENT, Stage};
use crate::api::set_up_body;
use crate::recovery::{endorsement, paper, plan};
use crate::sharing::{grants, join_body, space, write};
use crate::world::account::ORIGIN;
use crate::world::sign::{Chain, Keys};
use crate::world::{file_id, grant, sealed};

const PASSKEY: [&str; 5] = ["credential_id", "client_data", "authenticator_data", "signature", "user_handle"];

/// The body of an operation; `None` for one that is not known here.
pub fn sample(stage: &Stage, method: &str, path: &str) -> Option<Vec<u8>> {
    if path.contains("/parts/") {
        return Some(CONTENT.to_vec());
    }
    of_account(stage, method, path).or_else(|| of_space(stage, path)).map(|body| body.to_string().into_bytes())
}

fn of_account(stage: &Stage, method: &str, path: &str) -> Option<Value> {
    let owner = &stage.owner;
    Some(match (method, path) {
        ("POST", "/claims") => json!({"code": "wrong"}),
        ("POST", "/directory/reoffers") => json!({"leaves": [{"hash": b64u(&[1; 32]), "tag": b64u(&[1; 16])}]}),
        ("PUT", "/me/factors/totp") => json!({"code": "123456"}),
        ("POST", "/me/factors/keys") => {
            let mut answer = json!({"challenge": proof(stage, 1)["challenge"]});
            for name in ["credential_id", "client_data", "attestation_object"] {
                answer[name] = json!(b64u(&[1; 32]));
            }
            json!({"label": "Blue", "answer": answer})
        }
        ("PATCH", "/me/devices/{device}") => json!({"name": "The old laptop"}),
        ("PUT", "/me/keyring") => json!({"version": 1, "body": b64u(&sealed("keyring 2", 100))}),
        ("PUT", "/me/kits") => with(proof(stage, 2), "restore", json!(true)),
        ("POST", "/passkeys/challenges") => {
            json!({"person": owner.person.to_string(), "name": "Ada", "purpose": "add"})
        }
        ("PATCH", "/people/{person}") => json!({"role": "practitioner"}),
        ("POST", "/people/{person}/deletion") => json!({"data": "keep"}),
        ("PATCH", "/roles/{role}") => json!({"name": "Bookkeeping"}),
        ("POST", "/roles") => json!({"name": "Reception", "rights": ["see-people"]}),
        ("PUT", "/policy") => json!({"second_factor": "everybody", "profile": "strict", "single_session": true,
            "inactive_days": 90, "inactive_clients": false, "review_days": 30}),
        ("POST", "/practice") => set_up_body(&Keys::of(7), ORIGIN),
        ("PUT", "/me/recovery") => json!({"n": 1}),
        ("PUT", "/me/recovery/paper") => json!({"statement": paper(owner)}),
        ("PUT", "/recovery") => {
            let (statement, files) = plan(&[owner], 2, Some(&stage.plan));
            json!({"statement": statement, "files": files})
        }
        ("POST", "/recovery/endorsements") => json!({"statement": endorsement(owner, &stage.plan)}),
        ("POST", "/recoveries") => json!({"person": stage.agreed.person.to_string(), "purpose": "return",
            "reason": "lost the phone"}),
        ("PUT", "/recoveries/{case}/keyring") => json!({"version": 1, "body": b64u(&sealed("keyring 2", 100)),
            "link": {"slot": "slt_00000000000000000000000001", "login_key": b64u(&[9; 32])}}),
        ("PUT", "/reviews/{review}/lines/{person}") => json!({"choice": "keep", "note": "still needed"}),
        ("POST", "/restore-statements") => json!({"statement": owner.sign("restore", &json!({"v": 1}))}),
        ("POST", "/session/proofs" | "/session/unlocks") => proof(stage, 1),
        ("POST", "/sign-in/challenges") => json!({"person": owner.person.to_string()}),
        ("POST", "/sign-ins") => with(proof(stage, 1), "device", device()),
        ("POST", "/sign-ins/second") => json!({"challenge": proof(stage, 1)["challenge"], "totp": "123456"}),
        ("POST", "/sign-ins/passkey") => {
            let mut body = json!({"challenge": proof(stage, 1)["challenge"], "device": device()});
            for name in PASSKEY {
                body[name] = json!(b64u(&[1; 32]));
            }
            body
        }
        _ => return None,
    })
}

fn of_space(stage: &Stage, path: &str) -> Option<Value> {
    let (owner, epoch) = (&stage.owner, stage.chain.epoch_n());
    Some(match path {
        "/clients" => json!({
            "client": "cli_00000000000000000000000001", "name": "Eva", "email": null,
            "shared": space(&Chain::begin("shared", owner, 40), owner),
            "own": space(&Chain::begin("own", owner, 40), owner),
        }),
        "/clients/{client}/own" => space(&Chain::begin("own", owner, 42), owner),
        "/team" => space(&Chain::begin("team", owner, 41), owner),
        "/clients/{client}" => json!({"name": "Anna Berg"}),
        "/invites/{invite}/join" => {
            let (invite, key, chain) = &stage.invite;
            join_body(&Keys::of(8), owner, *invite, key, &mut chain.clone())
        }
        "/spaces/{space}/files" => json!({"file": file_id(8).to_string(), "size": 10, "sha256": b64u(&sha256(b"x"))}),
        "/spaces/{space}/grants" => json!({"grants": grants(&[grant(stage.anna.person, epoch, "again")])}),
        "/spaces/{space}/records" => with(write(7, epoch, "new"), "dev_seq", json!(2)),
        "/spaces/{space}/reoffers" => json!({"entries": [], "grants": [], "records": []}),
        "/spaces/{space}/roster" => {
            json!({"head": b64u(&stage.chain.head), "entries": [stage.chain.clone().close(owner)], "grants": []})
        }
        _ => return None,
    })
}

/// The owner's proof by one of their slots.
fn proof(stage: &Stage, slot: u8) -> Value {
    let Proof::LoginKey { challenge, login_key, signature } = stage.world.proof(&stage.owner, slot) else { panic!() };
    json!({"challenge": challenge.to_string(), "login_key": b64u(&login_key), "signature": b64u(&signature)})
}

fn device() -> Value {
    json!({"device": "dev_00000000000000000000000001", "label": "Phone"})
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}
