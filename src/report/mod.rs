//! Renderers: what is shown of an [`Explanation`](crate::Explanation). None of them asks the machine anything.
//!
//! Documents for programs are part of the library; what is made for people belongs to the command.

#[cfg(feature = "cli")]
pub mod check;
#[cfg(feature = "cli")]
pub mod comparison;
#[cfg(feature = "cli")]
pub mod diff;
#[cfg(feature = "cli")]
pub mod difference;
#[cfg(feature = "cli")]
mod finding;
pub mod fix;
#[cfg(feature = "cli")]
pub mod html;
pub mod json;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod reference;
#[cfg(feature = "cli")]
pub mod rules;
pub mod scan;
#[cfg(feature = "cli")]
pub mod text;
#[cfg(feature = "cli")]
pub mod which;
