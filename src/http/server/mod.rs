//! The server loop: sockets, TLS, HTTP/1.1 and HTTP/2 around one endpoint, with a deadline for every wait.
//!
//! Must not: know routes, sessions or the practice.

mod accept;
mod activity;
mod body;
mod connection;
mod strict_head;
mod write_stall;

pub use accept::{Server, ServerError, Socket};
pub use body::{BodyFate, CappedBody};
