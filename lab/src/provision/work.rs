//! What is still to be pushed.

use std::collections::{BTreeSet, VecDeque};

/// Outgoing work of all orgs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    /// Orgs that changed and were not looked at since.
    pub stirred: BTreeSet<usize>,
    /// True while jobs are run: they go one after the other, whoever set them off.
    pub running: bool,
    jobs: VecDeque<Job>,
}

/// One thing that an app pushes.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The source, by index.
    pub at: usize,
    pub app: String,
    pub what: What,
    /// Not before this time, in milliseconds.
    pub due: u64,
}

/// What is pushed: people by their id in the source, group push mappings by theirs.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Create(String),
    Deactivate(Gone),
    DropGroup(String),
    Group(String),
    Password(String),
    Reactivate(String),
    /// The groups of the target are read into app groups.
    Refresh,
    Update(String),
}

/// A person who lost the app.
#[derive(Clone, Debug)]
pub(crate) struct Gone {
    pub user: String,
    pub name: String,
    pub external_id: String,
}

impl Work {
    pub(crate) fn add(&mut self, at: usize, app: &str, what: What) {
        let app = app.to_owned();
        self.jobs.push_back(Job {
            at,
            app,
            what,
            due: 0,
        });
    }

    /// Leaves nothing to do.
    pub(crate) fn forget(&mut self) {
        self.stirred.clear();
        self.jobs.clear();
    }

    /// The first job whose time has come.
    pub(super) fn next(&mut self, now: u64) -> Option<Job> {
        // Jobs of a line that waits stand together at the front; the others go on.
        let at = self.jobs.iter().position(|job| job.due <= now)?;
        self.jobs.remove(at)
    }

    /// Puts a job back to its place, and with it all that would meet the same limit.
    pub(super) fn put_off(&mut self, job: Job, until: u64) {
        for other in &mut self.jobs {
            if other.at == job.at && other.app == job.app {
                other.due = other.due.max(until);
            }
        }
        self.jobs.push_front(Job { due: until, ..job });
    }
}
