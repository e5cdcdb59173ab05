//! What many tests need: interpreters, places to make environments in, random choices.

pub mod colors;
pub mod interpreters;
pub mod machine;
pub mod rng;
pub mod tools;
pub mod world;
