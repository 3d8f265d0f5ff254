//! Reviews of who has access, over the real socket: begun, decided, signed, kept.

use alcove::config::Limits;
use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::domain::review::Choice;
use alcove::domain::role::Role;
use alcove::http::api;
use alcove::store::{Reads as _, StoreError};
use poem::{EndpointExt as _, Route};
use serde_json::{Value, json};

use crate::sharing::cookie;
use crate::support::{Answer, Site};
use crate::world::sign::Keys;
use crate::world::{World, actor, code};

/// An owner, an admin, a practitioner and a client.
struct Practice {
    world: World,
    site: Site,
    owner: Keys,
    admin: Keys,
    coach: Keys,
    client: Keys,
}

impl Practice {
    async fn open() -> Self {
        let (world, owner) = World::with_owner();
        let (admin, coach, client) = (Keys::of(3), Keys::of(4), Keys::of(5));
        world.add(&admin, Role::Admin);
        world.add(&coach, Role::Practitioner);
        world.add(&client, Role::Client);
        let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
        let site = Site::start(Limits::default(), routes).await;
        Self { world, site, owner, admin, coach, client }
    }

    async fn ask(&self, cookie: &str, method: &str, path: &str, body: &Value) -> Answer {
        let origin = self.site.trust.origin();
        let headers = format!("Origin: {origin}\r\nContent-Type: application/json\r\nCookie: {cookie}\r\n");
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.site.trust.ask(method, &format!("{}{path}", api::BASE), &headers, &body).await
    }

