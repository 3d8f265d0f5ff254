//! What a check looked at, what it found, and in which words.

use crate::domain::scrub::Scrub;

/// How many findings are told one by one; the rest are counted.
const TOLD_MAX: usize = 100;

/// The parts of a check, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Every sealed block authenticates.
    Blocks,
    /// The database inside is whole: redb's own checksums and structure.
    Database,
    /// Every row of every table can be read and lies where it belongs.
    Rows,
    /// What rows name is there.
    References,
    /// The audit log and the directory are unbroken chains.
    Chains,
    /// Every sealed file is complete and authenticates.
    Blobs,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Blocks, Self::Database, Self::Rows, Self::References, Self::Chains, Self::Blobs];

    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Database => "database",
            Self::Rows => "rows",
            Self::References => "references",
            Self::Chains => "chains",
            Self::Blobs => "files",
        }
    }
}

/// Whether the file was looked at while a server has it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody else has it open.
    Offline,
    /// While it is served.
    Online,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In which part of the check.
    pub part: Part,
    /// Where: a table, a block, a file. Ids only, never content.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub next: &'static str,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sealed blocks that were ever written.
    pub blocks: u64,
    /// Bytes read of the database.
    pub database_bytes: u64,
    /// Tables.
    pub tables: u64,
    /// Rows.
    pub rows: u64,
    /// References from one row to another.
    pub references: u64,
    /// Audit entries.
    pub audit_entries: u64,
    /// Complete sealed files.
    pub files: u64,
    /// Bytes of sealed files.
    pub file_bytes: u64,
}

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How it was done.
    pub mode: Mode,
    /// The file's format.
    pub format: u32,
    /// How much was looked at.
    pub counts: Counts,
    /// What is wrong, the first hundred.
    pub findings: Vec<Finding>,
    /// How many findings there are in all.
    pub found: u64,
    /// What is worth knowing and no damage.
    pub notes: Vec<String>,
    /// What the background pass remembers.
    pub scrub: Option<Scrub>,
    /// What only the other mode looks at.
    pub not_covered: Vec<&'static str>,
}

impl Report {
    /// Nothing was looked at yet.
    #[must_use]
    pub fn begin(mode: Mode) -> Self {
        let not_covered = match mode {
            Mode::Offline => Vec::new(),
            Mode::Online => vec![
                "both copies of the key slots and the whole commit ring: the server holds them open; stop it and check again to read them from the disk",
            ],
        };
        let (counts, findings, notes) = (Counts::default(), Vec::new(), Vec::new());
        Self { mode, format: 0, counts, findings, found: 0, notes, scrub: None, not_covered }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_well(&self) -> bool {
        self.found == 0
    }

    pub(super) fn find(&mut self, part: Part, place: impl Into<String>, what: impl Into<String>) {
        self.found += 1;
        if self.findings.len() < TOLD_MAX {
            self.findings.push(Finding { part, place: place.into(), what: what.into(), next: next(part) });
        }
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

const fn next(part: Part) -> &'static str {
    match part {
        Part::Blocks | Part::Database => {
            "Stop Alcove, copy the data directory aside, check the disk, and restore the last backup into a new directory."
        }
        Part::Rows | Part::References | Part::Chains => {
            "Keep a copy of the data directory, restore the last backup into a new directory, and check that one."
        }
        Part::Blobs => {
            "Restore the last backup into a new directory and check that the file is whole there, or ask whoever shared it to share it again."
        }
    }
}
