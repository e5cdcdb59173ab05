//! Every variable and `-X` option of startup with values of every class, alone, in pairs, and with `-E` and `-I`.

#![expect(clippy::disallowed_methods, reason = "a variable says how many situations are tried")]

use std::collections::BTreeMap;
use std::thread;

use bstr::{BString, ByteSlice};
use serde_json::Value as Json;

use crate::support::interpreters::{self, Interpreter};
use crate::support::rng::Rng;
use crate::support::world::{Cwd, Start};

/// Code that says it ran, whatever became of the standard streams.
const PROGRAM: &str = "import os; os.write(1, b'@@ran')";

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

/// One start.
#[derive(Clone, Debug, Default)]
struct Situation {
    variables: BTreeMap<&'static str, &'static str>,
    options: Vec<String>,
    flag: Option<&'static str>,
}

impl Situation {
    fn with_variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.insert(name, value);
        self
    }

    fn with_option(mut self, option: String) -> Self {
        self.options.push(option);
        self
    }
}

fn singles() -> Vec<Situation> {
    let mut all = Vec::new();
    for (name, values) in VARIABLES {
        all.extend(COMMON.iter().chain(values).map(|value| Situation::default().with_variable(name, value)));
    }
    for (name, values) in OPTIONS {
        all.push(Situation::default().with_option(name.to_owned()));
        let given = COMMON.iter().chain(values).map(|value| format!("{name}={value}"));
        all.extend(given.map(|option| Situation::default().with_option(option)));
    }
    for handler in [":nope", "utf-8:nope", "utf-8:strict"] {
        let dev = Situation::default().with_option("dev".to_owned());
        all.push(dev.with_variable("PYTHONIOENCODING", handler));
    }
    for locale in ["", "C", "POSIX", "xx_YY.UTF-8"] {
        let asked = Situation::default().with_variable("PYTHONCOERCECLOCALE", "warn");
        all.push(asked.clone().with_variable("LC_ALL", locale));
        all.push(asked.with_variable("LC_ALL", "").with_variable("LANG", locale));
    }
    all
}

/// Two situations at once, some with a flag.
fn combinations(singles: &[Situation], count: usize, rng: &mut Rng) -> Vec<Situation> {
    let pick = |rng: &mut Rng| singles[rng.below(singles.len())].clone();
    (0..count)
        .map(|_| {
            let (mut first, second) = (pick(rng), pick(rng));
            first.variables.extend(second.variables);
            first.options.extend(second.options);
            first.flag = [None, None, None, Some("-E"), Some("-I"), Some("-S")][rng.below(6)];
            first
        })
        .collect()
}

