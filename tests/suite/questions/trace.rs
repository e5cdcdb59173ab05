//! The file-system lookups of a real start, as recorded by `strace`, reduced to those of startup.

use bstr::{BString, ByteSlice};

/// A lookup, as a system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `stat`, `open`, `readlink` or `list`.
    pub kind: &'static str,
    /// The path of the call, as far as a trace shows it.
    pub path: BString,
}

/// How much of a path is compared; `strace` shows no more of it than a path may have.
const SHOWN: usize = 4000;

impl Question {
    /// A lookup of this kind for `path`.
    pub fn new(kind: &'static str, mut path: BString) -> Self {
        path.truncate(SHOWN);
        Self { kind, path }
    }
}

/// The calls of a trace made with `-xx` (every string in hexadecimal digits), in order.
pub fn parse(trace: &[u8]) -> Vec<Question> {
    trace.lines().filter_map(|line| call(line.to_str().ok()?)).collect()
}

fn call(line: &str) -> Option<Question> {
    // With -f every line begins with the number of the process.
    let line = line.trim_start_matches(|character: char| character.is_ascii_digit() || character == ' ');
    let (name, arguments) = line.split_once('(')?;
    let kind = match name {
        "stat" | "lstat" | "newfstatat" | "access" | "faccessat" | "faccessat2" | "statx" => "stat",
        "open" | "openat" if arguments.contains("O_DIRECTORY") => "list",
        "open" | "openat" => "open",
        "readlink" | "readlinkat" => "readlink",
        _ => return None,
    };
    let mut parts = arguments.split('"');
    let path = unescape(parts.nth(1)?)?;
    // An empty path asks about a file that is open already.
    (kind != "stat" || !path.is_empty()).then(|| Question::new(kind, path))
}

fn unescape(text: &str) -> Option<BString> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    for code in text.split("\\x").skip(1) {
        bytes.push(u8::from_str_radix(code.get(..2)?, 16).ok()?);
    }
    Some(BString::from(bytes))
}

/// What separates the phases of a start.
pub struct Landmarks<'a> {
    /// `sys.path` as it was in the end.
    pub path: &'a [BString],
    /// The file name of the zip of the standard library.
    pub zip: String,
    /// The minor version.
    pub minor: u32,
}

/// The lookups of the path configuration, and those of `site`.
///
/// Between and behind these Python imports modules, and the import system asks much about the same directories. The path
/// configuration ends where the module `time` reads the time zone (3.8 on) or the import system looks at the zip of
/// the standard library, which the older path configuration never does. `site` begins where it asks whether
/// `pyvenv.cfg` is next to the executable, and ends where the search for `sitecustomize` enters `sys.path`.
pub fn of_startup(calls: &[Question], landmarks: &Landmarks<'_>) -> Vec<Question> {
    let machinery = |call: &&Question| {
        let path = &call.path;
        let system = ["/etc/", "/proc/", "/sys/", "/dev/"].iter().any(|dir| path.starts_with(dir.as_bytes()));
        system || [".so", "locale", "gconv", "glibc-hwcaps"].iter().any(|text| path.contains_str(text))
    };
    let imports = calls.iter().position(|call| {
        call.path == "/etc/localtime" || (landmarks.minor < 8 && call.path.ends_with(landmarks.zip.as_bytes()))
    });
    let configuration = &calls[..imports.unwrap_or(calls.len())];
    // The dynamic loader and the locale come first.
    let begin = configuration.iter().rposition(|call| machinery(&call)).map_or(0, |last| last + 1);
    let mut lookups = configuration[begin..].to_vec();
    let rest = &calls[imports.unwrap_or(calls.len())..];
    let site = rest.iter().position(|call| call.kind == "stat" && call.path.ends_with(b"/pyvenv.cfg"));
    if let Some(site) = site {
        lookups.extend(site_questions(&rest[site..], landmarks));
    }
    lookups
}

fn site_questions(calls: &[Question], landmarks: &Landmarks<'_>) -> Vec<Question> {
    let stdlib = format!("/python3.{}", landmarks.minor);
    // In a build tree the library has another name.
    let is_library = |entry: &BString| entry.ends_with(stdlib.as_bytes()) || entry.ends_with(b"/Lib");
    let library = landmarks.path.iter().position(is_library);
    let searched = &landmarks.path[..library.map_or(0, |library| library + 1)];
    let mut lookups = Vec::new();
    let mut rest = calls;
    loop {
        let enters = |call: &Question| call.kind == "stat" && searched.contains(&call.path);
        let end = rest.iter().position(enters).unwrap_or(rest.len());
        lookups.extend_from_slice(&rest[..end]);
        let Some(back) = detour(&rest[end..], landmarks.minor) else { break };
        rest = &rest[end + back..];
    }
    // Codecs are imported as they are needed.
    lookups.retain(|call| !call.path.contains_str("/encodings"));
    lookups
}

/// How many calls `site` spends on a module that it imports half-way; none where this is no such detour.
fn detour(calls: &[Question], minor: u32) -> Option<usize> {
    let modules: &[(&str, &[&str])] = match minor {
        // To learn where the user's site-packages lies.
        6 => &[("/sysconfig", &["/sysconfig", "_sysconfigdata", "/config-3.6"]), ("/_bootlocale", &["/_bootlocale"])],
        // To learn the encoding of a `.pth` file.
        7..=9 => &[("/_bootlocale", &["/_bootlocale"])],
        // To warn of an unexpected prefix.
        14.. => return detour_of_warnings(calls),
        _ => &[],
    };
    // The directory is looked at a few times, and listed, before a file in it.
    let next = calls.iter().take(12).find(|call| modules.iter().any(|(module, _)| call.path.contains_str(module)))?;
    let (_, parts) = modules.iter().find(|(module, _)| next.path.contains_str(module))?;
    let its = |call: &Question| parts.iter().any(|part| call.path.contains_str(part));
    calls.iter().rposition(its).map(|last| last + 1)
}

/// The import of `warnings` and what it needs, after which `site` goes on with a site directory.
fn detour_of_warnings(calls: &[Question]) -> Option<usize> {
    let is_dir = |call: &Question| call.path.ends_with(b"-packages");
    let back = calls.iter().position(is_dir)?;
    calls[..back].iter().any(|call| call.path.contains_str("/warnings")).then_some(back)
}
