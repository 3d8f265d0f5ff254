//! Alcove.
