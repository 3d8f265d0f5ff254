//! The network that an address belongs to: what limits count by, and what the audit log may say about a place.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// An IPv4 /24 or an IPv6 /48: about one office or household, and no single device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address; IPv4 written as IPv6 counts as IPv4.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << 8)).into(),
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 80)).into(),
        })
    }

    /// True for this machine itself.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        matches!(self.0, IpAddr::V4(v4) if v4.octets()[0] == 127) || self.0 == IpAddr::V6(Ipv6Addr::UNSPECIFIED)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, if self.0.is_ipv4() { 24 } else { 48 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_fall_into_networks() {
        let of = |text: &str| Network::of(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(of("::ffff:192.0.2.77"), "192.0.2.0/24");
        assert_eq!(of("2001:db8:1:2ff:3::4"), "2001:db8:1::/48");
        assert!(Network::of("127.0.0.1".parse().unwrap()).is_loopback());
        assert!(Network::of("::1".parse().unwrap()).is_loopback());
        assert!(!Network::of("192.0.2.1".parse().unwrap()).is_loopback());
    }
}
