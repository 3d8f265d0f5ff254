//! Everything between the socket and the use cases: the server loop, guards, routes, views, problems.
//!
//! Must not: decide anything. Routes extract, call one use case, and show what came of it.

mod access;
mod allow;
pub mod api;
pub mod assets;
mod blocking;
mod body;
mod classes;
mod early;
mod errors;
mod front;
pub mod headers;
mod host;
mod pour;
pub mod problem;
mod range;
pub mod rates;
mod refusal;
mod routes;
mod sealed;
pub mod server;
mod session;
mod site;
mod size;
mod view;

pub use allow::Methods;
pub use front::Front;
pub use problem::Problem;
pub use routes::endpoint;
pub use sealed::{Unopened, Unseal, sealed_endpoint};
