//! Mounts from which nothing may be executed.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{InterpreterName, Survey};
use crate::findings::{Code, Cure, Finding, Proof};
use crate::host::{FileKind, Platform};
use crate::sentence;

/// Where the kernel lists the mounts that the process sees.
const MOUNTS: &str = "/proc/self/mountinfo";
/// The most that is read of it.
const MOST_BYTES: u64 = 1 << 20;
/// The most files that are asked about.
const MOST_FILES: usize = 4;

/// The executable has its bit and is refused all the same.
pub fn refused(survey: &Survey<'_>) -> Option<Finding> {
    let file = survey.resolution.identification.file.as_ref()?;
    let is_executable = survey.metadata(file.as_bstr()).is_ok_and(|metadata| metadata.executable);
    if is_executable { judge(survey, file.as_bstr()) } else { None }
}

/// Judges the place of an environment whose interpreter lies elsewhere: its scripts and extension modules are there.
///
/// The list of mounts is read only where the kernel refuses a script that has its bits.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let is_here = survey.platform() == Platform::Linux && survey.is_environment();
    if !is_here || survey.resolution.identification.problem.is_some() {
        return;
    }
    let bin = survey.bin();
    let is_script = |name: &BString| InterpreterName::parse(name.as_bstr()).is_none() && !name.contains(&b'.');
    let names = survey.list(bin).into_iter().filter(|name| is_script(name) && name != "activate");
    let mut paths = names.map(|name| survey.join(bin, name)).take(MOST_FILES);
    let refused = paths.find(|path| {
        let metadata = survey.metadata(path.as_bstr());
        let for_all = |mode: u16| mode & 0o111 == 0o111;
        let has_bits = metadata.is_ok_and(|metadata| {
            metadata.kind == FileKind::File && metadata.access.is_some_and(|access| for_all(access.mode))
        });
        has_bits && !survey.ask.may_execute(path.as_bstr())
    });
    findings.extend(refused.and_then(|path| judge(survey, path.as_bstr())));
}

/// Says so, where `file` lies on such a mount.
fn judge(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    if survey.platform() != Platform::Linux {
        return None;
    }
    let real = survey.ask.real_path(file).ok()?;
    let list = survey.ask.read(MOUNTS.into(), MOST_BYTES).ok()?;
    let mount = holding(&list, real.as_bstr()).filter(Mount::is_noexec)?;
    let message = sentence!(file, " lies on the mount ", mount.point, ", from which nothing may be executed");
    let advice = "make the environment anew on another file system, or have this one mounted without noexec; scripts \
                  in it can be called meanwhile as python -m NAME";
    Some(
        Finding::new(Code::NoexecMount, message)
            .proof(Proof::line(MOUNTS, mount.line, mount.text).marking("noexec"))
            .effect(
                "the kernel answers Permission denied to whatever is started from there, and refuses to map \
                     extension modules: failed to map segment from shared object",
            )
            .cure(Cure::advice(advice)),
    )
}

/// A line of the list.
struct Mount<'l> {
    line: usize,
    text: &'l BStr,
    point: BString,
    options: &'l [u8],
}

impl Mount<'_> {
    fn is_noexec(&self) -> bool {
        self.options.split_str(",").any(|option| option == b"noexec")
    }
}

/// The mount that holds `path`: the one with the longest point, and of several at one point the last.
fn holding<'l>(list: &'l [u8], path: &BStr) -> Option<Mount<'l>> {
    let mounts = list.lines().enumerate().filter_map(|(index, text)| {
        let mut fields = text.split_str(" ").skip(4);
        let (point, options) = (unescape(fields.next()?), fields.next()?);
        Some(Mount { line: index + 1, text: text.as_bstr(), point, options })
    });
    let holds = |mount: &Mount<'_>| {
        let rest = path.strip_prefix(mount.point.trim_end_with(|c| c == '/'));
        rest.is_some_and(|rest| rest.first().is_none_or(|&byte| byte == b'/'))
    };
    mounts.filter(holds).max_by_key(|mount| mount.point.len())
}

/// Blanks, tabs, line ends and backslashes stand in the list as `\ooo`.
fn unescape(field: &[u8]) -> BString {
    let mut text = BString::from(Vec::with_capacity(field.len()));
    let mut rest = field;
    while let Some((&byte, after)) = rest.split_first() {
        let digits =
            after.get(..3).filter(|digits| byte == b'\\' && digits.iter().all(|it| (b'0'..=b'7').contains(it)));
        if let Some(digits) = digits {
            let value = digits.iter().fold(0u32, |value, digit| value * 8 + u32::from(digit - b'0'));
            text.push(u8::try_from(value).unwrap_or(b'?'));
            rest = &after[3..];
        } else {
            text.push(byte);
            rest = after;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_mount_that_holds_a_path_counts() {
        let list = b"1 0 8:1 / / rw - ext4 /dev/a rw\n\
            2 1 8:2 / /tmp rw,noexec,nosuid - tmpfs tmpfs rw\n\
            3 1 8:3 / /my\\040disk rw,noexec - ext4 /dev/b rw\n\
            4 2 8:4 / /tmp/run rw - tmpfs tmpfs rw\n\
            5 1 8:5 / /srv rw,noexec - ext4 /dev/c rw\n\
            6 5 8:5 / /srv rw - ext4 /dev/c rw\n\
            short line\n";
        let cases = [
            ("/tmp/env/bin/pip", Some(2), true),
            ("/tmpfile", Some(1), false),
            ("/tmp/run/x", Some(4), false),
            ("/my disk/env", Some(3), true),
            ("/srv/env", Some(6), false),
        ];
        for (path, line, noexec) in cases {
            let found = holding(list, path.into());
            assert_eq!(found.as_ref().map(|mount| mount.line), line, "{path}");
            assert_eq!(found.is_some_and(|mount| mount.is_noexec()), noexec, "{path}");
        }
    }

    #[test]
    fn escapes_are_three_octal_digits() {
        for (field, expected) in [("a\\040b", "a b"), ("\\", "\\"), ("\\04", "\\04"), ("\\777", "?"), ("\\134", "\\")] {
            assert_eq!(unescape(field.as_bytes()), expected);
        }
    }
}
