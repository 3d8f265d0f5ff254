//! Spaces, records, files, clients and invites as devices meet them over HTTP.

use alcove::app::App;
use alcove::app::space::GrantMade;
use alcove::config::Limits;
use alcove::crypto::sign::sha256;
use alcove::domain::audit::Event;
use alcove::domain::person::Person;
use alcove::domain::role::Role;
use alcove::domain::session::Strength;
use alcove::domain::text::b64u;
use alcove::http::{Front, api};
use alcove::policy::{Actor, ActorKind, Right};
use alcove::store::{Reads as _, StoreError};
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, EndpointExt as _, Request, Response, Route};
use serde_json::{Value, json};

use crate::world::account::{ORIGIN, account, device, origin};
use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, file_id, grant, made, nowhere, record, sealed};

type Site = Front<poem::endpoint::BoxEndpoint<'static, Response>>;

fn site(app: &App) -> Site {
    let routes = Route::new().nest(api::BASE, api::routes()).data(app.clone()).map_to_response().boxed();
    Front::new(routes, origin(), &Limits::default())
}

/// A device with a session at a site.
struct Device<'a> {
    site: &'a Site,
    cookie: Option<String>,
}

struct Answered {
    status: StatusCode,
    head: header::HeaderMap,
    bytes: Vec<u8>,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.head[name].to_str().unwrap()
    }
}

impl Device<'_> {
    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answered {
        let uri = format!("{}{path}", api::BASE).parse().unwrap();
        let mut request = Request::builder().method(method).uri(uri);
        request = request.header(header::HOST, "practice.example").header(header::ORIGIN, ORIGIN);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.site.call(request.body(body)).await;
        let response = response.unwrap_or_else(|error: poem::Error| error.into_response());
        let (status, head) = (response.status(), response.headers().clone());
        Answered { status, head, bytes: response.into_body().into_vec().await.unwrap() }
    }

    async fn read(&self, path: &str) -> Answered {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answered {
        self.send(Method::POST, path, &[("content-type", "application/json")], Body::from(body.to_string())).await
    }

    async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answered {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.send(Method::POST, path, &headers, Body::from(body.to_string())).await
    }

    async fn put(&self, path: &str, bytes: &[u8]) -> Answered {
        let headers = [("content-type", "application/octet-stream")];
        self.send(Method::PUT, path, &headers, Body::from(bytes.to_vec())).await
    }
}

/// A session for a person, opened as signing in would.
pub fn cookie(world: &World, keys: &Keys) -> String {
    let permit = Actor::local(ActorKind::System).may(Right::Housekeep).unwrap();
    let opened = world.store.write(|tx| {
        let person: Person = tx.find(&keys.person)?.unwrap();
        tx.audit(&permit, Event::new("test.session"))?;
        alcove::app::session::open(tx, &permit, &person, &device(keys.n), Strength::Strong)
    });
    format!("__Host-alcove={}", opened.map_err(|error| error.to_string()).unwrap().0.reveal())
}

pub fn grants(made: &[GrantMade]) -> Value {
    let grant = |made: &GrantMade| json!({"to": made.to.to_string(), "epoch": made.epoch, "body": b64u(&made.body)});
    made.iter().map(grant).collect()
}

pub fn space(chain: &Chain, by: &Keys) -> Value {
    let made = made(chain, by);
    json!({"genesis": made.genesis, "grants": grants(&made.grants)})
}

pub fn write(n: u8, epoch: u64, tag: &str) -> Value {
    let write = record(n, epoch, tag);
    json!({
        "record": write.record.to_string(), "rev": 1, "prev": null, "epoch": epoch, "dev_seq": 1,
        "open": {"type": "action", "due_on": "2026-12-24", "done": false}, "deleted": false, "body": b64u(&write.body),
    })
}

