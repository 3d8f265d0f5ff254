//! How things look outside: one file per noun. Views translate; they decide nothing.

pub mod account;
pub mod me;
pub mod practice;
pub mod sign_in;
pub mod space;
pub mod text;
