//! Says, without running it, exactly what a Python will do when it starts, and why.
//!
//! A resolution repeats the start-up of Python against a [`host::Host`]: it asks the same questions in the same
//! order and writes down every question, every answer and every decision. Text, JSON, findings and comparisons are
//! all made from that one record; nothing else looks at the file system.
//!
//! The library prints nothing, exits nowhere and keeps no global state.

pub mod difference;
mod explanation;
pub mod findings;
pub mod host;
pub mod interpreter;
pub mod invocation;
pub mod report;
pub mod snapshot;
pub mod startup;
pub mod what_if;

pub use explanation::{Explanation, explain};
