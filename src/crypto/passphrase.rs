//! A passphrase that opens the practice's file: what counts as one, and how it becomes a key (Argon2id, RFC 9106).
//!
//! Whoever copies the file can guess without limit, so each guess must cost memory and time. The cost is written beside
//! the slot, where somebody may have changed it: it is checked before anything is computed.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Bytes of the random salt.
pub const SALT_BYTES: usize = 16;
/// Bytes of the stretched key.
pub const STRETCHED_BYTES: usize = 32;
/// NIST SP 800-63B-4 asks for 15 where a password is all there is, against guessing over a network; here a guess costs
/// half a second and 128 MiB, and twelve is what the product asks of passwords everywhere else.
const CHARACTERS_MIN: usize = 12;
const BYTES_MAX: usize = 1024;
/// "aaaaaaaaaaaa" is long and no secret.
const DIFFERENT_MIN: usize = 5;

/// OWASP's least for Argon2id.
const MEMORY_KIB_MIN: u32 = 19 * 1024;
/// A machine of 1 GB must survive a forged slot.
const MEMORY_KIB_MAX: u32 = 512 * 1024;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 4;
/// Memory times passes: a forged slot stalls for a few seconds at most.
const WORK_KIB_MAX: u64 = 2 * 1024 * 1024;

/// One at a time: several at once would take their memory several times.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What is wrong with a new passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Too few characters.
    #[error(
        "The passphrase has {found} characters and needs at least {CHARACTERS_MIN}: take six words that nobody would put together."
    )]
    TooShort {
        /// How many there are.
        found: usize,
    },
    /// Too many bytes.
    #[error("The passphrase is longer than {BYTES_MAX} bytes. Take a shorter one.")]
    TooLong,
    /// Few characters again and again.
    #[error("The passphrase repeats the same few characters. Take six words that nobody would put together.")]
    TooPlain,
}

/// Why a passphrase could not be stretched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StretchError {
    /// A cost that this program never writes.
    #[error("the cost written beside the passphrase's slot is out of bounds")]
    Cost,
    /// The machine is out of memory.
    #[error("there is not enough memory to check a passphrase")]
    Memory,
}

/// What one guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Default for Cost {
    /// Half a second on a small server. One lane: the computation here uses one core, an attacker's would use several.
    fn default() -> Self {
        Self { memory_kib: 128 * 1024, passes: 4, lanes: 1 }
    }
}

impl Cost {
    /// The least that is accepted; for tests, which stretch often.
    pub const LEAST: Self = Self { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };

    /// A cost as a slot names it.
    ///
    /// # Errors
    /// [`StretchError::Cost`] outside the bounds.
    pub fn of_slot(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, StretchError> {
        let is_sane = (MEMORY_KIB_MIN..=MEMORY_KIB_MAX).contains(&memory_kib)
            && (1..=PASSES_MAX).contains(&passes)
            && (1..=LANES_MAX).contains(&lanes)
            && u64::from(memory_kib) * u64::from(passes) <= WORK_KIB_MAX;
        is_sane.then_some(Self { memory_kib, passes, lanes }).ok_or(StretchError::Cost)
    }

    /// Memory in KiB, passes and lanes, as a slot names them.
    #[must_use]
    pub fn parts(self) -> [u32; 3] {
        [self.memory_kib, self.passes, self.lanes]
    }
}

/// A passphrase, normalised (NFKC, without white space around it), so that every keyboard yields the same bytes.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// A new passphrase, if it is good enough.
    ///
    /// # Errors
    /// A [`PassphraseError`] that says what to change.
    pub fn new(typed: &str) -> Result<Self, PassphraseError> {
        let passphrase = Self::typed(typed);
        let (found, bytes) = (passphrase.0.chars().count(), passphrase.0.len());
        let mut different: Vec<char> = passphrase.0.chars().collect();
        different.sort_unstable();
        different.dedup();
        let is_plain = different.len() < DIFFERENT_MIN;
        different.fill('\0');
        match () {
            () if found < CHARACTERS_MIN => Err(PassphraseError::TooShort { found }),
            () if bytes > BYTES_MAX => Err(PassphraseError::TooLong),
            () if is_plain => Err(PassphraseError::TooPlain),
            () => Ok(passphrase),
        }
    }

