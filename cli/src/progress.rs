//! How far a long read is: one line on a terminal's standard error, and nothing anywhere else.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The line; it vanishes when this is dropped.
pub struct Progress {
    shown: bool,
    /// Length of the file, where it has one.
    size: Option<u64>,
    read: u64,
    began: Instant,
    told: Instant,
}

const PAUSE: Duration = Duration::from_millis(200);

impl Progress {
    /// Nothing is shown before a moment has passed, so quick work stays quiet.
    pub fn start(path: &Path) -> Self {
        let now = Instant::now();
        let about = std::fs::metadata(path).ok();
        Self {
            shown: false,
            size: about
                .filter(|about| about.is_file())
                .map(|about| about.len()),
            read: 0,
            began: now,
            told: now,
        }
    }

    /// So many bytes more, and so many rows by now.
    pub fn add(&mut self, bytes: usize, rows: u64) {
        self.read += bytes as u64;
        if self.told.elapsed() < PAUSE || !io::stderr().is_terminal() {
            return;
        }
        (self.told, self.shown) = (Instant::now(), true);
        let line = line(self.read, self.size, rows, self.began.elapsed());
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(read: u64, size: Option<u64>, rows: u64, taken: Duration) -> String {
    let megabytes = read >> 20;
    match size.filter(|size| *size >= read && read > 0) {
        Some(size) => {
            let left = taken.as_secs_f64() * (size - read) as f64 / read as f64;
            let percent = 100 * read / size.max(1);
            format!(
                "{percent} %, {megabytes} of {} MB, {rows} rows, {left:.0} s left",
                size >> 20
            )
        }
        None => format!("{megabytes} MB, {rows} rows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_rows_bytes_and_time_left() {
        let second = Duration::from_secs(1);
        let half = line(50 << 20, Some(100 << 20), 7, second);
        assert_eq!(half, "50 %, 50 of 100 MB, 7 rows, 1 s left");
        assert_eq!(line(3 << 20, None, 7, second), "3 MB, 7 rows");
        assert_eq!(line(9, Some(0), 1, second), "0 MB, 1 rows");
    }
}
