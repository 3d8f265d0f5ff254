//! The server's end of the control socket.

use std::{
    fs::{Permissions, remove_file, set_permissions, symlink_metadata},
    io::{self, ErrorKind},
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    path::Path,
    sync::Arc,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    time::timeout,
};

use zeroize::{Zeroize as _, Zeroizing};

use super::place::Place;
use crate::cli::error::CommandError;

/// A request is one short line.
const LINE_BYTES_MAX: u64 = 64 * 1024;
const LINE_PATIENCE: Duration = Duration::from_secs(5);

/// Does what a command asks, on a blocking thread: the whole request in, the answer or the failure out. Secrets in the
/// request are overwritten afterwards.
pub type Handler = Arc<dyn Fn(&Value) -> Result<Value, CommandError> + Send + Sync>;

/// The bound socket.
pub struct Listening {
    listener: UnixListener,
    place: Place,
    uid: u32,
}

impl Listening {
    /// Binds the socket of a data directory whose lock we hold, so that a socket already there is a dead one.
    ///
    /// # Errors
    /// What the system says.
    pub fn bind(data_dir: &Path) -> io::Result<Self> {
        let place = Place::of(data_dir)?;
        if symlink_metadata(place.reach()).is_ok_and(|file| file.file_type().is_socket()) {
            remove_file(place.reach())?;
        }
        let listener = UnixListener::bind(place.reach())?;
        set_permissions(place.reach(), Permissions::from_mode(0o600))?;
        // The file is ours, so its owner is who we are.
        let uid = symlink_metadata(place.reach())?.uid();
        Ok(Self { listener, place, uid })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.place.full()
    }

    /// Answers commands until dropped.
    pub async fn run(&self, handler: Handler) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) if self.is_ours(&stream) => {
                    let handler = handler.clone();
                    tokio::spawn(async move { drop(serve(stream, handler).await) });
                }
                Ok(_) => tracing::warn!("another user tried the control socket"),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept on the control socket");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    fn is_ours(&self, stream: &UnixStream) -> bool {
        stream.peer_cred().is_ok_and(|peer| peer.uid() == self.uid || peer.uid() == 0)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // Left behind, it is refused connections and replaced at the next start.
        drop(remove_file(self.place.reach()));
    }
}

async fn serve(mut stream: UnixStream, handler: Handler) -> io::Result<()> {
    let mut line = Zeroizing::new(String::new());
    let (read, mut write) = stream.split();
    let mut reader = BufReader::new(read.take(LINE_BYTES_MAX));
    timeout(LINE_PATIENCE, reader.read_line(&mut line)).await.map_err(|_| ErrorKind::TimedOut)??;
    let answer = match serde_json::from_str::<Value>(&line) {
        Ok(mut request) => tokio::task::spawn_blocking(move || {
            let answer = handler(&request);
            wipe(&mut request);
            answer
        })
        .await
        .map_err(io::Error::other)?,
        Err(_) => Err(CommandError::Refused(
            "this is not a request: the command and the server are of different versions".into(),
        )),
    };
    let answer = match answer {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "error": error.to_string(), "exit": error.exit() }),
    };
    write.write_all(format!("{answer}\n").as_bytes()).await
}

/// A passphrase may be among them.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(all) => all.iter_mut().for_each(wipe),
        Value::Object(all) => all.values_mut().for_each(wipe),
        _ => {}
    }
}