#[test]
fn variables_and_options_decide_as_predicted() {
    let found = interpreters::found();
    let every = std::env::var_os("VENV_DOCTOR_OUTCOMES").is_some();
    let results: Vec<(String, Tally)> = thread::scope(|scope| {
        let workers: Vec<_> = found
            .interpreters
            .iter()
            .enumerate()
            .map(|(index, python)| scope.spawn(move || (python.label.clone(), run(python, index, every))))
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("no worker panics")).collect()
    });
    let (mut starts, mut fatal) = (0, 0);
    let mut differences = Vec::new();
    for (label, tally) in results {
        println!("{label}: {} situations, {} of them fatal", tally.count, tally.fatal);
        starts += tally.count;
        fatal += tally.fatal;
        differences.extend(tally.differences.into_iter().map(|text| format!("{label}: {text}")));
    }
    println!("{starts} situations, {fatal} of them fatal, {} differences", differences.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[derive(Default)]
struct Tally {
    count: usize,
    fatal: usize,
    differences: Vec<String>,
}

/// One interpreter; a share of the situations, another one for each, unless every one is wanted.
fn run(python: &Interpreter, index: usize, every: bool) -> Tally {
    let mut rng = Rng::new(10, index);
    let singles = singles();
    let combined = combinations(&singles, if every { 600 } else { 40 }, &mut rng);
    let share = if every { 1 } else { 8 };
    let chosen = singles.iter().skip(index % share).step_by(share).chain(&combined);
    let mut tally = Tally::default();
    for (number, situation) in chosen.enumerate() {
        tally.count += 1;
        match compare(python, situation, number) {
            Ok(is_fatal) => tally.fatal += usize::from(is_fatal),
            Err(difference) => tally.differences.push(format!("{situation:?}: {difference}")),
        }
    }
    tally
}

fn compare(python: &Interpreter, situation: &Situation, number: usize) -> Result<bool, String> {
    let real = observed(python, situation, number)?;
    let said = predicted(python, situation, number)?;
    if real.starts != (said.status == "starts") {
        return Err(format!(
            "it {} and prints {:?}; predicted {}",
            if real.starts { "starts" } else { "fails" },
            real.lines,
            said.status
        ));
    }
    let mut printed = real.lines.iter();
    let in_order = said.messages.iter().all(|message| printed.any(|line| line == message));
    let first = real.lines.first() == said.messages.first();
    let is_quiet = situation.variables.contains_key("PYTHONIOENCODING") && real.starts;
    if !in_order || !first && !is_quiet {
        return Err(format!("it prints {:?}; predicted {:?}", real.lines, said.messages));
    }
    Ok(!real.starts)
}

struct Real {
    starts: bool,
    lines: Vec<BString>,
}

struct Said {
    status: String,
    messages: Vec<BString>,
}

fn arguments(situation: &Situation) -> Vec<BString> {
    let options = situation.options.iter().flat_map(|option| ["-X".into(), BString::from(option.as_str())]);
    situation.flag.map(BString::from).into_iter().chain(options).collect()
}

fn variables(situation: &Situation) -> Vec<(String, BString)> {
    let usual = [("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8")];
    let mut all: BTreeMap<&str, &str> = usual.into();
    all.extend(situation.variables.iter().map(|(name, value)| (*name, *value)));
    all.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn observed(python: &Interpreter, situation: &Situation, number: usize) -> Result<Real, String> {
    let mut args = arguments(situation);
    args.extend(["-c", PROGRAM].map(BString::from));
    let ended = python
        .world
        .run(&Start {
            file: python.exe.clone(),
            arg0: python.exe.clone(),
            args,
            env: variables(situation),
            cwd: &Cwd::At("/".into()),
            unprivileged: false,
            stdin: None,
            capture: python
                .world
                .work_outside()
                .join(format!("outcome-{}-{number}", python.label.replace([' ', '.'], "-"))),
        })
        .map_err(|error| error.to_string())?;
    let lines = ended.stderr.lines().map(BString::from).collect();
    Ok(Real { starts: ended.stdout.contains_str("@@ran"), lines })
}

fn predicted(python: &Interpreter, situation: &Situation, number: usize) -> Result<Said, String> {
    let program = BString::from([python.world.work().as_bytes(), b"/venv-doctor"].concat());
    let mut args = vec![BString::from("explain"), python.exe.clone(), "--json".into()];
    args.extend(arguments(situation));
    let ended = python
        .world
        .run(&Start {
            file: program.clone(),
            arg0: program,
            args,
            env: variables(situation),
            cwd: &Cwd::At("/".into()),
            unprivileged: false,
            stdin: None,
            capture: python
                .world
                .work_outside()
                .join(format!("said-{}-{number}", python.label.replace([' ', '.'], "-"))),
        })
        .map_err(|error| error.to_string())?;
    let report: Json = serde_json::from_slice(&ended.stdout)
        .map_err(|error| format!("no report ({error}): {}", ended.stderr.as_bstr()))?;
    let messages = report["messages"].as_array().ok_or("no messages")?;
    let messages = messages.iter().filter_map(Json::as_str).flat_map(str::lines).map(BString::from).collect();
    let status = report["outcome"]["status"].as_str().ok_or("no status")?.to_owned();
    Ok(Said { status, messages })
}
