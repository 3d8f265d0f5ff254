//! The command's end of the control socket.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use serde_json::Value;
use zeroize::Zeroizing;

use super::place::Place;
use crate::cli::error::CommandError;

/// Long work answers when it is done; a backup may take a while.
const PATIENCE: Duration = Duration::from_hours(1);

/// What came of asking.
pub enum Asked {
    /// The server's answer.
    Answered(Value),
    /// No server runs on this data directory.
    NobodyThere,
}

/// Asks the server that runs on a data directory to do something.
pub fn ask(data_dir: &Path, request: &Value) -> Result<Asked, CommandError> {
    let failed = |source| CommandError::Control { path: data_dir.join("control.sock"), source };
    let stream = match Place::of(data_dir).and_then(|place| UnixStream::connect(place.reach())) {
        Ok(stream) => stream,
        Err(error) if is_nobody(&error) => return Ok(Asked::NobodyThere),
        Err(error) => return Err(failed(error)),
    };
    let answer = exchange(stream, request).map_err(failed)?;
    match answer["error"].as_str() {
        Some(error) => Err(CommandError::Answered {
            sentence: error.to_owned(),
            exit: answer["exit"].as_u64().and_then(|exit| u8::try_from(exit).ok()).unwrap_or(1),
        }),
        None => Ok(Asked::Answered(answer["ok"].clone())),
    }
}

fn exchange(mut stream: UnixStream, request: &Value) -> io::Result<Value> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(Zeroizing::new(format!("{request}\n")).as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    serde_json::from_str(&line).map_err(|_| io::Error::new(ErrorKind::UnexpectedEof, "the server gave no answer"))
}

/// No socket, or one that a server left behind when it was killed.
fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused)
}