#[tokio::test]
async fn a_client_is_added_invited_and_joins_over_the_api() {
    let (world, coach) = World::with_owner();
    let site = site(&world.app);
    let desk = Device { site: &site, cookie: Some(cookie(&world, &coach)) };
    let (mut shared, own) = (Chain::begin("shared", &coach, 1), Chain::begin("own", &coach, 1));
    let client = "cli_00000000000000000000000001";
    let body = json!({
        "client": client, "name": "Anna", "email": "anna@example.org",
        "shared": space(&shared, &coach), "own": space(&own, &coach),
    });
    let added = desk.post_once("/clients", "k1", &body).await;
    assert_eq!((added.status, &added.json()["state"]), (StatusCode::OK, &json!("added")), "{}", added.json());
    assert_eq!(desk.post_once("/clients", "k1", &body).await.json(), added.json());
    let mismatch = desk.post_once("/clients", "k1", &json!({"other": 1, "client": client})).await;
    assert_eq!(mismatch.status, StatusCode::BAD_REQUEST);
    let etag = added.json()["etag"].as_str().unwrap().to_owned();
    let headers = [("content-type", "application/json"), ("if-match", etag.as_str())];
    let path = format!("/clients/{client}");
    let edit = || Body::from(json!({"name": "Anna Berg"}).to_string());
    let edited = desk.send(Method::PATCH, &path, &headers, edit()).await;
    assert_eq!((edited.status, &edited.json()["name"]), (StatusCode::OK, &json!("Anna Berg")));
    assert_eq!(edited.json()["email"], json!("anna@example.org"), "what is absent stays");
    assert_eq!(desk.send(Method::PATCH, &path, &headers, edit()).await.status, StatusCode::PRECONDITION_FAILED);
    let any = [("content-type", "application/json"), ("if-match", "*")];
    let cleared = desk.send(Method::PATCH, &path, &any, Body::from(json!({"email": null}).to_string())).await;
    assert_eq!((&cleared.json()["email"], &cleared.json()["name"]), (&Value::Null, &json!("Anna Berg")));

    let expires_at = world.clock.now() + jiff::SignedDuration::from_hours(24 * 14);
    let (invite, key, head) = (alcove::domain::id::InviteId::from_bytes([2; 16]), Keys::of(102), shared.head);
    let entry = shared.invite(&coach, invite, &key, expires_at);
    let inviting = json!({
        "head": b64u(&head), "entries": [entry], "grants": [],
        "invite": {"invite": invite.to_string(), "client": client, "pending_grant": b64u(&sealed("p", 90)),
                   "expires_at": expires_at.to_string()},
    });
    let path = format!("/spaces/{}/roster", shared.space);
    let invited = desk.post(&path, &inviting).await;
    assert_eq!((invited.status, &invited.json()["size"]), (StatusCode::OK, &json!(2)), "{}", invited.json());
    let moved = desk.post(&path, &inviting).await;
    assert_eq!((moved.status, &moved.json()["code"]), (StatusCode::CONFLICT, &json!("roster-moved")));
    assert_eq!(moved.json()["head"], json!(b64u(&shared.head)));

    let phone = Device { site: &site, cookie: None };
    let seen = phone.read(&format!("/invites/{invite}")).await;
    assert_eq!((seen.status, &seen.json()["coach"]["person"]), (StatusCode::OK, &json!(coach.person.to_string())));
    let anna = Keys::of(5);
    let body = join_body(&anna, &coach, invite, &key, &mut shared);
    let joined = phone.post(&format!("/invites/{invite}/join"), &body).await;
    assert_eq!((joined.status, &joined.json()["role"]), (StatusCode::OK, &json!("client")), "{}", joined.json());
    let line = joined.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
    let phone = Device { site: &site, cookie: Some(line) };
    let mine = phone.read(&format!("/spaces/{}/grants", shared.space)).await;
    assert_eq!(mine.json()["grants"][0]["epoch"], 2);
    let gone = Device { site: &site, cookie: None }.read(&format!("/invites/{invite}")).await;
    assert_eq!((gone.status, &gone.json()["code"]), (StatusCode::GONE, &json!("invite-spent")));
    let clients = desk.read("/clients").await;
    assert_eq!(clients.json()["clients"][0]["state"], "joined");
}

