//! Repairs on the disk: whatever happens, everything is as it was, or as the plan says.

mod combined;
mod crash;
mod faults;
mod keeping;
mod projects;
mod refused;
