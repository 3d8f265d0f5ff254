//! What routes may cost: how large their bodies are, and which of them count as attempts to get in. New routes that
//! differ from the default are added here, so that the whole picture is on one page.

use poem::http::Method;

/// Most routes: a small JSON document.
const SMALL_BYTES: u64 = 256 * 1024;
/// Statements, key slots and grants for the members of a space.
const KEYS_BYTES: u64 = 2 * 1024 * 1024;
/// A record of 4 MiB in base64 with its open fields, or several smaller ones.
const RECORD_BYTES: u64 = 8 * 1024 * 1024;
/// One part of a file, with a little room.
const PART_BYTES: u64 = 8 * 1024 * 1024 + 64 * 1024;

/// The largest body that a path takes.
#[must_use]
pub fn body_bytes_max(path: &str) -> u64 {
    match segments(path)[..] {
        ["files", _, "parts", _] => PART_BYTES,
        ["spaces", _, "records" | "reoffers"] => RECORD_BYTES,
        ["spaces", _, "roster" | "grants"]
        | ["practice" | "clients" | "recovery" | "recoveries"]
        | ["directory", "reoffers"]
        | ["invites", _, "join"]
        | ["me", "keyring"]
        | ["recoveries", _, "keyring"] => KEYS_BYTES,
        _ => SMALL_BYTES,
    }
}

/// True for whatever somebody outside could try again and again to get in.
#[must_use]
pub fn is_attempt(method: &Method, path: &str) -> bool {
    if path == "/unseal" {
        return *method == Method::POST;
    }
    match segments(path)[..] {
        ["invites", ..] => true,
        ["claims" | "practice" | "sign-in" | "sign-ins" | "passkeys", ..] | ["session", "unlocks" | "proofs"] => {
            *method == Method::POST
        }
        _ => false,
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix("/api/v1/").map(|rest| rest.split('/').collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_the_path() {
        assert_eq!(body_bytes_max("/api/v1/files/fil_1/parts/0"), PART_BYTES);
        assert_eq!(body_bytes_max("/api/v1/spaces/spc_1/records"), RECORD_BYTES);
        assert_eq!(body_bytes_max("/api/v1/claims"), SMALL_BYTES);
        assert_eq!(body_bytes_max("/spaces/spc_1/records"), SMALL_BYTES);
        assert!(is_attempt(&Method::POST, "/api/v1/sign-ins/passkey"));
        assert!(is_attempt(&Method::GET, "/api/v1/invites/inv_1"));
        assert!(is_attempt(&Method::POST, "/unseal") && !is_attempt(&Method::GET, "/unseal"));
        assert!(!is_attempt(&Method::GET, "/api/v1/practice"));
        assert!(!is_attempt(&Method::POST, "/api/v1/spaces/spc_1/records"));
    }
}
