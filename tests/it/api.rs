//! The API as a device meets it: routes behind their guards, cookies, problems, the event stream.

use alcove::app::App;
use alcove::app::sign_in::LoginBy;
use alcove::config::Limits;
use alcove::crypto::token::Token;
use alcove::domain::id::SpaceId;
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::http::{Front, Problem, api};
use alcove::policy::{Actor, ActorKind};
use futures_util::StreamExt as _;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, EndpointExt as _, Request, Response, Route};
use serde_json::{Value, json};

use crate::world::account::{ORIGIN, answer, login_key, origin, set_up};
use crate::world::sign::Keys;
use crate::world::{World, actor, sealed, visitor};

type Site = Front<poem::endpoint::BoxEndpoint<'static, Response>>;

fn site(app: &App) -> Site {
    let routes = Route::new().nest(api::BASE, api::routes()).data(app.clone()).map_to_response().boxed();
    Front::new(routes, origin(), &Limits::default())
}

struct Answered {
    status: StatusCode,
    cookie: Option<String>,
    body: Value,
}

async fn ask(site: &Site, method: Method, path: &str, cookie: Option<&str>, body: Option<Value>) -> Answered {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", api::BASE).parse().unwrap())
        .header(header::HOST, "practice.example")
        .header(header::ORIGIN, ORIGIN);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = match body {
        Some(body) => request.content_type("application/json").body(Body::from(body.to_string())),
        None => request.finish(),
    };
    let response = site.call(request).await.unwrap_or_else(poem::Error::into_response);
    let cookie = response.header(header::SET_COOKIE).and_then(|line| line.split(';').next()).map(str::to_owned);
    let status = response.status();
    let body = response.into_body().into_string().await.unwrap();
    Answered { status, cookie, body: serde_json::from_str(&body).unwrap_or(Value::Null) }
}

fn cookie_of(token: &Token) -> String {
    format!("__Host-alcove={}", token.reveal())
}

/// What a device sends to set up the practice at an origin.
pub fn set_up_body(owner: &Keys, origin: &str) -> Value {
    let asked = set_up(owner);
    let slot = |n: u8, kind: &str, salt: Value| {
        let made = &asked.owner.slots[usize::from(n) - 1];
        json!({
            "slot": made.slot.to_string(), "kind": kind, "label": made.label, "login_key": b64u(&made.login_key),
            "salt": salt, "passkey": null,
        })
    };
    json!({
        "name": asked.name, "zone": asked.zone, "origin": origin, "restore_kit": asked.restore_kit,
        "device": {"device": asked.device.device.to_string(), "label": asked.device.label},
        "owner": {
            "person": owner.person.to_string(), "name": "Ada", "email": null, "zone": "Europe/Berlin",
            "statement": owner.statement(), "leaf": {"tag": b64u(&[1; 16]), "salt": b64u(&[1; 16])},
            "keyring": b64u(&asked.owner.keyring),
            "slots": [slot(1, "password", json!(b64u(&[5; 16]))), slot(2, "kit", Value::Null)],
        },
        "notebook": {
            "genesis": asked.notebook.genesis,
            "grants": [{"to": owner.person.to_string(), "epoch": 1, "body": b64u(&asked.notebook.grants[0].body)}],
        },
    })
}

