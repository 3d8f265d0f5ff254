//! One line in the log for each request, and an id that ties the answer to it.
//!
//! Must not: log queries, headers, cookies or bodies.

use poem::{
    Request, Response,
    http::{HeaderName, HeaderValue, Method},
};

use crate::{clock::Stopwatch, crypto::random, domain::network::Network};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// A request on its way.
pub struct Entry {
    id: String,
    method: Method,
    path: String,
    network: Option<Network>,
    watch: Stopwatch,
}

impl Entry {
    /// Notes what came in.
    pub fn begin(request: &Request) -> Self {
        let address = request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip);
        Self {
            id: format!("{:032x}", u128::from_be_bytes(random::bytes())),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            network: address.map(Network::of),
            watch: Stopwatch::start(),
        }
    }

    /// The path that was asked for.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Marks the answer and writes the line.
    pub fn end(self, response: &mut Response) {
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let Self { id, method, path, network, watch } = self;
        let network = network.map(|network| network.to_string()).unwrap_or_default();
        let ms = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(target: "alcove::access", id, %method, path, status = response.status().as_u16(), ms, network);
    }
}
