//! What a device does all day, and what the practice acknowledged of it: records, revisions, files, parts of files.

use std::{collections::BTreeMap, io};

use alcove::{
    crypto::sign::sha256,
    domain::{
        id::{FileId, RecordId},
        text::b64u,
    },
};
use serde_json::json;

use super::line::{Line, Reply};
use crate::{store::sim_disk::Rng, world::sealed};

/// A device's count of everything that was acknowledged.
#[derive(Default)]
pub struct Acknowledged {
    /// Record, revision: hash of its body.
    pub records: BTreeMap<(u64, u64), [u8; 32]>,
    /// Hash and size of files that were committed.
    pub files: BTreeMap<u64, ([u8; 32], usize)>,
    /// Files that are under way.
    under_way: BTreeMap<u64, Upload>,
    /// Sizes of the audit log with the roots there.
    pub anchors: BTreeMap<u64, String>,
    tried: u64,
}

/// A file whose commit was not acknowledged.
struct Upload {
    content: Vec<u8>,
    /// What the practice acknowledged of it.
    received: usize,
}

impl Upload {
    fn go_on(&mut self, line: &mut Line, space: &str, name: FileId) -> io::Result<Outcome> {
        let hash = b64u(&sha256(&self.content));
        let begun = json!({ "file": name.to_string(), "size": self.content.len(), "sha256": hash });
        let reply = line.post(&format!("/spaces/{space}/files"), &begun)?;
        if let Err(refused) = self.took(&reply, 0) {
            return Ok(Err(refused));
        }
        while self.received < self.content.len() {
            let at = self.received;
            let part = &self.content[at..self.content.len().min(at + 130_000)];
            let path = format!("/files/{name}/parts/{at}");
            let reply = line.send("PUT", &path, "application/octet-stream", part)?;
            if let Err(refused) = self.took(&reply, 1) {
                return Ok(Err(refused));
            }
        }
        Ok(outcome(&line.post(&format!("/files/{name}/commit"), &json!({}))?))
    }

    /// Where the upload stands now, at least so many bytes further than was acknowledged.
    fn took(&mut self, reply: &Reply, more: usize) -> Outcome {
        outcome(reply)?;
        let received = reply.json()["received"].as_u64().and_then(|received| usize::try_from(received).ok());
        match received {
            Some(received) if received >= self.received + more => {
                self.received = received;
                Ok(())
            }
            _ => Err(format!("the upload went from {} back to {received:?}", self.received)),
        }
    }
}

/// One attempt's end: acknowledged, or refused with this status and code.
pub type Outcome = Result<(), String>;

impl Acknowledged {
    /// Does one thing or another. An error means that the connection is gone.
    pub fn work(&mut self, line: &mut Line, space: &str, rng: &mut Rng) -> io::Result<Outcome> {
        match rng.below(10) {
            0 | 1 => self.upload(line, space, rng),
            2 | 3 if !self.records.is_empty() => self.revise(line, space, rng),
            4 => self.anchor(line),
            _ => self.write(line, space, rng),
        }
    }

    /// A new record.
    pub fn write(&mut self, line: &mut Line, space: &str, rng: &mut Rng) -> io::Result<Outcome> {
        self.tried += 1;
        let id = self.tried;
        self.put(line, space, (id, 1), None, rng)
    }

    fn revise(&mut self, line: &mut Line, space: &str, rng: &mut Rng) -> io::Result<Outcome> {
        let place = rng.below(self.records.len());
        let (id, _) = *self.records.keys().nth(place).unwrap();
        let ((_, rev), hash) = self.records.range((id, 0)..=(id, u64::MAX)).next_back().unwrap();
        let (rev, hash) = (*rev, *hash);
        self.put(line, space, (id, rev + 1), Some(hash), rng)
    }

