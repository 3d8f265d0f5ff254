//! Files: sealed bytes uploaded in parts, committed on their hash, handed out in ranges. Parts go straight to the disk;
//! the row says whose file it is and when it was complete. No file is ever whole in memory.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};

use super::delivery::Handed;
use super::idempotency::Once;
use super::restore::{guard_signed, guard_writable};
use super::space::space_of;
use super::{App, Error, Refusal};
use crate::domain::audit::{Doer, Event};
use crate::domain::file::{File, PART_BYTES, StorageLimits, UPLOAD_DAYS_MAX, UPLOADS_MAX, Upload, Wanted};
use crate::domain::id::{FileId, PersonId, SpaceId};
use crate::domain::text::b64u;
use crate::policy::{Actor, ActorKind, Denied, Permit, Right};
use crate::store::blobs::{Blob, BlobError, BlobKey, BlobReader, Part};
use crate::store::{Reads, StoreError, WriteTx};

/// A file that a device wants to upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMade {
    /// Its id, made on the device.
    pub file: FileId,
    /// Its size as sealed.
    pub size_bytes: u64,
    /// SHA-256 of the sealed bytes.
    pub sha256: [u8; 32],
}

/// A file and how much of it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSeen {
    /// The file.
    pub file: File,
    /// Bytes received, from the beginning.
    pub received: u64,
}

/// Bytes of a file on their way to a member.
#[derive(Debug)]
pub struct FileRead {
    /// The file.
    pub file: File,
    /// Where the bytes begin in it.
    pub offset: u64,
    /// How many they are.
    pub length: u64,
    /// The bytes; reading blocks.
    pub bytes: BlobReader,
}

