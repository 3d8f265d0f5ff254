//! Ways to unlock come and go, and a crash in between leaves the old ones or the new ones.

use std::sync::Arc;

use alcove::{
    crypto::HybridIdentity,
    store::{BlockError, Engine, Keyfile, SlotKind, SlotSecret, Unlock},
};

use super::{
    create, keyfile, options, put,
    sim_disk::{LOSSES, Op, Replay, Rng, SimDisk},
};

fn opens(disk: &SimDisk, unlock: &Unlock) -> Result<(), BlockError> {
    Engine::open_on(Arc::new(disk.clone()), unlock, options()).map(drop)
}

#[test]
fn slots_are_added_replaced_and_removed() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"key", b"value");
    let kits = [HybridIdentity::generate().unwrap(), HybridIdentity::generate().unwrap()];
    assert!(matches!(engine.remove_slot(SlotKind::Keyfile), Err(BlockError::LastSlot)));
    assert!(matches!(engine.remove_slot(SlotKind::RestoreKit), Err(BlockError::NoSlot(_))));
    for kit in &kits {
        engine.add_slot(&SlotSecret::RestoreKit(Box::new(kit.to_recipient().unwrap()))).unwrap();
    }
    let slots = engine.slots().unwrap();
    assert_eq!(slots.iter().map(|slot| slot.kind).collect::<Vec<_>>(), [SlotKind::Keyfile, SlotKind::RestoreKit]);
    assert_eq!(slots[1].recipient, Some(kits[1].to_recipient().unwrap()));
    put(&engine, b"key", b"another");
    drop(engine);
    assert!(matches!(opens(&disk, &Unlock::Kit(kits[0].clone())), Err(BlockError::WrongKit)), "it was replaced");
    opens(&disk, &Unlock::Keyfile(keyfile())).unwrap();

    let (engine, _) = Engine::open_on(Arc::new(disk.clone()), &Unlock::Kit(kits[1].clone()), options()).unwrap();
    engine.remove_slot(SlotKind::Keyfile).unwrap();
    drop(engine);
    assert!(matches!(opens(&disk, &Unlock::Keyfile(keyfile())), Err(BlockError::NoSlot(SlotKind::Keyfile))));
    opens(&disk, &Unlock::Kit(kits[1].clone())).unwrap();
}

#[test]
fn a_file_without_any_slot_is_never_made() {
    let made = Engine::create_on(Arc::new(SimDisk::default()), &[], options());
    assert!(matches!(made, Err(BlockError::NoSlot(_))));
}

#[test]
fn a_crash_while_a_keyfile_is_replaced_leaves_the_old_or_the_new_one() {
    let disk = SimDisk::default().recording();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"key", b"value");
    let new = Keyfile::generate().unwrap();
    disk.mark(Op::Begin(1));
    engine.add_slot(&SlotSecret::Keyfile(new.clone())).unwrap();
    disk.mark(Op::Acknowledged(1));
    let (old, new) = (Unlock::Keyfile(keyfile()), Unlock::Keyfile(new));
    let mut rng = Rng::new(1);
    let mut replay = Replay::default();
    let (mut begun, mut done, mut old_seen, mut new_seen) = (false, false, 0, 0);
    for op in disk.take_log() {
        replay.step(&op);
        begun |= matches!(op, Op::Begin(_));
        done |= matches!(op, Op::Acknowledged(_));
        for loss in LOSSES.iter().cycle().take(LOSSES.len() * 4).filter(|_| begun) {
            let image = replay.image(*loss, &mut rng);
            let [with_old, with_new] =
                [&old, &new].map(|unlock| opens(&SimDisk::from_image(image.clone()), unlock).is_ok());
            assert!(with_old != with_new, "exactly one opens: {loss:?} {op:?}");
            assert!(with_new || !done, "what was acknowledged counts");
            old_seen += u32::from(with_old);
            new_seen += u32::from(with_new);
        }
    }
    assert!(old_seen > 0 && new_seen > 0);
}
