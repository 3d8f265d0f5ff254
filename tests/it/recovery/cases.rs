//! Cases: asked for, opened, finished, and every way in which they end otherwise.

use alcove::app::account::NewSlotKind;
use alcove::app::people::DataChoice;
use alcove::app::proof::Proof;
use alcove::domain::factor::Totp;
use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::domain::recovery::{Answer, HalfFile};
use alcove::domain::role::Role;
use alcove::domain::slot::{Slot, SlotWord};
use alcove::domain::text::b64u;
use alcove::store::{Reads as _, Row, StoreError};
use serde_json::{Value, json};

use super::{Practice, at_home, keyring, plan, set_up};
use crate::sharing::cookie;
use crate::world::account::{device, new_slot};
use crate::world::sign::Keys;
use crate::world::{World, actor, sealed};

/// The number of the slot that is the link.
const LINK: u8 = 6;

fn asked(whom: &Keys) -> Value {
    json!({"person": whom.person.to_string(), "purpose": "return", "reason": " Lost the phone and the kit. "})
}

fn asked_with(whom: &Keys, halves: &[&Keys]) -> Value {
    let half = |then: &&Keys| json!({"then": then.person.to_string(), "body": b64u(&half_of(then))});
    let mut body = asked(whom);
    body["halves"] = halves.iter().map(half).collect();
    body
}

fn half_of(then: &Keys) -> Vec<u8> {
    sealed(&format!("half for {}", then.person), 150)
}

/// What a case about this person is finished with.
fn finish(whom: &Keys, version: u64) -> Value {
    let made = new_slot(whom, LINK, NewSlotKind::Link);
    let link = json!({"slot": made.slot.to_string(), "login_key": b64u(&made.login_key)});
    json!({"version": version, "body": b64u(&sealed("keyring for the link", 150)), "link": link})
}

fn sign_in(world: &World, keys: &Keys, slot: u8) -> Value {
    let Proof::LoginKey { challenge, login_key, signature } = world.proof(keys, slot) else { panic!() };
    let device = json!({"device": device(9).device.to_string(), "label": "New phone"});
    json!({"challenge": challenge.to_string(), "login_key": b64u(&login_key), "signature": b64u(&signature),
        "device": device})
}

fn rows<R: Row>(world: &World) -> Vec<R> {
    let rows: Result<Vec<R>, StoreError> = world.store.read(|tx| tx.scan(&()));
    rows.unwrap()
}

impl Practice {
    /// Sets it up with these owners, Anna agrees.
    async fn agreed(&self, owners: &[&Keys]) -> String {
        let statement = set_up(&self.world, owners, 1, None);
        self.done(&self.anna, "PUT", "/me/recovery", &json!({"n": 1})).await;
        statement
    }

    /// Begins a case; gives its path.
    async fn begin(&self, by: &Keys, body: &Value) -> String {
        let answer = self.ask(by, "POST", "/recoveries", body).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        format!("/recoveries/{}", answer.json()["case"].as_str().unwrap())
    }

