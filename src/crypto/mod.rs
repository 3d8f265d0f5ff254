//! Keys at rest, tokens, signatures, age. Nothing here opens a sealed record, and no function for it exists.

pub mod random;
pub mod sign;
