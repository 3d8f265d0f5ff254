//! The addresses at which other devices can reach this machine.

use std::net::{IpAddr, SocketAddr};

/// Addresses that a server listening on `local` answers on, this machine's own left out.
pub fn addresses(local: SocketAddr) -> Vec<SocketAddr> {
    if !local.ip().is_unspecified() {
        return if local.ip().is_loopback() { Vec::new() } else { vec![local] };
    }
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut found: Vec<IpAddr> = interfaces.iter().map(if_addrs::Interface::ip).filter(is_reachable).collect();
    found.retain(|ip| local.is_ipv6() || ip.is_ipv4());
    found.sort();
    found.dedup();
    found.into_iter().map(|ip| SocketAddr::new(ip, local.port())).collect()
}

fn is_reachable(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local(),
        IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_server_is_out_of_reach() {
        assert!(addresses("127.0.0.1:8443".parse().unwrap()).is_empty());
        assert_eq!(addresses("192.0.2.7:8443".parse().unwrap()), ["192.0.2.7:8443".parse().unwrap()]);
        assert!(addresses("[::]:1".parse().unwrap()).iter().all(|address| !address.ip().is_loopback()));
    }
}
