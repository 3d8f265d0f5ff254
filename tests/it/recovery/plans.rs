//! Papers, plans and answers.

use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::store::{Reads as _, StoreError};
use serde_json::{Value, json};

use super::{Practice, at_home, endorsement, paper, paper_recipient, plan, plan_payload};
use crate::sharing::cookie;
use crate::world::sign::Keys;

fn plan_body(owners: &[&Keys], n: u64, before: Option<&str>) -> (String, Value) {
    let (statement, files) = plan(owners, n, before);
    (statement.clone(), json!({"statement": statement, "files": files}))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sets_it_up_and_everybody_is_asked() {
    let practice = Practice::open().await;
    let Practice { owner, anna, .. } = &practice;
    let off = practice.see(anna, "/recovery").await;
    assert_eq!(
        (&off["plan"], &off["asked"], &off["next"]),
        (&Value::Null, &json!(false), &json!({"n": 1, "prev": null}))
    );
    assert_eq!(practice.refused(anna, "PUT", "/me/recovery", &json!({"n": 1})).await, "409 no-plan");

    practice.done(owner, "PUT", "/me/recovery/paper", &json!({"statement": paper(owner)})).await;
    let (first, body) = plan_body(&[owner], 1, None);
    practice.done(owner, "PUT", "/recovery", &body).await;
    let seen = practice.see(anna, "/recovery").await;
    assert_eq!((&seen["plan"]["statement"], &seen["plan"]["holders"]), (&json!(first), &json!(1)));
    assert_eq!((&seen["asked"], &seen["mine"], &seen["owners"]), (&json!(true), &Value::Null, &json!([])));
    assert_eq!(seen["agreed"], Value::Null, "who agreed is for owners");

    assert_eq!(practice.refused(anna, "PUT", "/me/recovery", &json!({"n": 2})).await, "409 plan-moved");
    practice.done(anna, "PUT", "/me/recovery", &json!({"n": 1})).await;
    let seen = practice.see(anna, "/recovery").await;
    assert_eq!((&seen["asked"], &seen["mine"]["n"]), (&json!(false), &json!(1)));
    let seen = practice.see(owner, "/recovery").await;
    assert_eq!(seen["agreed"], json!({"agreed": 1, "of": 2}));
    assert_eq!(seen["owners"][0]["paper"], json!(paper(owner)));

    // Another plan asks again; declining is an answer, too.
    let (second, body) = plan_body(&[owner], 2, Some(&first));
    practice.done(owner, "PUT", "/recovery", &body).await;
    let seen = practice.see(anna, "/recovery").await;
    assert_eq!((&seen["asked"], &seen["mine"]["n"]), (&json!(true), &json!(1)));
    practice.done(anna, "DELETE", "/me/recovery", &Value::Null).await;
    let seen = practice.see(anna, "/recovery").await;
    assert_eq!((&seen["asked"], &seen["mine"]), (&json!(false), &Value::Null));

    practice.done(owner, "DELETE", "/recovery", &Value::Null).await;
    practice.done(owner, "DELETE", "/recovery", &Value::Null).await;
    let off = practice.see(owner, "/recovery").await;
    let hash = b64u(&alcove::crypto::sign::sha256(second.as_bytes()));
    assert_eq!((&off["plan"], &off["next"]), (&Value::Null, &json!({"n": 3, "prev": hash})), "the chain goes on");
    assert_eq!(practice.refused(owner, "PUT", "/recovery", &body).await, "409 plan-moved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_refused_that_no_owner_signed_or_that_does_not_fit() {
    let practice = Practice::open().await;
    let Practice { owner, anna, .. } = &practice;
    let put = async |body: Value| practice.refused(owner, "PUT", "/recovery", &body).await;
    let signed =
        |by: &Keys, payload: &Value, files: &Value| json!({"statement": by.sign("recovery", payload), "files": files});
    let (_, files) = plan(&[owner], 1, None);
    let good = plan_payload(&[owner], 1, None);
    assert_eq!(put(signed(owner, &good, &files)).await, "422 plan-refused: papers", "there is no paper yet");

    practice.done(owner, "PUT", "/me/recovery/paper", &json!({"statement": paper(owner)})).await;

    assert_eq!(put(signed(anna, &good, &files)).await, "422 plan-refused: signature");
    assert_eq!(put(signed(owner, &plan_payload(&[anna], 1, None), &files)).await, "422 plan-refused: signer");
    let text = owner.sign("grant", &good);
    assert_eq!(put(json!({"statement": text, "files": files})).await, "422 plan-refused: signature");
    let mut newer = good.clone();
    newer["v"] = json!(2);
    assert_eq!(put(signed(owner, &newer, &files)).await, "422 plan-refused: form");
    assert_eq!(put(signed(owner, &good, &json!([]))).await, "422 plan-refused: files");
    let file = |body: &[u8]| json!([{"first": owner.person.to_string(), "then": null, "body": b64u(body)}]);
    assert_eq!(put(signed(owner, &good, &file(b"AGE-SECRET-KEY-PQ-1"))).await, "422 plan-refused: files");
    assert_eq!(
        put(signed(owner, &good, &file(&crate::world::sealed("x", 33 * 1024)))).await,
        "422 plan-refused: files"
    );
    let (_, pairs) = plan(&[owner, anna], 1, None);
    assert_eq!(put(signed(owner, &good, &pairs)).await, "422 plan-refused: files");
    let with_client = plan_payload(&[owner, anna], 1, None);
    assert_eq!(put(signed(owner, &with_client, &pairs)).await, "422 plan-refused: papers");
    for (n, before) in [(2, None), (0, None), (1, Some("another plan"))] {
        assert_eq!(put(signed(owner, &plan_payload(&[owner], n, before), &files)).await, "409 plan-moved");
    }
    let seen = practice.see(owner, "/recovery").await;
    assert_eq!((&seen["plan"], &seen["next"]["n"]), (&Value::Null, &json!(1)));
    for (method, path, body) in [
        ("PUT", "/me/recovery/paper", json!({"statement": paper(anna)})),
        ("PUT", "/recovery", signed(anna, &plan_payload(&[anna], 1, None), &files)),
        ("DELETE", "/recovery", Value::Null),
        ("GET", "/recovery/files", Value::Null),
    ] {
        assert_eq!(practice.refused(anna, method, path, &body).await, "403 not-allowed", "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_the_owners_own() {
    let practice = Practice::open().await;
    let (owner, anna, other) = (&practice.owner, &practice.anna, Keys::of(7));
    for (statement, reason) in [
        (paper(&other), "signature"),
        (other.sign("recovery", &json!({"v": 1})), "form"),
        (
            owner.sign(
                "restore",
                &json!({"v": 1, "what": "paper", "person": owner.person.to_string(),
            "recipient": paper_recipient(owner)}),
            ),
            "signature",
        ),
        (
            owner.sign(
                "recovery",
                &json!({"v": 1, "what": "paper", "person": anna.person.to_string(),
            "recipient": paper_recipient(owner)}),
            ),
            "signer",
        ),
        (
            owner.sign(
                "recovery",
                &json!({"v": 1, "what": "paper", "person": owner.person.to_string(),
            "recipient": "age1abc"}),
            ),
            "form",
        ),
    ] {
        let refused = practice.refused(owner, "PUT", "/me/recovery/paper", &json!({"statement": statement})).await;
        assert_eq!(refused, format!("422 paper-refused: {reason}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_two_owners_it_takes_two_papers() {
    let practice = Practice::open().await;
    let (owner, second, coach) = (&practice.owner, Keys::of(2), Keys::of(4));
    at_home(&practice.world, &second, Role::Owner);
    at_home(&practice.world, &coach, Role::Practitioner);
    practice.world.unprove(&second);
    let paper_of = |keys: &Keys| json!({"statement": paper(keys)});
    assert_eq!(
        practice.refused(&second, "PUT", "/me/recovery/paper", &paper_of(&second)).await,
        "403 owner-unconfirmed"
    );
    practice.world.prove(&second);
    practice.done(owner, "PUT", "/me/recovery/paper", &paper_of(owner)).await;
    let (_, sole) = plan_body(&[owner], 1, None);
    assert_eq!(practice.refused(owner, "PUT", "/recovery", &sole).await, "422 plan-refused: too-few-papers");
    practice.done(&second, "PUT", "/me/recovery/paper", &paper_of(&second)).await;
    let (first, both) = plan_body(&[owner, &second], 1, None);
    practice.done(owner, "PUT", "/recovery", &both).await;

    let files = practice.see(&second, "/recovery/files").await;
    let of_second = json!([{"then": owner.person.to_string(), "body": both["files"][1]["body"]}]);
    assert_eq!((&files["n"], &files["files"]), (&json!(1), &of_second));

    // A colleague's word is kept with the plan, a client's or one for another plan is not.
    let endorse = |text: String| json!({"statement": text});
    let path = "/recovery/endorsements";
    let (anna, good) = (&practice.anna, endorse(endorsement(&coach, &first)));
    assert_eq!(practice.refused(anna, "POST", path, &endorse(endorsement(anna, &first))).await, "403 not-allowed");
    let moved = endorse(endorsement(&coach, "another plan"));
    assert_eq!(practice.refused(&coach, "POST", path, &moved).await, "409 plan-moved");
    let forged = endorse(endorsement(owner, &first));
    assert_eq!(practice.refused(&coach, "POST", path, &forged).await, "422 endorsement-refused: signature");
    practice.done(&coach, "POST", path, &good).await;
    let seen = practice.see(anna, "/recovery").await;
    assert_eq!(seen["plan"]["endorsements"], json!([endorsement(&coach, &first)]));
    assert_eq!((&seen["plan"]["holders"], &seen["plan"]["stale"]), (&json!(2), &json!(false)));

    let found: Result<Option<Person>, StoreError> = practice.world.store.read(|tx| tx.find(&second.person));
    let state = PersonState::Suspended { at: practice.world.clock.now(), why: SuspendedWhy::Operator };
    practice.world.put(&Person { state, ..found.unwrap().unwrap() });
    assert_eq!(practice.see(owner, "/recovery").await["plan"]["stale"], json!(true));
    let (_, alone) = plan_body(&[owner], 2, Some(&first));
    practice.done(owner, "PUT", "/recovery", &alone).await;
    let seen = practice.see(owner, "/recovery").await;
    assert_eq!((&seen["plan"]["endorsements"], &seen["plan"]["stale"]), (&json!([]), &json!(false)));
    let files = practice.see(owner, "/recovery/files").await;
    assert_eq!(files["files"], json!([]), "the file of a sole paper comes with a case only");
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_anything_takes_a_fresh_proof() {
    let practice = Practice::open().await;
    let Practice { world, owner, anna, .. } = &practice;
    let first = super::set_up(world, &[owner], 1, None);
    let (owners, annas) = (cookie(world, owner), cookie(world, anna));
    world.minutes_pass(16);
    let case = "cas_00000000000000000000000001";
    let asked = json!({"person": anna.person.to_string(), "purpose": "return", "reason": "lost it"});
    let link = json!({"slot": "slt_00000000000000000000000001", "login_key": b64u(&[9; 32])});
    for (cookie, method, path, body) in [
        (&owners, "PUT", "/me/recovery/paper".to_owned(), json!({"statement": paper(owner)})),
        (&owners, "PUT", "/recovery".to_owned(), plan_body(&[owner], 2, Some(&first)).1),
        (&owners, "DELETE", "/recovery".to_owned(), Value::Null),
        (&owners, "POST", "/recovery/endorsements".to_owned(), json!({"statement": endorsement(owner, &first)})),
        (&owners, "POST", "/recoveries".to_owned(), asked),
        (&owners, "POST", format!("/recoveries/{case}/opening"), Value::Null),
        (&owners, "PUT", format!("/recoveries/{case}/keyring"), json!({"version": 1, "body": "", "link": link})),
        (&owners, "DELETE", format!("/recoveries/{case}"), Value::Null),
        (&annas, "PUT", "/me/recovery".to_owned(), json!({"n": 1})),
        (&annas, "DELETE", "/me/recovery".to_owned(), Value::Null),
        (&annas, "DELETE", format!("/me/recoveries/{case}"), Value::Null),
    ] {
        let answer = practice.ask_by(cookie, method, &path, &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "proof-too-old"), "{method} {path}");
    }
    for (cookie, path) in
        [(&owners, "/recovery"), (&owners, "/recoveries"), (&owners, "/recovery/files"), (&annas, "/me/recoveries")]
    {
        assert_eq!(practice.ask_by(cookie, "GET", path, &Value::Null).await.status, 200, "{path}");
    }
}
