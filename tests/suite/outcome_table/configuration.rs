//! Every variable and `-X` option of startup with values of every class, alone, in pairs, and with flags.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::situation::{Situation, Subject};
use crate::support::rng::Rng;

/// Values that somebody may give to anything.
const COMMON: [&str; 14] =
    ["", "0", "1", "2", "01", " 1", "1 ", "-1", "+1", "x", "true", "on", "99999999999", "\u{e9}"];

/// Variables, with values beyond the common ones.
const VARIABLES: [(&str, &[&str]); 34] = [
    ("PYTHONHASHSEED", &["random", "RANDOM", "4294967295", "4294967296", "0x10", "1.0", "-0", "-18446744073709551615"]),
    ("PYTHONUTF8", &["yes"]),
    (
        "PYTHONMALLOC",
        &[
            "debug",
            "malloc",
            "pymalloc",
            "pymalloc_debug",
            "default",
            "mimalloc",
            "mimalloc_debug",
            "Malloc",
            "malloc ",
        ],
    ),
    ("PYTHONTRACEMALLOC", &["25", "65535", "65536", "178956969", "178956970", "2147483647", "2147483648"]),
    ("PYTHONINTMAXSTRDIGITS", &["639", "640", "0640", "4300"]),
    ("PYTHON_GIL", &["off"]),
    ("PYTHON_CPU_COUNT", &["default", "DEFAULT", "4"]),
    ("PYTHON_FROZEN_MODULES", &["off", "On"]),
    ("PYTHON_THREAD_INHERIT_CONTEXT", &["yes"]),
    ("PYTHON_CONTEXT_AWARE_WARNINGS", &["yes"]),
    ("PYTHON_LAZY_IMPORTS", &["all", "normal", "none"]),
    ("PYTHON_PATHCONFIG_WARNINGS", &["yes"]),
    ("PYTHONPROFILEIMPORTTIME", &["3", "1x"]),
    (
        "PYTHONIOENCODING",
        &[
            "utf-8",
            "UTF_8",
            "utf--8",
            " utf-8",
            "utf-8 ",
            "utf8",
            "utf.8",
            "latin1.x",
            "utf-9",
            "latin-1:replace",
            ":replace",
            ":nope",
            "utf-8:nope",
            "utf-8:a:b",
            "nope:replace",
            "UTF-8 python3",
            "hex",
            "base64",
            "uu",
            "zlib",
            "quopri",
            "rot13",
            "bz2",
            "mbcs",
            "oem",
            "ansi",
            "cp65001",
            "unicode-internal",
            "undefined",
            "idna",
            "punycode",
            "charmap",
            "unicode_escape",
            "raw_unicode_escape",
            "utf-7",
            "utf-16",
            "utf-32",
            "utf-8-sig",
            "palmos",
            "ptcp154",
            "koi8_t",
            "cp720",
            "cp1252",
            "646",
            "u8",
            "aliases",
            "__init__",
            "utf-8\u{e9}",
            "nope",
            ":",
        ],
    ),
    (
        "PYTHONWARNINGS",
        &[
            "ignore",
            "e",
            "all",
            "bad",
            "a,bad,bad",
            "::nosuch",
            "::a.b",
            "::DeprecationWarning",
            "::EncodingWarning",
            "1:2:3:4:5:6",
            "::::x",
            "::::-1",
            "::::7",
            "::::-007",
            "::::1_0",
            " bad ,,x",
            "ignore::urllib3.exceptions.X",
            "default:message:UserWarning:module:3",
            "ignore::DeprecationWarning, once",
            "bad'quote",
            "error::",
            "::int",
            "::print",
            "::None",
            "::1a",
            "::12",
            "::a-b",
            "::\u{e9}",
            "::.x",
            "::json.",
            "::json.decoder.X",
            "::json.no_such.X",
            "::builtins.X",
            "::builtins.int",
            "::breakpoint",
            "::BaseExceptionGroup",
        ],
    ),
    ("PYTHONCOERCECLOCALE", &["warn"]),
    ("PYTHONSTARTUP", &["/nowhere"]),
    ("PYTHONVERBOSE", &[]),
    ("PYTHONDEVMODE", &[]),
    ("PYTHONFAULTHANDLER", &[]),
    ("PYTHONNODEBUGRANGES", &[]),
    ("PYTHONWARNDEFAULTENCODING", &[]),
    ("PYTHONDONTWRITEBYTECODE", &[]),
    ("PYTHONUNBUFFERED", &[]),
    ("PYTHONDEBUG", &[]),
    ("PYTHONOPTIMIZE", &[]),
    ("PYTHONPYCACHEPREFIX", &["/nowhere"]),
    ("PYTHONPERFSUPPORT", &[]),
    ("PYTHON_JIT", &[]),
    ("PYTHON_DISABLE_REMOTE_DEBUG", &[]),
    ("PYTHON_BASIC_REPL", &[]),
    ("PYTHONSAFEPATH", &[]),
    ("PYTHONNOUSERSITE", &[]),
    ("PYTHONCASEOK", &[]),
];

