//! Repairs on the disk: whatever happens, everything is as it was, or as the plan says.

mod combined;
mod crash;
mod crash_plans;
mod faults;
mod keeping;
mod patient;
mod programs;
mod projects;
mod rebuilt;
mod refused;
mod shown;
mod vital_signs;
mod ward;
