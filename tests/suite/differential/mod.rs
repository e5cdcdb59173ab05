//! Generated layouts of environments, what real interpreters make of them, and what venv-doctor predicts.
//!
//! A layout is composed of one choice in each of several dimensions (how the environment is made, what its
//! `pyvenv.cfg` says, which variables are set, ...). The real interpreter runs a probe in it; venv-doctor explains
//! it; every field must be equal.

#![allow(clippy::unnecessary_wraps, reason = "a choice may fail, so all have the type of one that can")]

pub mod compare;
pub mod draft;
mod found;
pub mod generate;
pub mod kinds_cfg;
pub mod kinds_env;
pub mod kinds_exe;
pub mod kinds_launch;
pub mod kinds_made;
pub mod kinds_pth;
pub mod kinds_site;
pub mod kinds_tree;
mod layouts;
pub mod observed;
pub mod predicted;
pub mod report;
