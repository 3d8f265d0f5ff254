//! One binary for all integration tests.

mod age_vectors;
