//! The nouns of a practice and their rules. No I/O, no async, no clock, no serde derives.

pub mod audit;
pub mod change;
pub mod device;
pub mod directory;
pub mod id;
pub mod origin;
pub mod person;
pub mod practice;
pub mod role;
pub mod session;
pub mod slot;
pub mod text;
