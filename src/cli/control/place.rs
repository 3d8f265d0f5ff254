//! Where the socket is. The system takes socket paths of at most 108 bytes, and a data directory can be longer, so the
//! directory is opened first and the socket reached through it.

use std::{
    fs::File,
    io,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
};

/// The socket's name.
const NAME: &str = "control.sock";
/// What fits into `sockaddr_un`, with its ending zero.
const PATH_BYTES_MAX: usize = 107;

/// A path that reaches the socket, short enough for the system.
pub struct Place {
    reach: PathBuf,
    full: PathBuf,
    /// Keeps the directory open while `reach` may lead through it.
    _dir: Option<File>,
}

impl Place {
    /// The socket of a data directory.
    pub fn of(data_dir: &Path) -> io::Result<Self> {
        let full = data_dir.join(NAME);
        if full.as_os_str().len() <= PATH_BYTES_MAX {
            return Ok(Self { reach: full.clone(), full, _dir: None });
        }
        let dir = File::open(data_dir)?;
        let reach = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", dir.as_raw_fd()));
        Ok(Self { reach, full, _dir: Some(dir) })
    }

    /// For binding and connecting.
    pub fn reach(&self) -> &Path {
        &self.reach
    }

    /// For people.
    pub fn full(&self) -> &Path {
        &self.full
    }
}