    fn person(&self, keys: &Keys) -> Person {
        let found: Result<Option<Person>, StoreError> = self.world.store.read(|tx| tx.find(&keys.person));
        found.unwrap().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_begun_decided_signed_and_kept() {
    let practice = Practice::open().await;
    let admin = cookie(&practice.world, &practice.admin);
    let none = practice.ask(&admin, "GET", "/reviews", &Value::Null).await.json();
    assert_eq!(none["reviews"], json!([]));
    assert!(none["due_at"].as_str().is_some());

    let opened = practice.ask(&admin, "POST", "/reviews", &Value::Null).await;
    assert_eq!(opened.status, 200);
    let review = opened.json();
    let names: Vec<_> = review["lines"].as_array().unwrap().iter().map(|line| line["role"].clone()).collect();
    assert_eq!(names, ["owner", "admin", "practitioner"], "clients are not reviewed");
    let rights = review["lines"][2]["rights"].as_array().unwrap();
    assert!(rights.contains(&json!("manage-clients")) && !rights.contains(&json!("manage-people")), "{rights:?}");
    let again = practice.ask(&admin, "POST", "/reviews", &Value::Null).await;
    assert_eq!((again.status, again.code().as_str()), (409, "review-open"));

    let id = review["review"].as_str().unwrap();
    let sign = format!("/reviews/{id}/sign-off");
    let line = |keys: &Keys| format!("/reviews/{id}/lines/{}", keys.person);
    let keep = json!({"choice": "keep", "note": " seen "});
    let own = practice.ask(&admin, "PUT", &line(&practice.admin), &keep).await;
    assert_eq!((own.status, own.code().as_str()), (403, "review-oneself"), "the owner may review, too");
    let owner = cookie(&practice.world, &practice.owner);
    for (by, about) in [(&admin, &practice.owner), (&owner, &practice.admin)] {
        let decided = practice.ask(by, "PUT", &line(about), &keep).await;
        assert_eq!(decided.status, 200);
        assert!(
            decided.json()["lines"].as_array().unwrap().iter().all(|line| line["decision"]["by_themselves"] != true)
        );
    }
    let early = practice.ask(&admin, "POST", &sign, &Value::Null).await;
    assert_eq!(
        (early.status, early.code().as_str(), early.json()["left"].as_u64()),
        (409, "review-undecided", Some(1))
    );
    let client = practice.ask(&admin, "PUT", &line(&practice.client), &json!({"choice": "keep"})).await;
    assert_eq!(client.status, 404, "a client is no line of it");
    let unknown = practice.ask(&admin, "PUT", &line(&practice.coach), &json!({"choice": "promote"})).await;
    assert_eq!(unknown.status, 400);
    let suspend = json!({"choice": "suspend", "note": "left in May"});
    assert_eq!(practice.ask(&admin, "PUT", &line(&practice.coach), &suspend).await.status, 200);

    assert_eq!(practice.person(&practice.coach).reviewed_at, None);
    let signed = practice.ask(&admin, "POST", &sign, &Value::Null).await.json();
    assert!(signed["signed_at"].is_string() && signed["signed_by"].is_string(), "{signed}");
    let last = &signed["lines"][2]["decision"];
    assert_eq!((last["choice"].as_str(), last["note"].as_str()), (Some("suspend"), Some("left in May")));
    assert!(practice.person(&practice.owner).reviewed_at.is_some());
    assert_eq!(practice.person(&practice.coach).reviewed_at, None, "to be suspended is not reviewed and right");
    assert_eq!(practice.person(&practice.client).reviewed_at, None);
    assert_eq!(practice.person(&practice.coach).state, PersonState::Active, "suspending is an act of its own");
    for (method, path) in [("PUT", line(&practice.owner)), ("POST", sign)] {
        let late =
            practice.ask(&admin, method, &path, &if method == "PUT" { suspend.clone() } else { Value::Null }).await;
        assert_eq!((late.status, late.code().as_str()), (409, "review-signed"));
    }
    let kept = practice.ask(&admin, "GET", "/reviews", &Value::Null).await.json();
    assert_eq!(kept["reviews"], json!([signed]));
    assert!(kept["due_at"].as_str() > none["due_at"].as_str(), "the next one is due later");
    let coach = cookie(&practice.world, &practice.coach);
    let acts = practice.ask(&coach, "GET", "/me/activity", &Value::Null).await.json();
    let codes: Vec<_> = acts["acts"].as_array().unwrap().iter().map(|act| act["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"review.decided") && codes.contains(&"review.signed-off"), "{codes:?}");
    let decided = acts["acts"].as_array().unwrap().iter().find(|act| act["code"] == "review.decided").unwrap();
    assert_eq!(decided["facts"], json!([{"name": "decision", "value": "suspended"}]), "in words for people");
}

#[tokio::test(flavor = "multi_thread")]
async fn reviews_are_for_those_who_may_and_signing_needs_a_fresh_proof() {
    let practice = Practice::open().await;
    let Practice { world, owner, admin, coach, client, .. } = &practice;
    for who in [coach, client] {
        let cookie = cookie(world, who);
        for (method, path) in [("GET", "/reviews"), ("POST", "/reviews")] {
            assert_eq!(practice.ask(&cookie, method, path, &Value::Null).await.status, 403, "{method} {path}");
        }
    }
    let acts = actor(owner, Role::Owner);
    let review = world.app.open_review(&acts).unwrap().review;
    for line in &review.lines {
        let decide = Choice::Keep;
        // Whoever was suspended meanwhile needs no decision.
        if line.person == coach.person {
            let at = world.clock.now();
            let state = PersonState::Suspended { at, why: SuspendedWhy::By(owner.person) };
            world.put(&Person { state, ..practice.person(coach) });
        } else {
            let by = if line.person == owner.person { actor(admin, Role::Admin) } else { acts.clone() };
            world.app.decide_review(&by, review.id, line.person, decide, None).unwrap();
        }
    }
    let old = alcove::policy::Actor {
        kind: match acts.kind {
            alcove::policy::ActorKind::Person { person, role, rights, device, standing } => {
                let standing = alcove::policy::PersonStanding { fresh: false, ..standing };
                alcove::policy::ActorKind::Person { person, role, rights, device, standing }
            }
            other => other,
        },
        network: None,
    };
    assert!(matches!(
        world.app.sign_off_review(&old, review.id),
        Err(alcove::app::Error::Denied(alcove::policy::Denied::ProofTooOld))
    ));
    let long = "x".repeat(501);
    let choice = Choice::Change;
    let refused = world.app.decide_review(&acts, review.id, admin.person, choice, Some(&long));
    assert_eq!(code(refused), "field-refused");
    assert!(world.app.sign_off_review(&acts, review.id).unwrap().review.signed_off.is_some());
}

/// Whoever reviewed decided about their own access, too.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_about_themselves_unless_nobody_else_could() {
    let practice = Practice::open().await;
    let Practice { world, owner, admin, .. } = &practice;
    let acts = actor(owner, Role::Owner);
    let review = world.app.open_review(&acts).unwrap().review.id;
    let keep = |acts| world.app.decide_review(acts, review, owner.person, Choice::Keep, None);
    assert_eq!(code(keep(&acts)), "review-oneself");
    world.app.suspend(&acts, admin.person).unwrap();
    keep(&acts).unwrap();
    let report = practice.ask(&cookie(world, owner), "GET", "/reviews", &Value::Null).await.json();
    assert_eq!(report["reviews"][0]["lines"][0]["decision"]["by_themselves"], true, "the report says so");
}

/// A reviewer who was suspended while their request was on its way still signed.
#[tokio::test(flavor = "multi_thread")]
async fn a_review_looks_again_at_who_reviews() {
    let practice = Practice::open().await;
    let Practice { world, owner, admin, .. } = &practice;
    let review = world.app.open_review(&actor(owner, Role::Owner)).unwrap().review.id;
    let acts = actor(admin, Role::Admin);
    world.put(&Person { role: Role::Staff, ..practice.person(admin) });
    assert_eq!(code(world.app.decide_review(&acts, review, owner.person, Choice::Keep, None)), "NotAllowed");
    assert_eq!(code(world.app.sign_off_review(&acts, review)), "NotAllowed");
    assert_eq!(code(world.app.open_review(&acts)), "NotAllowed");
}
