//! A running server inside the test, and a client that trusts its authority.

mod age;
mod client;
mod devices;
mod hunt;
mod keys;
mod process;
mod web;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use alcove::{
    clock::Clock,
    config::Limits,
    http::{Front, server::Server},
    tls::Certificates,
};
use poem::{Endpoint, IntoResponse};
use tokio::{sync::oneshot, task::JoinHandle};

pub use age::{Age, stock_age};
pub use client::{Answer, Trust, read_all};
pub use devices::{Devices, Refused};
pub use hunt::Hunt;
pub use keys::MemoryKeys;
pub use process::{NotStarted, Process, alcove};
pub use web::{need, npm, web};

/// The same deadlines as in life, a hundred times shorter.
pub fn hurried() -> Limits {
    Limits {
        handshake: Duration::from_millis(300),
        head: Duration::from_millis(300),
        body_stall: Duration::from_millis(300),
        body_grace: Duration::from_millis(300),
        write_stall: Duration::from_millis(300),
        idle: Duration::from_secs(2),
        drain: Duration::from_secs(2),
        ..Limits::default()
    }
}

/// A server on a free port of this machine, with its own authority.
pub struct Site {
    pub trust: Trust,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    _dir: tempfile::TempDir,
}

impl Site {
    /// Serves these routes behind the usual guards.
    pub async fn start<E>(limits: Limits, routes: E) -> Self
    where
        E: Endpoint + 'static,
        E::Output: IntoResponse,
    {
        Self::start_with(limits, routes, |front| front).await
    }

    /// The same, with a change to the guards.
    pub async fn start_with<E>(limits: Limits, routes: E, change: impl FnOnce(Front<E>) -> Front<E>) -> Self
    where
        E: Endpoint + 'static,
        E::Output: IntoResponse,
    {
        let dir = tempfile::tempdir().unwrap();
        let origin = "https://localhost".parse().unwrap();
        let keys = Arc::new(MemoryKeys::default());
        let now = Clock::default().now();
        let certificates = Certificates::open(dir.path().join("tls"), &origin, None, keys, now).unwrap();
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(listen, certificates.server_config().unwrap(), limits).await.unwrap();
        let address = server.local_addr();
        let origin = format!("https://localhost:{}", address.port()).parse().unwrap();
        let trust = Trust::new(address, &certificates.authority_der().unwrap());
        let front = change(Front::new(routes, origin, &limits).with_certificates(Arc::new(certificates)));
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(front, async move { drop(stopped.await) }));
        Self { trust, stop: Some(stop), running, _dir: dir }
    }

    /// Tells the server to stop; [`Site::stopped`] waits for it.
    pub fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until the server has stopped.
    pub async fn stopped(self) {
        self.running.await.unwrap();
    }
}
