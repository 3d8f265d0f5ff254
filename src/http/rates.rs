//! How often one network may ask: everything, and attempts to get in, each with a bucket that refills.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use poem::Request;

use super::{classes::is_attempt, problem::Problem};
use crate::{config::Limits, domain::network::Network};

/// How often buckets that are full again should be forgotten, see [`Rates::forget_full`].
pub const FORGET_EVERY: Duration = Duration::from_mins(1);

/// The buckets of all networks.
pub struct Rates {
    requests: DefaultKeyedRateLimiter<Network>,
    attempts: DefaultKeyedRateLimiter<Network>,
}

impl Rates {
    /// Empty buckets of the sizes in the limits.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let requests = Quota::per_second(at_least_one(limits.requests_per_s));
        let attempts = Quota::per_minute(at_least_one(limits.attempts_per_min));
        Self {
            requests: DefaultKeyedRateLimiter::keyed(requests.allow_burst(at_least_one(limits.requests_burst))),
            attempts: DefaultKeyedRateLimiter::keyed(attempts.allow_burst(at_least_one(limits.attempts_burst))),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `too-many-attempts` with the seconds to wait.
    pub fn check(&self, request: &Request) -> Result<(), Problem> {
        let address = request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip);
        let network = Network::of(address.unwrap_or(IpAddr::from([0, 0, 0, 0])));
        // A machine's own requests come from tests, or from a proxy that stands for everybody.
        if !network.is_loopback() {
            take(&self.requests, network)?;
        }
        if is_attempt(request.method(), request.uri().path()) { take(&self.attempts, network) } else { Ok(()) }
    }

    /// Forgets networks whose buckets are full again, so that memory does not grow with every visitor.
    pub fn forget_full(&self) {
        for buckets in [&self.requests, &self.attempts] {
            buckets.retain_recent();
            buckets.shrink_to_fit();
        }
    }
}

fn take(buckets: &DefaultKeyedRateLimiter<Network>, network: Network) -> Result<(), Problem> {
    buckets.check_key(&network).map_err(|refused| {
        let wait = refused.wait_time_from(buckets.clock().now());
        Problem::too_many(wait.as_secs() + 1)
    })
}
