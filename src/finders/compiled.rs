//! Whether `zipimport` uses the compiled code of a member: by the header, and by the source next to it.

use super::candidates::ZipRules;
use crate::interpreter;

/// How large a header is, with flags and without.
const HEADER: usize = 16;
const SHORT_HEADER: usize = 12;
/// Times in zip files are local times: what differs from a time by so much may be the same time.
const ZONE_STEP: i64 = 15 * 60;
const FURTHEST_ZONE: i64 = 14 * 60 * 60;

/// What a zip file says about a source: when it was changed, as if its local time were universal time, and its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    pub time: i64,
    pub size: u64,
}

/// What comes of compiled code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is used.
    Used,
    /// The next candidate is tried.
    Skipped,
    /// The search ends with an error.
    Ends,
}

/// Judges compiled code: `source` is what the zip file says about the source next to it.
pub(super) fn judge(
    content: &[u8],
    rules: &ZipRules,
    source: Option<Stamp>,
    is_utc: bool,
    text: impl FnOnce() -> Option<Vec<u8>>,
) -> Use {
    let word = |at: usize| content.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    let header = if rules.has_flags { HEADER } else { SHORT_HEADER };
    if rules.ends_at_short && content.len() < header {
        return Use::Ends;
    }
    let Some(magic) = word(0) else { return Use::Skipped };
    if rules.magic.is_some_and(|own| own != magic) {
        return Use::Skipped;
    }
    let flags = if rules.has_flags { word(4).unwrap_or_default() } else { 0 };
    if flags & !3 != 0 {
        return Use::Skipped;
    }
    if flags & 1 != 0 {
        let is_checked = rules.checks_hashes.unwrap_or(flags & 2 != 0);
        let expected = content.get(8..16).and_then(|hash| hash.try_into().ok()).map(u64::from_le_bytes);
        let is_stale = || {
            text().is_some_and(|text| Some(interpreter::source_hash(&text, magic, rules.has_fewer_rounds)) != expected)
        };
        return if is_checked && is_stale() { Use::Skipped } else { Use::Used };
    }
    let Some(source) = source else { return Use::Used };
    let (time, size) = (word(header - 8), word(header - 4));
    let is_same_time = time.is_some_and(|time| is_same(i64::from(time), source.time, is_utc));
    let is_same_size = !rules.compares_size || size.map(u64::from) == Some(source.size & 0xffff_ffff);
    if is_same_time && is_same_size { Use::Used } else { Use::Skipped }
}

/// Times of zip files have steps of two seconds.
fn is_same(time: i64, local: i64, is_utc: bool) -> bool {
    let distance = time - local;
    if is_utc {
        return distance.abs() <= 1;
    }
    let beyond = distance.rem_euclid(ZONE_STEP);
    distance.abs() <= FURTHEST_ZONE && (beyond <= 1 || beyond == ZONE_STEP - 1)
}

/// The seconds since 1970 of a date and a time of a zip file.
pub(super) fn seconds(date: u16, time: u16) -> i64 {
    let (date, time) = (i64::from(date), i64::from(time));
    let (year, month, day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
    // The days from a year that begins with March, so that the leap day is the last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    days * 86_400 + (time >> 11) * 3600 + ((time >> 5) & 63) * 60 + (time & 31) * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: ZipRules = ZipRules::OF_TESTS;

    #[test]
    fn times_of_zip_files_are_counted_from_1970() {
        assert_eq!(seconds(0x21, 0), 315_532_800);
        // 29 February 2024, 12:34:56.
        assert_eq!(seconds(0x585d, 0x645c), 1_709_210_096);
    }

    #[test]
    fn compiled_code_is_used_where_its_header_fits() {
        let code = |magic: u32, flags: u32, time: u32, size: u32| {
            [magic, flags, time, size].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>()
        };
        let judged = |content: &[u8], stamp| judge(content, &RULES, stamp, true, || None);
        let stamp = Some(Stamp { time: 1000, size: 5 });
        assert_eq!(judged(&code(0x0a0d_0dcb, 0, 1001, 5), stamp), Use::Used);
        assert_eq!(judged(&code(0x0a0d_0dcb, 0, 1002, 5), stamp), Use::Skipped);
        assert_eq!(judged(&code(0x0a0d_0dcb, 0, 1000, 6), stamp), Use::Skipped);
        assert_eq!(judged(&code(0x0a0d_0dcb, 0, 1, 6), None), Use::Used);
        assert_eq!(judged(&code(0x0a0d_0dca, 0, 1000, 5), None), Use::Skipped);
        assert_eq!(judged(&code(0x0a0d_0dcb, 4, 1000, 5), None), Use::Skipped);
        assert_eq!(judged(b"", None), Use::Skipped);
    }
}
