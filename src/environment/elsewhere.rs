//! What is installed outside of the environment.

use bstr::BStr;

use super::{Distribution, Survey, distribution};

impl Survey<'_> {
    /// What is installed in any site directory, be it the environment's own or not.
    pub fn distributions_in(&self, site: &BStr) -> Vec<Distribution> {
        distribution::list(self, site)
    }
}
