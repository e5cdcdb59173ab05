//! Renderers: what is shown of an [`Explanation`](crate::Explanation). None of them asks the machine anything.

pub mod check;
pub mod comparison;
pub mod difference;
mod finding;
pub mod json;
pub mod reference;
pub mod rules;
pub mod scan;
pub mod text;
