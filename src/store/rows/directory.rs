//! Rows of the directory: its leaves, and its head after each of them.

use super::super::{Row, RowError, decode_body, encode_body};
use crate::domain::directory::{DirectoryHead, Leaf};

impl Row for Leaf {
    const TABLE: &'static str = "directory";
    const VERSION: u8 = 1;
    type Key = u64;

    fn key(&self) -> u64 {
        self.n
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.n, self.tag, self.hash))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (n, tag, hash) = decode_body(Self::TABLE, body)?;
        Ok(Self { n, tag, hash })
    }
}

impl Row for DirectoryHead {
    const TABLE: &'static str = "directory_head";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.size, self.head))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (size, head) = decode_body(Self::TABLE, body)?;
        Ok(Self { size, head })
    }
}
