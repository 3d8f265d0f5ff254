//! The few places with `unsafe`, each with its reason. Nothing here knows the product.

pub mod file_space;
pub mod memory;
pub mod resolver;
