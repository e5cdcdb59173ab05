//! Parts of an environment that could not be examined.

use bstr::{BStr, ByteSlice};

use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof};
use crate::host::HostError;
use crate::sentence;

/// Names what was to be read and could not be. What does not exist is no loss, and what a snapshot does not hold is said
/// by a rule of its own.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let sites = survey.own_site_folders().map(|site| site.path.as_bstr());
    for folder in sites.chain([survey.bin()]) {
        if let Some(error) = survey.ask.list_dir(folder).err().filter(is_loss) {
            findings.push(unseen(folder, "could not be listed, and nothing is said about what is in it", &error));
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
        .proof(Proof::about(path, error.to_string()))
        .effect("the absence of other findings means nothing there")
        .cure(Cure::advice("run the check as a user who may read the environment"))
}
