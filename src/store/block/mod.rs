//! One encrypted file that redb takes for its storage: everything in it, names and sizes of tables included, is
//! sealed and authenticated block by block. It knows nothing of tables, and a read never returns what was not written.
//!
//! Power may fail at any moment: a sync appends one sealed record to a ring, and nothing durable is ever overwritten
//! before its successor is durable.

mod backend;
mod block_set;
mod changes;
mod cipher;
mod disk;
mod error;
mod groups;
mod keyfile;
pub mod layout;
mod mirror;
mod open;
mod ring;
mod seal;
mod slots;
mod snapshot;
mod stretched;
mod successor;
mod superblock;
mod unlock;

pub use backend::BlockFile;
pub use block_set::BlockSet;
pub use changes::{Content, Frame, Next, Start, Subscription};
pub use cipher::{Cipher, DataKey, KEY_BYTES};
pub use disk::{Disk, FileDisk, sync_dir};
pub use error::{BlockError, Fault};
pub use mirror::{FrameError, Mirror};
pub use open::{Format, format, open, reopen};
pub use seal::{SealInfo, look, look_at, try_unlock};
pub use slots::{SlotInfo, SlotKind};
pub(super) use snapshot::walk_bytes;
pub use snapshot::{Pace, Snapshot, Walked};
pub use successor::{Pause, PlaceError, Successor, TakeOverError};
pub use unlock::{Keyfile, SlotSecret, Unlock};