    /// A passphrase that somebody typed to open with: whether it is right is for the slot to say.
    #[must_use]
    pub fn typed(typed: &str) -> Self {
        let typed: String = typed.chars().take(2 * BYTES_MAX).collect();
        // Reserved ahead, so that growing leaves no copy in freed memory; NFKC grows a character 18-fold at most.
        let mut normal = Zeroizing::new(String::with_capacity(typed.len() * 18));
        normal.extend(Zeroizing::new(typed).trim().nfkc());
        Self(normal)
    }

    /// The text, to hand it to the running server over its own socket.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The key that this passphrase is with this salt. Takes the cost's time and memory; one call at a time.
    ///
    /// # Errors
    /// [`StretchError::Memory`] when the machine has none left.
    pub fn stretch(
        &self,
        cost: Cost,
        salt: &[u8; SALT_BYTES],
    ) -> Result<Zeroizing<[u8; STRETCHED_BYTES]>, StretchError> {
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(STRETCHED_BYTES));
        let params = params.map_err(|_| StretchError::Cost)?;
        let count = params.block_count();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut memory: Vec<Block> = Vec::new();
        memory.try_reserve_exact(count).map_err(|_| StretchError::Memory)?;
        memory.resize(count, Block::default());
        let mut key = Zeroizing::new([0; STRETCHED_BYTES]);
        let done = argon2.hash_password_into_with_memory(self.0.as_bytes(), salt, &mut *key, &mut memory);
        memory.fill(Block::default());
        std::hint::black_box(&memory);
        done.map_err(|_| StretchError::Cost).map(|()| key)
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyboard_yields_the_same_passphrase() {
        let composed = Passphrase::typed("  fünf ruhige Bäume\u{a0}am See\n");
        assert_eq!(*composed.0, "fünf ruhige Bäume am See");
        assert_eq!(*Passphrase::typed("fu\u{308}nf ruhige Ba\u{308}ume am See").0, *composed.0);
        assert_eq!(format!("{composed:?}"), "Passphrase(secret)");
    }

    #[test]
    fn weak_ones_are_named() {
        assert_eq!(Passphrase::new(" eleven chr ").unwrap_err(), PassphraseError::TooShort { found: 10 });
        assert_eq!(Passphrase::new("abababababababab").unwrap_err(), PassphraseError::TooPlain);
        assert_eq!(Passphrase::new(&"five words ".repeat(100)).unwrap_err(), PassphraseError::TooLong);
        assert!(Passphrase::new("six words nobody joins").is_ok());
    }

    #[test]
    fn a_forged_cost_is_refused_before_it_costs_anything() {
        for (memory, passes, lanes) in
            [(8, 1, 1), (19 * 1024, 0, 1), (19 * 1024, 1, 5), (19 * 1024, 17, 1), (512 * 1024, 5, 1), (u32::MAX, 1, 1)]
        {
            assert_eq!(Cost::of_slot(memory, passes, lanes), Err(StretchError::Cost));
        }
        for cost in [Cost::default(), Cost::LEAST] {
            let [memory, passes, lanes] = cost.parts();
            assert_eq!(Cost::of_slot(memory, passes, lanes), Ok(cost));
        }
    }

    #[test]
    fn stretching_depends_on_passphrase_and_salt() {
        let one = Passphrase::typed("six words nobody joins");
        let key = |passphrase: &Passphrase, salt| *passphrase.stretch(Cost::LEAST, &[salt; SALT_BYTES]).unwrap();
        assert_eq!(key(&one, 1), key(&one, 1));
        assert_ne!(key(&one, 1), key(&one, 2));
        assert_ne!(key(&one, 1), key(&Passphrase::typed("six words nobody joint"), 1));
    }
}