#[tokio::test]
async fn from_claim_to_sign_out() {
    let (world, owner) = (World::unclaimed(), Keys::of(1));
    let site = site(&world.app);
    let code = world.app.make_claim_code(&Actor::local(ActorKind::Operator)).unwrap().to_string();
    let seen = ask(&site, Method::GET, "/practice", None, None).await;
    assert_eq!((seen.status, &seen.body["state"]), (StatusCode::OK, &json!("unclaimed")));

    let claimed = ask(&site, Method::POST, "/claims", None, Some(json!({"code": code}))).await;
    assert_eq!(claimed.status, StatusCode::NO_CONTENT);
    let founding = claimed.cookie.unwrap();
    let made = ask(&site, Method::POST, "/practice", Some(&founding), Some(set_up_body(&owner, ORIGIN))).await;
    assert_eq!((made.status, &made.body["role"]), (StatusCode::OK, &json!("owner")), "{}", made.body);
    let cookie = made.cookie.unwrap();
    let me = ask(&site, Method::GET, "/me", Some(&cookie), None).await;
    assert_eq!(me.body["spaces"][0]["kind"], "notebook");
    assert_eq!(me.body["kits_proved"], false);

    let asked = world.app.login_challenge(&visitor(), LoginBy::Person(owner.person)).unwrap();
    let alcove::app::proof::Proof::LoginKey { signature, .. } = answer(&owner, 2, &origin(), &asked) else { panic!() };
    let key = b64u(&login_key(&owner, 2).verifying_key().to_bytes());
    let proof = json!({
        "challenge": asked.challenge.to_string(), "login_key": key, "signature": b64u(&signature),
        "device": {"device": "dev_00000000000000000000000001", "label": "Phone"},
    });
    let entered = ask(&site, Method::POST, "/sign-ins", None, Some(proof.clone())).await;
    assert_eq!((entered.status, &entered.body["name"]), (StatusCode::OK, &json!("Ada")));
    assert!(entered.body["keyring"].is_string());
    let replayed = ask(&site, Method::POST, "/sign-ins", None, Some(proof)).await;
    assert_eq!((replayed.status, &replayed.body["code"]), (StatusCode::UNAUTHORIZED, &json!("sign-in-failed")));

    let locked = ask(&site, Method::PUT, "/session/lock", Some(&cookie), None).await;
    assert_eq!(locked.status, StatusCode::NO_CONTENT);
    let refused = ask(&site, Method::GET, "/me/keyring", Some(&cookie), None).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::FORBIDDEN, &json!("session-locked")));
    let ended = ask(&site, Method::DELETE, "/session", Some(&cookie), None).await;
    assert_eq!((ended.status, ended.cookie.as_deref()), (StatusCode::NO_CONTENT, Some("__Host-alcove=")));
    let out = ask(&site, Method::GET, "/me", Some(&cookie), None).await;
    assert_eq!((out.status, &out.body["code"]), (StatusCode::UNAUTHORIZED, &json!("signed-out")));
}

#[tokio::test]
async fn every_operation_but_the_public_ones_asks_for_a_session() {
    let world = World::founded().0;
    let site = site(&world.app);
    let description: Value = serde_json::from_str(&api::description()).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let public = |tag: &Value| {
                ["Nothing", "ClaimPractice", "SignIn", "Join", "SetUpPractice"].iter().any(|known| tag == known)
            };
            if operation["tags"].as_array().unwrap().iter().any(public) {
                continue;
            }
            let filled = fill(path);
            let method: Method = method.to_uppercase().parse().unwrap();
            let answered = ask(&site, method.clone(), &filled, None, Some(json!({}))).await;
            assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
}

/// A locked session reads nothing but who it is, and a client's session none of the practice's own lists.
#[tokio::test]
async fn locked_sessions_and_clients_are_kept_out_of_what_is_not_theirs() {
    let (world, owner, entered) = World::founded();
    let (site, cookie) = (site(&world.app), cookie_of(&entered.token));
    world.app.lock_session(&world.asker(&entered.token)).unwrap();
    let description: Value = serde_json::from_str(&api::description()).unwrap();
    for (path, operation) in description["paths"].as_object().unwrap().iter().map(|(path, item)| (path, &item["get"])) {
        let needs = &operation["tags"][0];
        if ["OwnAccount", "ReadSpaces", "ManageClients", "SeeBackups"].iter().any(|right| needs == right) {
            let answered = ask(&site, Method::GET, &fill(path), Some(&cookie), None).await;
            assert_eq!(answered.body["code"], "session-locked", "{path}");
        }
    }
    world.app.unlock_session(&world.asker(&entered.token), world.proof(&owner, 1), None).unwrap();
    world.add(&owner, Role::Client);
    for path in ["/clients", "/backups"] {
        let answered = ask(&site, Method::GET, path, Some(&cookie), None).await;
        assert_eq!((answered.status, &answered.body["code"]), (StatusCode::FORBIDDEN, &json!("not-allowed")), "{path}");
    }
}

