//! Ways to unlock come and go, and a crash in between leaves the old ones or the new ones.

use std::sync::Arc;

use alcove::{
    crypto::{Cost, HybridIdentity, Passphrase},
    store::{BlockError, Engine, Keyfile, SlotKind, SlotSecret, Unlock},
};

use super::{
    create, keyfile, options, put,
    sim_disk::{LOSSES, Op, Replay, Rng, SimDisk},
};

const OLD: &str = "six words nobody joins";
const NEW: &str = "another six for today";

fn passphrase(typed: &str) -> (SlotSecret, Unlock) {
    let passphrase = Passphrase::new(typed).unwrap();
    (SlotSecret::Passphrase(passphrase.clone(), Cost::LEAST), Unlock::Passphrase(passphrase))
}

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

#[test]
fn a_passphrase_is_proved_replaced_and_removed() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"key", b"value");
    let ((old_secret, old), (new_secret, new)) = (passphrase(OLD), passphrase(NEW));
    let image = disk.image();
    assert!(matches!(engine.add_proved_slot(&old_secret, &new), Err(BlockError::Unproven)));
    assert!(image == disk.image(), "what does not prove itself is never written");
    engine.add_proved_slot(&old_secret, &old).unwrap();
    engine.prove(&old).unwrap();
    assert!(matches!(engine.prove(&new), Err(BlockError::WrongPassphrase)));
    engine.add_proved_slot(&new_secret, &new).unwrap();
    engine.remove_slot(SlotKind::Keyfile).unwrap();
    let seal = engine.seal_info().unwrap();
    assert_eq!((seal.epoch, seal.generation, seal.slots.len()), (1, 4, 1));
    assert!(seal.slots[0].made_at.is_some());
    drop(engine);
    assert!(matches!(opens(&disk, &old), Err(BlockError::WrongPassphrase)));
    opens(&disk, &new).unwrap();
    let (engine, _) = Engine::open_on(Arc::new(disk.clone()), &new, options()).unwrap();
    assert!(matches!(engine.remove_slot(SlotKind::Passphrase), Err(BlockError::LastSlot)));
    engine.add_slot(&SlotSecret::Keyfile(keyfile())).unwrap();
    engine.remove_slot(SlotKind::Passphrase).unwrap();
    drop(engine);
    assert!(matches!(opens(&disk, &new), Err(BlockError::NoSlot(SlotKind::Passphrase))));
    opens(&disk, &Unlock::Keyfile(keyfile())).unwrap();
}

/// From before the change to after it, one of the two always opens; once the removal was acknowledged, the passphrase
/// never does.
#[test]
fn a_crash_while_a_passphrase_is_removed_leaves_a_way_in_and_later_no_way_back() {
    let disk = SimDisk::default().recording();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"key", b"value");
    let (secret, typed) = passphrase(OLD);
    engine.add_slot(&secret).unwrap();
    drop(disk.take_log());
    let before = disk.image();
    let keyfile = Unlock::Keyfile(keyfile());
    engine.remove_slot(SlotKind::Passphrase).unwrap();
    disk.mark(Op::Acknowledged(1));
    put(&engine, b"key", b"later");
    let mut rng = Rng::new(7);
    let mut replay = Replay { durable: before, on_the_way: Vec::new() };
    let (mut removed, mut seen) = (false, [0, 0]);
    for op in disk.take_log() {
        replay.step(&op);
        removed |= matches!(op, Op::Acknowledged(_));
        for loss in LOSSES {
            let image = replay.image(loss, &mut rng);
            assert!(opens(&SimDisk::from_image(image.clone()), &keyfile).is_ok(), "{loss:?} {op:?}");
            match opens(&SimDisk::from_image(image), &typed) {
                Ok(()) => {
                    assert!(!removed, "a removed passphrase opened: {loss:?} {op:?}");
                    seen[0] += 1;
                }
                Err(BlockError::NoSlot(SlotKind::Passphrase)) => seen[1] += 1,
                Err(other) => panic!("{loss:?} {op:?}: {other}"),
            }
        }
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

/// Whoever can write the file can put an old copy of a superblock back: beside the newer one it counts for nothing.
#[test]
fn an_older_copy_of_a_superblock_does_not_bring_a_removed_passphrase_back() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    let (secret, typed) = passphrase(OLD);
    engine.add_slot(&secret).unwrap();
    let older = disk.image();
    engine.remove_slot(SlotKind::Passphrase).unwrap();
    drop(engine);
    let newer = disk.image();
    for range in [0..0x4000, 0x4000..0x8000] {
        disk.change_image(|image| {
            *image = newer.clone();
            image[range.clone()].copy_from_slice(&older[range.clone()]);
        });
        let before = disk.image();
        assert!(matches!(opens(&disk, &typed), Err(BlockError::NoSlot(SlotKind::Passphrase))));
        assert!(before == disk.image(), "a refused opening changes nothing");
        opens(&disk, &Unlock::Keyfile(keyfile())).unwrap();
        assert!(disk.image()[..0x8000] == newer[..0x8000], "and the good copy repairs the other");
    }
}

#[test]
fn slots_of_a_newer_version_are_kept_and_named() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    let (secret, typed) = passphrase(OLD);
    engine.add_slot(&secret).unwrap();
    drop(engine);
    // The keyfile's slot becomes one of an unheard-of kind; only the sum can be made to fit from outside.
    disk.change_image(|image| {
        for at in [0, 0x4000] {
            image[at + 50] = 77;
            let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &image[at..at + 0x4000 - 32]);
            image[at + 0x4000 - 32..at + 0x4000].copy_from_slice(sum.as_ref());
        }
    });
    let before = disk.image();
    assert!(matches!(opens(&disk, &Unlock::Keyfile(keyfile())), Err(BlockError::NoSlot(SlotKind::Keyfile))));
    let changed = opens(&disk, &typed);
    assert!(matches!(changed, Err(BlockError::Damaged { .. })), "the change is noticed: {changed:?}");
    assert!(before == disk.image());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("alcove.redb");
    std::fs::write(&path, &before).unwrap();
    let seen = alcove::store::block::look(&path).unwrap();
    assert_eq!(seen.slots[0].kind, SlotKind::Unknown(77));
    assert_eq!(seen.slots[0].kind.to_string(), "unknown (kind 77 of a newer version)");
}
