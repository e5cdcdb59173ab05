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
    summary: "Part of the environment could not be examined, and nothing is reported about it.",
    why: "\
A directory may not be listed, or a file is larger than the limit. What could not be read is not examined: the \
absence of findings about it means nothing.",
    example: "\
$ ls .venv/lib/python3.12/site-packages
ls: cannot open directory '.venv/lib/python3.12/site-packages': Permission denied",
    fix: "Run the check as a user who may read the environment.",
    sources: &["docs/manual.md: check"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&NOT_EXAMINED], judges: &[Judge { when: When::Environment(900), find }] };

/// Reports what could not be read. A file that does not exist needs no report, and what a snapshot does not contain has
/// a rule of its own.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let sites = survey.own_site_dirs().map(|site| site.path.as_bstr());
    for dir in sites.chain([survey.bin()]) {
        if let Some(error) = survey.ask.list_dir(dir).err().filter(is_reported) {
            findings.push(unseen(dir, "could not be listed, and nothing is reported about its content", &error));
        }
    }
    for distribution in survey.distributions() {
        if let Some(error) =
            distribution.record(survey).err().filter(|error| matches!(error, HostError::TooLarge { .. }))
        {
            let record = survey.join(distribution.path(survey), "RECORD");
            findings.push(unseen(
                record.as_bstr(),
                "is larger than the limit, and the files that it lists are not examined",
                &error,
            ));
        }
    }
}

fn is_reported(error: &HostError) -> bool {
    !matches!(error, HostError::NotFound | HostError::NotADirectory | HostError::Unanswered)
}

fn unseen(path: &BStr, what: &str, error: &HostError) -> Finding {
    Finding::new(&NOT_EXAMINED, sentence!(path, " ", what))
        .evidence(Evidence::about(path, error.to_string()))
        .effect("the absence of other findings about it means nothing")
        .fix(Fix::advice("run the check as a user who may read the environment"))
}
