//! What can go wrong with the encrypted file, each with a name and a next step.

use std::io;

use crate::crypto::{KeyTextError, OpenError, SealError};

/// Why the encrypted file could not be made, opened or changed.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// Another process has it open.
    #[error("Another alcove process uses this data directory. Stop it first, or give another directory.")]
    InUse,
    /// There is a file already.
    #[error("There is a practice in this data directory already. Open it, or give another directory.")]
    Exists,
    /// There is no file.
    #[error("There is no practice in this data directory. Begin one, or give the directory where it lies.")]
    Missing,
    /// Some other file.
    #[error("This file is not an Alcove practice. Restore it from a backup, or give the right directory.")]
    NotOurs,
    /// Written by a later version.
    #[error("This practice was written by a newer Alcove (file version {found}). Start that newer version instead.")]
    Newer {
        /// The version of the file.
        found: u16,
    },
    /// The file ends too early.
    #[error("The practice's file is cut off. Do not use it further; restore the last backup.")]
    Truncated,
    /// Both superblocks, the ring or tags are damaged.
    #[error("The practice's file is damaged ({what}). Do not use it further; restore the last backup.")]
    Damaged {
        /// Which part.
        what: &'static str,
    },
    /// The keyfile is for another file, or was replaced.
    #[error(
        "This keyfile does not open this practice. Give the keyfile that was made with it, or use the restore kit."
    )]
    WrongKeyfile,
    /// The kit is for another file, or was replaced.
    #[error("This kit does not open this practice. Use the newest restore kit.")]
    WrongKit,
    /// The passphrase is another one.
    #[error("This passphrase does not open this practice. Type it again; capital letters and spaces count.")]
    WrongPassphrase,
    /// A data key can only be wrapped for a keyfile that is at hand.
    #[error("The keyfile is needed for this, and is not at hand. Give it with --key-file, or remove its slot first.")]
    KeyfileNeeded,
    /// A slot that only a newer version understands.
    #[error(
        "This practice has a way to unlock that this version does not know: {0}. Start that newer version instead."
    )]
    UnknownSlot(super::slots::SlotKind),
    /// A new slot did not open the file.
    #[error("The new way to unlock did not open the practice when it was tried. The old one was kept; try again.")]
    Unproven,
    /// Stretching a passphrase takes memory.
    #[error("There is not enough free memory to check a passphrase. Free some, then try again.")]
    NoMemory,
    /// The user that the program runs as may not.
    #[error(
        "Alcove may not write to the practice's file. Make it and its directory writable for the user that runs Alcove."
    )]
    NotWritable,
    /// No slot of this kind.
    #[error("This practice has no {0} to open it with. Use another way to unlock it.")]
    NoSlot(super::slots::SlotKind),
    /// Removing it would lock everyone out for ever.
    #[error("This is the last way to unlock the practice. Add another one before you remove it.")]
    LastSlot,
    /// The keyfile has another length.
    #[error("The keyfile must hold exactly 32 bytes. Copy it again from where it was saved.")]
    KeyfileLength,
    /// The keyfile lies where a copy of the data would carry it along.
    #[error("The keyfile lies inside the data directory, where every copy of the data would carry it. Move it out.")]
    KeyfileInside,
    /// Others can read the keyfile.
    #[error("Other users of this machine can read the keyfile. Run: chmod 600 on it, and consider making a new one.")]
    KeyfileReadable,
    /// The key of a kit is unusable.
    #[error(transparent)]
    Kit(#[from] KeyTextError),
    /// The kit slot could not be written.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The machine's random source or cipher failed.
    #[error("This machine's cryptography failed. Do not go on; restart the machine, and tell us if it repeats.")]
    Crypto,
    /// No room left.
    #[error("The disk is full: free some space and try again. Nothing that was acknowledged is lost.")]
    DiskFull,
    /// Transactions are open.
    #[error("The practice is being read or written. Try again in a moment.")]
    Busy,
    /// redb refused, for a reason of its own.
    #[error("The database inside the file failed: {0}. Start again; if it repeats, restore the last backup.")]
    Database(#[source] Box<redb::Error>),
    /// The disk failed.
    #[error("The disk reported an error: {0}. Check the disk, then start again.")]
    Io(#[source] io::Error),
}

impl From<io::Error> for BlockError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotWritable,
            _ => Self::Io(error),
        }
    }
}

impl From<redb::Error> for BlockError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) if Fault::NoRandom.is_the_one_in(&error) => Self::Crypto,
            redb::Error::Io(error) if Fault::is_in(&error) => Self::Damaged { what: "a block does not authenticate" },
            redb::Error::Io(error) => error.into(),
            redb::Error::Corrupted(why) if why.contains("truncated") => Self::Truncated,
            redb::Error::Corrupted(_) => Self::Damaged { what: "the database inside it" },
            other => Self::Database(Box::new(other)),
        }
    }
}

impl From<aws_lc_rs::error::Unspecified> for BlockError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Crypto
    }
}

impl From<getrandom::Error> for BlockError {
    fn from(_: getrandom::Error) -> Self {
        Self::Crypto
    }
}

impl From<OpenError> for BlockError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::OtherKit => Self::WrongKit,
            OpenError::Io(error) => error.into(),
            OpenError::NotSealed | OpenError::Damaged => Self::Damaged { what: "the kit's slot" },
        }
    }
}

/// What the backend tells redb, inside an [`io::Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A block is not what was written there, or was never written.
    #[error("block {0} does not authenticate")]
    Unauthentic(u64),
    /// Neither tag copy of a group authenticates.
    #[error("the tags of group {0} do not authenticate")]
    Tags(u64),
    /// An earlier write or sync failed: what the disk holds is unknown until the file is opened again.
    #[error("an earlier write failed; the file must be opened again")]
    Broken,
    /// Nothing can be sealed without random numbers.
    #[error("the system has no random numbers to give")]
    NoRandom,
    /// redb asked for something that this layout does not support.
    #[error("an access is not aligned to blocks, or outside the file")]
    Alignment,
}

impl Fault {
    /// Whether this error carries a fault of ours.
    #[must_use]
    pub fn is_in(error: &io::Error) -> bool {
        error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Self>)
    }

    /// Whether this error carries this fault.
    #[must_use]
    pub fn is_the_one_in(self, error: &io::Error) -> bool {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) == Some(&self)
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}