pub fn join_body(
    anna: &Keys,
    coach: &Keys,
    invite: alcove::domain::id::InviteId,
    key: &Keys,
    chain: &mut Chain,
) -> Value {
    let head = b64u(&chain.head);
    let entries = [chain.join(invite, key, anna, coach), chain.epoch(anna)];
    let granted = [grant(anna.person, 2, "mine"), grant(coach.person, 2, "theirs")];
    let account = account(anna);
    let slot = |n: usize, kind: &str, salt: Value| {
        let made = &account.slots[n];
        json!({
            "slot": made.slot.to_string(), "kind": kind, "label": made.label, "salt": salt, "passkey": null,
            "login_key": b64u(&made.login_key),
        })
    };
    json!({
        "head": head, "entries": entries, "grants": grants(&granted),
        "notebook": space(&Chain::begin("notebook", anna, 5), anna),
        "device": {"device": device(5).device.to_string(), "label": "Phone"},
        "account": {
            "person": anna.person.to_string(), "name": "Anna", "email": null, "zone": "Europe/Paris",
            "statement": anna.statement(), "leaf": {"tag": b64u(&[5; 16]), "salt": b64u(&[5; 16])},
            "keyring": b64u(&account.keyring),
            "slots": [slot(0, "password", json!(b64u(&[5; 16]))), slot(1, "kit", Value::Null)],
        },
    })
}

#[tokio::test]
async fn records_travel_with_their_hash_and_conflicts_with_their_head() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let site = site(&world.app);
    let desk = Device { site: &site, cookie: Some(cookie(&world, &coach)) };
    let path = format!("/spaces/{}/records", chain.space);
    let taken = desk.post_once(&path, "w1", &write(1, 1, "one")).await;
    assert_eq!((taken.status, &taken.json()["seq"]), (StatusCode::OK, &json!(1)), "{}", taken.json());
    assert_eq!(desk.post_once(&path, "w1", &write(1, 1, "one")).await.json(), taken.json());
    let other = desk.post_once(&path, "w1", &write(1, 1, "two")).await;
    assert_eq!(other.json()["code"], "idempotency-mismatch");
    let moved = desk.post(&path, &write(1, 1, "two")).await;
    let hash = b64u(&sha256(&record(1, 1, "one").body));
    assert_eq!((moved.status, &moved.json()["head"]), (StatusCode::CONFLICT, &json!(hash)));
    let closed = desk.post(&path, &write(2, 9, "x")).await;
    assert_eq!((&closed.json()["code"], &closed.json()["epoch"]), (&json!("epoch-closed"), &json!(1)));

    let changes = desk.read(&format!("/spaces/{}/changes?since=0&limit=10", chain.space)).await.json();
    let first = &changes["changes"][0];
    assert_eq!((&first["hash"], &first["dev_seq"], &changes["more"]), (&json!(hash), &json!(1), &json!(false)));
    assert_eq!(first["open"], json!({"type": "action", "due_on": "2026-12-24", "done": false}));
    assert_eq!(first["body"], json!(b64u(&record(1, 1, "one").body)));
    let body = desk.read(&format!("{path}/{}/1", record(1, 1, "").record)).await;
    assert_eq!(
        (body.bytes.as_slice(), body.header(header::ETAG)),
        (&record(1, 1, "one").body[..], &*format!("\"{hash}\""))
    );
}

