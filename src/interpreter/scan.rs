//! What the bytes of a whole binary image show: the last resort if no file next to it decides.
//!
//! The image is read once, window by window, and everything that any caller may need is noted on the way.

use std::borrow::Cow;
use std::collections::BTreeSet;

use bstr::{BStr, BString, ByteSlice};
use memchr::memmem;

use super::Version;
use super::image::Image;

/// The most of an image that is read.
const LARGEST_IMAGE: u64 = 256 << 20;
/// How much is searched at a time.
const WINDOW: u64 = 1 << 20;
/// How far windows overlap: longer than anything that is searched for.
const OVERLAP: u64 = 1 << 10;
/// How many different matches of one kind are kept at most.
const MOST_FINDS: usize = 1024;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The middle of the suffixes of extension modules, such as `312` or `36m`, in `.cpython-312-x86_64-linux-gnu.so`.
    pub suffixes: BTreeSet<BString>,
    /// Versions that end with a NUL byte.
    pub versions: BTreeSet<Version>,
    /// Whether Debian's directory for distributions is named.
    pub dist_packages: bool,
    /// Whether the variable is named that Fedora's `site` reads. No module of upstream that is frozen names it.
    pub rpm_build_root: bool,
    /// Absolute paths between NUL bytes.
    pub paths: BTreeSet<BString>,
}

/// The image piece by piece.
fn windows<'i>(image: &'i Image<'_>) -> impl Iterator<Item = Cow<'i, [u8]>> {
    let size = image.size().min(LARGEST_IMAGE);
    let starts = (0..).map(|index| index * WINDOW).take_while(move |&start| start < size);
    starts.map_while(move |start| {
        let from = start.saturating_sub(OVERLAP);
        let to = (start + WINDOW + OVERLAP).min(size);
        image.read(from, usize::try_from(to - from).ok()?)
    })
}

/// The version string of a `PyPy`, such as `3.11.17 (8.0.1`: Python's release and its own.
///
/// The search ends with the first one, because these libraries are large.
pub(super) fn pypy_release(image: &Image<'_>, feature: Version) -> Option<(Version, BString)> {
    let finder = memmem::Finder::new(&format!("{}.", feature.short())).into_owned();
    windows(image).find_map(|window| finder.find_iter(&window).find_map(|at| pypy_version(&window[at..])))
}

/// Where in the file the whole suffix of extension modules is, such as `.cpython-312-x86_64-linux-gnu.so`.
pub(super) fn suffix_text(image: &Image<'_>) -> Option<u64> {
    let finder = memmem::Finder::new("\0.cpython-3").into_owned();
    windows(image).enumerate().find_map(|(index, window)| {
        let start = (index as u64 * WINDOW).saturating_sub(OVERLAP);
        finder.find_iter(&window).map(|at| at + 1).find(|at| is_suffix(&window[*at..])).map(|at| start + at as u64)
    })
}

/// Whether a text begins with a suffix that ends at a NUL byte.
fn is_suffix(text: &[u8]) -> bool {
    let end = text.iter().take(128).position(|&byte| byte == 0);
    end.is_some_and(|end| text[..end].ends_with(b".so"))
}

/// The two versions at the beginning of `text`.
fn pypy_version(text: &[u8]) -> Option<(Version, BString)> {
    let (version, rest) = version(text)?;
    let own = rest.strip_prefix(b" (")?;
    let own = &own[..own.iter().take(16).take_while(|byte| matches!(byte, b'0'..=b'9' | b'.')).count()];
    (own.split_str(".").count() == 3).then(|| (version, own.into()))
}

/// The full version at the beginning of `text`, and what follows it.
fn version(text: &[u8]) -> Option<(Version, &[u8])> {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'a' | b'b' | b'r' | b'c' | b'+');
    let end = text.iter().take(24).position(|byte| !is_part(byte))?;
    let version: Version = text[..end].to_str().ok()?.parse().ok()?;
    version.micro.is_some().then_some((version, &text[end..]))
}

