//! Changes that distributions and later releases made to upstream's `site.py`, statement by statement.

use super::outline::{Item, Line, lines};
use crate::startup::python_code::Grammar;

/// What is changed in a `site.py`, as far as its effects differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// `/usr/local` is put in front of `PREFIXES` (Fedora, RHEL and openSUSE).
    pub usr_local: bool,
    /// Site directories below `lib64` come before those below `lib` (Fedora and RHEL up to 3.8).
    pub lib64: bool,
}

/// A change of one function.
struct Variation {
    function: &'static str,
    /// The lines in the changed function.
    changed: &'static str,
    /// What upstream has in their place.
    upstream: &'static str,
    note: fn(&mut Changes),
}

/// Fedora's patches 251 and 102, and gh-113659, which the last releases of each branch have.
const VARIATIONS: &[Variation] = &[
    Variation {
        function: "addsitepackages",
        changed: "if ENABLE_USER_SITE and 'RPM_BUILD_ROOT' not in os.environ:\n    PREFIXES.insert(0, '/usr/local')\n",
        upstream: "",
        note: |changes| changes.usr_local = true,
    },
    Variation {
        function: "getsitepackages",
        changed: "sitepackages.append(os.path.join(prefix, 'lib64',\n    'python%d.%d' % sys.version_info[:2],\n    'site-packages'))\n",
        upstream: "",
        note: |changes| changes.lib64 = true,
    },
    Variation {
        function: "getsitepackages",
        changed: "sitepackages.append(os.path.join(prefix, 'lib64', 'python' + sys.version[:3], 'site-packages'))\n",
        upstream: "",
        note: |changes| changes.lib64 = true,
    },
    // The branch for other systems than POSIX.
    Variation {
        function: "getsitepackages",
        changed: "sitepackages.append(os.path.join(prefix, 'lib64', 'site-packages'))\n",
        upstream: "sitepackages.append(os.path.join(prefix, 'lib', 'site-packages'))\n",
        note: |_| (),
    },
    Variation {
        function: "addsitedir",
        changed: "names = [name for name in names if name.endswith('.pth') and not name.startswith('.')]\n",
        upstream: "names = [name for name in names if name.endswith('.pth')]\n",
        note: |_| (),
    },
    Variation {
        function: "addpackage",
        changed: "try:\n    st = os.lstat(fullname)\nexcept OSError:\n    return\n\
            if ((getattr(st, 'st_flags', 0) & stat.UF_HIDDEN) or\n\
            \x20   (getattr(st, 'st_file_attributes', 0) & stat.FILE_ATTRIBUTE_HIDDEN)):\n    return\n",
        upstream: "",
        note: |_| (),
    },
    Variation {
        function: "addpackage",
        changed: "try:\n    st = os.lstat(fullname)\nexcept OSError:\n    return\n\
            if ((getattr(st, 'st_flags', 0) & stat.UF_HIDDEN) or\n\
            \x20   (getattr(st, 'st_file_attributes', 0) & stat.FILE_ATTRIBUTE_HIDDEN)):\n\
            \x20   _trace(f'Skipping hidden .pth file: {fullname!r}')\n    return\n",
        upstream: "",
        note: |_| (),
    },
    Variation { function: "", changed: "import stat\n", upstream: "", note: |_| () },
];

/// Puts upstream's statements in the place of each known change, and says what was changed.
pub fn undo(items: &mut Vec<Item>, grammar: Grammar) -> Changes {
    let mut changes = Changes::default();
    for variation in VARIATIONS {
        let (Some(changed), Some(upstream)) =
            (lines(variation.changed.as_bytes(), grammar), lines(variation.upstream.as_bytes(), grammar))
        else {
            continue;
        };
        for item in items.iter_mut().filter(|item| item.name == variation.function) {
            if replace(&mut item.lines, &changed, &upstream) {
                (variation.note)(&mut changes);
            }
        }
    }
    items.retain(|item| !item.lines.is_empty());
    changes
}

/// Replaces the first occurrence of some lines, at whatever depth it is.
fn replace(lines: &mut Vec<Line>, from: &[Line], to: &[Line]) -> bool {
    let is_here = |window: &[Line]| {
        let depth = window[0].depth;
        window.iter().zip(from).all(|(line, from)| line.code == from.code && line.depth == depth + from.depth)
    };
    let Some(at) = lines.windows(from.len()).position(is_here) else { return false };
    let depth = lines[at].depth;
    let new = to.iter().map(|line| Line { depth: depth + line.depth, code: line.code.clone() });
    lines.splice(at..at + from.len(), new);
    true
}
