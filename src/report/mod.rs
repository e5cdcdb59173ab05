//! Renderers: what is shown of a [`Resolution`](crate::startup::Resolution). None of them asks the machine anything.

pub mod check;
pub mod comparison;
pub mod difference;
pub mod json;
pub mod reference;
pub mod rules;
pub mod scan;
pub mod text;
