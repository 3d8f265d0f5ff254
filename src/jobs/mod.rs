//! What Alcove does by itself, and when: a pure decision and one runner. Jobs call use cases as the system; they hold
//! no rules of their own.

use jiff::{SignedDuration, Timestamp};

use crate::app::{App, Error};

/// A job that comes round again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// See whether the practice's file failed since the last look.
    FileWatch,
    /// Clear away sessions, challenges and kept answers that have run out.
    Sessions,
    /// Suspend whoever did not come for longer than the policy allows.
    Inactive,
    /// Drop uploads that nobody finished, and sealed bytes that no row names.
    Files,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::FileWatch, Self::Sessions, Self::Inactive, Self::Files];

    const fn every(self) -> SignedDuration {
        match self {
            Self::FileWatch => SignedDuration::from_mins(1),
            Self::Sessions => SignedDuration::from_mins(5),
            Self::Inactive | Self::Files => SignedDuration::from_hours(6),
        }
    }

    fn run(self, app: &App) -> Result<(), Error> {
        match self {
            Self::FileWatch => app.watch_file(),
            Self::Sessions => app.sweep(),
            Self::Inactive => app.suspend_inactive(),
            Self::Files => app.sweep_files(),
        }
    }
}

/// When each job last ran in this process.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    last: [Option<Timestamp>; Job::ALL.len()],
}

impl Ran {
    /// The jobs that are due now: never run since the start, or not for their time. A clock that went back makes them
    /// due, too: running once more is harmless, waiting for a year is not.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Vec<Job> {
        let is_due =
            |job: Job| self.last[job as usize].is_none_or(|last| now < last || now.duration_since(last) >= job.every());
        Job::ALL.into_iter().filter(|&job| is_due(job)).collect()
    }

    /// Runs what is due. A job that fails is logged and comes round again. Blocks.
    pub fn run_due(&mut self, app: &App, now: Timestamp) {
        for job in self.due(now) {
            self.last[job as usize] = Some(now);
            if let Err(error) = job.run(app) {
                tracing::warn!(?job, %error, "a job failed; it is tried again in its time");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_due_at_the_start_and_after_its_time() {
        let start: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let later = |mins| start.checked_add(SignedDuration::from_mins(mins)).unwrap();
        let mut ran = Ran::default();
        assert_eq!(ran.due(start), Job::ALL);
        ran.last = [Some(start); 4];
        assert_eq!(ran.due(start), []);
        assert_eq!(ran.due(later(4)), [Job::FileWatch]);
        assert_eq!(ran.due(later(5)), [Job::FileWatch, Job::Sessions]);
        assert_eq!(ran.due(later(360)), Job::ALL);
        assert_eq!(ran.due(later(-60)), Job::ALL);
    }
}