/// Options, with values beyond the common ones.
const OPTIONS: [(&str, &[&str]); 14] = [
    ("utf8", &["yes"]),
    ("tracemalloc", &["25", "65535", "65536"]),
    ("int_max_str_digits", &["639", "640"]),
    ("frozen_modules", &["off"]),
    ("gil", &[]),
    ("cpu_count", &["default"]),
    ("importtime", &["3"]),
    ("thread_inherit_context", &[]),
    ("context_aware_warnings", &[]),
    ("lazy_imports", &["all", "normal"]),
    ("pathconfig_warnings", &[]),
    ("dev", &[]),
    ("faulthandler", &[]),
    ("no_such_option", &[]),
];

/// What is set for one start.
#[derive(Clone, Debug, Default)]
struct Settings {
    variables: BTreeMap<&'static str, &'static str>,
    options: Vec<String>,
    flag: Option<&'static str>,
}

impl Settings {
    fn with_variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.insert(name, value);
        self
    }

    fn with_option(mut self, option: String) -> Self {
        self.options.push(option);
        self
    }
}

/// Flags that go with pairs.
const FLAGS: [Option<&str>; 8] = [None, None, Some("-E"), Some("-I"), Some("-S"), Some("-R"), Some("-OO"), Some("-bb")];

/// How many pairs are drawn.
const PAIRS: usize = 600;

static ALL: LazyLock<Vec<Settings>> = LazyLock::new(|| {
    let mut all = singles();
    let pairs = combinations(&all, PAIRS, &mut Rng::new(10, 0));
    all.extend(pairs);
    all
});

/// How many situations there are.
pub fn count() -> usize {
    ALL.len()
}

/// One of them.
#[allow(clippy::unnecessary_wraps, reason = "of other kinds, some do not exist on every interpreter")]
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let settings = &ALL[number];
    let mut situation = Situation::new("settings".to_owned(), subject.python.exe.clone());
    situation.words.extend(settings.flag.map(Into::into));
    situation.words.extend(settings.options.iter().flat_map(|option| ["-X".into(), option.as_str().into()]));
    situation.env.extend(settings.variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())));
    Some(situation)
}

fn singles() -> Vec<Settings> {
    let mut all = Vec::new();
    for (name, values) in VARIABLES {
        all.extend(COMMON.iter().chain(values).map(|value| Settings::default().with_variable(name, value)));
    }
    for (name, values) in OPTIONS {
        all.push(Settings::default().with_option(name.to_owned()));
        let given = COMMON.iter().chain(values).map(|value| format!("{name}={value}"));
        all.extend(given.map(|option| Settings::default().with_option(option)));
    }
    for handler in [":nope", "utf-8:nope", "utf-8:strict"] {
        let dev = Settings::default().with_option("dev".to_owned());
        all.push(dev.with_variable("PYTHONIOENCODING", handler));
    }
    for locale in ["", "C", "POSIX", "xx_YY.UTF-8"] {
        let asked = Settings::default().with_variable("PYTHONCOERCECLOCALE", "warn");
        all.push(asked.clone().with_variable("LC_ALL", locale));
        all.push(asked.with_variable("LC_ALL", "").with_variable("LANG", locale));
    }
    all
}

/// Two situations at once, some with a flag.
fn combinations(singles: &[Settings], count: usize, rng: &mut Rng) -> Vec<Settings> {
    let pick = |rng: &mut Rng| singles[rng.below(singles.len())].clone();
    (0..count)
        .map(|_| {
            let (mut first, second) = (pick(rng), pick(rng));
            first.variables.extend(second.variables);
            first.options.extend(second.options);
            first.flag = FLAGS[rng.below(FLAGS.len())];
            first
        })
        .collect()
}
