//! Values that Python does not accept, two at a time, with flags that may hide one: whether it starts, and which of the
//! two it names.

use super::pick;
use super::situation::{Situation, Subject};

/// Variables and options, each with a value that the releases which know it refuse. An option may lack a value.
const REFUSED: [&str; 31] = [
    "PYTHONHASHSEED=-1",
    "PYTHONHASHSEED=4294967296",
    "PYTHONUTF8=yes",
    "PYTHONMALLOC=jemalloc",
    "PYTHONTRACEMALLOC=all",
    "PYTHONTRACEMALLOC=65536",
    "PYTHONTRACEMALLOC=0",
    "PYTHONINTMAXSTRDIGITS=639",
    "PYTHONIOENCODING=utf-9",
    "PYTHONIOENCODING=hex:strict",
    "PYTHONHOME=/nowhere",
    "PYTHONPLATLIBDIR=nolib",
    "PYTHON_GIL=off",
    "PYTHON_CPU_COUNT=0",
    "PYTHON_FROZEN_MODULES=yes",
    "PYTHONPROFILEIMPORTTIME=7",
    "PYTHON_THREAD_INHERIT_CONTEXT=2",
    "PYTHON_CONTEXT_AWARE_WARNINGS=x",
    "PYTHON_LAZY_IMPORTS=none",
    "PYTHON_PATHCONFIG_WARNINGS=maybe",
    "utf8=on",
    "tracemalloc=many",
    "tracemalloc=65536",
    "int_max_str_digits=1",
    "int_max_str_digits",
    "frozen_modules=maybe",
    "gil",
    "cpu_count=-3",
    "importtime=3",
    "lazy_imports",
    "thread_inherit_context=on",
];

/// Flags that may change which of them is read; none more often than any.
const FLAGS: [&str; 8] = ["", "", "-R", "-s", "-S", "-B", "-I", "-E"];

/// How many situations there are: every ordered pair would say nothing more.
pub fn count() -> usize {
    REFUSED.len() * REFUSED.len() * FLAGS.len()
}

/// One of them: two different values, or one alone.
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let mut rest = number;
    let (first, second, flag) = (pick(&mut rest, &REFUSED), pick(&mut rest, &REFUSED), pick(&mut rest, &FLAGS));
    let names = [first, second].map(|given| given.split_once('=').map_or(given, |(name, _)| name));
    // Which of two options with one name counts is another question.
    if first > second || names[0] == names[1] && first != second {
        return None;
    }
    let mut situation = Situation::new("refused".to_owned(), subject.python.exe.clone());
    situation.words.extend(Some(flag).filter(|flag| !flag.is_empty()).map(Into::into));
    let given = [first, second];
    for given in &given[..if first == second { 1 } else { 2 }] {
        match given.split_once('=') {
            Some((name, value)) if name.starts_with("PYTHON") => {
                situation.env.push((name.to_owned(), value.into()));
            }
            _ => situation.words.extend(["-X".into(), (*given).into()]),
        }
    }
    Some(situation)
}
