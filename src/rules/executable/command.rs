//! Commands that lead to another Python than the one that is meant.

use bstr::{BString, ByteSlice};

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::{CommandKind, StepId};
use crate::text::sentence;

pub(in crate::rules) static ENV_PASSES_ENVIRONMENT: Rule = Rule {
    code: Code("VD140"),
    name: "env-passes-environment",
    severity: Severity::Info,
    confidence: Confidence::Heuristic,
    summary: "A script that env starts does not run in the environment that is next to it.",
    why: "\
The first line `#!/usr/bin/env python3` takes the first python3 on PATH. In an activated environment that is the \
environment's own. Under sudo, in a cron job, in a service or in a new terminal it is another one, usually the system's, \
and the packages of the environment are not found.",
    example: "\
$ head -1 gateway.py
#!/usr/bin/env python3
$ sudo ./gateway.py
ModuleNotFoundError: No module named 'requests'",
    fix: "Start the script with the environment's interpreter, by its path: `.venv/bin/python script.py`.",
    sources: &["env(1)", "sudoers(5): secure_path"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&ENV_PASSES_ENVIRONMENT], judges: &[Judge { when: When::Environment(101), find }] };

/// What projects call their environment.
const ENVIRONMENTS: [&str; 2] = [".venv", "venv"];

/// Looks for an environment next to a script whose Python was searched for on PATH.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let (Some(command), Some(sys)) = (&resolution.command, &resolution.sys) else { return };
    let Some(hop) = command.hops.iter().rfind(|hop| hop.kind == CommandKind::Env) else { return };
    let script = survey.absolute(hop.path.as_bstr());
    let dir = survey.parent(script.as_bstr());
    let Some((environment, interpreter)) = ENVIRONMENTS.iter().find_map(|name| environment(survey, &dir, name)) else {
        return;
    };
    if survey.same_file(environment.as_bstr(), sys.prefix.as_bstr()) {
        return;
    }
    let message =
        sentence!(script, " runs with ", sys.executable, ", not with the environment ", environment, " next to it");
    let step = resolution.steps.iter().rfind(|step| step.id == StepId::CommandEnv).map(|step| step.number);
    findings.push(
        Finding::new(&ENV_PASSES_ENVIRONMENT, message)
            .evidence(Evidence::line(script.clone(), 1, "env searches PATH for the interpreter"))
            .evidence(Evidence::about(environment, "is an environment"))
            .effect("the script does not find the packages of the environment")
            .fix(Fix::advice(sentence!("start the script as ", interpreter, " ", script)))
            .step(step),
    );
}

/// The environment of that name in a directory, and its interpreter.
fn environment(survey: &Survey<'_>, dir: &BString, name: &str) -> Option<(BString, BString)> {
    let environment = survey.join(dir, name);
    let interpreter = survey.join(&environment, "bin/python");
    let is_whole =
        survey.is_file(survey.join(&environment, "pyvenv.cfg").as_bstr()) && survey.is_file(interpreter.as_bstr());
    is_whole.then_some((environment, interpreter))
}
