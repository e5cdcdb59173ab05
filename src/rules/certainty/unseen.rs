//! Parts of an environment that could not be examined.

use bstr::{BStr, ByteSlice};

use crate::environment::Survey;
use crate::host::HostError;
use crate::rules::{Code, Evidence, Finding, Fix};
use crate::text::sentence;

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
    Finding::new(Code::NotExamined, sentence!(path, " ", what))
        .evidence(Evidence::about(path, error.to_string()))
        .effect("the absence of other findings means nothing there")
        .fix(Fix::advice("run the check as a user who may read the environment"))
}
