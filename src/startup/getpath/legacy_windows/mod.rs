//! `PC/getpathp.c` up to 3.10: the path configuration in C, for Windows.
//!
//! It starts from the file that the process runs and from the DLL, never from the name that was typed, and resolves no
//! symlinks.

mod program;
mod registry;
mod search_path;
mod under_pth;
mod venv;

use bstr::{BStr, BString, ByteSlice};

use super::{Input, PathConfig, search_result};
use crate::host::path::legacy::windows as arithmetic;
use crate::host::{HostError, Platform};
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::settings::Settings;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// `LANDMARK`.
const LANDMARK: &str = r"lib\os.py";

/// `PyCalculatePath` of the C code, and the locals of `calculate_path`.
struct Calculation<'a, 'h, 't> {
    trace: &'t mut Trace<'h>,
    input: &'t Input<'a>,
    settings: &'t mut Settings,
    /// `get_dllpath`: none in static builds.
    library: Option<&'a BStr>,
    program_full_path: BString,
    base_executable: Option<BString>,
    argv0_path: BString,
    zip_path: BString,
    /// Whether the search succeeded or a home was set.
    home: Option<BString>,
    prefix: BString,
    result: PathConfig,
}

/// Runs the parts of `calculate_path` in their order.
pub fn compute(trace: &mut Trace<'_>, input: &Input<'_>, settings: &mut Settings) -> Result<PathConfig, Fatal> {
    debug_assert_eq!(input.invocation.platform, Platform::Windows);
    let mut calculation = Calculation {
        trace,
        input,
        settings,
        library: super::library(input),
        program_full_path: BString::default(),
        base_executable: None,
        argv0_path: BString::default(),
        zip_path: BString::default(),
        home: None,
        prefix: BString::default(),
        result: PathConfig::default(),
    };
    calculation.find_program();
    if !calculation.read_under_pth()? {
        calculation.read_pyvenv_cfg()?;
        calculation.find_home();
        calculation.build_path();
        calculation.search_prefix_on_path();
    }
    Ok(calculation.finish())
}

impl Calculation<'_, '_, '_> {
    fn has(&mut self, behavior: Behavior) -> bool {
        self.trace.has(self.input.behaviors, behavior)
    }

    /// `calculate_home_prefix`: `PYTHONHOME`, the zip file, or the landmark from the executable upwards.
    fn find_home(&mut self) {
        // The zip file is named like the library, or like the executable where there is no library.
        let named = self.library.unwrap_or(self.program_full_path.as_bstr());
        self.zip_path = arithmetic::with_suffix(named, ".zip");
        if let Some(home) = self.settings.home.clone().filter(|home| !home.is_empty()) {
            self.trace.begin(StepId::PrefixHome);
            self.trace.say(sentence!("PYTHONHOME sets the home to ", home, ", which Python uses without any lookup."));
            self.take_prefix(home);
            return;
        }
        self.trace.begin(StepId::PrefixZip);
        if self.trace.ask.exists(self.zip_path.as_bstr()) {
            let dir = arithmetic::reduce(self.zip_path.as_bstr());
            self.trace.say(sentence!(self.zip_path, " exists, so its directory becomes the prefix."));
            self.take_prefix(dir);
            return;
        }
        self.trace.say(sentence!("There is no ", self.zip_path, ", which is normal."));
        self.trace.begin(StepId::PrefixSearch);
        let start = self.argv0_path.clone();
        let found = self.search_up(start.clone());
        self.trace.say(search_result(LANDMARK, start.as_bstr(), found.as_ref()));
        if let Some(prefix) = found {
            self.take_prefix(prefix);
        }
    }

    fn take_prefix(&mut self, prefix: BString) {
        self.trace.set_text("sys.base_prefix", prefix.as_bstr());
        self.prefix.clone_from(&prefix);
        self.home = Some(prefix);
    }

    /// `search_for_prefix`: the directory itself is tried even if its path is empty.
    fn search_up(&mut self, mut dir: BString) -> Option<BString> {
        loop {
            if self.has_landmark(dir.as_bstr()) {
                return Some(dir);
            }
            dir = arithmetic::reduce(dir.as_bstr());
            if dir.is_empty() {
                return None;
            }
        }
    }

    /// `gotlandmark`: anything of that name counts, even a directory.
    fn has_landmark(&mut self, dir: &BStr) -> bool {
        let source = arithmetic::join(dir, LANDMARK.into());
        self.trace.ask.exists(source.as_bstr()) || self.trace.ask.exists(sentence!(source, "c").as_bstr())
    }

    /// `fopen` in text mode and the reads after it; a directory cannot be opened.
    fn open(&self, path: &BStr) -> Result<Option<Vec<u8>>, Fatal> {
        match self.trace.read(path) {
            Ok(content) => Ok(Some(as_text(&content))),
            Err(error @ (HostError::WouldBlock(_) | HostError::TooLarge { .. } | HostError::Unanswered)) => {
                Err(Fatal::unread(path, &error))
            }
            Err(_) => Ok(None),
        }
    }

    /// What the C code returns.
    fn finish(self) -> PathConfig {
        PathConfig {
            executable: self.program_full_path,
            base_executable: self.base_executable,
            base_prefix: self.prefix.clone(),
            base_exec_prefix: self.prefix.clone(),
            exec_prefix: self.prefix.clone(),
            prefix: self.prefix,
            platlibdir: self.input.layout.platlibdir.clone(),
            stdlib_dir: None,
            home: self.settings.home.clone(),
            ..self.result
        }
    }
}

/// The content as text mode reads it: `\r\n` becomes `\n`, and Control-Z ends the file.
fn as_text(content: &[u8]) -> Vec<u8> {
    let end = content.find_byte(0x1a).unwrap_or(content.len());
    content[..end].replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_mode_translates_line_ends() {
        assert_eq!(super::as_text(b"a\r\nb\rc\n\x1ad"), b"a\nb\rc\n");
    }
}
