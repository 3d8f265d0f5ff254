//! Integration tests: one binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod age_vectors;
mod joining;
mod openapi;
mod permissions;
mod records;
mod rosters;
mod store;
mod wire_vectors;
mod world;
