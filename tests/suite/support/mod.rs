//! What many tests need: interpreters, directories to make environments in, the built program, random choices.

pub mod colors;
pub mod interpreters;
pub mod machine;
pub mod numbers;
pub mod program;
pub mod rng;
pub mod stage;
pub mod tools;
pub mod tree;
pub mod world;
