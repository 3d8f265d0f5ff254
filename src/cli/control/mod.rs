//! How a command reaches a running server: `control.sock` in the data directory, for the server's own user and root.
//! One JSON object a line each way: `{"do": "claim"}` is answered by `{"ok": …}` or
//! `{"error": "…", "exit": 1}`.

mod client;
mod place;
mod server;

pub use client::{Asked, ask};
pub use server::{Handler, Listening};