impl App {
    /// Begins an upload, or finds where the same one stands.
    ///
    /// # Errors
    /// `file-refused`, `file-too-large`, `quota-reached`, `space-closed`; or the actor is no member.
    pub fn begin_file(
        &self,
        actor: &Actor,
        once: Option<&Once>,
        space: SpaceId,
        made: &FileMade,
    ) -> Result<FileSeen, Error> {
        let file = self.write_once(actor, Right::UploadFiles, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            let row = space_of(tx, space, by, tx.now())?;
            guard_writable(tx)?;
            if let Some(known) = tx.find::<File>(&made.file)? {
                tx.audit(permit, Event::new("file.resumed").with("file", made.file))?;
                return same(known, by, space, made);
            }
            if row.roster.closed {
                return Err(Refusal::new("space-closed", "this space is closed; nothing more is put here").into());
            }
            self.need_room(made.size_bytes)?;
            check_size(tx, &self.storage, made.size_bytes)?;
            begin(tx, permit, space, made)
        })?;
        self.seen(file)
    }

    /// A file and how much of it has come, to a member of its space. A locked session sees its person's unfinished
    /// uploads, and does not learn of anything else whether it is there.
    ///
    /// # Errors
    /// There is none, or the actor is no member; the session is locked.
    pub fn file(&self, actor: &Actor, id: FileId) -> Result<FileSeen, Error> {
        let person = actor.may(Right::UploadFiles)?.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let file = self.read(|tx| file_of(tx, id, person, now));
        self.seen(if actor.is_locked() { to_locked(file)? } else { file? })
    }

    /// Begins a part of one's own upload.
    ///
    /// # Errors
    /// `offset-moved` with `received`; or it is not the actor's upload.
    pub fn begin_part(&self, actor: &Actor, id: FileId, offset: u64) -> Result<Part, Error> {
        let file = self.own_upload(actor, id)?;
        if file.committed_at.is_some() {
            return Err(offset_moved(file.size_bytes));
        }
        self.need_room(PART_BYTES)?;
        self.store.blobs().begin_part(&blob(&file), offset).map_err(told)
    }

    /// Writes what a part holds to the disk, as far as it fills chunks.
    ///
    /// # Errors
    /// `file-refused` for more bytes than were announced, `upload-overtaken`, or a full disk.
    pub fn write_part(&self, part: &mut Part) -> Result<(), Error> {
        self.store.blobs().write_part(part).map_err(told)
    }

    /// Ends a part; the bytes that it returns are safe on the disk.
    ///
    /// # Errors
    /// As [`Self::write_part`].
    pub fn finish_part(&self, part: Part) -> Result<u64, Error> {
        self.store.blobs().finish_part(part).map_err(told)
    }

    /// Appends a part that is at hand, from its beginning to its end.
    ///
    /// # Errors
    /// As [`Self::begin_part`] and [`Self::write_part`].
    pub fn append_file(&self, actor: &Actor, id: FileId, offset: u64, bytes: &[u8]) -> Result<u64, Error> {
        let mut part = self.begin_part(actor, id, offset)?;
        part.take(bytes);
        self.finish_part(part)
    }

    /// Completes one's own upload, if all of it is there and its hash is the announced one. Repeats are harmless.
    ///
    /// # Errors
    /// `hash-differs`, after which the upload begins again; `offset-moved` when parts are missing.
    pub fn commit_file(&self, actor: &Actor, id: FileId) -> Result<File, Error> {
        let file = self.own_upload(actor, id)?;
        if file.committed_at.is_some() {
            return Ok(file);
        }
        // Outside the transaction: hashing a large file takes seconds. A crash in between leaves a complete file
        // whose row a repeat completes.
        self.store.blobs().commit(&blob(&file)).map_err(told)?;
        self.write(|tx| {
            let permit = actor.may(Right::UploadFiles)?;
            let mut file: File = tx.find(&id)?.ok_or(Error::NotFound)?;
            space_of(tx, file.space, file.by, tx.now())?;
            file.committed_at = Some(tx.now());
            tx.put(&file, &permit)?;
            tx.remove::<Upload>(&(file.by, id), &permit)?;
            let event = Event::new("file.committed").with("file", id).with("space", file.space);
            tx.audit(&permit, event.with("bytes", file.size_bytes).with("sha256", b64u(&file.sha256)))?;
            Ok(file)
        })
    }

    /// Some bytes of a complete file, to a member of its space.
    ///
    /// # Errors
    /// `range-outside`; there is no such file, or the actor is no member.
    pub fn read_file(&self, actor: &Actor, id: FileId, wanted: impl Into<Wanted>) -> Result<FileRead, Error> {
        let permit = actor.may(Right::ReadSpaces)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let file = self.read(|tx| file_of(tx, id, person, now))?;
        if file.committed_at.is_none() {
            return Err(Error::NotFound);
        }
        let outside = || told(BlobError::RangeOutside { size_bytes: file.size_bytes });
        let span = wanted.into().span_of(&file.sha256);
        let (offset, length) = span.within(file.size_bytes).ok_or_else(outside)?;
        let bytes = self.store.blobs().read(&blob(&file), offset, length).map_err(told)?;
        self.hand_over(&permit, file.space, Handed { bodies: 1, bytes: length })?;
        Ok(FileRead { file, offset, length, bytes })
    }

    /// Drops uploads that take too long, and sealed bytes that no row names. A job calls it daily.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn sweep_files(&self) -> Result<(), Error> {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        let oldest = SignedDuration::from_hours(24 * UPLOAD_DAYS_MAX);
        let now = self.clock.now();
        let uploads: Vec<Upload> = self.read(|tx| Ok(tx.scan(&())?))?;
        for upload in uploads.iter().filter(|upload| now.duration_since(upload.made_at) >= oldest) {
            self.drop_upload(&permit, *upload)?;
        }
        self.collect_orphans()
    }

    /// The files are listed before the rows: what is listed and has no row then had none when it was there, or lost it.
    /// What is younger than a day may wait for its row yet.
    fn collect_orphans(&self) -> Result<(), Error> {
        let day_ago = (self.clock.now() - SignedDuration::from_hours(24)).as_millisecond();
        let before = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(day_ago).unwrap_or(0));
        let old = self.store.blobs().last_written_before(before).map_err(told)?;
        if old.is_empty() {
            return Ok(());
        }
        let files: Vec<File> = self.read(|tx| Ok(tx.scan(&())?))?;
        let known: HashSet<_> = files.iter().map(|file| BlobKey::from_bytes(file.key).name()).collect();
        let removed = self.store.blobs().remove_unknown(&old, &known).map_err(told)?;
        if removed > 0 {
            tracing::info!(removed, "files without a row were removed");
        }
        Ok(())
    }

    fn drop_upload(&self, permit: &Permit, upload: Upload) -> Result<(), Error> {
        let file = self.write(|tx| {
            // It may have been completed since the list was made.
            if tx.find::<Upload>(&(upload.by, upload.file))?.is_none() {
                return Ok(None);
            }
            let file: Option<File> = tx.find(&upload.file)?;
            tx.remove::<Upload>(&(upload.by, upload.file), permit)?;
            tx.remove::<File>(&upload.file, permit)?;
            tx.audit(permit, Event::new("file.upload-dropped").with("file", upload.file))?;
            Ok(file)
        })?;
        let Some(file) = file else { return Ok(()) };
        self.store.blobs().remove(&BlobKey::from_bytes(file.key)).map_err(told)
    }

    /// Refuses bytes that would use up what is kept back for audit entries and sign-ins.
    fn need_room(&self, bytes: u64) -> Result<(), Error> {
        if self.store.has_room_for(bytes) { Ok(()) } else { Err(StoreError::DiskFull.into()) }
    }

    fn own_upload(&self, actor: &Actor, id: FileId) -> Result<File, Error> {
        let person = actor.may(Right::UploadFiles)?.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        self.read(|tx| {
            let file = file_of(tx, id, person, now)?;
            guard_signed(tx)?;
            if file.by == person { Ok(file) } else { Err(Error::NotFound) }
        })
    }

    fn seen(&self, file: File) -> Result<FileSeen, Error> {
        let received = match file.committed_at {
            Some(_) => file.size_bytes,
            None => self.store.blobs().received(&blob(&file)).map_err(told)?,
        };
        Ok(FileSeen { file, received })
    }
}

