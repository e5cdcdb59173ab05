//! Where each step is written in the sources of virtualenv.

use crate::startup::steps::StepId;

/// The file and function of a step in virtualenv before 20.
pub fn source(id: StepId) -> &'static str {
    match id {
        StepId::SiteDuplicates => "virtualenv_embedded/site.py: removeduppaths, virtualenv 12 to 16",
        StepId::SiteUserEnabled => "virtualenv_embedded/site.py: check_enableusersite, virtualenv 12 to 16",
        StepId::SiteUser => "virtualenv_embedded/site.py: addusersitepackages, virtualenv 12 to 16",
        StepId::Pth => "virtualenv_embedded/site.py: addpackage, virtualenv 12 to 16",
        StepId::Sitecustomize => "virtualenv_embedded/site.py: execsitecustomize, virtualenv 12 to 16",
        StepId::Usercustomize => "virtualenv_embedded/site.py: execusercustomize, virtualenv 12 to 16",
        other => other.info().legacy,
    }
}
