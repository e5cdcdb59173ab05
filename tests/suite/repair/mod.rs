//! Repairs on the disk: whatever happens, everything is as it was, or as the plan says.

mod combined;
mod crash;
mod faults;
mod keeping;
mod programs;
mod projects;
mod rebuilt;
mod refused;
mod shown;
