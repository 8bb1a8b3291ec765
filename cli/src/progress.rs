//! How far long work is: one line on a terminal's standard error, and nothing anywhere else.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(200);

/// One line that is written over and over; it vanishes when this is dropped.
pub struct Line {
    shown: bool,
    told: Instant,
}

impl Line {
    /// Nothing is shown before a moment has passed, so quick work stays quiet.
    pub fn start() -> Self {
        Self {
            shown: false,
            told: Instant::now(),
        }
    }

    /// Says where things are, unless it was said a moment ago or nobody watches.
    pub fn tell(&mut self, text: impl FnOnce() -> String) {
        if self.told.elapsed() < PAUSE || !io::stderr().is_terminal() {
            return;
        }
        (self.told, self.shown) = (Instant::now(), true);
        let _ = write!(io::stderr(), "\r\x1b[K{}", text());
    }

    /// Makes room for another notice.
    pub fn clear(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        self.shown = false;
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}

/// How far the reading of a file is.
pub struct Progress {
    line: Line,
    /// Length of the file, where it has one.
    size: Option<u64>,
    read: u64,
    began: Instant,
}

impl Progress {
    /// A new one.
    pub fn start(path: &Path) -> Self {
        let about = std::fs::metadata(path).ok();
        Self {
            line: Line::start(),
            size: about
                .filter(|about| about.is_file())
                .map(|about| about.len()),
            read: 0,
            began: Instant::now(),
        }
    }

    /// So many bytes more, and so many rows by now.
    pub fn add(&mut self, bytes: usize, rows: u64) {
        self.read += bytes as u64;
        let (read, size, began) = (self.read, self.size, self.began);
        self.line.tell(|| line(read, size, rows, began.elapsed()));
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
