//! How things look outside: one file per noun. Views translate; they decide nothing.

pub mod account;
pub mod activity;
pub mod anomaly;
pub mod client;
pub mod device;
pub mod factor;
pub mod file;
pub mod invite;
pub mod keyring;
pub mod link;
pub mod me;
pub mod passkey;
pub mod people;
pub mod practice;
pub mod record;
pub mod recovery;
pub mod recovery_case;
pub mod review;
pub mod roles;
pub mod sign_in;
pub mod space;
pub mod team;
pub mod text;
