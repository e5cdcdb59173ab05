//! How far a scan has come.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How far a scan has come, for whoever watches it, and the request that it stop.
#[derive(Debug, Default)]
pub struct Progress {
    dirs: AtomicUsize,
    environments: AtomicUsize,
    stopped: AtomicBool,
}

impl Progress {
    /// The directories that have been listed.
    pub fn dirs(&self) -> usize {
        self.dirs.load(Ordering::Relaxed)
    }

    /// The environments that have been found.
    pub fn environments(&self) -> usize {
        self.environments.load(Ordering::Relaxed)
    }

    /// Requests that the scan stop: nothing new is begun.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether the scan was requested to stop.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(super) fn listed(&self) {
        self.dirs.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn found(&self) {
        self.environments.fetch_add(1, Ordering::Relaxed);
    }
}
