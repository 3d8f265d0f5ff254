//! No nonce repeats, counted on the disk: every tag block and record that a file writes shows the nonces it used.

use std::{
    io,
    sync::{Arc, Mutex},
};

use alcove::store::{
    SlotSecret,
    block::{self, Disk, layout},
};
use redb::StorageBackend as _;

use super::{keyfile, options};

const BLOCK: usize = layout::BLOCK_BYTES;
const GROUPS: u64 = 40;
const BLOCKS: u64 = GROUPS * layout::GROUP_BLOCKS;
type Nonce = [u8; 12];

/// Keeps the nonces that are written to it, and of the rest only what a file reads again: not the blocks.
#[derive(Debug, Default)]
struct Sink {
    kept: Mutex<Vec<u8>>,
    len: Mutex<u64>,
    nonces: Mutex<Vec<Nonce>>,
}

impl Disk for Sink {
    fn len(&self) -> io::Result<u64> {
        Ok(*self.len.lock().unwrap())
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        match self.kept.lock().unwrap().get(at..at + out.len()) {
            Some(kept) => out.copy_from_slice(kept),
            None => out.fill(0),
        }
        Ok(())
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        let mut nonces = self.nonces.lock().unwrap();
        if offset < layout::GROUPS_AT {
            let mut kept = self.kept.lock().unwrap();
            let end = kept.len().max(at + data.len());
            kept.resize(end, 0);
            kept[at..at + data.len()].copy_from_slice(data);
            if data.starts_with(b"ALCOVEcr") {
                nonces.push(data[16..28].try_into().unwrap());
            }
        } else if data.len() == BLOCK {
            // Every block of the group was written since, so that no entry is an old one.
            nonces.extend(data[64..].chunks_exact(32).map(|entry| Nonce::try_from(&entry[..12]).unwrap()));
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        *self.len.lock().unwrap() = len;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Seals at least so many blocks. How many nonces were seen, and how many of them more than once.
pub fn repeats(blocks: u64) -> (usize, usize) {
    let sink = Arc::new(Sink::default());
    let file = block::format(sink.clone(), &[SlotSecret::Keyfile(keyfile())], options().format).unwrap();
    file.set_len((1 + BLOCKS) * layout::BLOCK).unwrap();
    let group = vec![7; BLOCK * usize::try_from(layout::GROUP_BLOCKS).unwrap()];
    for _ in 0..blocks.div_ceil(BLOCKS) {
        for first in 0..GROUPS {
            file.write((1 + first * layout::GROUP_BLOCKS) * layout::BLOCK, &group).unwrap();
        }
        file.sync_data().unwrap();
    }
    let mut nonces = std::mem::take(&mut *sink.nonces.lock().unwrap());
    nonces.sort_unstable();
    let repeated = nonces.windows(2).filter(|pair| pair[0] == pair[1]).count();
    (nonces.len(), repeated)
}

#[test]
fn no_nonce_repeats_on_the_disk() {
    let (seen, repeated) = repeats(100_000);
    assert!(seen > 100_000, "{seen}");
    assert_eq!(repeated, 0);
}
