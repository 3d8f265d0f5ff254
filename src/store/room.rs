//! Room on the disk. A part of it is kept back from content, so that audit entries, sign-ins and thus reading go on
//! when a disk is full.

use std::path::PathBuf;

/// Kept back: a twentieth of the disk, within these bounds.
const RESERVE_BYTES_MIN: u64 = 1 << 20;
const RESERVE_BYTES_MAX: u64 = 64 << 20;

/// The disk that a data directory lies on.
#[derive(Clone, Debug)]
pub(super) struct Room {
    dir: PathBuf,
}

impl Room {
    pub(super) const fn of(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Whether so many bytes of content fit without touching the reserve. A file system that does not say is trusted:
    /// a write that finds no room fails whole.
    pub(super) fn is_for(&self, bytes: u64) -> bool {
        let Ok(disk) = rustix::fs::statvfs(&self.dir) else { return true };
        let (free, total) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
        total == 0 || free >= bytes.saturating_add(reserve(total))
    }
}

fn reserve(total: u64) -> u64 {
    (total / 20).clamp(RESERVE_BYTES_MIN, RESERVE_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_kept_back() {
        assert_eq!(reserve(20 << 20), 1 << 20);
        assert_eq!(reserve(1 << 40), 64 << 20);
        let dir = tempfile::tempdir().unwrap();
        let room = Room::of(dir.path().to_owned());
        assert!(room.is_for(0) && !room.is_for(u64::MAX));
    }
}