#[tokio::test]
async fn files_are_uploaded_in_parts_and_streamed_in_ranges() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let site = site(&world.app);
    let desk = Device { site: &site, cookie: Some(cookie(&world, &coach)) };
    let content: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let file = file_id(1);
    let made = json!({"file": file.to_string(), "size": content.len(), "sha256": b64u(&sha256(&content))});
    let begin = format!("/spaces/{}/files", chain.space);
    assert_eq!(desk.post(&begin, &made).await.json()["part_bytes"], 8_388_608);
    let received = desk.put(&format!("/files/{file}/parts/0"), &content[..131_072]).await;
    assert_eq!(received.json()["received"], 131_072, "{}", received.json());
    let wrong = desk.put(&format!("/files/{file}/parts/0"), &content[..10]).await;
    assert_eq!((wrong.status, &wrong.json()["received"]), (StatusCode::CONFLICT, &json!(131_072)));
    assert_eq!(desk.post(&begin, &made).await.json()["received"], 131_072);
    desk.put(&format!("/files/{file}/parts/131072"), &content[131_072..]).await;
    let seen = desk.read(&format!("/files/{file}")).await.json();
    assert_eq!((&seen["received"], &seen["committed"]), (&json!(300_000), &json!(false)));
    let committed = desk.send(Method::POST, &format!("/files/{file}/commit"), &[], Body::empty()).await;
    assert_eq!(committed.status, StatusCode::OK, "{}", committed.json());

    let path = format!("/files/{file}/content");
    let whole = desk.read(&path).await;
    assert_eq!((whole.status, whole.bytes == content), (StatusCode::OK, true));
    assert_eq!(whole.header(header::CONTENT_LENGTH), "300000");
    let part = desk.send(Method::GET, &path, &[("range", "bytes=100000-199999")], Body::empty()).await;
    assert_eq!((part.status, part.bytes == content[100_000..200_000]), (StatusCode::PARTIAL_CONTENT, true));
    assert_eq!(part.header(header::CONTENT_RANGE), "bytes 100000-199999/300000");
    let outside = desk.send(Method::GET, &path, &[("range", "bytes=300000-")], Body::empty()).await;
    assert_eq!(outside.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

/// Hostile cases 13 and 17: on every route, somebody else's ids and a removed member's old ones answer as absent ones.
#[tokio::test]
async fn other_peoples_ids_answer_like_absent_ones_on_every_route() {
    let (world, coach) = World::with_owner();
    let (client, mut chain) = world.client(&coach, 1);
    let (removed, stranger) = (Keys::of(2), Keys::of(3));
    world.add(&removed, Role::Practitioner);
    world.add(&stranger, Role::Practitioner);
    world.admit(&coach, &removed, &mut chain);
    let acts = actor(&removed, Role::Practitioner);
    world.app.write_record(&acts, None, chain.space, &record(1, 1, "theirs")).unwrap();
    let content = b"age-encryption.org/v1\nfile";
    let made = alcove::app::file::FileMade { file: file_id(1), size_bytes: 26, sha256: sha256(content) };
    world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    world.app.append_file(&acts, made.file, 0, content.as_slice()).unwrap();
    world.app.commit_file(&acts, made.file).unwrap();
    world.remove(&coach, removed.person, &mut chain);

    let site = site(&world.app);
    let space_body = |path: &str| match path.rsplit('/').next().unwrap() {
        "roster" => json!({"head": b64u(&chain.head), "entries": [chain.clone().close(&coach)], "grants": []}),
        "grants" => json!({"grants": grants(&[grant(removed.person, 1, "x")])}),
        "records" => write(7, 2, "x"),
        "files" => json!({"file": file_id(8).to_string(), "size": 10, "sha256": b64u(&[1; 32])}),
        "own" => space(&Chain::begin("own", &removed, 9), &removed),
        _ => json!({}),
    };
    let description: Value = serde_json::from_str(&api::description()).unwrap();
    let mut tried = 0;
    for who in [&removed, &stranger] {
        let device = Device { site: &site, cookie: Some(cookie(&world, who)) };
        for (path, methods) in description["paths"].as_object().unwrap() {
            if !["{space}", "{client}", "{file}"].iter().any(|id| path.contains(id)) {
                continue;
            }
            let fill = |space: String, client: String, file: String| {
                let path = path.replace("{space}", &space).replace("{client}", &client).replace("{file}", &file);
                path.replace("{record}", &record(1, 1, "").record.to_string())
                    .replace("{rev}", "1")
                    .replace("{offset}", "0")
            };
            let theirs = fill(chain.space.to_string(), client.to_string(), made.file.to_string());
            let absent =
                fill(nowhere().to_string(), "cli_7zzzzzzzzzzzzzzzzzzzzzzzzz".to_owned(), file_id(9).to_string());
            for method in methods.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let kind = if path.contains("parts") { "application/octet-stream" } else { "application/json" };
                let headers = [("content-type", kind)];
                let mut answers = Vec::new();
                for path in [&theirs, &absent] {
                    let body = Body::from(space_body(path).to_string());
                    let answered = device.send(method.clone(), path, &headers, body).await;
                    assert_eq!(answered.status, StatusCode::NOT_FOUND, "{method} {path}: {}", answered.json());
                    answers.push(answered.bytes);
                }
                assert_eq!(answers[0], answers[1], "{method} {path}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 2 * 15, "{tried} routes");
    let sealed: Result<Option<alcove::domain::space::Space>, StoreError> = world.store.read(|tx| tx.find(&chain.space));
    assert_eq!(sealed.unwrap().unwrap().roster.head, chain.head);
}
