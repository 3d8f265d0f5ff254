//! The nouns of a practice and their rules. No I/O, no async, no clock, no serde derives.

pub mod audit;
pub mod id;
pub mod role;
pub mod text;
