//! The table of mounts: which file system a path lies on.

use bstr::{BStr, BString, ByteSlice};

/// The table of mounts of the process that asks; Linux alone has it.
pub const TABLE: &str = "/proc/self/mountinfo";

/// The most that is read of it: a machine with many containers has some hundred kilobytes.
pub const MOST: u64 = 4 << 20;

/// A line of the table of mounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub point: BString,
    /// The type of the file system, such as `ext4` or `nfs4`.
    pub kind: BString,
    /// What is mounted: a device, or `server:/export`.
    pub source: BString,
    /// The options of this mount, such as `rw,noexec`.
    pub options: BString,
    /// The line of the table, from 1.
    pub line: usize,
    /// The whole line.
    pub text: BString,
}

impl Mount {
    /// The table that contains it.
    pub fn table() -> &'static BStr {
        TABLE.into()
    }

    /// Whether it was mounted with an option, such as `noexec`.
    pub fn has_option(&self, name: &str) -> bool {
        self.options.split_str(",").any(|option| option == name.as_bytes())
    }
}

/// The mount that holds a path: the one with the longest point, and of several at one point the last.
pub fn nearest(table: &[u8], path: &BStr) -> Option<Mount> {
    let mounts = table.lines().enumerate().filter_map(|(index, line)| parse(line, index + 1));
    let holds = |mount: &Mount| {
        let rest = path.strip_prefix(mount.point.trim_end_with(|c| c == '/'));
        rest.is_some_and(|rest| rest.first().is_none_or(|&byte| byte == b'/'))
    };
    mounts.filter(holds).max_by_key(|mount| mount.point.len())
}

/// The table with every line empty that is about a place for which nobody asked, and without the details of the others.
pub fn without_others(table: &[u8], is_needed: impl Fn(&BStr) -> bool) -> Vec<u8> {
    let mut text = Vec::new();
    for (index, line) in table.lines().enumerate() {
        if parse(line, index + 1).is_some_and(|mount| is_needed(mount.point.as_bstr())) {
            // Behind the source stand the options of the file system, which may hold names of users and servers.
            let fields: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
            let end = fields.iter().position(|field| *field == b"-").map_or(fields.len(), |dash| dash + 3);
            text.extend(bstr::join(" ", fields.iter().take(end)));
        }
        text.push(b'\n');
    }
    text
}

/// `id parent major:minor root point options [optional fields] - type source options`, see proc(5).
fn parse(line: &[u8], number: usize) -> Option<Mount> {
    let mut fields = line.split(|&byte| byte == b' ');
    let point = unescape(fields.nth(4)?);
    let options = fields.next()?.into();
    let mut rest = fields.skip_while(|field| *field != b"-").skip(1);
    let (kind, source) = (rest.next()?.into(), unescape(rest.next()?));
    Some(Mount { point, kind, source, options, line: number, text: line.into() })
}

/// Blanks, tabs, line ends and backslashes are written as `\ooo`.
fn unescape(field: &[u8]) -> BString {
    let mut text = BString::from(Vec::with_capacity(field.len()));
    let mut rest = field;
    while let Some((&byte, after)) = rest.split_first() {
        let digits =
            after.get(..3).filter(|digits| byte == b'\\' && digits.iter().all(|digit| (b'0'..b'8').contains(digit)));
        let code = digits.map(|digits| digits.iter().fold(0_u16, |code, digit| code * 8 + u16::from(digit - b'0')));
        if let Some(code) = code.and_then(|code| u8::try_from(code).ok()) {
            text.push(code);
            rest = after.get(3..).unwrap_or_default();
        } else {
            text.push(byte);
            rest = after;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let line = br"36 35 98:0 /mnt1 /my\040disk rw,noatime master:1 - ext4 /dev/root rw,errors=continue";
        let mount = parse(line, 7).unwrap();
        assert_eq!(
            (mount.point, mount.kind, mount.source, mount.line),
            ("/my disk".into(), "ext4".into(), "/dev/root".into(), 7)
        );
        let told = without_others(&[line.as_slice(), b"1 2 0:3 / /proc rw - proc proc rw"].join(&b'\n'), |point| {
            point == "/my disk"
        });
        assert_eq!(told.as_bstr(), "36 35 98:0 /mnt1 /my\\040disk rw,noatime master:1 - ext4 /dev/root\n\n");
        assert_eq!(parse(b"36 35 98:0 / /x rw", 1), None);
        assert_eq!(unescape(br"a\04\777\134"), br"a\04\777\".as_bstr());
    }

    proptest! {
        #[test]
        fn any_line_can_be_read(line in prop::collection::vec(any::<u8>(), 0..80), text in "[a-z/ \\\\0-9\\-]{0,60}") {
            for line in [line.as_slice(), text.as_bytes()] {
                parse(line, 1);
                unescape(line);
                let told = without_others(line, |_| true);
                prop_assert_eq!(told.lines().count(), line.lines().count());
            }
        }

        #[test]
        fn what_is_escaped_is_read_again(name in prop::collection::vec(any::<u8>(), 0..20)) {
            let escaped: Vec<u8> = name.iter().flat_map(|byte| format!("\\{byte:03o}").into_bytes()).collect();
            prop_assert_eq!(unescape(&escaped), name.as_bstr());
        }
    }

    #[test]
    fn the_longest_mount_that_holds_a_path_counts() {
        let table = b"1 0 8:1 / / rw - ext4 /dev/a rw\n\
            2 1 8:2 / /tmp rw,noexec,nosuid - tmpfs tmpfs rw\n\
            3 1 8:3 / /my\\040disk rw,noexec - ext4 /dev/b rw\n\
            4 2 8:4 / /tmp/run rw - tmpfs tmpfs rw\n\
            5 1 8:5 / /srv rw,noexec - ext4 /dev/c rw\n\
            6 5 8:5 / /srv rw - ext4 /dev/c rw\n\
            short line\n";
        let cases = [
            ("/tmp/env/bin/pip", 2, true),
            ("/tmpfile", 1, false),
            ("/tmp/run/x", 4, false),
            ("/my disk/env", 3, true),
            ("/srv/env", 6, false),
        ];
        for (path, line, noexec) in cases {
            let mount = nearest(table, path.into()).unwrap();
            assert_eq!((mount.line, mount.has_option("noexec")), (line, noexec), "{path}");
        }
    }
}
