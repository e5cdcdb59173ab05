//! `calculate_prefix`, `calculate_zip_path` and `calculate_exec_prefix`.

use bstr::{BStr, BString, ByteSlice};

use super::super::search_result;
use super::{Calculation, Found};
use crate::host::path::legacy as arithmetic;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::steps::StepId;
use crate::text::sentence;

/// `fread` takes at most `MAXPATHLEN` bytes of `pybuilddir.txt`.
const MOST_OF_BUILDDIR: usize = 4096;

impl Calculation<'_, '_, '_> {
    /// `search_for_prefix`.
    pub(super) fn find_prefix(&mut self) {
        if self.settings.home.is_some() {
            self.take_given_prefix();
        } else if !self.find_build_tree() && !self.search_prefix() {
            self.fall_back();
        }
        let reduced = self.reduced_prefix();
        self.trace.set_text("sys.base_prefix", reduced.as_bstr());
    }

    fn take_given_prefix(&mut self) {
        self.trace.begin(StepId::PrefixHome);
        let home = self.settings.home.clone().unwrap_or_default();
        let prefix: &BStr = home.split(|&byte| byte == b':').next().unwrap_or_default().into();
        self.prefix = self.stdlib_below(prefix);
        self.prefix_found = Found::Yes;
        self.trace.say(sentence!("PYTHONHOME sets the home to ", home, ", which Python uses without any lookup."));
    }

    fn find_build_tree(&mut self) -> bool {
        self.trace.begin(StepId::BuildTree);
        let landmark = if self.has(Behavior::SetupLocalLandmark) { "Modules/Setup.local" } else { "Modules/Setup" };
        let path = arithmetic::join(self.argv0_path.as_bstr(), landmark.into());
        if !self.can_ask(path.as_bstr()) || !self.trace.ask.is_file(path.as_bstr()) {
            self.trace.say(sentence!(
                "There is no ",
                landmark,
                " next to the executable, so this is an installed Python."
            ));
            return false;
        }
        let vpath = match &self.input.interpreter.compiled.vpath {
            Some(vpath) => vpath.clone(),
            None => self.unknown("compiled.vpath"),
        };
        let build = arithmetic::join(self.argv0_path.as_bstr(), vpath.as_bstr());
        let library = arithmetic::join(build.as_bstr(), b"Lib".as_bstr());
        if !self.is_stdlib(library.as_bstr()) {
            self.trace.say(sentence!(
                path,
                " exists, but ",
                library,
                "/os.py does not, so this is an installed Python."
            ));
            return false;
        }
        self.trace.say(sentence!(
            "Both ",
            path,
            " and ",
            library,
            "/os.py exist, so Python takes its directory for a build tree."
        ));
        self.prefix = library;
        self.prefix_found = Found::BuildTree;
        self.result.is_build_tree = true;
        true
    }

    fn search_prefix(&mut self) -> bool {
        self.trace.begin(StepId::PrefixSearch);
        let start = arithmetic::absolute(self.cwd(), self.argv0_path.as_bstr());
        let found = self.search_up(start.clone(), |calculation, dir| {
            let stdlib = calculation.stdlib_below(dir);
            calculation.is_stdlib(stdlib.as_bstr())
        });
        self.trace.say(search_result(&self.input.layout.stdlib_landmarks[0], start.as_bstr(), found.as_ref()));
        let Some(dir) = found else { return false };
        self.prefix = self.stdlib_below(dir.as_bstr());
        self.prefix_found = Found::Yes;
        true
    }

    fn fall_back(&mut self) {
        self.trace.begin(StepId::PrefixCompiled);
        let prefix = self.compiled_prefix();
        self.prefix = self.stdlib_below(prefix.as_bstr());
        if self.is_stdlib(self.prefix.clone().as_bstr()) {
            self.prefix_found = Found::Yes;
            self.trace.say(sentence!(
                "The searches found nothing, so Python uses the prefix compiled into the binary: ",
                prefix,
                ". It contains a standard library, so Python prints no warning."
            ));
            return;
        }
        self.trace.say(sentence!(
            "The searches found nothing, and the prefix compiled into the binary, ",
            prefix,
            ", does not contain a standard library either."
        ));
        self.trace.print("Could not find platform independent libraries <prefix>");
    }

    /// `calculate_zip_path`: the zip file is no landmark in these versions.
    pub(super) fn find_zip(&mut self) {
        let parent = if self.prefix_found == Found::Yes {
            arithmetic::reduce(arithmetic::reduce(self.prefix.as_bstr()).as_bstr())
        } else {
            self.compiled_prefix()
        };
        self.zip_path = arithmetic::join(parent.as_bstr(), self.input.layout.zip.as_bstr());
    }

    /// `search_for_exec_prefix`.
    pub(super) fn find_exec_prefix(&mut self) -> Result<(), Fatal> {
        self.trace.begin(StepId::ExecPrefix);
        if let Some(home) = self.settings.home.clone() {
            let given: BString = home.find_byte(b':').map_or(home.clone(), |at| home[at + 1..].into());
            self.exec_prefix = self.extensions_below(given.as_bstr());
            self.exec_prefix_found = Found::Yes;
            self.trace.say("PYTHONHOME sets the exec prefix too.");
        } else if !self.read_builddir()? && !self.search_exec_prefix() {
            self.fall_back_exec();
        }
        let reduced = self.reduced_exec_prefix();
        self.trace.set_text("sys.base_exec_prefix", reduced.as_bstr());
        Ok(())
    }

    /// `calculate_pybuilddir`: the whole content counts, including its final newline.
    fn read_builddir(&mut self) -> Result<bool, Fatal> {
        let path = arithmetic::join(self.argv0_path.as_bstr(), b"pybuilddir.txt".as_bstr());
        if !self.can_ask(path.as_bstr()) {
            return Ok(false);
        }
        if !self.has(Behavior::BuilddirOpened) && !self.trace.ask.is_file(path.as_bstr()) {
            return Ok(false);
        }
        let Some(mut content) = self.open(path.as_bstr())? else { return Ok(false) };
        content.truncate(MOST_OF_BUILDDIR);
        let text = content.split(|&byte| byte == 0).next().unwrap_or_default();
        self.exec_prefix = arithmetic::join(self.argv0_path.as_bstr(), text.into());
        self.exec_prefix_found = Found::BuildTree;
        self.result.is_build_tree = true;
        self.trace.say(sentence!(path, " exists, so the extension modules are those of the build tree."));
        Ok(true)
    }

    fn search_exec_prefix(&mut self) -> bool {
        let start = arithmetic::absolute(self.cwd(), self.argv0_path.as_bstr());
        let found = self.search_up(start.clone(), |calculation, dir| {
            let extensions = calculation.extensions_below(dir);
            calculation.can_ask(extensions.as_bstr()) && calculation.trace.ask.is_dir(extensions.as_bstr())
        });
        self.trace.say(search_result(&self.input.layout.platstdlib, start.as_bstr(), found.as_ref()));
        let Some(dir) = found else { return false };
        self.exec_prefix = self.extensions_below(dir.as_bstr());
        self.exec_prefix_found = Found::Yes;
        true
    }

    fn fall_back_exec(&mut self) {
        let compiled = self.compiled_exec_prefix();
        let extensions = self.extensions_below(compiled.as_bstr());
        if self.trace.ask.is_dir(extensions.as_bstr()) {
            self.exec_prefix = extensions;
            self.exec_prefix_found = Found::Yes;
            self.trace.say(sentence!("Python uses the exec prefix compiled into the binary: ", compiled, "."));
            return;
        }
        self.trace.print("Could not find platform dependent libraries <exec_prefix>");
        let short = arithmetic::join(self.input.layout.platlibdir.as_bstr(), b"lib-dynload".as_bstr());
        self.exec_prefix = arithmetic::join(compiled.as_bstr(), short.as_bstr());
        self.trace.say(sentence!(
            "The exec prefix compiled into the binary, ",
            compiled,
            ", does not contain extension modules. Python warns and still puts ",
            self.exec_prefix,
            " on sys.path."
        ));
    }

    pub(super) fn advise(&mut self) {
        if self.prefix_found == Found::No || self.exec_prefix_found == Found::No {
            self.trace.print("Consider setting $PYTHONHOME to <prefix>[:<exec_prefix>]");
        }
    }

    /// `calculate_set_prefix`.
    pub(super) fn reduced_prefix(&mut self) -> BString {
        if self.prefix_found != Found::Yes {
            return self.compiled_prefix();
        }
        root_if_empty(arithmetic::reduce(arithmetic::reduce(self.prefix.as_bstr()).as_bstr()))
    }

    /// `calculate_set_exec_prefix`.
    pub(super) fn reduced_exec_prefix(&mut self) -> BString {
        if self.exec_prefix_found != Found::Yes {
            return self.compiled_exec_prefix();
        }
        let dir = arithmetic::reduce(arithmetic::reduce(self.exec_prefix.as_bstr()).as_bstr());
        root_if_empty(arithmetic::reduce(dir.as_bstr()))
    }

    fn search_up(&mut self, mut dir: BString, mut test: impl FnMut(&mut Self, &BStr) -> bool) -> Option<BString> {
        loop {
            if test(self, dir.as_bstr()) {
                return Some(dir);
            }
            dir = arithmetic::reduce(dir.as_bstr());
            if dir.is_empty() {
                return None;
            }
        }
    }

    fn stdlib_below(&self, dir: &BStr) -> BString {
        arithmetic::join(dir, self.input.layout.stdlib.as_bstr())
    }

    fn extensions_below(&self, dir: &BStr) -> BString {
        arithmetic::join(self.stdlib_below(dir).as_bstr(), b"lib-dynload".as_bstr())
    }

    /// `ismodule`: `os.py`, or else `os.pyc`.
    pub(super) fn is_stdlib(&mut self, dir: &BStr) -> bool {
        let source = arithmetic::join(dir, b"os.py".as_bstr());
        if !self.can_ask(source.as_bstr()) {
            return false;
        }
        self.trace.ask.is_file(source.as_bstr()) || self.trace.ask.is_file(sentence!(source, "c").as_bstr())
    }
}

/// `reduce` chops the `/` of the root directory off.
fn root_if_empty(dir: BString) -> BString {
    if dir.is_empty() { "/".into() } else { dir }
}
