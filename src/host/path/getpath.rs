//! To be replaced.
use super::Flavour;
use bstr::BStr;
/// x
pub fn is_absolute(_f: Flavour, p: &BStr) -> bool {
    p.first() == Some(&b'/')
}
