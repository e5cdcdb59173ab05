//! `addsitedir()` and `addpackage()` up to 3.14: each directory and each file is processed as it comes.

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::RawEntry;
use crate::startup::locale;
use crate::startup::record::{Fault, MissingPath, Origin, OriginFile};
use crate::startup::steps::StepId;
use crate::text::python::{self, Charset};
use crate::text::sentence;

impl Site<'_, '_, '_> {
    /// `addsitedir`: the directory itself, then its `.pth` files.
    pub(super) fn add_site_dir(&mut self, dir: &BStr, origin: Origin) -> Result<(), Fatal> {
        if self.input.behaviors.has(Behavior::StartFiles) {
            return self.collect_site_dir(dir, origin);
        }
        let (dir, case) = self.make_path(&[dir]);
        let step = self.trace.step();
        if self.known.insert(case) {
            self.sys.path.push(RawEntry { value: dir.clone(), origin, step, file: None });
            self.note_path();
        }
        for name in self.files_of(dir.as_bstr(), ".pth") {
            self.add_package(dir.as_bstr(), name.as_bstr())?;
        }
        Ok(())
    }

    /// The names that end in `suffix`, sorted as Python sorts them.
    pub(super) fn files_of(&mut self, dir: &BStr, suffix: &str) -> Vec<BString> {
        let skips_dots = self.input.behaviors.has(Behavior::HiddenPthSkipped);
        self.listed(dir, suffix, skips_dots)
    }

    /// The names that end in `suffix`, with or without those that begin with a dot.
    pub(super) fn listed(&self, dir: &BStr, suffix: &str, skips_dots: bool) -> Vec<BString> {
        let Ok(names) = self.trace.ask.list_dir(dir) else { return Vec::new() };
        let mut chosen: Vec<BString> = names
            .iter()
            .filter(|name| name.ends_with(suffix.as_bytes()) && !(skips_dots && name.starts_with(b".")))
            .cloned()
            .collect();
        sort_as_text(&mut chosen, self.trace.charset);
        chosen
    }

    /// `addpackage`.
    fn add_package(&mut self, dir: &BStr, name: &BStr) -> Result<(), Fatal> {
        self.trace.begin(StepId::Pth);
        let file = self.join(&[dir, name]);
        self.trace.say(sentence!("Python reads ", file, "."));
        let Some(text) = self.open_text(file.as_bstr(), false)? else { return Ok(()) };
        self.import_for_text()?;
        let skips_blank = self.has(Behavior::PthBlankLines);
        for (index, line) in text.lines().iter().enumerate() {
            if line.starts_with(b"#") || (skips_blank && python::strip(line).is_empty()) {
                continue;
            }
            let number = index + 1;
            let goes_on = if line.starts_with(b"import ") || line.starts_with(b"import\t") {
                self.run_line(file.as_bstr(), number, line.as_bstr())?
            } else {
                self.add_line(dir, file.as_bstr(), number, python::strip_end(line))
            };
            if !goes_on {
                self.trace.print_text("Remainder of file ignored");
                self.trace.say("Python ignores the rest of the file.");
                break;
            }
        }
        self.note_path();
        Ok(())
    }

    /// A line that is a path; whether Python reads on.
    pub(super) fn add_line(&mut self, dir: &BStr, file: &BStr, number: usize, line: &BStr) -> bool {
        let (path, case) = self.make_path(&[dir, line]);
        if self.known.contains(&case) {
            return true;
        }
        if path.contains(&0) && !self.has(Behavior::NulPathMissing) {
            self.report_line(file, number, "ValueError: embedded null byte");
            return false;
        }
        let step = self.trace.step();
        let cannot_be_asked = locale::is_unencodable(self.trace.charset, line);
        if !cannot_be_asked && self.trace.ask.exists(path.as_bstr()) {
            self.trace.say(sentence!("Line ", number.to_string(), " adds ", path, "."));
            let from = OriginFile { file: file.to_owned(), line: number };
            self.sys.path.push(RawEntry { value: path, origin: Origin::PthFile, step, file: Some(from) });
            self.known.insert(case);
        } else {
            self.trace.say(sentence!(
                "Line ",
                number.to_string(),
                " names ",
                path,
                ", which does not exist; Python skips it without a message."
            ));
            self.result.missing.push(MissingPath { file: file.to_owned(), line: number, path, step });
        }
        true
    }

    /// What is printed for a line that raises an exception.
    pub(super) fn report_line(&mut self, file: &BStr, number: usize, exception: &str) {
        self.trace.print_text(sentence!("Error processing line ", number.to_string(), " of ", file, ":"));
        self.trace.print_text(format!("  {exception}"));
        self.trace.say(sentence!("Line ", number.to_string(), " fails: ", exception, "."));
        self.note_fault(file, Some(number), Fault::NulByte);
    }
}

/// Python sorts text by code points. An undecodable byte is a surrogate, which comes after all characters up to U+DC7F and
/// before those from U+E000 on.
fn sort_as_text(names: &mut [BString], charset: Charset) {
    if names.iter().all(|name| name.is_ascii()) {
        names.sort();
        return;
    }
    names.sort_by_cached_key(|name| python::units(name, charset).map(|unit| unit.code()).collect::<Vec<u32>>());
}
