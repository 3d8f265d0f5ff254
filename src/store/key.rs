//! Keys as bytes whose order is the order that scans want: big-endian numbers, fixed-size ids, text last.

use crate::domain::id::{
    CaseId, ChallengeId, ClientId, DeviceId, FileId, InstallId, InviteId, KeyId, PersonId, RecordId, ReviewId, RoleId,
    SessionId, SlotId, SpaceId,
};

/// Something that can be (part of) a key.
pub trait Key {
    /// Appends the bytes of this key.
    fn append_to(&self, bytes: &mut Vec<u8>);

    /// The whole key.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(48);
        self.append_to(&mut bytes);
        bytes
    }
}

macro_rules! id_keys {
    ($($name:ident)*) => {$(
        impl Key for $name {
            fn append_to(&self, bytes: &mut Vec<u8>) { bytes.extend_from_slice(self.as_bytes()) }
        }
    )*};
}
id_keys!(CaseId ChallengeId ClientId DeviceId FileId InstallId InviteId KeyId PersonId RecordId ReviewId RoleId SessionId SlotId SpaceId);

impl Key for () {
    fn append_to(&self, _: &mut Vec<u8>) {}
}

impl Key for u64 {
    fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_be_bytes());
    }
}

impl Key for u32 {
    fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_be_bytes());
    }
}

impl<const N: usize> Key for [u8; N] {
    fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self);
    }
}

/// Text of varying length: only as the last part of a key.
impl Key for String {
    fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.as_bytes());
    }
}

impl<A: Key, B: Key> Key for (A, B) {
    fn append_to(&self, bytes: &mut Vec<u8>) {
        self.0.append_to(bytes);
        self.1.append_to(bytes);
    }
}

impl<A: Key, B: Key, C: Key> Key for (A, B, C) {
    fn append_to(&self, bytes: &mut Vec<u8>) {
        self.0.append_to(bytes);
        self.1.append_to(bytes);
        self.2.append_to(bytes);
    }
}
