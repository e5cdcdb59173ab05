//! Ctrl-C, and the requests of the system that the program end.

#[cfg(unix)]
pub use unix::{Error, on_interrupt};
#[cfg(windows)]
pub use windows::{Error, on_interrupt};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::thread;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    pub type Error = io::Error;

    /// Calls `stop` at every such request, in a thread of its own, instead of ending.
    pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<(), Error> {
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
        thread::Builder::new().name("signals".to_owned()).spawn(move || signals.forever().for_each(|_| stop()))?;
        Ok(())
    }
}

#[cfg(windows)]
mod windows {
    pub type Error = ctrlc::Error;

    /// Calls `stop` at every such request, in a thread of its own, instead of ending.
    pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<(), Error> {
        ctrlc::set_handler(stop)
    }
}
