//! Parts of an environment that could not be examined.

use bstr::{BStr, ByteSlice};

use crate::environment::Survey;
use crate::host::HostError;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static NOT_EXAMINED: Rule = Rule {
    code: Code("VD905"),
    name: "not-examined",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Part of the environment could not be examined, so that nothing is said about it.",
    why: "\
A directory may not be listed, a file is larger than is read, or the interpreter is unknown. What could not be seen is not \
judged: the absence of findings about it means nothing.",
    example: "\
$ ls .venv/lib/python3.12/site-packages
ls: cannot open directory '.venv/lib/python3.12/site-packages': Permission denied",
    fix: "Run the check as a user who may read the environment.",
    sources: &["docs/manual.md: check"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&NOT_EXAMINED], judges: &[Judge { when: When::Environment(900), find }] };

/// Names what was to be read and could not be. What does not exist is no loss, and what a snapshot does not hold is said
/// by a rule of its own.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let sites = survey.own_site_dirs().map(|site| site.path.as_bstr());
    for dir in sites.chain([survey.bin()]) {
        if let Some(error) = survey.ask.list_dir(dir).err().filter(is_loss) {
            findings.push(unseen(dir, "could not be listed, and nothing is said about what is in it", &error));
        }
    }
    for distribution in survey.distributions() {
        if let Some(error) =
            distribution.record(survey).err().filter(|error| matches!(error, HostError::TooLarge { .. }))
        {
            let record = survey.join(distribution.path(survey), "RECORD");
            findings.push(unseen(
                record.as_bstr(),
                "is larger than is read, and what it names is not examined",
                &error,
            ));
        }
    }
}

fn is_loss(error: &HostError) -> bool {
    !matches!(error, HostError::NotFound | HostError::NotADirectory | HostError::Unanswered)
}

fn unseen(path: &BStr, what: &str, error: &HostError) -> Finding {
    Finding::new(&NOT_EXAMINED, sentence!(path, " ", what))
        .evidence(Evidence::about(path, error.to_string()))
        .effect("the absence of other findings means nothing there")
        .fix(Fix::advice("run the check as a user who may read the environment"))
}
