//! Integration tests: one binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod age_vectors;
mod founding;
mod joining;
mod keyrings;
mod openapi;
mod permissions;
mod records;
mod restoring;
mod rosters;
mod signing_in;
mod world;
