//! Every table of this format, with how its rows are read. A table that is missing here would be unknown to a check, so
//! a test compares this page with the rows in the sources.

use crate::domain::anomaly::Noted;
use crate::domain::audit::Mention;
use crate::domain::backup::LastBackup;
use crate::domain::change::AccountChange;
use crate::domain::claim::Claim;
use crate::domain::client::Client;
use crate::domain::device::Device;
use crate::domain::directory::{DirectoryHead, Leaf};
use crate::domain::factor::{RecoveryCodes, SecurityKey, Totp};
use crate::domain::file::{File, Upload};
use crate::domain::invite::Offer;
use crate::domain::key_rotation::KeyRotation;
use crate::domain::link::Link;
use crate::domain::person::Person;
use crate::domain::practice::{Installation, Practice};
use crate::domain::record::{Change, EpochCounts};
use crate::domain::recovery::{Answer, Case, Endorsement, HalfFile, NestedFile, Paper, PlanHead};
use crate::domain::review::Review;
use crate::domain::scrub::Scrub;
use crate::domain::security_policy::SecurityPolicy;
use crate::domain::session::Session;
use crate::domain::slot::Slot;
use crate::domain::space::{Grant, Membership, RosterLine, Space, SpaceCursor};
use crate::domain::team::Team;
use crate::domain::trouble::FileTrouble;
use crate::policy::CustomRole;
use crate::store::audit::{AuditHead, StoredEntry};
use crate::store::row::from_value;
use crate::store::rows::answer::FirstAnswer;
use crate::store::rows::backup_key::BackupKeyRow;
use crate::store::rows::certificate_key::CertificateKey;
use crate::store::rows::file_key::FileKey;
use crate::store::rows::keyring::Keyring;
use crate::store::rows::record::{RecordBody, RecordHead};
use crate::store::rows::restore::{RestoreSigned, RestoredSpace};
use crate::store::rows::slot::{Credential, LoginKey};
use crate::store::{Key as _, Row, RowError};

/// A table, and how to look at one of its rows.
pub(super) struct Table {
    pub name: &'static str,
    /// Decodes a value and compares its key with the one that it lies under.
    pub look: fn(&[u8], &[u8]) -> Result<(), RowError>,
}

const fn table<R: Row>() -> Table {
    Table { name: R::TABLE, look: look::<R> }
}

fn look<R: Row>(key: &[u8], value: &[u8]) -> Result<(), RowError> {
    let row: R = from_value(value)?;
    if row.key().to_bytes() == key { Ok(()) } else { Err(RowError::Misplaced { table: R::TABLE }) }
}

/// All of them.
pub(super) const TABLES: &[Table] = &[
    table::<AccountChange>(),
    table::<Answer>(),
    table::<AuditHead>(),
    table::<BackupKeyRow>(),
    table::<Case>(),
    table::<CertificateKey>(),
    table::<Change>(),
    table::<Claim>(),
    table::<Client>(),
    table::<Credential>(),
    table::<CustomRole>(),
    table::<Device>(),
    table::<DirectoryHead>(),
    table::<Endorsement>(),
    table::<EpochCounts>(),
    table::<File>(),
    table::<FileKey>(),
    table::<FirstAnswer>(),
    table::<Grant>(),
    table::<HalfFile>(),
    table::<Installation>(),
    table::<KeyRotation>(),
    table::<Keyring>(),
    table::<FileTrouble>(),
    table::<LastBackup>(),
    table::<Leaf>(),
    table::<Link>(),
    table::<LoginKey>(),
    table::<Membership>(),
    table::<Mention>(),
    table::<NestedFile>(),
    table::<Noted>(),
    table::<Offer>(),
    table::<Paper>(),
    table::<Person>(),
    table::<PlanHead>(),
    table::<Practice>(),
    table::<RecordBody>(),
    table::<RecordHead>(),
    table::<RecoveryCodes>(),
    table::<RestoreSigned>(),
    table::<RestoredSpace>(),
    table::<Review>(),
    table::<RosterLine>(),
    table::<Scrub>(),
    table::<SecurityKey>(),
    table::<SecurityPolicy>(),
    table::<Session>(),
    table::<Slot>(),
    table::<Space>(),
    table::<SpaceCursor>(),
    table::<StoredEntry>(),
    table::<Team>(),
    table::<Totp>(),
    table::<Upload>(),
];

/// The table of that name.
pub(super) fn known(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row type that the sources implement is looked at.
    #[test]
    fn no_table_is_missing() {
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store"))];
        let mut rows = 0;
        while let Some(path) = folders.pop() {
            if path.is_dir() {
                folders.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if !path.ends_with("tests.rs") {
                rows += std::fs::read_to_string(&path)
                    .unwrap()
                    .lines()
                    .filter(|line| line.starts_with("impl Row for "))
                    .count();
            }
        }
        let mut names: Vec<_> = TABLES.iter().map(|table| table.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), TABLES.len()), (rows, rows), "add the new row to TABLES");
    }
}