    fn put(
        &mut self,
        line: &mut Line,
        space: &str,
        (id, rev): (u64, u64),
        prev: Option<[u8; 32]>,
        rng: &mut Rng,
    ) -> io::Result<Outcome> {
        let bytes = if rng.percent(5) { 200_000 } else { 100 + rng.below(6000) };
        let body = sealed(&format!("{id}.{rev}.{}", rng.next()), bytes);
        let write = json!({
            "record": record(id).to_string(), "rev": rev, "prev": prev.map(|hash| b64u(&hash)), "epoch": 1,
            "dev_seq": self.tried + rev, "open": null, "deleted": false, "body": b64u(&body),
        });
        let reply = line.post(&format!("/spaces/{space}/records"), &write)?;
        // Another revision of an attempt that the server took before it died, unseen: the record goes on elsewhere.
        if reply.status == 409 && reply.json()["code"] == "head-moved" && rev > 1 {
            return Ok(Ok(()));
        }
        let done = outcome(&reply);
        if done.is_ok() {
            self.records.insert((id, rev), sha256(&body));
        }
        Ok(done)
    }

    /// A file in parts: one that was left unfinished if there is one, else a new one.
    pub fn upload(&mut self, line: &mut Line, space: &str, rng: &mut Rng) -> io::Result<Outcome> {
        if self.under_way.is_empty() {
            self.tried += 1;
            let size = 1 + rng.below(300_000);
            self.under_way.insert(self.tried, Upload { content: rng.bytes(size), received: 0 });
        }
        let (&id, upload) = self.under_way.iter_mut().next().unwrap();
        let done = upload.go_on(line, space, file(id))?;
        if done.is_ok() {
            let Upload { content, .. } = self.under_way.remove(&id).unwrap();
            self.files.insert(id, (sha256(&content), content.len()));
        }
        Ok(done)
    }

    fn anchor(&mut self, line: &mut Line) -> io::Result<Outcome> {
        let reply = line.get("/anchor")?;
        if reply.is_well() {
            let end = reply.json();
            self.anchors.insert(end["size"].as_u64().unwrap(), end["root"].as_str().unwrap().to_owned());
        }
        Ok(outcome(&reply))
    }

    /// Looks for all of it, or for the newest and a sample of the rest. What is missing.
    pub fn missing(&self, line: &mut Line, space: &str, all: bool, rng: &mut Rng) -> io::Result<Vec<String>> {
        let mut missing = Vec::new();
        let mut wanted = |count: usize, place: usize| all || place + 12 > count || rng.below(count) < 8;
        for (place, ((id, rev), hash)) in self.records.iter().enumerate() {
            if wanted(self.records.len(), place) {
                let reply = line.get(&format!("/spaces/{space}/records/{}/{rev}", record(*id)))?;
                if reply.status != 200 || sha256(&reply.body) != *hash {
                    missing.push(format!("record {id} revision {rev}: {}", reply.problem()));
                }
            }
        }
        for (place, (id, (hash, size))) in self.files.iter().enumerate() {
            if wanted(self.files.len(), place) {
                let reply = line.get(&format!("/files/{}/content", file(*id)))?;
                if reply.status != 200 || reply.body.len() != *size || sha256(&reply.body) != *hash {
                    missing.push(format!("file {id}: {}, {} bytes of {size}", reply.problem(), reply.body.len()));
                }
            }
        }
        for (id, upload) in self.under_way.iter().filter(|(_, upload)| upload.received > 0) {
            let reply = line.get(&format!("/files/{}", file(*id)))?;
            let known = reply.json()["received"].as_u64();
            if known.is_none_or(|known| known < upload.received as u64) {
                missing.push(format!("file {id}: {} came, then {} {known:?}", upload.received, reply.problem()));
            }
        }
        for (size, root) in self.anchors.iter().rev().take(3) {
            let reply = line.get(&format!("/anchor?size={size}"))?;
            if reply.json()["root"].as_str() != Some(root.as_str()) {
                missing.push(format!("the audit log at {size}: {}", reply.problem()));
            }
        }
        Ok(missing)
    }

    pub fn count(&self) -> usize {
        self.records.len() + self.files.len()
    }
}

fn outcome(reply: &Reply) -> Outcome {
    if reply.is_well() { Ok(()) } else { Err(reply.problem()) }
}

fn record(n: u64) -> RecordId {
    RecordId::from_bytes(id(n))
}

fn file(n: u64) -> FileId {
    FileId::from_bytes(id(n))
}

fn id(n: u64) -> [u8; 16] {
    let mut id = [1; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    id
}
