//! How bytes are written outside: base64url without padding, the one form of the whole API.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes as base64url without padding.
#[must_use]
pub fn b64u(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of unpadded base64url text; `None` for anything else, including padding and stray bits.
#[must_use]
pub fn parse_b64u(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// As [`parse_b64u`], for exactly 32 bytes: a hash, a key.
#[must_use]
pub fn parse_b64u_32(text: &str) -> Option<[u8; 32]> {
    parse_b64u(text)?.try_into().ok()
}
