//! Recovery codes: made at random, kept by hash. They have 80 random bits, so that no slow hash is needed.

use super::random;
use super::sign::sha256;
use crate::domain::factor::{RECOVERY_CODES, RecoveryCode};
use crate::domain::id::PersonId;

/// A new set, to be shown once.
#[must_use]
pub fn make() -> Vec<RecoveryCode> {
    (0..RECOVERY_CODES).map(|_| RecoveryCode::from_random(random::bytes())).collect()
}

/// What the server keeps of a person's code.
#[must_use]
pub fn hash(person: PersonId, code: &RecoveryCode) -> [u8; 32] {
    sha256(&[b"alcove/v1/recovery-code\0".as_slice(), person.as_bytes(), &code.to_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_its_own_and_its_persons() {
        let (made, anna) = (make(), PersonId::from_bytes([1; 16]));
        assert_eq!(made.len(), 10);
        assert_ne!(made[0], made[1]);
        assert_eq!(hash(anna, &made[0]), hash(anna, &made[0].to_string().parse().unwrap()));
        assert_ne!(hash(anna, &made[0]), hash(PersonId::from_bytes([2; 16]), &made[0]));
    }
}