/// The file, if this person is a member of its space. Uploads under way are their uploader's alone.
fn file_of(tx: &impl Reads, id: FileId, person: PersonId, now: Timestamp) -> Result<File, Error> {
    let file: File = tx.find(&id)?.ok_or(Error::NotFound)?;
    space_of(tx, file.space, person, now)?;
    if file.committed_at.is_none() && file.by != person { Err(Error::NotFound) } else { Ok(file) }
}

/// What a locked session may see of what was looked up.
fn to_locked(found: Result<File, Error>) -> Result<File, Error> {
    match found {
        Ok(File { committed_at: Some(_), .. }) | Err(Error::NotFound) => Err(Denied::Locked.into()),
        // `file_of` gives unfinished uploads to nobody but their uploader.
        uploading => uploading,
    }
}

fn same(known: File, by: PersonId, space: SpaceId, made: &FileMade) -> Result<File, Error> {
    let same = known.by == by && known.space == space;
    if same && known.size_bytes == made.size_bytes && known.sha256 == made.sha256 {
        return Ok(known);
    }
    Err(Refusal::new("file-refused", "this file id belongs to another upload; make a new one").into())
}

/// Uploads under way count as what they announced.
fn check_size(tx: &WriteTx, limits: &StorageLimits, size_bytes: u64) -> Result<(), Error> {
    if size_bytes > limits.sealed_bytes_max() {
        let max = limits.content_bytes_max;
        let refusal = Refusal::new("file-too-large", format!("a file has at most {max} bytes here"));
        return Err(refusal.with("max_bytes", max).into());
    }
    let Some(quota) = limits.practice_bytes_max else { return Ok(()) };
    let used: u64 = tx.scan::<File>(&())?.iter().map(|file| file.size_bytes).sum();
    if used.saturating_add(size_bytes) <= quota {
        return Ok(());
    }
    let detail = format!("the practice's files take {used} of the {quota} bytes that they may take");
    Err(Refusal::new("quota-reached", detail).with("used_bytes", used).with("quota_bytes", quota).into())
}

fn begin(tx: &mut WriteTx, permit: &Permit, space: SpaceId, made: &FileMade) -> Result<File, Error> {
    let Doer::Person { person: by, device: Some(device) } = permit.doer() else { return Err(Error::NotFound) };
    if made.size_bytes == 0 {
        return Err(Refusal::new("file-refused", "a sealed file is never empty").into());
    }
    if tx.scan::<Upload>(&by)?.len() >= UPLOADS_MAX {
        return Err(Refusal::new("file-refused", "too many uploads are under way; finish one first").into());
    }
    let key = BlobKey::generate().map_err(told)?.to_bytes();
    let FileMade { file: id, size_bytes, sha256 } = *made;
    let made_at = tx.now();
    let file = File { id, space, by, device, made_at, size_bytes, sha256, key, committed_at: None };
    tx.put(&file, permit)?;
    tx.put(&Upload { by, file: id, made_at }, permit)?;
    let event = Event::new("file.begun").with("file", id).with("space", space);
    tx.audit(permit, event.with("bytes", size_bytes))?;
    Ok(file)
}

fn blob(file: &File) -> Blob {
    Blob { key: BlobKey::from_bytes(file.key), size_bytes: file.size_bytes, sha256: file.sha256 }
}

fn offset_moved(received: u64) -> Error {
    let detail = format!("the upload stands at {received} bytes; go on from there");
    Refusal::new("offset-moved", detail).with("received", received).into()
}

/// The words for what the files beside the database say.
fn told(error: BlobError) -> Error {
    match error {
        BlobError::OffsetMoved { received } | BlobError::Incomplete { received } => offset_moved(received),
        BlobError::HashDiffers => {
            Refusal::new("hash-differs", "what came is not what was announced; upload it again").into()
        }
        BlobError::TooLong => {
            let detail = format!("a part has at most {PART_BYTES} bytes and ends within the announced size");
            Refusal::new("file-refused", detail).into()
        }
        BlobError::Overtaken => {
            Refusal::new("upload-overtaken", "another part of this upload began; ask where it stands").into()
        }
        BlobError::RangeOutside { size_bytes } => {
            Refusal::new("range-outside", "the file ends before that").with("size", size_bytes).into()
        }
        BlobError::DiskFull => StoreError::DiskFull.into(),
        other => StoreError::from(other).into(),
    }
}

#[cfg(test)]
mod tests;
