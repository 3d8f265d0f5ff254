//! After a restore, an owner signs once, for exactly this restore; until then nothing is written.

use alcove::app::session::Asker;
use alcove::domain::invite::Offer;
use alcove::domain::practice::{Installation, LogEnd};
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::policy::{Actor, ActorKind};
use alcove::store::{Reads as _, StoreError};
use serde_json::{Value, json};

use crate::world::sign::Keys;
use crate::world::{World, actor, code, visitor};

const END: LogEnd = LogEnd { size: 3, root: [4; 32] };

fn installation(world: &World) -> Installation {
    let found: Result<Option<Installation>, StoreError> = world.store.read(|tx| tx.find(&()));
    found.unwrap().unwrap()
}

fn restored() -> (World, Keys) {
    let (world, owner, _) = World::founded();
    let before = installation(&world);
    world.put(&Installation { restored: Some(END), ..before });
    (world, owner)
}

fn statement(world: &World, by: &Keys) -> Value {
    json!({
        "v": 1, "install": installation(world).install.to_string(),
        "abandoned": {"timeline": 1, "size": 9, "root": b64u(&[8; 32])},
        "restored": {"size": END.size, "root": b64u(&END.root)},
        "timeline": 2, "by": by.person.to_string(), "ts": "2026-11-24T10:00:00.000Z",
    })
}

#[test]
fn an_owner_signs_for_a_restore_once() {
    let (world, owner) = restored();
    assert!(world.app.doorplate().unwrap().restore_pending);
    assert_eq!(world.app.me(&Asker { actor: actor(&owner, Role::Owner), session: None }).unwrap().restored, Some(END));
    let signed = owner.sign("restore", &statement(&world, &owner));
    world.app.sign_restore(&actor(&owner, Role::Owner), &signed).unwrap();
    let me = world.app.me(&Asker { actor: actor(&owner, Role::Owner), session: None }).unwrap();
    assert_eq!((me.restored, me.restore_statements.len(), me.anchor.timeline), (None, 1, 2));
    assert_eq!(code(world.app.sign_restore(&actor(&owner, Role::Owner), &signed)), "restore-not-pending");
    // An old genuine statement does not fit the next restore.
    let now = installation(&world);
    world.put(&Installation { restored: Some(END), ..now });
    assert_eq!(code(world.app.sign_restore(&actor(&owner, Role::Owner), &signed)), "restore-refused");
}

#[test]
fn a_statement_about_anything_else_is_refused() {
    let (world, owner) = restored();
    let sign = |statement: &Value| {
        code(world.app.sign_restore(&actor(&owner, Role::Owner), &owner.sign("restore", statement)))
    };
    for (path, value) in [
        ("/timeline", json!(3)),
        ("/abandoned/timeline", json!(2)),
        ("/restored/size", json!(4)),
        ("/restored/root", json!(b64u(&[5; 32]))),
        ("/by", json!(Keys::of(9).person.to_string())),
        ("/install", json!("ins_00000000000000000000000000")),
    ] {
        let mut other = statement(&world, &owner);
        *other.pointer_mut(path).unwrap() = value;
        assert_eq!(sign(&other), "restore-refused", "{path}");
    }
    let good = statement(&world, &owner);
    let owners = actor(&owner, Role::Owner);
    assert_eq!(code(world.app.sign_restore(&owners, &Keys::of(9).sign("restore", &good))), "restore-refused");
    assert_eq!(code(world.app.sign_restore(&owners, &owner.sign("roster", &good))), "restore-refused");
    assert_eq!(code(world.app.sign_restore(&actor(&owner, Role::Client), &owner.sign("restore", &good))), "NotAllowed");
}

#[test]
fn a_restored_copy_begins_without_anything_that_lets_somebody_in() {
    let (world, owner, entered) = World::founded();
    world.add(&owner, Role::Owner);
    let (client, mut chain) = world.client(&owner, 2);
    let (invite, _) = world.invite(&owner, client, &mut chain, 3);
    assert!(!world.app.invite(&visitor(), invite).unwrap().offer.pending_grant.is_empty());
    world.app.begin_restore(&Actor::local(ActorKind::Operator)).unwrap();
    assert_eq!(code(world.app.invite(&visitor(), invite)), "invite-revoked");
    let kept: Result<Option<Offer>, StoreError> = world.store.read(|tx| tx.find(&invite));
    assert!(kept.unwrap().unwrap().pending_grant.is_empty(), "its pending grant is of no use any more");
    assert_eq!(world.asker(&entered.token).session, None);
}

#[test]
fn the_anchor_follows_the_log() {
    let (world, owner, _) = World::founded();
    let owners = actor(&owner, Role::Owner);
    let now = world.app.anchor(&owners, None).unwrap();
    assert_eq!(now.end.size, world.log().len() as u64);
    let earlier = world.app.anchor(&owners, Some(now.end.size - 1)).unwrap();
    assert_ne!(earlier.end.root, now.end.root);
    assert_eq!(world.app.anchor(&owners, Some(0)).unwrap().end.root, [0; 32]);
    assert_eq!(code(world.app.anchor(&owners, Some(now.end.size + 1))), "not-found");
}