impl Scan {
    /// Reads the image.
    pub fn of(image: &Image<'_>) -> Self {
        let mut scan = Self::default();
        windows(image).for_each(|window| scan.window(&window));
        scan
    }

    fn window(&mut self, window: &[u8]) {
        for at in memmem::find_iter(window, ".cpython-3") {
            if self.suffixes.len() < MOST_FINDS {
                self.suffixes.extend(suffix(&window[at + ".cpython-".len()..]));
            }
        }
        for at in memmem::find_iter(window, "3.") {
            let alone = at == 0 || !matches!(window[at - 1], b'0'..=b'9' | b'.');
            if alone && self.versions.len() < MOST_FINDS {
                self.versions
                    .extend(version(&window[at..]).filter(|(_, rest)| rest[0] == 0).map(|(version, _)| version));
            }
        }
        for at in memmem::find_iter(window, "\0/") {
            if self.paths.len() < MOST_FINDS {
                self.paths.extend(path(&window[at + 1..]));
            }
        }
        self.dist_packages |= memmem::find(window, b"dist-packages").is_some();
        self.rpm_build_root |= memmem::find(window, b"RPM_BUILD_ROOT").is_some();
    }

    /// The release of that minor version, if the image names exactly one.
    pub fn only_release_of(&self, feature: Version) -> Option<Version> {
        let mut fitting = self.versions.iter().filter(|version| version.minor == feature.minor);
        fitting.next().filter(|_| fitting.next().is_none()).copied()
    }

    /// The minor version and the ABI flags from the suffix of extension modules, if there is exactly one such suffix.
    pub fn feature(&self) -> Option<(Version, &BStr)> {
        let mut suffixes = self.suffixes.iter();
        let suffix = suffixes.next().filter(|_| suffixes.next().is_none())?;
        let digits = suffix.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let minor = suffix[1..digits].to_str().ok()?.parse().ok()?;
        Some((Version::feature(3, minor), suffix[digits..].as_bstr()))
    }
}

/// `312t` of `312t-x86_64-linux-gnu.so`.
fn suffix(text: &[u8]) -> Option<BString> {
    let end = text.iter().take(12).position(|&byte| byte == b'-')?;
    let (digits, flags) = text[..end].split_at(text[..end].iter().take_while(|byte| byte.is_ascii_digit()).count());
    let sound = (2..=4).contains(&digits.len()) && flags.iter().all(|flag| b"dmtu".contains(flag));
    sound.then(|| text[..end].into())
}

/// A printable, normal path that ends with a NUL byte.
fn path(text: &[u8]) -> Option<BString> {
    let end = text.iter().take(512).position(|&byte| byte == 0)?;
    let path = &text[..end];
    let printable = path.iter().all(|&byte| byte > b' ' && byte != 0x7f && byte != b'%');
    // `//` and `/.` occur in every image and name the root, which seems to contain a library if `/usr` is merged.
    let normal = path.split_str("/").skip(1).all(|part| !matches!(part, b"" | b"." | b".."));
    (printable && normal).then(|| path.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_what_identifies_a_python() {
        let mut scan = Scan::default();
        scan.window(
            b"\0.cpython-36m-x86_64-linux-gnu.so\0x3.6.15\0\x003.2.0\0\x0013.6.1\0/opt/it\0/a b\0 3.11.17 (8.0.1, Oct",
        );
        assert_eq!(scan.feature(), Some((Version::feature(3, 6), b"m".into())));
        assert_eq!(scan.only_release_of(Version::feature(3, 6)), Some(Version::new(3, 6, 15)));
        assert_eq!(scan.paths.into_iter().collect::<Vec<_>>(), ["/opt/it"]);
        assert!(!scan.dist_packages);
    }

    #[test]
    fn reads_the_versions_of_a_pypy() {
        assert_eq!(pypy_version(b"3.11.17 (8.0.1, Oct"), Some((Version::new(3, 11, 17), "8.0.1".into())));
        assert_eq!(pypy_version(b"3.11.17 (main, Oct"), None);
        assert_eq!(pypy_version(b"3.11 (8.0.1"), None);
        assert_eq!(pypy_version(b"3.11.17"), None);
    }
}
