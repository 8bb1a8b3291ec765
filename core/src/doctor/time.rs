//! Moments as the API writes them.

use crate::calendar;

const DAY: u64 = 86_400_000;

/// Milliseconds since 1970 of `2036-01-02T03:04:05.000Z` (RFC 3339 in UTC, as Okta writes it).
pub(super) fn moment(text: &str) -> Option<u64> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.split('-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut clock = clock
        .split('.')
        .next()?
        .split(':')
        .map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days from civil, with years that begin in March.
    let (y, m) = match month {
        3.. => (year, month - 3),
        _ => (year - 1, month + 9),
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some((days * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
}

/// The other way round: milliseconds since 1970 as RFC 3339 in UTC.
pub(super) fn stamp(ms: u64) -> String {
    let (year, month, day) = calendar::date(ms / DAY);
    let rest = ms % DAY;
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Whole days from now until then; none when that moment is past.
pub(super) fn days_left(now: u64, then: u64) -> Option<u64> {
    then.checked_sub(now).map(|left| left / DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read() {
        assert_eq!(moment("2025-10-28T20:17:10.000Z"), Some(1_761_682_630_000));
        assert_eq!(moment("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(moment("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        for none in ["", "soon", "2025-13-01T00:00:00Z", "2025-10-28 20:17:10"] {
            assert_eq!(moment(none), None, "{none}");
        }
        for day in 0..40_000 {
            let at = day * DAY + 11_045_000;
            assert_eq!(moment(&stamp(at)), Some(at), "{}", stamp(at));
        }
        assert_eq!(stamp(1_709_164_800_042), "2024-02-29T00:00:00.042Z");
        assert_eq!(days_left(0, 2 * DAY), Some(2));
        assert_eq!(days_left(DAY, 0), None);
    }
}
