//! Programs that were started and are ended together, each with all of its children.

use crate::trouble::{Outcome, trouble};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(4);
const POLL: Duration = Duration::from_millis(100);

/// One started program, leader of its own process group.
struct Member {
    name: &'static str,
    child: Child,
}

/// Every program started by one command; all are ended when this is dropped or a signal arrives.
#[derive(Clone, Default)]
pub struct Family {
    members: Arc<Mutex<Vec<Member>>>,
    stopped: Arc<Mutex<bool>>,
}

impl Family {
    /// A family that ends on Ctrl-C, on a polite kill and when the terminal closes.
    pub fn until_signal() -> Outcome<Self> {
        let family = Self::default();
        let failed = |error| {
            trouble(
                "no-signals",
                format!("signals cannot be caught: {error}"),
                "Run this in an ordinary terminal.",
            )
        };
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).map_err(failed)?;
        let stopped = Arc::clone(&family.stopped);
        std::thread::spawn(move || {
            for _ in signals.forever() {
                *lock(&stopped) = true;
            }
        });
        Ok(family)
    }

    /// Whether a signal asked to end.
    pub fn is_stopped(&self) -> bool {
        *lock(&self.stopped)
    }

    /// Starts a program in a group of its own, so that the terminal's Ctrl-C reaches only us.
    pub fn start(
        &self,
        name: &'static str,
        mut command: Command,
    ) -> Outcome<Option<std::process::ChildStdout>> {
        let shown = crate::place::show(&command);
        command.process_group(0).stdin(Stdio::null());
        let failed = |error| {
            trouble(
                "not-started",
                format!("{name} did not start: {error}"),
                format!("Try `{shown}` by hand."),
            )
        };
        let mut child = command.spawn().map_err(failed)?;
        let stdout = child.stdout.take();
        lock(&self.members).push(Member { name, child });
        Ok(stdout)
    }

    /// Waits for a signal or for the first program to end by itself, and says which.
    pub fn wait(&self) -> Option<(&'static str, ExitStatus)> {
        while !self.is_stopped() {
            if let Some(ended) = self.ended() {
                return Some(ended);
            }
            std::thread::sleep(POLL);
        }
        None
    }

    /// Waits for the program of this name; no status when a signal came first.
    pub fn wait_for(&self, name: &str) -> Option<ExitStatus> {
        while !self.is_stopped() {
            let status = lock(&self.members)
                .iter_mut()
                .find(|member| member.name == name)?
                .child
                .try_wait();
            match status {
                Ok(Some(status)) => {
                    lock(&self.members).retain(|member| member.name != name);
                    return Some(status);
                }
                Ok(None) => std::thread::sleep(POLL),
                Err(_) => return None,
            }
        }
        None
    }

    fn ended(&self) -> Option<(&'static str, ExitStatus)> {
        let mut members = lock(&self.members);
        let mut ended = members
            .iter_mut()
            .filter_map(|member| Some((member.name, member.child.try_wait().ok()??)));
        ended.next()
    }

    /// Asks every group to end, then makes it.
    pub fn end(&self) {
        let mut members = std::mem::take(&mut *lock(&self.members));
        for member in &members {
            signal("TERM", member.child.id());
        }
        let since = Instant::now();
        while since.elapsed() < PATIENCE
            && members
                .iter_mut()
                .any(|member| matches!(member.child.try_wait(), Ok(None)))
        {
            std::thread::sleep(POLL);
        }
        for member in &mut members {
            signal("KILL", member.child.id());
            let _ = member.child.wait();
        }
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        if Arc::strong_count(&self.members) == 1 {
            self.end();
        }
    }
}

/// The standard library sends no signal to a group; the shell of every Unix does, in this one spelling.
fn signal(name: &str, group: u32) {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("kill -s {name} -- -{group}")])
        .stderr(Stdio::null());
    let _ = command.status();
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ending_takes_the_children_along() {
        let family = Family::default();
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 60 & echo $!; wait"])
            .stdout(Stdio::piped());
        let stdout = family.start("sleeper", command).unwrap().unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
        let since = Instant::now();
        family.end();
        let mut alive = Command::new("sh");
        alive
            .args(["-c", &format!("kill -0 {}", line.trim())])
            .stderr(Stdio::null());
        while since.elapsed() < PATIENCE && alive.status().unwrap().success() {
            std::thread::sleep(POLL);
        }
        assert!(!alive.status().unwrap().success());
        assert!(
            since.elapsed() < PATIENCE,
            "a polite kill must have reached the group"
        );
    }

    #[test]
    fn the_first_to_end_is_named() {
        let family = Family::default();
        family.start("quick", Command::new("true")).unwrap();
        let (name, status) = family.wait().unwrap();
        assert!(name == "quick" && status.success());
    }
}
