//! `alcove check`: looks at everything in the practice, by the running server or straight from the data, and changes
//! nothing.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use serde_json::{Value, json};

use super::{
    control::{self, Asked},
    error::CommandError,
    open,
    output::Output,
    progress::{self, with_progress},
};
use crate::{
    config::Places,
    domain::scrub::{Pass, Scrub},
    store::{
        self, Store,
        check::{Mode, Part, Report, Scope, Watch},
    },
};

/// How far a check is, for whoever waits for it.
#[derive(Default)]
pub struct Progress {
    part: Mutex<Option<Part>>,
    bytes: AtomicU64,
    of: AtomicU64,
    stopped: AtomicBool,
}

impl Watch for Progress {
    fn part(&self, part: Part, bytes: u64) {
        *self.part.lock().unwrap_or_else(PoisonError::into_inner) = Some(part);
        self.bytes.store(0, Ordering::Relaxed);
        self.of.store(bytes, Ordering::Relaxed);
    }

    fn took(&self, bytes: u64) -> bool {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Progress {
    /// Ends the check that it follows.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// For the command that waits: `{"part": "files", "bytes": 12, "of": 100}`.
    pub fn value(&self) -> Value {
        let part = self.part.lock().unwrap_or_else(PoisonError::into_inner).map(Part::word);
        json!({ "part": part, "bytes": self.bytes.load(Ordering::Relaxed), "of": self.of.load(Ordering::Relaxed) })
    }
}

/// Runs `alcove check`.
pub fn run(places: &Places, output: Output) -> Result<(), CommandError> {
    let shows = progress::is_shown(output);
    let report = match asked(places, shows)? {
        Asked::Answered(report) => report,
        Asked::NobodyThere => closed(places, shows)?,
    };
    output.answer(&words(&report), &report);
    match report["found"].as_u64().unwrap_or_default() {
        0 => Ok(()),
        found => Err(CommandError::Findings(found)),
    }
}

/// The server's answer, with its progress meanwhile.
fn asked(places: &Places, shows: bool) -> Result<Asked, CommandError> {
    let progress = || match control::ask(&places.data_dir, &json!({ "do": "check-progress" })) {
        Ok(Asked::Answered(value)) => value,
        _ => Value::Null,
    };
    with_progress(shows, progress, progress_words, || control::ask(&places.data_dir, &json!({ "do": "check" })))
}

fn closed(places: &Places, shows: bool) -> Result<Value, CommandError> {
    let unlock = open::unlock_of_practice(places)?;
    let progress = Arc::new(Progress::default());
    let watch: Arc<dyn Watch> = progress.clone();
    let checked = with_progress(
        shows,
        || progress.value(),
        progress_words,
        || store::check::check_closed(&places.data_dir, &unlock, &watch),
    );
    let report = checked.map_err(|error| open::in_words(error, places))?;
    Ok(report.as_ref().map_or(Value::Null, value))
}

/// The check of a running server.
pub fn online(store: &Store, progress: &Arc<Progress>) -> Result<Value, CommandError> {
    let watch: Arc<dyn Watch> = progress.clone();
    let report = store.check(Scope::All, &watch)?;
    report.as_ref().map(value).ok_or_else(|| CommandError::Refused("the server is stopping; check again".into()))
}

fn progress_words(value: &Value) -> String {
    let (bytes, of) = (value["bytes"].as_u64().unwrap_or_default(), value["of"].as_u64().unwrap_or_default());
    match (value["part"].as_str(), of) {
        (None, _) => "checking …".to_owned(),
        (Some(part), 0) => format!("checking {part} …"),
        (Some(part), of) => format!("checking {part} … {} %", (bytes.min(of)).saturating_mul(100) / of),
    }
}

/// A report for programs.
fn value(report: &Report) -> Value {
    let findings = report.findings.iter().map(|finding| {
        json!({ "part": finding.part.word(), "place": finding.place, "what": finding.what, "next": finding.next })
    });
    let counts = &report.counts;
    json!({
        "well": report.is_well(),
        "mode": match report.mode { Mode::Offline => "offline", Mode::Online => "online" },
        "format": report.format,
        "found": report.found,
        "findings": findings.collect::<Vec<_>>(),
        "counts": {
            "blocks": counts.blocks, "database_bytes": counts.database_bytes, "tables": counts.tables,
            "rows": counts.rows, "references": counts.references, "audit_entries": counts.audit_entries,
            "files": counts.files, "file_bytes": counts.file_bytes,
        },
        "notes": report.notes,
        "background": report.scrub.as_ref().map(background),
        "not_covered": report.not_covered,
    })
}

/// The background checks, for programs.
pub fn background(scrub: &Scrub) -> Value {
    let pass = |pass: &Pass| {
        json!({
            "began_at": pass.began_at.to_string(), "ended_at": pass.ended_at.map(|at| at.to_string()),
            "bytes": pass.bytes, "rows": pass.rows, "files": pass.files, "found": pass.found,
            "findings": pass.findings,
        })
    };
    json!({ "last": scrub.last.as_ref().map(pass), "under_way": scrub.under_way.as_ref().map(pass) })
}

fn words(report: &Value) -> String {
    let count = |name: &str| report["counts"][name].as_u64().unwrap_or_default();
    let mut lines = vec![format!(
        "Checked {}: {} blocks, {} rows in {} tables, {} references, {} audit entries, {} files with {} bytes.",
        report["mode"].as_str().unwrap_or_default(),
        count("blocks"),
        count("rows"),
        count("tables"),
        count("references"),
        count("audit_entries"),
        count("files"),
        count("file_bytes"),
    )];
    let texts =
        |name: &str| report[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    lines.extend(texts("notes").iter().map(|note| format!("Note: {note}.")));
    lines.extend(texts("not_covered").iter().map(|part| format!("Not looked at: {part}.")));
    let last = &report["background"]["last"];
    if let Some(ended) = last["ended_at"].as_str() {
        lines.push(format!("The last background check ended at {ended} and found {} things wrong.", last["found"]));
    }
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    for finding in &findings {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        lines.push(format!("WRONG ({}): {}: {}.", text("part"), text("place"), text("what")));
    }
    let found = report["found"].as_u64().unwrap_or_default();
    if found == 0 {
        lines.push("All is well.".to_owned());
    } else if found > findings.len() as u64 {
        lines.push(format!("… and {} more.", found - findings.len() as u64));
    }
    let mut nexts: Vec<&str> = findings.iter().filter_map(|finding| finding["next"].as_str()).collect();
    nexts.dedup();
    lines.extend(nexts.iter().map(|next| format!("What to do: {next}")));
    lines.join("\n")
}
