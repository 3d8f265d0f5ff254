//! Alcove: the coaching practice platform that a coach owns.

pub mod crypto;
