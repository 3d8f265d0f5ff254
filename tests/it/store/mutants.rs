//! Mistakes that the store's tests must notice, each a change of one place in the real source. The long bench makes
//! them one by one and demands a failure (`cargo bench --bench long_store -- mutants`); here it is only checked that
//! each text is still where it was, so that none of them rots.

use std::{fs, path::Path};

/// A named mistake.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    pub name: &'static str,
    /// Below the crate's root.
    pub file: &'static str,
    pub text: &'static str,
    pub instead: &'static str,
    /// The tests of `store` that run against it, of which one at least must fail.
    pub tests: &'static [&'static str],
}

const EXPLORER: &[&str] = &["power_loss"];

pub const MUTANTS: &[Mutant] = &[
    Mutant {
        // redb's super-header lives in records: one place for records is one place for it.
        name: "the header in one place",
        file: "src/store/block/backend.rs",
        text: "journal.head = (offset + bytes) % journal.ring_bytes;",
        instead: "journal.head = 0 * (offset + bytes);",
        tests: EXPLORER,
    },
    Mutant {
        name: "tag blocks in place",
        file: "src/store/block/groups.rs",
        text: "tags_at(*index) + (1 - group.durable) as u64 * BLOCK",
        instead: "tags_at(*index) + group.durable as u64 * BLOCK",
        tests: EXPLORER,
    },
    Mutant {
        name: "a checkpoint that trusts itself",
        file: "src/store/block/backend.rs",
        text: "let raw = Record { seq, offset, oldest, previous, header, entries }.seal(&self.keys)?;",
        instead: "let oldest = if checkpoint { seq } else { oldest };\n        let raw = Record { seq, offset, oldest, previous, header, entries }.seal(&self.keys)?;",
        tests: EXPLORER,
    },
    Mutant {
        name: "a replay that ignores the sequence",
        file: "src/store/block/groups.rs",
        text: "let newer = seq > group.number(JSEQ_AT);",
        instead: "let newer = seq > 0 * group.number(JSEQ_AT);",
        tests: EXPLORER,
    },
    Mutant {
        name: "no sync after a record",
        file: "src/store/block/backend.rs",
        text: "self.disk.write_at(RING_AT + offset, &raw)?;\n        self.disk.sync()?;",
        instead: "self.disk.write_at(RING_AT + offset, &raw)?;",
        tests: EXPLORER,
    },
    Mutant {
        name: "poison for the first block only",
        file: "src/store/block/backend.rs",
        text: "out.fill(POISON);",
        instead: "out[..BLOCK_BYTES].fill(POISON);",
        tests: &["promises", "power_loss"],
    },
    Mutant {
        name: "no sync at an opening",
        file: "src/store/block/open.rs",
        text: "disk.sync()?;\n    disk.forget_cached();\n    let found = superblock::find(&*disk)?;\n    let (data_key, keys)",
        instead: "disk.forget_cached();\n    let found = superblock::find(&*disk)?;\n    let (data_key, keys)",
        tests: &["promises", "power_loss"],
    },
    Mutant {
        // The header does not alternate in this layout; the superblock is what has two copies that take turns.
        name: "both superblock copies under way at once",
        file: "src/store/block/superblock.rs",
        text: "disk.write_at(at, &raw)?;\n            disk.sync()?;\n        }",
        instead: "disk.write_at(at, &raw)?;\n        }\n        disk.sync()?;",
        tests: &["slots", "power_loss"],
    },
    Mutant {
        name: "no gap in the numbers at an opening",
        file: "src/store/block/backend.rs",
        text: "journal.seq += 1;\n        self.commit(journal, true)?;",
        instead: "self.commit(journal, true)?;",
        tests: &["promises"],
    },
    Mutant {
        name: "a fixed nonce",
        file: "src/store/block/cipher.rs",
        text: "getrandom::fill(&mut entry[..NONCE_BYTES]).map_err(|_| Fault::NoRandom)?;",
        instead: "",
        tests: &["nonces"],
    },
    Mutant {
        name: "a slot removed from one superblock copy",
        file: "src/store/block/superblock.rs",
        text: "for at in [SUPERBLOCKS_AT[1], SUPERBLOCKS_AT[0]] {",
        instead: "for at in [SUPERBLOCKS_AT[1]] {",
        tests: &["promises"],
    },
    Mutant {
        name: "tags without a key",
        file: "src/store/block/cipher.rs",
        text: "hmac::Context::with_key(&self.tags);",
        instead: "hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, b\"\"));",
        tests: &["promises"],
    },
    Mutant {
        name: "no room reserved for tags",
        file: "src/store/block/backend.rs",
        text: "self.reserve_tags(old, new)?;",
        instead: "",
        tests: &["promises"],
    },
    Mutant {
        name: "a failed sync that is taken for a sync",
        file: "src/store/block/backend.rs",
        text: "self.broken.fetch_or(done.is_err(), Ordering::AcqRel);",
        instead: "",
        tests: &["faults", "promises"],
    },
    Mutant {
        name: "a lock that nobody takes",
        file: "src/store/block/disk.rs",
        text: "match file.try_lock() {",
        instead: "match Ok::<(), TryLockError>(()) {",
        tests: &["file"],
    },
];

impl Mutant {
    /// The source with the mistake in it.
    ///
    /// # Errors
    /// When the text is not there exactly once: then the mutant has to follow the source.
    pub fn applied(&self, source: &str) -> Result<String, String> {
        match source.matches(self.text).count() {
            1 => Ok(source.replacen(self.text, self.instead, 1)),
            found => Err(format!("{:?}: its text is in {} {found} times, not once", self.name, self.file)),
        }
    }
}

#[test]
fn every_mutant_is_still_in_the_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing: Vec<String> = MUTANTS
        .iter()
        .filter_map(|mutant| mutant.applied(&fs::read_to_string(root.join(mutant.file)).unwrap()).err())
        .collect();
    let tests = MUTANTS.iter().flat_map(|mutant| mutant.tests);
    assert!(tests.clone().all(|name| root.join(format!("tests/it/store/{name}.rs")).exists()), "a test was renamed");
    assert!(missing.is_empty(), "{missing:#?}");
}
