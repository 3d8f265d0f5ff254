//! A part of a file on its way in: sealed and written while it comes. Between its pieces no thread waits and no more
//! than a few chunks are held, so that slow or many uploads cost little; bytes whose part breaks off are not lost.

use futures_util::StreamExt as _;
use poem::Body;

use super::Problem;
use super::blocking::blocking;
use crate::app::App;
use crate::store::blobs::{CHUNK_BYTES, Part};

/// So much is gathered before a thread is asked to seal it.
const PIECE_BYTES: usize = 4 * CHUNK_BYTES;

/// Pours a body into a part: the bytes of the file that are safe on the disk then.
///
/// # Errors
/// The body broke off, or what sealing and writing say.
pub async fn pour(app: &App, mut part: Part, body: Body) -> Result<u64, Problem> {
    let mut frames = body.into_bytes_stream();
    while let Some(frame) = frames.next().await {
        part.take(&frame.map_err(|_| broke_off())?);
        if part.held() >= PIECE_BYTES {
            part = blocking(app, move |app| app.write_part(&mut part).map(|()| part)).await?;
        }
    }
    blocking(app, move |app| app.finish_part(part)).await
}

/// Nobody may be there to read it; the layer above says when a body was too slow or too large.
fn broke_off() -> Problem {
    Problem::bad_request("The part broke off; ask where the upload stands and go on from there.")
}
