//! The nouns of a practice and their rules. No I/O, no async, no clock, no serde derives.

pub mod audit;
pub mod backup;
pub mod change;
pub mod claim;
pub mod client;
pub mod device;
pub mod directory;
pub mod factor;
pub mod file;
pub mod id;
pub mod invite;
pub mod key_rotation;
pub mod network;
pub mod origin;
pub mod person;
pub mod practice;
pub mod record;
pub mod role;
pub mod roster;
pub mod scrub;
pub mod security_policy;
pub mod session;
pub mod slot;
pub mod space;
pub mod text;
pub mod trouble;