    async fn state(&self, who: &Keys, path: &str) -> String {
        self.see(who, path).await["cases"][0]["state"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sole_owner_brings_somebody_back() {
    let practice = Practice::open().await;
    let Practice { world, owner, anna, .. } = &practice;
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked(anna)).await, "409 not-agreed", "it is off");
    set_up(world, &[owner], 1, None);
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked(anna)).await, "409 not-agreed");
    practice.done(anna, "DELETE", "/me/recovery", &Value::Null).await;
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked(anna)).await, "409 not-agreed", "declined");
    practice.done(anna, "PUT", "/me/recovery", &json!({"n": 1})).await;
    practice.done(owner, "PUT", "/me/recovery", &json!({"n": 1})).await;
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked(owner)).await, "403 not-oneself");
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked(&Keys::of(99))).await, "404 not-found");
    let mut mute = asked(anna);
    mute["reason"] = json!(" x ");
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &mute).await, "422 reason-refused");
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked_with(anna, &[anna])).await, "422 halves-refused");

    let case = practice.begin(owner, &asked(anna)).await;
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &asked(anna)).await, "409 case-open");
    let own = practice.see(anna, "/me/recoveries").await["cases"][0].clone();
    assert_eq!((&own["reason"], &own["state"]), (&json!("Lost the phone and the kit."), &json!("asked")));
    let keyring_path = format!("{case}/keyring");
    assert_eq!(practice.refused(owner, "PUT", &keyring_path, &finish(anna, 1)).await, "409 case-unopened");

    // What is handed out is in the log before, with the version of the keyring.
    let opening = practice.ask(owner, "POST", &format!("{case}/opening"), &Value::Null).await.json();
    assert_eq!(opening["keyring"], json!({"version": 1, "body": b64u(&keyring(anna))}));
    assert_eq!(opening["file"], plan(&[owner], 1, None).1[0]["body"]);
    assert_eq!(opening["half"], Value::Null);
    let entry = world.log().into_iter().rfind(|entry| entry.code == "recovery.opened").unwrap();
    assert_eq!((entry.fact("keyring"), entry.about().next()), (Some("1"), Some(anna.person)));
    practice.ask(owner, "POST", &format!("{case}/opening"), &Value::Null).await;
    assert_eq!(world.codes().iter().filter(|code| *code == "recovery.opened").count(), 2, "each time");

    let old = cookie(world, anna);
    let session = world.asker(&alcove::crypto::token::Token::parse(old.split_once('=').unwrap().1).unwrap());
    world.set_up_totp(&session);
    assert_eq!(practice.refused(owner, "PUT", &keyring_path, &finish(anna, 2)).await, "409 keyring-moved");
    practice.done(owner, "PUT", &keyring_path, &finish(anna, 1)).await;
    assert_eq!(practice.ask_by(&old, "GET", "/me", &Value::Null).await.status, 401, "old sessions end");
    assert!(rows::<Totp>(world).is_empty(), "second factors are reset");
    let slots: Vec<_> = rows::<Slot>(world).into_iter().filter(|slot| slot.person == anna.person).collect();
    assert_eq!(slots.iter().map(|slot| slot.kind.word()).collect::<Vec<_>>(), [SlotWord::Link]);
    for (method, path) in [("POST", format!("{case}/opening")), ("DELETE", case.clone())] {
        assert_eq!(practice.refused(owner, method, &path, &Value::Null).await, "409 case-over");
    }
    let old_kit = practice.ask_by("", "POST", "/sign-ins", &sign_in(world, anna, 1)).await;
    assert_eq!(old_kit.status, 401, "what let in before does not any more");

    comes_in(&practice).await;
}

