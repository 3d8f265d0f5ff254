//! What people are told of their own accounts: over the real socket, in order, without ids of others.

use alcove::app::activity::{Look, Part};
use alcove::config::Limits;
use alcove::domain::audit::Topic;
use alcove::domain::id::SpaceId;
use alcove::domain::role::Role;
use alcove::http::api;
use poem::{EndpointExt as _, Route};
use serde_json::{Value, json};

use crate::joining::join;
use crate::sharing::{cookie, grants};
use crate::support::{Answer, Site};
use crate::world::account::{device, outside};
use crate::world::sign::Keys;
use crate::world::{World, actor, grant};

/// A coach, Anna who is coached, and their practice on the network.
struct Practice {
    world: World,
    site: Site,
    coach: Keys,
    anna: Keys,
    space: SpaceId,
}

impl Practice {
    async fn open() -> Self {
        let (world, coach, _) = World::founded();
        world.prove(&coach);
        let (client, mut chain) = world.client(&coach, 1);
        let (invite, key) = world.invite(&coach, client, &mut chain, 2);
        let anna = Keys::of(5);
        let (request, chain) = join(&anna, &coach, invite, &key, &chain);
        world.app.join(&outside(), invite, request).unwrap();
        let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
        let site = Site::start(Limits::default(), routes).await;
        Self { world, site, coach, anna, space: chain.space }
    }

    async fn ask(&self, who: &Keys, method: &str, path: &str, body: &Value) -> Answer {
        let pair = cookie(&self.world, who);
        let origin = self.site.trust.origin();
        let headers = format!("Origin: {origin}\r\nContent-Type: application/json\r\nCookie: {pair}\r\n");
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.site.trust.ask(method, &format!("{}{path}", api::BASE), &headers, &body).await
    }

    async fn acts(&self, who: &Keys, query: &str) -> (Vec<Value>, Value) {
        let answer = self.ask(who, "GET", &format!("/me/activity{query}"), &Value::Null).await;
        assert_eq!(answer.status, 200);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        for id in ["per_", "dev_", "ses_", "slt_", "spc_", "cli_"] {
            assert!(!text.contains(id), "an id is told: {text}");
        }
        let page = answer.json();
        (page["acts"].as_array().unwrap().clone(), page["next"].clone())
    }
}

fn find<'a>(acts: &'a [Value], code: &str) -> Option<&'a Value> {
    acts.iter().find(|act| act["code"] == code)
}

