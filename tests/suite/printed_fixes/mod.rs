//! What is printed is pasted: commands mean the same in every shell, and delete nothing that is not the environment's.

mod cleared;
mod counted;
mod pasted;
mod projects;
mod shells;