/// Anna by her link: a day later, once, with nothing proved that she held before.
async fn comes_in(practice: &Practice) {
    let Practice { world, anna, .. } = practice;
    world.minutes_pass(23 * 60);
    world.app.sweep().unwrap();
    let came = practice.ask_by("", "POST", "/sign-ins", &sign_in(world, anna, LINK)).await;
    assert_eq!(came.status, 200);
    let me = came.json();
    assert_eq!((&me["kits_proved"], &me["strength"]), (&json!(false), &json!("strong")));
    assert_eq!(me["keyring_version"], json!(2));
    let again = practice.ask_by("", "POST", "/sign-ins", &sign_in(world, anna, LINK)).await;
    assert_eq!(again.status, 401, "the link is good once");

    let token = came.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let kit = new_slot(anna, 7, NewSlotKind::Kit);
    let add = json!([{"slot": kit.slot.to_string(), "kind": "kit", "label": "Kit", "login_key": b64u(&kit.login_key)}]);
    let own_way = json!({"version": 2, "body": b64u(&sealed("keyring 3", 100)), "add": add,
        "remove": [new_slot(anna, LINK, NewSlotKind::Link).slot.to_string()]});
    assert_eq!(practice.ask_by(&token, "PUT", "/me/keyring", &own_way).await.status, 200);
    let acts = practice.see(anna, "/me/activity").await;
    let finished = acts["acts"].as_array().unwrap().iter().find(|act| act["code"] == "recovery.finished").unwrap();
    assert!(finished["facts"].to_string().contains("Lost the phone and the kit."), "{finished}");
    assert!(!format!("{:?}", world.log()).contains("Lost the phone"), "the log holds no free text");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_it_takes_both() {
    let practice = Practice::open().await;
    let Practice { world, owner, anna, .. } = &practice;
    let (second, third) = (Keys::of(2), Keys::of(3));
    at_home(world, &second, Role::Owner);
    practice.agreed(&[owner, &second]).await;
    at_home(world, &third, Role::Owner);
    let post = async |by: &Keys, body: Value| practice.refused(by, "POST", "/recoveries", &body).await;
    assert_eq!(post(owner, asked(anna)).await, "422 halves-refused");
    assert_eq!(post(owner, asked_with(anna, &[&third])).await, "422 halves-refused");
    assert_eq!(post(owner, asked_with(anna, &[&second, &second])).await, "422 halves-refused");
    assert_eq!(post(&third, asked_with(anna, &[owner, &second])).await, "409 no-recovery-paper");
    practice.done(&second, "PUT", "/me/recovery", &json!({"n": 1})).await;
    assert_eq!(post(owner, asked_with(&second, &[&second])).await, "409 needs-two-owners", "nobody could confirm");

    let case = practice.begin(owner, &asked_with(anna, &[&second])).await;
    let (open, put) = (format!("{case}/opening"), format!("{case}/keyring"));
    assert_eq!(rows::<HalfFile>(world).len(), 1);
    let seen = practice.see(&second, "/recoveries").await["cases"][0].clone();
    assert_eq!((&seen["mine"], &seen["open_to_me"], &seen["sole"]), (&json!(false), &json!(true), &json!(false)));
    for who in [owner, &third] {
        assert_eq!(practice.refused(who, "POST", &open, &Value::Null).await, "403 needs-another-owner");
        assert_eq!(practice.refused(who, "PUT", &put, &finish(anna, 1)).await, "409 case-unopened");
    }
    let opening = practice.ask(&second, "POST", &open, &Value::Null).await.json();
    assert_eq!((&opening["half"], &opening["file"]), (&json!(b64u(&half_of(&second))), &Value::Null));
    assert_eq!(practice.state(anna, "/me/recoveries").await, "opened");
    assert_eq!(practice.refused(owner, "PUT", &put, &finish(anna, 1)).await, "409 case-unopened");
    practice.done(&second, "PUT", &put, &finish(anna, 1)).await;
    assert!(rows::<HalfFile>(world).is_empty(), "half files last as long as their case");
    assert_eq!(practice.state(owner, "/recoveries").await, "finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_or_an_owner_stops_it() {
    let practice = Practice::open().await;
    let Practice { world, owner, anna, .. } = &practice;
    let second = Keys::of(2);
    at_home(world, &second, Role::Owner);
    let first = practice.agreed(&[owner, &second]).await;
    let body = asked_with(anna, &[&second]);
    let case = practice.begin(owner, &body).await;
    let own = format!("/me{case}");
    assert_eq!(practice.refused(&second, "DELETE", &own, &Value::Null).await, "404 not-found");
    practice.done(anna, "DELETE", &own, &Value::Null).await;
    assert_eq!(practice.refused(anna, "DELETE", &own, &Value::Null).await, "409 case-over");
    assert_eq!(practice.refused(&second, "POST", &format!("{case}/opening"), &Value::Null).await, "409 case-over");
    let seen = practice.see(owner, "/recoveries").await["cases"][0].clone();
    assert_eq!(seen["ended_by"], seen["name"], "the owner sees who stopped it");
    assert!(rows::<HalfFile>(world).is_empty());

    let case = practice.begin(owner, &body).await;
    practice.done(&second, "DELETE", &case, &Value::Null).await;
    let case = practice.begin(owner, &body).await;
    practice.ask(&second, "POST", &format!("{case}/opening"), &Value::Null).await;
    practice.done(anna, "DELETE", "/me/recovery", &Value::Null).await;
    let put = practice.refused(&second, "PUT", &format!("{case}/keyring"), &finish(anna, 1)).await;
    assert_eq!(put, "409 case-over", "taking back stops it");

    practice.done(anna, "PUT", "/me/recovery", &json!({"n": 1})).await;
    practice.begin(owner, &body).await;
    let (statement, files) = plan(&[owner, &second], 2, Some(&first));
    practice.done(owner, "PUT", "/recovery", &json!({"statement": statement, "files": files})).await;
    assert_eq!(practice.state(anna, "/me/recoveries").await, "stopped", "a new plan ends what is under the old one");
    assert!(rows::<HalfFile>(world).is_empty());
    assert_eq!(practice.refused(owner, "POST", "/recoveries", &body).await, "409 not-agreed", "and asks again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_ends_after_a_day() {
    let practice = Practice::open().await;
    let Practice { world, owner, anna, .. } = &practice;
    let second = Keys::of(2);
    at_home(world, &second, Role::Owner);
    practice.agreed(&[owner, &second]).await;
    let case = practice.begin(owner, &asked_with(anna, &[&second])).await;
    world.minutes_pass(24 * 60 - 1);
    world.app.sweep().unwrap();
    assert_eq!(practice.state(anna, "/me/recoveries").await, "asked");
    world.minutes_pass(1);
    assert_eq!(practice.state(anna, "/me/recoveries").await, "expired");
    assert_eq!(practice.refused(&second, "POST", &format!("{case}/opening"), &Value::Null).await, "409 case-over");
    let before = world.app.account_changes(&actor(anna, Role::Client), 0).unwrap().cursor;
    world.app.sweep().unwrap();
    world.app.sweep().unwrap();
    assert!(rows::<HalfFile>(world).is_empty());
    assert_eq!(world.codes().iter().filter(|code| *code == "recovery.expired").count(), 1);
    assert!(world.app.account_changes(&actor(anna, Role::Client), before).unwrap().cursor > before, "Anna is told");
    practice.begin(owner, &asked_with(anna, &[&second])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_neither_asks_nor_is_brought_back() {
    let practice = Practice::open().await;
    let Practice { world, owner, anna, .. } = &practice;
    let second = Keys::of(2);
    at_home(world, &second, Role::Owner);
    practice.agreed(&[owner, &second]).await;
    let case = practice.begin(&second, &asked_with(anna, &[owner])).await;
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&second.person));
    let (row, at) = (found.unwrap().unwrap(), world.clock.now());
    world.put(&Person { state: PersonState::Suspended { at, why: SuspendedWhy::Operator }, ..row });
    let open = practice.refused(owner, "POST", &format!("{case}/opening"), &Value::Null).await;
    assert_eq!(open, "409 case-over", "an owner who was suspended meanwhile asks for nothing");

    world.app.close_account(&actor(owner, Role::Owner), anna.person, DataChoice::Keep).unwrap();
    assert_eq!(practice.state(owner, "/recoveries").await, "stopped");
    assert!(rows::<Answer>(world).is_empty(), "a closed account agreed to nothing");
    let again = practice.refused(owner, "POST", "/recoveries", &asked_with(anna, &[&second])).await;
    assert_eq!(again, "404 not-found");
    assert_eq!(practice.see(owner, "/recovery").await["agreed"], json!({"agreed": 0, "of": 1}));
}
