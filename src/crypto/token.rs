//! Session tokens: 256 random bits that the device keeps and the server only knows by hash.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::random;
use super::sign::sha256;
use crate::domain::id::SessionId;
use crate::domain::text::{b64u, parse_b64u_32};

/// The token of a session, as its cookie carries it: `ses_….<secret>`.
#[derive(Clone)]
pub struct Token {
    /// Which session it claims to be.
    pub session: SessionId,
    secret: [u8; 32],
}

impl Token {
    /// A new token for this session.
    #[must_use]
    pub fn make(session: SessionId) -> Self {
        Self { session, secret: random::bytes() }
    }

    /// The token in a cookie's value; `None` for other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        Some(Self { session: session.parse().ok()?, secret: parse_b64u_32(secret)? })
    }

    /// The cookie's value. A secret: never log it.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}.{}", self.session, b64u(&self.secret))
    }

    /// What the server keeps.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.secret)
    }

    /// Whether this hash is of this token, in constant time.
    #[must_use]
    pub fn is_of(&self, hash: &[u8; 32]) -> bool {
        verify_slices_are_equal(&self.hash(), hash).is_ok()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_round_trips_and_hides_its_secret() {
        let token = Token::make(SessionId::from_bytes([1; 16]));
        let back = Token::parse(&token.reveal()).unwrap();
        assert!(back.is_of(&token.hash()));
        assert!(!Token::make(token.session).is_of(&token.hash()));
        assert!(!format!("{token:?}").contains(&b64u(&token.secret)));
        assert!(Token::parse("ses_x.y").is_none());
    }
}
