use super::*;
use crate::crypto::{Cost, Passphrase};

const PLACE: Place = Place { file_id: [3; 16], epoch: 1 };

fn secret(typed: &str) -> SlotSecret {
    SlotSecret::Passphrase(Passphrase::new(typed).unwrap(), Cost::LEAST)
}

fn typed(typed: &str) -> Unlock {
    Unlock::Passphrase(Passphrase::typed(typed))
}

#[test]
fn a_keyfile_opens_its_own_slot_only() {
    let (key, keyfile) = (DataKey::generate().unwrap(), Keyfile::generate().unwrap());
    let slot = Slot::wrap(&key, &SlotSecret::Keyfile(keyfile.clone()), PLACE).unwrap();
    assert_eq!(slot.unwrap(&Unlock::Keyfile(keyfile.clone()), PLACE).unwrap().bytes(), key.bytes());
    let other = Unlock::Keyfile(Keyfile::generate().unwrap());
    assert!(matches!(slot.unwrap(&other, PLACE), Err(BlockError::WrongKeyfile)));
    let elsewhere = Place { file_id: [4; 16], epoch: 1 };
    assert!(matches!(slot.unwrap(&Unlock::Keyfile(keyfile), elsewhere), Err(BlockError::WrongKeyfile)));
}

#[test]
fn a_kit_opens_its_own_slot_only() {
    let (key, kit) = (DataKey::generate().unwrap(), HybridIdentity::generate().unwrap());
    let recipient = kit.to_recipient().unwrap();
    let slot = Slot::wrap(&key, &SlotSecret::RestoreKit(Box::new(recipient.clone())), PLACE).unwrap();
    assert_eq!(slot.info().unwrap().recipient, Some(recipient));
    assert!(slot.info().unwrap().made_at.is_some());
    assert_eq!(slot.unwrap(&Unlock::Kit(kit.clone()), PLACE).unwrap().bytes(), key.bytes());
    let other = Unlock::Kit(HybridIdentity::generate().unwrap());
    assert!(matches!(slot.unwrap(&other, PLACE), Err(BlockError::WrongKit)));
    let elsewhere = Place { file_id: [3; 16], epoch: 2 };
    assert!(matches!(slot.unwrap(&Unlock::Kit(kit), elsewhere), Err(BlockError::WrongKit)));
}

#[test]
fn a_passphrase_opens_its_own_slot_only() {
    let key = DataKey::generate().unwrap();
    let slot = Slot::wrap(&key, &secret("six words nobody joins"), PLACE).unwrap();
    assert_eq!(slot.unwrap(&typed("six words nobody joins\n"), PLACE).unwrap().bytes(), key.bytes());
    assert!(matches!(slot.unwrap(&typed("Six words nobody joins"), PLACE), Err(BlockError::WrongPassphrase)));
    let elsewhere = Place { file_id: [3; 16], epoch: 2 };
    assert!(slot.unwrap(&typed("six words nobody joins"), elsewhere).is_err());
}

#[test]
fn a_forged_cost_does_not_stall() {
    let key = DataKey::generate().unwrap();
    let mut slot = Slot::wrap(&key, &secret("six words nobody joins"), PLACE).unwrap();
    for (at, byte) in [(3, 0xFF), (7, 0xFF), (11, 0xFF)] {
        let kept = slot.body[at];
        slot.body[at] = byte;
        assert!(matches!(slot.unwrap(&typed("six words nobody joins"), PLACE), Err(BlockError::Damaged { .. })));
        slot.body[at] = kept;
    }
    slot.body.truncate(20);
    assert!(matches!(slot.unwrap(&typed("six words nobody joins"), PLACE), Err(BlockError::Damaged { .. })));
}

#[test]
fn a_new_data_key_is_wrapped_without_passphrase_or_kit() {
    let (old, new, next) =
        (DataKey::generate().unwrap(), DataKey::generate().unwrap(), Place { file_id: [9; 16], epoch: 2 });
    let kit = HybridIdentity::generate().unwrap();
    let kit_secret = SlotSecret::RestoreKit(Box::new(kit.to_recipient().unwrap()));
    for (secret, unlock) in
        [(secret("six words nobody joins"), typed("six words nobody joins")), (kit_secret, Unlock::Kit(kit))]
    {
        let slot = Slot::wrap(&old, &secret, PLACE).unwrap();
        let again = slot.rewrap(&new, None, next).unwrap();
        assert_eq!(again.unwrap(&unlock, next).unwrap().bytes(), new.bytes());
        assert_eq!((again.kind, again.made_at_ms), (slot.kind, slot.made_at_ms));
        assert!(again.unwrap(&unlock, PLACE).is_err());
    }
    let keyfile = Keyfile::generate().unwrap();
    let slot = Slot::wrap(&old, &SlotSecret::Keyfile(keyfile.clone()), PLACE).unwrap();
    assert!(matches!(slot.rewrap(&new, None, next), Err(BlockError::KeyfileNeeded)));
    let again = slot.rewrap(&new, Some(&keyfile), next).unwrap();
    assert_eq!(again.unwrap(&Unlock::Keyfile(keyfile), next).unwrap().bytes(), new.bytes());
}

#[test]
fn slots_round_trip_and_malformed_ones_are_refused() {
    let slot = Slot { kind: SlotKind::Keyfile, made_at_ms: 0, body: vec![9; 60] };
    let mut bytes = Vec::new();
    slot.encode(&mut bytes).unwrap();
    assert_eq!(Slot::decode(&mut bytes.as_slice()), Some(slot));
    assert_eq!(Slot::decode(&mut &bytes[..40]), None);
    bytes[0] = 99;
    let newer = Slot::decode(&mut bytes.as_slice()).unwrap();
    assert_eq!(newer.kind, SlotKind::Unknown(99));
    let mut again = Vec::new();
    newer.encode(&mut again).unwrap();
    assert_eq!(again, bytes, "what a newer version wrote is kept as it is");
    assert!(matches!(newer.rewrap(&DataKey::generate().unwrap(), None, PLACE), Err(BlockError::UnknownSlot(_))));
}
