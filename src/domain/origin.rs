//! The practice's one web address. Passkeys, unlock slots and login signatures bind to it, so it is exact.
//!
//! Must not: resolve names, or accept anything but https.

use std::{fmt, net::IpAddr, str::FromStr};

/// `https://host` or `https://host:port`, lower case, without a path. The default port is never written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    host: Host,
    port: u16,
}

/// What stands between `https://` and the port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A DNS name in lower case ASCII, without a dot at the end.
    Name(String),
    /// An address. Passkeys do not work there; it is good for a first look only.
    Address(IpAddr),
}

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Another scheme, or none.
    #[error("an origin starts with https://")]
    NotHttps,
    /// A path, query, fragment, user name or space.
    #[error("an origin is only https://, a host name and perhaps a port, for example https://practice.example.org")]
    NotAnOrigin,
    /// The host is neither an address nor a host name.
    #[error("the host is not a valid host name or address (write international names in their xn-- form)")]
    Host,
    /// The port is no number from 1 to 65535.
    #[error("the port is a number from 1 to 65535")]
    Port,
}

const DEFAULT_PORT: u16 = 443;

impl Origin {
    /// The host.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port, 443 when the text has none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// True when the `Host` of a request, or an `:authority`, names this origin.
    #[must_use]
    pub fn is_named_by(&self, authority: &str) -> bool {
        parse_authority(authority).is_ok_and(|(host, port)| host == self.host && port == self.port)
    }

    /// True for `localhost`: good for trial and tests, out of reach for other devices.
    #[must_use]
    pub fn is_localhost(&self) -> bool {
        matches!(&self.host, Host::Name(name) if name == "localhost" || name.ends_with(".localhost"))
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let scheme = text.get(..8).ok_or(OriginError::NotHttps)?;
        if !scheme.eq_ignore_ascii_case("https://") {
            return Err(OriginError::NotHttps);
        }
        let rest = &text[8..];
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = parse_authority(authority)?;
        Ok(Self { host, port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.host)?;
        if self.port == DEFAULT_PORT { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(v4)) => v4.fmt(f),
            Self::Address(IpAddr::V6(v6)) => write!(f, "[{v6}]"),
        }
    }
}

fn parse_authority(text: &str) -> Result<(Host, u16), OriginError> {
    if text.contains(|c: char| !c.is_ascii_graphic() || "/?#@\\".contains(c)) {
        return Err(OriginError::NotAnOrigin);
    }
    let (host, port) = match text.rfind(':') {
        Some(colon) if !text[colon..].contains(']') => (&text[..colon], Some(&text[colon + 1..])),
        _ => (text, None),
    };
    Ok((parse_host(host)?, port.map_or(Ok(DEFAULT_PORT), parse_port)?))
}

fn parse_port(text: &str) -> Result<u16, OriginError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0).ok_or(OriginError::Port)
}

fn parse_host(text: &str) -> Result<Host, OriginError> {
    if let Some(v6) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return v6.parse().map(|v6| Host::Address(IpAddr::V6(v6))).map_err(|_| OriginError::Host);
    }
    if let Ok(v4) = text.parse() {
        return Ok(Host::Address(IpAddr::V4(v4)));
    }
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    let all_digits = last.bytes().all(|b| b.is_ascii_digit());
    if name.len() > 253 || all_digits || !name.split('.').all(is_label) {
        return Err(OriginError::Host);
    }
    Ok(Host::Name(name))
}

fn is_label(label: &str) -> bool {
    let letters = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    (1..=63).contains(&label.len()) && letters && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_normalised() {
        for (given, kept) in [
            ("https://Practice.Example.org", "https://practice.example.org"),
            ("https://practice.example.org:443/", "https://practice.example.org"),
            ("HTTPS://localhost:8443", "https://localhost:8443"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://192.0.2.7", "https://192.0.2.7"),
        ] {
            assert_eq!(given.parse::<Origin>().unwrap().to_string(), kept);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for given in [
            "http://localhost",
            "localhost:8443",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a b",
            "https://a:0",
            "https://a:+80",
            "https://a:99999",
            "https://1.2.3.4.5",
            "https://-a.org",
            "https://a..org",
            "https://müller.example",
            "https://[::1",
        ] {
            assert!(given.parse::<Origin>().is_err(), "{given}");
        }
    }

    #[test]
    fn a_host_header_names_the_origin_or_does_not() {
        let origin: Origin = "https://practice.example.org".parse().unwrap();
        assert!(origin.is_named_by("practice.example.org"));
        assert!(origin.is_named_by("PRACTICE.example.org:443"));
        assert!(!origin.is_named_by("practice.example.org:8443"));
        assert!(!origin.is_named_by("example.org"));
        assert!(!origin.is_named_by(""));
        assert!("https://localhost:8443".parse::<Origin>().unwrap().is_localhost());
    }
}
