//! Which file an import gets: generated layouts, what the import system of real interpreters finds in them, and what
//! `venv-doctor which` says.
//!
//! A layout is of one kind (what is in a directory, in a zip file, what startup code adds, what a parent does ...), often
//! with a second kind in the same places, in surroundings that vary: launch, flags, environment or base. The probe
//! answers from within the real interpreter, launched in the same way; every field must be equal.

#![allow(clippy::unnecessary_wraps, reason = "a kind may fail to be built, so all have the type of one that can")]

mod archive;
mod backends;
mod compare;
mod distributions;
mod facts;
mod kind;
mod kinds_editable;
mod kinds_entries;
mod kinds_files;
mod kinds_installed;
mod kinds_launch;
mod kinds_namespaces;
mod kinds_parents;
mod kinds_permissions;
mod kinds_startup;
mod kinds_stdlib;
mod kinds_zips;
mod layout;
mod layouts;
mod observed;
mod surroundings;
mod tables;
mod taken_away;
mod tally;
