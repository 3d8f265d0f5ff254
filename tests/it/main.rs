//! Integration tests: one binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod age_vectors;
mod deadlines;
mod floods;
mod guards;
mod heads;
mod joining;
mod openapi;
mod permissions;
mod process;
mod records;
mod rosters;
mod store;
mod support;
mod tidy;
mod tls;
mod web_assets;
mod world;
