//! Where things are and how the server listens: command line first, then the environment, then defaults.
//! The only place that reads the environment.
//!
//! Must not: touch the disk or the network.

use std::{
    env, fmt,
    net::{Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use crate::domain::{file::StorageLimits, origin::Origin};

/// The few variables that matter, read once.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `STATE_DIRECTORY`, set by systemd; the first of a colon-separated list.
    pub state_directory: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub state_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `HOME`; the account database is never asked, a static program cannot do that safely.
    pub home: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY`, where systemd puts decrypted credentials.
    pub credentials: Option<PathBuf>,
}

/// Why the configuration cannot be used. Exit code 3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Nothing says where to keep the data.
    #[error("no place for the data: set HOME, or say where with --data-dir DIR")]
    NoDataDir,
    /// Nothing says where to keep the key.
    #[error("no place for the data key: set HOME, or say where with --key-file FILE")]
    NoKeyFile,
    /// The key would lie beside what it locks.
    #[error("the key file {} lies inside the data directory; whoever copies the directory would have both: choose another place with --key-file FILE", .0.display())]
    KeyInsideData(PathBuf),
    /// Only one half of a certificate was named.
    #[error("--cert and --key go together: name both files or neither")]
    HalfACertificate,
}

/// Everything `serve` needs to know before it starts.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// The data directory and the key beside it.
    pub places: Places,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The practice's one web address.
    pub origin: Origin,
    /// Own certificate files; without them a local authority is made.
    pub certificate: Option<CertificateFiles>,
    /// Deadlines and limits of the server loop.
    pub limits: Limits,
    /// How much sealed files may take.
    pub storage: StorageLimits,
}

/// A number of bytes as people write it: `500MB`, `1.5 GB` is not one, `2TB` is. Units are powers of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSize(pub u64);

/// The data directory and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The data directory, mode 0700.
    pub data_dir: PathBuf,
    /// The file with the key that unlocks it, mode 0600, never inside it.
    pub key_file: PathBuf,
    /// The file with the passphrase that unlocks it, `-` for standard input.
    pub passphrase_file: Option<PathBuf>,
}

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, leaf first.
    pub chain: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// How long the server waits and how much it holds. Tests shorten the waits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For a request's head, and for a connection's first request.
    pub head: Duration,
    /// Without one byte of a body.
    pub body_stall: Duration,
    /// Before a body's average rate counts.
    pub body_grace: Duration,
    /// The slowest honest upload, after the grace.
    pub body_bytes_per_s: u32,
    /// For a client that does not take the answer.
    pub write_stall: Duration,
    /// Without any request on a connection.
    pub idle: Duration,
    /// For running requests when the server stops.
    pub drain: Duration,
    /// Connections at once; more wait in the kernel's queue.
    pub connections_max: usize,
    /// Connections at once from one network.
    pub connections_per_network_max: usize,
    /// Requests per second from one network, over time.
    pub requests_per_s: u32,
    /// Requests at once from one network.
    pub requests_burst: u32,
    /// Attempts to get in, per minute, from one network, over time. Failed ones are slowed down further by account.
    pub attempts_per_min: u32,
    /// Attempts to get in, at once, from one network.
    pub attempts_burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(8),
            head: Duration::from_secs(8),
            body_stall: Duration::from_secs(8),
            body_grace: Duration::from_secs(8),
            body_bytes_per_s: 1024,
            write_stall: Duration::from_secs(30),
            idle: Duration::from_mins(2),
            drain: Duration::from_secs(5),
            connections_max: 768,
            connections_per_network_max: 384,
            requests_per_s: 100,
            requests_burst: 400,
            attempts_per_min: 120,
            attempts_burst: 120,
        }
    }
}

/// How logs are written to stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Environment {
    /// Reads the process's environment.
    #[must_use]
    pub fn read() -> Self {
        let path = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let absolute = |name| path(name).filter(|path| path.is_absolute());
        let first = |list: PathBuf| list.to_str().and_then(|text| text.split(':').next()).map(PathBuf::from);
        Self {
            state_directory: path("STATE_DIRECTORY").and_then(first),
            state_home: absolute("XDG_STATE_HOME"),
            config_home: absolute("XDG_CONFIG_HOME"),
            home: absolute("HOME"),
            credentials: absolute("CREDENTIALS_DIRECTORY"),
        }
    }
}

impl Places {
    /// Finds the places: what was asked for, else what the environment says.
    ///
    /// # Errors
    /// [`ConfigError`] when nothing names a place, or the key would lie inside the data directory.
    pub fn find(
        data_dir: Option<PathBuf>,
        key_file: Option<PathBuf>,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let data_dir = data_dir.or_else(|| environment.data_dir()).ok_or(ConfigError::NoDataDir)?;
        let key_file = key_file.or_else(|| environment.key_file()).ok_or(ConfigError::NoKeyFile)?;
        if key_file.starts_with(&data_dir) {
            return Err(ConfigError::KeyInsideData(key_file));
        }
        Ok(Self { data_dir, key_file, passphrase_file: None })
    }

    /// Where certificates live.
    #[must_use]
    pub fn tls_dir(&self) -> PathBuf {
        self.data_dir.join("tls")
    }
}

impl Environment {
    fn data_dir(&self) -> Option<PathBuf> {
        let below_home = |home: &PathBuf| home.join(".local/state");
        let state = || self.state_home.clone().or_else(|| self.home.as_ref().map(below_home));
        self.state_directory.clone().or_else(|| state().map(|dir| dir.join("alcove")))
    }

    fn key_file(&self) -> Option<PathBuf> {
        let below_home = |home: &PathBuf| home.join(".config");
        let config = || self.config_home.clone().or_else(|| self.home.as_ref().map(below_home));
        let credential = self.credentials.as_ref().map(|dir| dir.join("data.key"));
        credential.or_else(|| config().map(|dir| dir.join("alcove").join("data.key")))
    }
}

impl CertificateFiles {
    /// Pairs the two options of the command line.
    ///
    /// # Errors
    /// [`ConfigError::HalfACertificate`] when only one is there.
    pub fn pair(chain: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<Self>, ConfigError> {
        match (chain, key) {
            (None, None) => Ok(None),
            (Some(chain), Some(key)) => Ok(Some(Self { chain, key })),
            _ => Err(ConfigError::HalfACertificate),
        }
    }
}

/// The address to listen on when none is given: every interface, on the port of the origin.
#[must_use]
pub fn default_listen(origin: &Origin) -> SocketAddr {
    SocketAddr::from((Ipv6Addr::UNSPECIFIED, origin.port()))
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("the log format is text or json"),
        }
    }
}

impl FromStr for ByteSize {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a size is a whole number and a unit, like 500MB, 20GB or 2TB";
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let unit: u64 = match text[digits.len()..].trim().to_ascii_uppercase().as_str() {
            "" | "B" => 1,
            "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => return Err(wrong),
        };
        let number: u64 = digits.parse().map_err(|_| wrong)?;
        number.checked_mul(unit).map(Self).ok_or(wrong)
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |path: &Path| path.display().to_string();
        write!(f, "data in {}, key in {}", show(&self.data_dir), show(&self.key_file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment { home: Some("/home/maya".into()), ..Environment::default() }
    }

    #[test]
    fn places_follow_the_environment_unless_given() {
        let found = Places::find(None, None, &environment()).unwrap();
        assert_eq!(found.data_dir, Path::new("/home/maya/.local/state/alcove"));
        assert_eq!(found.key_file, Path::new("/home/maya/.config/alcove/data.key"));
        let systemd = Environment {
            state_directory: Some("/var/lib/alcove".into()),
            credentials: Some("/run/credentials/alcove.service".into()),
            ..Environment::default()
        };
        let found = Places::find(None, None, &systemd).unwrap();
        assert_eq!(found.data_dir, Path::new("/var/lib/alcove"));
        assert_eq!(found.key_file, Path::new("/run/credentials/alcove.service/data.key"));
        let given = Places::find(Some("/srv/a".into()), Some("/srv/k".into()), &Environment::default()).unwrap();
        assert_eq!(given.data_dir, Path::new("/srv/a"));
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in
            [("0", 0), ("12", 12), ("500MB", 500_000_000), ("20 gb", 20_000_000_000), ("2TB", 2_000_000_000_000)]
        {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
        for text in ["", "GB", "1.5GB", "-1", "9 parsecs", "99999999999TB"] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_beside_its_lock_is_refused() {
        let inside = Places::find(Some("/srv/a".into()), Some("/srv/a/data.key".into()), &environment());
        assert!(matches!(inside, Err(ConfigError::KeyInsideData(_))));
        assert_eq!(Places::find(None, None, &Environment::default()), Err(ConfigError::NoDataDir));
        assert_eq!(CertificateFiles::pair(Some("c".into()), None), Err(ConfigError::HalfACertificate));
    }
}
