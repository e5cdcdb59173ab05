//! First lines (`#!`) that the kernel cannot use: too long, or with a space, a carriage return or a byte-order mark.

use std::ops::Range;

use bstr::ByteSlice;

use super::support::naming;
use super::support::retarget::{self, SAFE_LENGTH};
use crate::environment::{Script, ScriptForm, Start, Survey};
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Finding, Fix, Part, Rule, Severity, Substitution, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static SHEBANG_TOO_LONG: Rule = Rule {
    code: Code("VD506"),
    name: "shebang-too-long",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The first line of a script is longer than the kernel reads.",
    why: "\
Linux reads 256 bytes since 5.1, and 128 before; macOS reads 512. If the path does not end within that limit, current \
kernels refuse the script, and the shell runs the Python code as shell commands: syntax error near unexpected token. \
Older kernels look for an interpreter with the truncated name. pip, virtualenv and uv avoid this by having /bin/sh \
start Python; other tools do not. A line that only older kernels truncate is a warning.",
    example: "\
$ ./plot
./plot: line 4: syntax error near unexpected token `('",
    fix: "Have /bin/sh start Python, or move the environment to a shorter path.",
    sources: &["pypa/virtualenv#596", "pypa/pip#1773", "Linux fs/binfmt_script.c: load_script"],
};

pub(in crate::rules) static SHEBANG_WITH_SPACE: Rule = Rule {
    code: Code("VD507"),
    name: "shebang-with-space",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The path in the first line of a script contains a space, where the kernel cuts it off.",
    why: "\
The kernel takes everything up to the first space as the interpreter and the rest as its argument; it does not \
support quotes. Current installers have /bin/sh start Python if the path contains a space, but scripts that other \
tools wrote or people edited do not run.",
    example: "\
$ head -1 bin/plot && bin/plot
#!/home/ada/my project/.venv/bin/python
bash: bin/plot: /home/ada/my: bad interpreter: No such file or directory",
    fix: "Have /bin/sh start Python, or reinstall the distribution with a current installer.",
    sources: &["pypa/virtualenv#675", "astral-sh/uv#1466"],
};

pub(in crate::rules) static SCRIPT_CARRIAGE_RETURN: Rule = Rule {
    code: Code("VD508"),
    name: "script-carriage-return",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "\
The first line of a script ends in a carriage return, which the kernel takes as part of the interpreter's name.",
    why: "\
Python accepts such line endings, but it is never started: the kernel looks for a program whose name ends in a \
carriage return, and env does the same. The error message is confusing, because the carriage return hides the end of \
the name. The file was edited on Windows, or git was configured to convert line endings.",
    example: "\
$ .venv/bin/plot
bash: .venv/bin/plot: cannot execute: required file not found",
    fix: "Remove the carriage returns.",
    sources: &["Linux fs/binfmt_script.c: load_script"],
};

pub(in crate::rules) static SCRIPT_BYTE_ORDER_MARK: Rule = Rule {
    code: Code("VD509"),
    name: "script-byte-order-mark",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A byte-order mark precedes the #! of a script, so the kernel does not recognize it.",
    why: "\
The kernel looks at the first two bytes of the file. If a byte-order mark is there, it recognizes no format, and the \
shell runs the Python code as shell commands: import is then a program that takes a screenshot, or does not exist. \
Some editors on Windows write the mark into every file that they save.",
    example: "\
$ .venv/bin/plot
.venv/bin/plot: line 1: #!/w/.venv/bin/python: No such file or directory",
    fix: "Remove the byte-order mark.",
    sources: &["Linux fs/binfmt_script.c: load_script"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&SHEBANG_TOO_LONG, &SHEBANG_WITH_SPACE, &SCRIPT_CARRIAGE_RETURN, &SCRIPT_BYTE_ORDER_MARK],
    judges: &[],
};

/// The longest line that current kernels accept, `#!` included: Linux reads 256 bytes since 5.1, macOS 512.
fn limit(survey: &Survey<'_>) -> usize {
    if survey.platform() == Platform::Macos { 511 } else { 255 }
}

/// Checks the first lines; Windows does not read them.
pub fn find(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    if survey.flavor() == Flavor::Windows {
        return;
    }
    too_long(survey, scripts, findings);
    with_space(survey, scripts, findings);
    with_carriage_return(survey, scripts, findings);
    with_mark(survey, scripts, findings);
}

/// The number of bytes at the beginning of the line that name the Python; options after that may be cut off.
fn needed(script: &Script) -> usize {
    let start = script.start.as_ref().filter(|start| start.form == ScriptForm::Line);
    start.map_or(0, |start| start.span.end)
}

fn too_long(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    let limit = limit(survey);
    let all = scripts.iter().filter(|script| needed(script) > SAFE_LENGTH);
    let (beyond, within): (Vec<&Script>, Vec<&Script>) = all.partition(|script| needed(script) > limit);
    for (scripts, most, severity) in [(beyond, limit, Severity::Error), (within, SAFE_LENGTH, Severity::Warning)] {
        if scripts.is_empty() {
            continue;
        }
        let (subject, several) = naming::list(naming::names(scripts.iter().copied()), survey.bin());
        let longest = scripts.iter().map(|script| needed(script)).max().unwrap_or_default().to_string();
        let verb = naming::verb(several, " needs ", " need up to ");
        let (reader, effect) = if severity == Severity::Error {
            (
                "the kernel reads only ",
                "the kernel refuses the script, and the shell runs its Python code as shell commands",
            )
        } else {
            (
                "old kernels read only ",
                "Linux before 5.1 truncates the line and looks for an interpreter with the truncated name",
            )
        };
        let message = sentence!(
            subject,
            verb,
            longest,
            " bytes of the first line to name the Python, but ",
            reader,
            most.to_string()
        );
        let all_evidence = naming::first_lines(scripts.iter().copied(), |script| most..needed(script));
        findings.push(
            Finding::new(&SHEBANG_TOO_LONG, message)
                .severity(severity)
                .all_evidence(all_evidence)
                .effect(effect)
                .fix(through_shell(survey, &scripts)),
        );
    }
}

fn with_space(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    let is_split = |script: &&Script| {
        script.start.as_ref().is_some_and(|start| {
            let is_line = start.form == ScriptForm::Line && start.program.find_byteset(b" \t").is_some();
            is_line && survey.exists(start.program.as_bstr())
        })
    };
    let split: Vec<&Script> = scripts.iter().filter(is_split).collect();
    let Some(start) = split.first().and_then(|script| script.start.as_ref()) else { return };
    let (subject, several) = naming::list(naming::names(split.iter().copied()), survey.bin());
    let verb = naming::verb(several, " names ", " name ");
    let message = sentence!(subject, verb, start.program, ", but the kernel cuts the path off at the space");
    let cut = start.program.fields().next().unwrap_or_default().as_bstr();
    findings.push(
        Finding::new(&SHEBANG_WITH_SPACE, message)
            .all_evidence(
                split.iter().take(3).filter_map(|script| Some(naming::evidence(script, script.start.as_ref()?))),
            )
            .effect(sentence!("the kernel looks for ", cut, ", and the shell reports a bad interpreter"))
            .fix(through_shell(survey, &split)),
    );
}

fn with_carriage_return(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    let is_for_python = |script: &&Script| script.start.is_some() && script.has_carriage_return();
    let found: Vec<&Script> = scripts.iter().filter(is_for_python).collect();
    if found.is_empty() {
        return;
    }
    let (subject, several) = naming::list(naming::names(found.iter().copied()), survey.bin());
    let verb = naming::verb(several, " ends its", " end their");
    let last = |script: &Script| script.first.len().saturating_sub(1)..script.first.len();
    let fix = Fix::advice("remove the carriage returns from the line endings");
    findings.push(
        Finding::new(&SCRIPT_CARRIAGE_RETURN, sentence!(subject, verb, " first line with a carriage return"))
            .all_evidence(naming::first_lines(found.iter().copied(), last))
            .effect("the kernel takes the carriage return as part of the interpreter's name, and finds no such program")
            .fix(edit(survey, fix, Substitution::everywhere(Part::CarriageReturn, ""), &found)),
    );
}

fn with_mark(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    let found: Vec<&Script> = scripts.iter().filter(|script| script.marked).collect();
    if found.is_empty() {
        return;
    }
    let (subject, several) = naming::list(naming::names(found.iter().copied()), survey.bin());
    let verb = naming::verb(several, " has", " have");
    let hash_bang = |_: &Script| -> Range<usize> { 0..2 };
    let fix = Fix::advice("remove the byte-order mark");
    findings.push(
        Finding::new(&SCRIPT_BYTE_ORDER_MARK, sentence!(subject, verb, " a byte-order mark before #!"))
            .all_evidence(naming::first_lines(found.iter().copied(), hash_bang))
            .effect("the kernel does not recognize the #!, and the shell runs the Python code as shell commands")
            .fix(edit(survey, fix, Substitution::between(1, 1, Part::Mark, ""), &found)),
    );
}

fn edit(survey: &Survey<'_>, fix: Fix, edit: Substitution, scripts: &[&Script]) -> Fix {
    let files = scripts.iter().map(|script| &script.path);
    let line = fixes::substitute(survey, [edit], files).filter(|_| survey.platform() == Platform::Linux);
    fix.commands(line).safe()
}

/// Has `/bin/sh` start the Python that each script names: it has no limit, and supports quotes.
fn through_shell(survey: &Survey<'_>, scripts: &[&Script]) -> Fix {
    let fix = Fix::advice("have /bin/sh start the Python, as installers do for such paths, or move the environment");
    let starts: Vec<(&Script, &Start)> =
        scripts.iter().filter_map(|script| Some((*script, script.start.as_ref()?))).collect();
    let mut seen = Vec::new();
    let mut lines = Vec::new();
    for (_, start) in &starts {
        if seen.contains(&&start.program) || seen.len() == 16 {
            continue;
        }
        seen.push(&start.program);
        let same: Vec<_> = starts.iter().filter(|(_, other)| other.program == start.program).copied().collect();
        lines.extend(retarget::start(survey, &same, start.program.as_bstr()));
    }
    if lines.is_empty() { fix } else { fix.commands(lines).safe() }
}
