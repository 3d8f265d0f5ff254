//! The directory: an append-only chain of leaves that every device follows, so that nobody gets a second key unseen.

/// One leaf: a random tag of the person and a salted hash of their key statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Position, from 1, without gaps.
    pub n: u64,
    /// The person's tag.
    pub tag: [u8; 16],
    /// `SHA-256(salt ‖ statement)`.
    pub hash: [u8; 32],
}

/// Where the chain ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryHead {
    /// How many leaves.
    pub size: u64,
    /// The chain's head; 32 zero bytes for the empty directory.
    pub head: [u8; 32],
}
