//! How each noun is kept: one file per noun, each with its versions.

pub mod backup_key;
