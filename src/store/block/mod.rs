//! One encrypted file that redb takes for its storage: everything in it, names and sizes of tables included, is
//! sealed and authenticated block by block. It knows nothing of tables, and a read never returns what was not written.
//!
//! Power may fail at any moment: a sync appends one sealed record to a ring, and nothing durable is ever overwritten
//! before its successor is durable.

mod backend;
mod cipher;
mod disk;
mod error;
mod groups;
mod keyfile;
pub mod layout;
mod open;
mod ring;
mod seal;
mod slots;
mod snapshot;
mod stretched;
mod superblock;
mod unlock;

pub use backend::BlockFile;
pub use cipher::{Cipher, DataKey, KEY_BYTES};
pub use disk::{Disk, FileDisk, sync_dir};
pub use error::{BlockError, Fault};
pub use open::{Format, format, open, reopen};
pub use seal::{SealInfo, look, look_at, try_unlock};
pub use slots::{SlotInfo, SlotKind};
pub(super) use snapshot::walk_bytes;
pub use snapshot::{Pace, Snapshot, Walked};
pub use unlock::{Keyfile, SlotSecret, Unlock};
