//! `pyvenv.cfg` taken apart where no start-up came to read it.

use super::record::CfgEntry;
use super::site::cfg;

/// The lines with an equals sign, as `site` takes them apart.
pub(crate) fn cfg_lines(content: &[u8]) -> Vec<CfgEntry> {
    cfg::parse(content, None).entries
}
