//! Integration tests: one binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "seeds and tallies, which the harness shows when a test fails")]

mod age_vectors;
mod api;
mod browsers;
mod checking;
mod command_line;
mod crowds;
mod deadlines;
mod early;
mod files;
mod fixtures;
mod floods;
mod founding;
mod full_disk;
mod guards;
mod heads;
mod joining;
mod key_rotation;
mod keyrings;
mod links;
mod machine;
mod matrix;
mod openapi;
mod passkeys;
mod permissions;
mod process;
mod ranges;
mod records;
mod reoffers;
mod repeats;
mod restoring;
mod roster_vectors;
mod rosters;
mod sealing;
mod sharing;
mod signing_in;
mod store;
mod support;
mod tidy;
mod tls;
mod uploads;
mod web_assets;
mod whole_life;
mod wire_vectors;
mod world;
