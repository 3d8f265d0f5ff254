//! The signed list of what a backup holds. Without it, or with one entry that differs, nothing is restored.

use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::crypto::backup_key::{BackupKey, fingerprint};
use crate::crypto::sign::{Statement, sha256};
use crate::domain::text::{b64u, parse_b64u_32};

/// The backup format this version writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Backup format.
    pub v: u32,
    /// Public half of the signing key, base64url.
    pub key: String,
    /// The installation.
    pub install: String,
    /// Its timeline: raised by each accepted restore.
    pub timeline: u64,
    /// When its state was taken, RFC 3339.
    pub made_at: String,
    /// Version of the program that made it.
    pub alcove: String,
    /// Hash of the manifest before this one, base64url; absent in the first.
    pub previous: Option<String>,
    /// Number of audit entries and their root, base64url.
    pub audit: AuditMark,
    /// Every table.
    pub tables: Vec<TableMark>,
    /// Every other file.
    pub files: Vec<FileMark>,
    /// What is left out on purpose, and why.
    pub excluded: Vec<String>,
}

/// Where the audit log stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditMark {
    /// Number of entries.
    pub size: u64,
    /// Root of the chain.
    pub root: String,
}

/// One table: its rows and the SHA-256 of all its parts, one after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableMark {
    /// Name.
    pub name: String,
    /// Number of rows.
    pub rows: u64,
    /// SHA-256, base64url.
    pub sha256: String,
}

/// One file under the data directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// Path below the data directory, with `/`.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256, base64url.
    pub sha256: String,
}

impl Manifest {
    /// Number of rows in all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// One hash over the whole restored state: equal states have equal ones.
    #[must_use]
    pub fn state_hash(&self) -> String {
        let mut all = Vec::new();
        for table in &self.tables {
            all.extend(format!("table {} {} {}\n", table.name, table.rows, table.sha256).into_bytes());
        }
        for file in &self.files {
            all.extend(format!("file {} {} {}\n", file.path, file.size, file.sha256).into_bytes());
        }
        b64u(&sha256(&all))
    }

    /// The manifest as a signed statement.
    ///
    /// # Errors
    /// It cannot be written as JSON, which no manifest of ours causes.
    pub fn sign(&self, key: &BackupKey) -> Result<String, BackupError> {
        let payload = serde_json::to_vec(self).map_err(|_| BackupError::damaged("its manifest cannot be written"))?;
        Ok(key.sign(&payload))
    }

    /// The manifest of a signed statement, if the key with this fingerprint signed it.
    ///
    /// # Errors
    /// Damaged, from a newer version, or signed by another key.
    pub fn open(signed: &str, expected: &str) -> Result<Self, BackupError> {
        let statement = Statement::parse(signed).ok_or_else(|| BackupError::damaged("its manifest is no statement"))?;
        let head: Head = serde_json::from_slice(&statement.payload)
            .map_err(|_| BackupError::damaged("its manifest cannot be read"))?;
        if head.v > FORMAT {
            return Err(BackupError::NewerFormat { found: head.v, known: FORMAT });
        }
        let key = parse_b64u_32(&head.key).ok_or_else(|| BackupError::damaged("its manifest names no key"))?;
        let found = fingerprint(&key);
        // Typed from paper, where case does not matter; that leaves more than 200 of 256 bits.
        if !found.eq_ignore_ascii_case(expected) {
            return Err(BackupError::Forged { found, expected: expected.to_owned() });
        }
        if !statement.is_by("backup", &key) {
            return Err(BackupError::damaged("the signature of its manifest does not fit"));
        }
        serde_json::from_slice(&statement.payload).map_err(|_| BackupError::damaged("its manifest cannot be read"))
    }
}

#[derive(Deserialize)]
struct Head {
    v: u32,
    key: String,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn sample(key: &BackupKey) -> Manifest {
        Manifest {
            v: FORMAT,
            key: b64u(&key.public()),
            install: "ins_x".into(),
            timeline: 1,
            made_at: "2026-11-24T10:00:00Z".into(),
            alcove: "0.1.0".into(),
            previous: None,
            audit: AuditMark { size: 3, root: b64u(&[0; 32]) },
            tables: vec![TableMark { name: "a".into(), rows: 2, sha256: b64u(&[1; 32]) }],
            files: Vec::new(),
            excluded: Vec::new(),
        }
    }

    #[test]
    fn only_the_named_key_is_believed() {
        let (ours, theirs) = (BackupKey::generate(), BackupKey::generate());
        let manifest = sample(&ours);
        let signed = manifest.sign(&ours).unwrap();
        assert_eq!(Manifest::open(&signed, &ours.fingerprint()).unwrap(), manifest);
        let forged = sample(&theirs).sign(&theirs).unwrap();
        assert!(matches!(Manifest::open(&forged, &ours.fingerprint()), Err(BackupError::Forged { .. })));
        let swapped = sample(&ours).sign(&theirs).unwrap();
        assert!(matches!(Manifest::open(&swapped, &ours.fingerprint()), Err(BackupError::Damaged { .. })));
    }

    #[test]
    fn a_newer_format_is_refused_by_name() {
        let key = BackupKey::generate();
        let newer = Manifest { v: FORMAT + 1, ..sample(&key) }.sign(&key).unwrap();
        assert!(matches!(Manifest::open(&newer, &key.fingerprint()), Err(BackupError::NewerFormat { .. })));
    }
}