fn fact<'a>(act: &'a Value, name: &str) -> Option<&'a str> {
    let facts = act["facts"].as_array().unwrap();
    facts.iter().find(|fact| fact["name"] == name).map(|fact| fact["value"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_their_sign_ins_and_who_tried() {
    let practice = Practice::open().await;
    let Practice { world, coach, .. } = &practice;
    drop(world.app.sign_in(&outside(), world.proof(coach, 77), &device(3)).unwrap_err());
    world.app.sign_in(&outside(), world.proof(coach, 1), &device(3)).unwrap();

    let (acts, _) = practice.acts(coach, "").await;
    assert!(acts.windows(2).all(|two| two[0]["n"].as_u64() > two[1]["n"].as_u64()), "newest first");
    let opened: Vec<_> = acts.iter().filter(|act| act["code"] == "session.opened").collect();
    let there = opened.iter().find(|act| act["by"] == "visitor" && fact(act, "kind") == Some("password")).unwrap();
    assert_eq!((there["part"].as_str(), there["device"].as_str()), (Some("own"), Some("Firefox on Linux")), "{there}");
    assert_eq!(fact(there, "new_device"), Some("true"), "{there}");
    assert!(find(&acts, "sign-in.failed").is_some_and(|act| act["part"] == "own"), "{acts:?}");
    assert!(acts.iter().all(|act| act["part"] != "done"), "work is no activity of the account");

    let changes = practice.ask(coach, "GET", "/account/changes?since=0", &Value::Null).await.json();
    let told = changes["changes"].as_array().unwrap().iter().filter(|change| change["kind"] == "security").count();
    assert!(told >= 1, "devices are told of a sign-in on a new one: {changes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_who_touched_their_access_and_who_was_handed_their_records() {
    let practice = Practice::open().await;
    let Practice { coach, anna, space, .. } = &practice;
    let (before, _) = practice.acts(anna, "").await;
    assert!(find(&before, "client.joined").is_some_and(|act| act["part"] == "own"), "{before:?}");
    assert!(before.iter().all(|act| act["part"] == "own"), "{before:?}");

    let given = json!({"grants": grants(&[grant(anna.person, 1, "again")])});
    let answer = practice.ask(coach, "POST", &format!("/spaces/{space}/grants"), &given).await;
    assert!(answer.status < 300, "{:?}", String::from_utf8_lossy(&answer.body));
    assert_eq!(practice.ask(coach, "GET", &format!("/spaces/{space}/grants"), &Value::Null).await.status, 200);

    let (acts, _) = practice.acts(anna, "").await;
    let granted = find(&acts, "space.granted").unwrap();
    assert_eq!((granted["part"].as_str(), granted["by"].as_str()), (Some("touched"), Some("person")));
    assert!(granted["network"].is_null(), "where the coach works from: {granted}");
    let joined = find(&acts, "client.joined").unwrap();
    assert!(joined["network"].is_string(), "one's own network is told: {joined}");
    assert!(granted["name"].as_str().is_some_and(|name| !name.is_empty()) && granted["device"].is_null(), "{granted}");

    let (handed, _) = practice.acts(anna, "?topic=content").await;
    let to_coach = handed.iter().find(|act| act["part"] == "touched").unwrap();
    assert_eq!((to_coach["code"].as_str(), to_coach["name"] == granted["name"]), (Some("delivered"), true));
    assert!(to_coach["network"].is_null(), "{to_coach}");
    assert!(fact(to_coach, "bodies").is_some() && fact(to_coach, "up_to").is_some(), "{to_coach}");
    let (theirs, _) = practice.acts(coach, "?topic=content").await;
    assert!(theirs.iter().all(|act| act["part"] == "own" || act["part"] == "done"), "{theirs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let practice = Practice::open().await;
    let Practice { world, coach, .. } = &practice;
    for n in 10..16 {
        world.app.sign_in(&outside(), world.proof(coach, 1), &device(n)).unwrap();
    }
    let acts = actor(coach, Role::Owner);
    let all = world.app.own_activity(&acts, Look { before: None, limit: Some(200), topic: Topic::Account }).unwrap();
    assert!(all.acts.len() > 6 && all.next.is_none());
    assert!(all.acts.iter().all(|act| act.part != Part::Done));
    let (mut walked, mut before) = (Vec::new(), None);
    loop {
        let look = Look { before, limit: Some(2), topic: Topic::Account };
        let page = world.app.own_activity(&acts, look).unwrap();
        walked.extend(page.acts);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(walked, all.acts);
    let (_, next) = practice.acts(coach, "?limit=1").await;
    assert!(next.is_u64());
    let answer = practice.ask(coach, "GET", "/me/activity?topic=everything", &Value::Null).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_to_security_sees_everybodys_sign_ins_but_not_what_they_read() {
    let practice = Practice::open().await;
    let Practice { world, coach, anna, .. } = &practice;
    let (admin, staff) = (Keys::of(3), Keys::of(4));
    world.add(&admin, Role::Admin);
    world.add(&staff, Role::Staff);
    let path = format!("/people/{}/activity", coach.person);
    let answer = practice.ask(&admin, "GET", &path, &Value::Null).await;
    assert_eq!(answer.status, 200);
    let page = answer.json();
    let acts = page["acts"].as_array().unwrap();
    assert!(find(acts, "session.opened").is_some() && find(acts, "roster.invited").is_some(), "{acts:?}");
    assert!(find(acts, "roster.invited").is_some_and(|act| act["part"] == "done"));
    assert!(acts.iter().all(|act| act["code"] != "delivered"), "{acts:?}");
    for who in [&staff, anna] {
        assert_eq!(practice.ask(who, "GET", &path, &Value::Null).await.status, 403);
    }
    let nobody = format!("/people/{}/activity", Keys::of(77).person);
    assert_eq!(practice.ask(&admin, "GET", &nobody, &Value::Null).await.status, 404);
}
