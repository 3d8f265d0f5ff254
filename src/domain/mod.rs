//! The nouns of a practice and their rules. No I/O, no async, no clock, no serde derives.

pub mod audit;
pub mod client;
pub mod file;
pub mod id;
pub mod invite;
pub mod record;
pub mod role;
pub mod roster;
pub mod space;
pub mod text;
