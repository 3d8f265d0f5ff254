//! Accepts connections up to a limit, until told to stop.

use std::{
    collections::HashMap,
    future::Future,
    io::{self, ErrorKind},
    net::{Ipv4Addr, SocketAddr},
    os::fd::AsFd as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use poem::Endpoint;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use super::connection::{Shared, serve};
use crate::{config::Limits, domain::network::Network};

/// Before the next try when the system has no descriptor or memory left for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// After the drain, for the last goodbyes.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why the server cannot listen. Exit code 1.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Somebody else listens there.
    #[error("{0} is in use by another program: stop it, or choose another address with --listen ADDR:PORT")]
    InUse(SocketAddr),
    /// The port is reserved.
    #[error("this user may not listen on {0}: choose a port above 1023 with --listen, or let systemd open it")]
    NotAllowed(SocketAddr),
    /// Anything else.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
}

/// A bound socket that speaks TLS once it runs.
pub struct Server {
    listener: TcpListener,
    local: SocketAddr,
    tls: TlsAcceptor,
    limits: Limits,
}

/// A bound socket that outlives its server.
pub struct Socket(std::net::TcpListener, SocketAddr);

/// How many connections each network holds.
type Networks = Arc<Mutex<HashMap<Network, usize>>>;

/// A connection's place, given back when it ends.
struct Place {
    networks: Networks,
    network: Network,
    _permit: OwnedSemaphorePermit,
}

impl Server {
    /// Binds the address. `[::]` falls back to `0.0.0.0` on a machine without IPv6.
    ///
    /// # Errors
    /// [`ServerError`], with what to do about it.
    pub async fn bind(
        address: SocketAddr,
        tls: Arc<rustls::ServerConfig>,
        limits: Limits,
    ) -> Result<Self, ServerError> {
        let mut bound = TcpListener::bind(address).await;
        let is_any_v6 = address.is_ipv6() && address.ip().is_unspecified();
        if is_any_v6 && bound.as_ref().is_err_and(|error| error.raw_os_error() == Some(libc::EAFNOSUPPORT)) {
            bound = TcpListener::bind((Ipv4Addr::UNSPECIFIED, address.port())).await;
        }
        Self::over(bound.map_err(|error| ServerError::of(address, error))?, address, tls, limits)
    }

    /// Goes on listening on a socket of a server before this one; who connected in between has waited in its queue.
    ///
    /// # Errors
    /// As [`Server::bind`].
    pub fn on(socket: Socket, tls: Arc<rustls::ServerConfig>, limits: Limits) -> Result<Self, ServerError> {
        let address = socket.1;
        let listener = TcpListener::from_std(socket.0).map_err(|error| ServerError::of(address, error))?;
        Self::over(listener, address, tls, limits)
    }

    fn over(
        listener: TcpListener,
        address: SocketAddr,
        tls: Arc<rustls::ServerConfig>,
        limits: Limits,
    ) -> Result<Self, ServerError> {
        let local = listener.local_addr().map_err(|error| ServerError::Listen(address, error))?;
        Ok(Self { listener, local, tls: TlsAcceptor::from(tls), limits })
    }

    /// The address it listens on, with the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// The socket, for a server after this one.
    ///
    /// # Errors
    /// What the system says.
    pub fn socket(&self) -> Result<Socket, ServerError> {
        let copy = self.listener.as_fd().try_clone_to_owned();
        copy.map(|socket| Socket(socket.into(), self.local)).map_err(|error| ServerError::Listen(self.local, error))
    }

    /// Serves the endpoint until `stop` resolves, then lets running requests finish, for a while.
    pub async fn run<E>(self, endpoint: E, stop: impl Future<Output = ()>)
    where
        E: Endpoint<Output = poem::Response> + 'static,
    {
        let Self { listener, local, tls, limits } = self;
        let places = Arc::new(Semaphore::new(limits.connections_max));
        let networks = Networks::default();
        let shared = Arc::new(Shared { endpoint, tls, limits, local });
        let (told, to_stop) = watch::channel(false);
        let accepting = async {
            loop {
                let Ok(permit) = places.clone().acquire_owned().await else { return };
                let (socket, peer) = accept(&listener).await;
                let network = Network::of(peer.ip());
                let Some(place) = Place::take(&networks, network, permit, limits.connections_per_network_max) else {
                    tracing::warn!(%network, "too many connections from one network");
                    continue;
                };
                let (shared, to_stop) = (shared.clone(), to_stop.clone());
                tokio::spawn(async move {
                    serve(shared, socket, peer, to_stop).await;
                    drop(place);
                });
            }
        };
        tokio::select! { () = accepting => (), () = stop => () }
        drop(listener);
        told.send_replace(true);
        let all = u32::try_from(limits.connections_max).unwrap_or(u32::MAX);
        // Whoever is still there after the drain is cut when the process ends.
        drop(timeout(limits.drain.saturating_add(FAREWELL), places.acquire_many(all)).await);
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((socket, peer)) => {
                // Only a matter of latency.
                drop(socket.set_nodelay(true));
                return (socket, SocketAddr::new(peer.ip().to_canonical(), peer.port()));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

impl Place {
    fn take(networks: &Networks, network: Network, permit: OwnedSemaphorePermit, max: usize) -> Option<Self> {
        let mut held = networks.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(Self { networks: networks.clone(), network, _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}

impl ServerError {
    fn of(address: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::AddrInUse => Self::InUse(address),
            ErrorKind::PermissionDenied => Self::NotAllowed(address),
            _ => Self::Listen(address, error),
        }
    }
}