/// A path with ids of the right form that name nothing.
fn fill(path: &str) -> String {
    let id = |prefix: &str| format!("{prefix}_00000000000000000000000000");
    path.split('/')
        .map(|part| match part {
            "{space}" | "{s}" => format!("spc_{}", "A".repeat(43)),
            "{client}" => id("cli"),
            "{invite}" => id("inv"),
            "{record}" => id("rec"),
            "{file}" => id("fil"),
            "{slot}" => id("slt"),
            "{person}" => id("per"),
            "{key}" => id("key"),
            part if part.starts_with('{') => "1".to_owned(),
            part => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn a_body_is_checked_and_never_echoed() {
    let (world, _, entered) = World::founded();
    let (site, cookie) = (site(&world.app), cookie_of(&entered.token));
    let secret = json!({"version": 1, "body": "", "add": [{"results": {"prf": {"first": "c2VjcmV0"}}}]});
    let refused = ask(&site, Method::PUT, "/me/keyring", Some(&cookie), Some(secret)).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::BAD_REQUEST, &json!("secret-in-body")));
    let wrong = json!({"person": "per_not-an-id-canary", "login_key": null});
    let refused = ask(&site, Method::POST, "/sign-in/challenges", None, Some(wrong)).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::BAD_REQUEST, &json!("bad-request")));
    assert!(!refused.body.to_string().contains("canary"));
    let both = json!({"person": null, "login_key": null});
    assert_eq!(ask(&site, Method::POST, "/sign-in/challenges", None, Some(both)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(Problem::from(alcove::app::Error::NotFound).status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_event_stream_tells_changes_and_ends_with_the_session() {
    let (world, owner, entered) = World::founded();
    let (site, cookie) = (site(&world.app), cookie_of(&entered.token));
    let mut stream = events(&site, &cookie).await;
    assert_eq!(next(&mut stream).await.as_deref(), Some("event: ping"));
    let asker = world.asker(&entered.token);
    world.app.prove_kits(&asker.actor, world.proof(&owner, 2), true).unwrap();
    let change = alcove::app::keyring::KeyringChange {
        version: 1,
        body: crate::world::sealed("again", 80),
        add: Vec::new(),
        remove: Vec::new(),
    };
    world.app.replace_keyring(&asker, change).unwrap();
    assert_eq!(next(&mut stream).await.as_deref(), Some("event: change"));
    world.app.lock_session(&asker).unwrap();
    assert_eq!(next(&mut stream).await, None);
}

/// An event stream of a session.
async fn events(site: &Site, cookie: &str) -> impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> + Unpin {
    let request = Request::builder()
        .uri(format!("{}/events", api::BASE).parse().unwrap())
        .header(header::HOST, "practice.example")
        .header(header::COOKIE, cookie)
        .finish();
    let response = site.call(request).await.unwrap();
    assert_eq!(response.content_type(), Some("text/event-stream"));
    response.into_body().into_bytes_stream()
}

/// Who may hear of a change is looked up once for its commit, and not once for each device that listens.
#[tokio::test]
async fn many_listeners_cost_no_more_looks_than_one() {
    let (world, owner, entered) = World::founded();
    world.prove(&owner);
    let (site, cookie) = (site(&world.app), cookie_of(&entered.token));
    let (_, chain) = world.client(&owner, 1);
    let (mut streams, mut looks) = (Vec::new(), Vec::new());
    for n in 1..=8 {
        let mut stream = events(&site, &cookie).await;
        assert_eq!(next(&mut stream).await.as_deref(), Some("event: ping"));
        streams.push(stream);
        let before = world.store.reads();
        let write = crate::world::record(n, 1, "heard by all");
        world.app.write_record(&actor(&owner, Role::Owner), None, chain.space, &write).unwrap();
        for stream in &mut streams {
            assert_eq!(next(stream).await.as_deref(), Some("event: change"));
        }
        looks.push(world.store.reads() - before);
    }
    assert!(looks[0] > 0 && looks.iter().all(|count| *count == looks[0]), "{looks:?}");
}

/// The line that names the next event; nothing when the stream ended.
async fn next(
    stream: &mut (impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> + Unpin),
) -> Option<String> {
    let text = String::from_utf8(stream.next().await?.unwrap().to_vec()).unwrap();
    text.lines().find(|line| line.starts_with("event:")).map(str::to_owned)
}

/// A key is good for one request: the same body under it for another space is another request.
#[tokio::test]
async fn an_idempotency_key_does_not_answer_for_another_space() {
    let (world, owner, entered) = World::founded();
    world.add(&owner, Role::Owner);
    let ((_, first), (_, second)) = (world.client(&owner, 2), world.client(&owner, 3));
    let (site, cookie) = (site(&world.app), cookie_of(&entered.token));
    let body = json!({
        "record": "rec_00000000000000000000000001", "rev": 1, "prev": null, "epoch": 1, "dev_seq": 1, "open": null,
        "deleted": false, "body": b64u(&sealed("once", 100)),
    });
    let write = async |space: SpaceId| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/spaces/{space}/records", api::BASE).parse().unwrap())
            .header(header::HOST, "practice.example")
            .header(header::ORIGIN, ORIGIN)
            .header(header::COOKIE, &cookie)
            .header("idempotency-key", "key-1")
            .content_type("application/json")
            .body(Body::from(body.to_string()));
        site.call(request).await.unwrap_or_else(poem::Error::into_response).status()
    };
    assert_eq!(write(first.space).await, StatusCode::OK);
    assert_eq!(write(first.space).await, StatusCode::OK, "a repeat");
    assert_eq!(write(second.space).await, StatusCode::CONFLICT);
    let acts = actor(&owner, Role::Owner);
    assert_eq!(world.app.changes(&acts, first.space, 0, 10).unwrap().changes.len(), 1);
}
