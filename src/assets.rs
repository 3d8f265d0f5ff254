//! The web UI inside the binary: files of the build, each with its compressed siblings.
//!
//! Must not: know HTTP.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/web"]
struct Web;

/// How the bytes of an asset are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

/// One file, in the best form that the asker takes.
pub struct Asset {
    /// The bytes as they are sent.
    pub bytes: Cow<'static, [u8]>,
    /// A strong, quoted entity tag of exactly these bytes.
    pub etag: String,
    /// The media type of the file.
    pub media_type: String,
    /// How the bytes are compressed.
    pub coding: Option<Coding>,
    /// True when the name holds a hash of the content, so that it can be kept for ever.
    pub is_immutable: bool,
}

/// The page that starts the application.
pub const START_PAGE: &str = "index.html";

impl Asset {
    /// The file at a path without a leading slash. `accepts` says which codings the asker takes.
    pub fn find(path: &str, accepts: impl Fn(Coding) -> bool) -> Option<Self> {
        let is_sibling = |ending| path.strip_suffix(ending).is_some_and(|plain| Web::get(plain).is_some());
        if is_sibling(".br") || is_sibling(".gz") {
            return None;
        }
        let compressed = |coding, ending| {
            let file = accepts(coding).then(|| Web::get(&format!("{path}{ending}"))).flatten();
            file.map(|file| (file, Some(coding)))
        };
        let (file, coding) = compressed(Coding::Brotli, ".br")
            .or_else(|| compressed(Coding::Gzip, ".gz"))
            .or_else(|| Web::get(path).map(|file| (file, None)))?;
        Some(Self::new(path, file, coding))
    }

    fn new(path: &str, file: EmbeddedFile, coding: Option<Coding>) -> Self {
        let hash = &file.metadata.sha256_hash()[..16];
        let hash = hash.iter().fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
        let media_type = mime_guess::from_path(path).first_or_octet_stream();
        let media_type = match media_type.type_().as_str() {
            "text" => format!("{media_type}; charset=utf-8"),
            _ => media_type.to_string(),
        };
        let etag = format!("\"{hash:032x}\"");
        Self { bytes: file.data, etag, media_type, coding, is_immutable: path.starts_with("assets/") }
    }
}
