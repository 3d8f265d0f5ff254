//! The real program on a machine that fails: killed at any moment, with a disk that reports errors, searched for what
//! nobody should find, watched while it dies.

mod admin;
mod changing_keys;
mod cores;
mod ends;
pub mod faults;
pub mod kills;
mod line;
mod markers;
mod openers;
mod practice;
mod randomness;
mod starts;
mod work;
