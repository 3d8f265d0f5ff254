//! Alcove: the coaching practice platform that a coach owns.
//!
//! Modules in reading order; ARCHITECTURE.md says who may use whom, and `tests/it/tidy.rs` enforces it.

pub mod app;
pub mod assets;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod domain;
pub mod http;
pub mod jobs;
pub mod policy;
pub mod store;
pub mod sys;
pub mod tls;
