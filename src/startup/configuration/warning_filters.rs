//! `PYTHONWARNINGS`: filters of warnings, of which Python prints each that it does not understand.

use bstr::{BStr, BString, ByteSlice};

use super::{RefusedSetting, counted};
use crate::finders::{self, Suffixes};
use crate::startup::behaviors::Behavior;
use crate::startup::getpath::{Input, PathConfig};
use crate::startup::record::{Doubt, Origin};
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::python::{self, Charset};
use crate::text::sentence;

/// How warnings may be treated; a beginning of a name is enough.
const ACTIONS: [&str; 7] = ["default", "always", "ignore", "module", "once", "error", "all"];
/// The categories that are built in.
const CATEGORIES: [&str; 11] = [
    "Warning",
    "UserWarning",
    "DeprecationWarning",
    "PendingDeprecationWarning",
    "SyntaxWarning",
    "RuntimeWarning",
    "FutureWarning",
    "ImportWarning",
    "UnicodeWarning",
    "BytesWarning",
    "ResourceWarning",
];

/// Reads every filter, as `_processoptions` of `Lib/warnings.py` does before `site` is imported.
pub fn read(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    refused: &mut Vec<RefusedSetting>,
    doubts: &mut Vec<Doubt>,
) {
    let Some(value) = counted(input.invocation, "PYTHONWARNINGS") else { return };
    trace.begin(StepId::WarningFilters);
    let mut seen: Vec<&[u8]> = Vec::new();
    for filter in value.split_str(",").filter(|filter| !filter.is_empty()) {
        if input.behaviors.has(Behavior::WarningFiltersOnce) {
            if seen.contains(&filter) {
                continue;
            }
            seen.push(filter);
        }
        let reader = Reader { input, config, charset: trace.charset };
        let Some(problem) = reader.problem(trace, filter.as_bstr(), doubts) else { continue };
        trace.say(sentence!("PYTHONWARNINGS contains ", filter, ", which Python ignores: ", problem, "."));
        trace.print_text(sentence!("Invalid -W option ignored: ", problem));
        refused.push(RefusedSetting {
            name: "PYTHONWARNINGS",
            is_option: false,
            value: Some(filter.into()),
            problem,
            is_fatal: false,
            step: trace.step(),
        });
    }
}

struct Reader<'a> {
    input: &'a Input<'a>,
    config: &'a PathConfig,
    charset: Charset,
}

impl Reader<'_> {
    /// `_setoption`: what is wrong with a filter.
    fn problem(&self, trace: &Trace<'_>, filter: &BStr, doubts: &mut Vec<Doubt>) -> Option<BString> {
        let fields: Vec<&BStr> = filter.split_str(":").map(python::strip).collect();
        if fields.len() > 5 {
            return Some(sentence!("too many fields (max 5): ", self.repr(filter)));
        }
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let (action, category, line) = (field(0), field(2), field(4));
        if !ACTIONS.iter().any(|known| known.as_bytes().starts_with(action)) {
            return Some(sentence!("invalid action: ", self.repr(action)));
        }
        self.category_problem(trace, category, doubts).or_else(|| self.line_problem(line))
    }

    /// `_getcategory`: a built-in class, or one of a module.
    fn category_problem(&self, trace: &Trace<'_>, category: &BStr, doubts: &mut Vec<Doubt>) -> Option<BString> {
        let Some(dot) = category.rfind_byte(b'.') else {
            let is_known = category.is_empty()
                || CATEGORIES.iter().any(|known| category == known.as_bytes())
                || category == "EncodingWarning" && self.input.behaviors.has(Behavior::WarnDefaultEncoding);
            return (!is_known).then(|| sentence!("unknown warning category: ", self.repr(category)));
        };
        let module = category[..dot].as_bstr();
        let top = module.split_str(".").next().unwrap_or_default();
        let name = std::str::from_utf8(top).ok()?;
        let suffixes =
            Suffixes::of(self.input.invocation.platform, self.input.interpreter, self.input.behaviors.version());
        let found = self.config.path.iter().find_map(|entry| {
            let file = finders::find_module(&trace.ask, entry.value.as_bstr(), name, &suffixes)?;
            Some((file, entry.origin))
        });
        match found {
            None if BUILT_IN.contains(&name) => None,
            None => Some(sentence!("invalid module name: ", self.repr(module))),
            Some((file, Origin::PythonPath)) => {
                let text = sentence!("PYTHONWARNINGS names ", category, ", so that this module runs before site");
                doubts.push(Doubt::Code { file, line: None, text, step: trace.step() });
                None
            }
            // The standard library's own categories exist.
            Some(_) => None,
        }
    }

    fn line_problem(&self, line: &BStr) -> Option<BString> {
        if line.is_empty() {
            return None;
        }
        let text = line.trim_ascii();
        let (is_negative, digits) = match text.first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let groups = digits.split(|&byte| byte == b'_');
        let is_number = groups.clone().all(|group| !group.is_empty() && group.iter().all(u8::is_ascii_digit));
        let is_zero = digits.iter().all(|digit| matches!(digit, b'0' | b'_'));
        if !is_number {
            return Some(sentence!("invalid lineno ", self.repr(line)));
        }
        if is_negative && !is_zero {
            let digits: BString = digits.iter().copied().filter(|&byte| byte != b'_').collect::<Vec<u8>>().into();
            return Some(sentence!("invalid lineno -", digits.trim_start_with(|c| c == '0')));
        }
        None
    }

    fn repr(&self, text: &BStr) -> BString {
        python::repr(text, self.charset)
    }
}

/// Modules without a file that have exceptions.
const BUILT_IN: [&str; 3] = ["builtins", "sys", "_warnings"];
