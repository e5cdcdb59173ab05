//! Which extension modules the interpreter can load, by their names.

use bstr::{BString, ByteSlice};

use super::{ExtensionName, Survey, System, Tag};
use crate::host::{Machine, Platform};
use crate::interpreter::Implementation;
use crate::startup::behaviors::Behavior;

/// Why the interpreter does not see an extension module, or cannot load it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Built for another operating system.
    System,
    /// Built for another program that implements the language.
    Implementation,
    /// Built for another release, or for debug builds.
    Python,
    /// Built with the global lock for an interpreter without it, or the other way round.
    Threading,
    /// Built for another processor.
    Processor,
    /// Built for another C library.
    Libc,
}

/// What the interpreter's own modules are called.
#[derive(Clone, Debug)]
pub struct Abi {
    /// Which program implements the language.
    pub implementation: Implementation,
    /// The minor version, such as 12.
    pub version: (u8, u8),
    /// Whether it is a build without the global lock.
    pub free_threaded: bool,
    /// The operating system.
    pub system: System,
    /// The tag of its own modules, such as `cpython-312-x86_64-linux-gnu`, where it is known.
    tag: Option<BString>,
    machine: Option<Machine>,
    /// Whether `gnu` in that tag is to be believed.
    gnu_is_reliable: bool,
    /// Whether it loads modules of the stable interface only if they are built for `abi3t`.
    needs_abi3t: bool,
}

impl Survey<'_> {
    /// Which extension modules the interpreter can load; none where too little is known about it.
    pub fn abi(&self) -> Option<&Abi> {
        self.abi.get_or_init(|| Abi::of(self)).as_ref()
    }
}

impl Abi {
    fn of(survey: &Survey<'_>) -> Option<Self> {
        let interpreter = &survey.resolution.identification.interpreter;
        let implementation = interpreter.implementation.clone();
        if !matches!(implementation, Implementation::CPython | Implementation::PyPy) {
            return None;
        }
        let version = interpreter.version?;
        let suffix = interpreter.extension_suffix.as_ref();
        let tag = suffix.and_then(|suffix| {
            let tag = suffix.strip_prefix(b".").unwrap_or(suffix);
            Some(BString::from(tag.strip_suffix(b".so").or_else(|| tag.strip_suffix(b".pyd"))?))
        });
        let parsed = tag.as_ref().and_then(|tag| Tag::parse(tag.as_bstr()));
        let flagged = interpreter.compiled.abi_thread.as_ref().is_some_and(|flag| flag == "t");
        let free_threaded = flagged || parsed.as_ref().is_some_and(|tag| tag.free_threaded);
        Some(Self {
            implementation,
            version: (version.major, version.minor),
            free_threaded,
            system: match survey.platform() {
                Platform::Linux => System::Linux,
                Platform::Macos => System::Macos,
                Platform::Windows => System::Windows,
            },
            machine: parsed.and_then(|tag| machine(&tag)).or_else(|| survey.ask.host().machine()),
            tag,
            gnu_is_reliable: survey.has(Behavior::MuslSuffix),
            needs_abi3t: free_threaded && survey.has(Behavior::FreeThreadedStableAbi),
        })
    }

    /// The processor for which the interpreter is built.
    pub fn machine(&self) -> Option<Machine> {
        self.machine
    }

    /// The tag of its own modules.
    pub fn tag(&self) -> Option<Tag<'_>> {
        Tag::parse(self.tag.as_ref()?.as_bstr())
    }

    /// What the names of its own modules end in, such as `.cpython-312-x86_64-linux-gnu.so`; empty where unknown.
    pub fn suffix(&self) -> BString {
        let end = if self.system == System::Windows { ".pyd" } else { ".so" };
        self.tag.as_ref().map(|tag| crate::text::sentence!(".", tag, end)).unwrap_or_default()
    }

    /// The C library of the interpreter, where the tag of its modules tells it.
    pub fn libc(&self) -> Option<&'static str> {
        self.tag().and_then(|tag| tag.libc()).filter(|libc| *libc == "musl" || self.gnu_is_reliable)
    }

    /// The interpreter in words.
    pub fn words(&self) -> String {
        let plain = Tag {
            implementation: self.implementation.clone(),
            version: Some(self.version),
            free_threaded: self.free_threaded,
            debug: false,
            platform: b"".as_bstr(),
        };
        self.tag().filter(|tag| tag.version == plain.version).unwrap_or(plain).words()
    }

    /// Why the interpreter would not see or load a module of this name; none where it would, or nothing says.
    pub fn misfit(&self, name: &ExtensionName<'_>) -> Option<Misfit> {
        if name.is_pyd != (self.system == System::Windows) {
            return Some(Misfit::System);
        }
        let tag = name.tag.as_ref()?;
        let own = self.tag();
        if own.as_ref() == Some(tag) {
            return None;
        }
        let differs = |one: System| one != System::Unknown && one != self.system;
        if differs(tag.system()) {
            return Some(Misfit::System);
        }
        if tag.implementation != self.implementation {
            return Some(Misfit::Implementation);
        }
        match tag.version {
            Some(version) if version != self.version => return Some(Misfit::Python),
            Some(_) if tag.free_threaded != self.free_threaded => return Some(Misfit::Threading),
            // A debug build loads modules of either kind (bpo-36721), an ordinary one its own alone.
            Some(_) if tag.debug && own.as_ref().is_some_and(|own| !own.debug) => return Some(Misfit::Python),
            None if self.needs_abi3t && !tag.free_threaded => return Some(Misfit::Threading),
            _ => {}
        }
        let own = own?;
        if tag.processor().is_some_and(|processor| own.processor().is_some_and(|own| own != processor)) {
            return Some(Misfit::Processor);
        }
        let libc = tag.libc().zip(own.libc()).filter(|(one, other)| one != other);
        libc.map(|_| Misfit::Libc)
    }
}

/// The processor that a tag names, as ELF numbers it.
fn machine(tag: &Tag<'_>) -> Option<Machine> {
    if tag.system() != System::Linux {
        return None;
    }
    let elf = match tag.processor()?.as_bytes() {
        b"i386" | b"i486" | b"i586" | b"i686" => 3,
        b"powerpc64" | b"powerpc64le" | b"ppc64" | b"ppc64le" => 21,
        b"s390x" => 22,
        b"arm" | b"armv7l" | b"armv6l" => 40,
        b"x86_64" => 62,
        b"aarch64" => 183,
        b"riscv64" => 243,
        b"loongarch64" => 258,
        _ => return None,
    };
    let is_32 = matches!(elf, 3 | 40) || tag.platform.ends_with(b"gnux32") || tag.platform.ends_with(b"ilp32");
    Some(Machine { elf, is_64: !is_32 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abi(version: (u8, u8), system: System, tag: &str) -> Abi {
        let parsed = Tag::parse(tag.into()).expect("a tag");
        Abi {
            implementation: parsed.implementation.clone(),
            version,
            free_threaded: parsed.free_threaded,
            system,
            machine: machine(&parsed),
            tag: Some(tag.into()),
            gnu_is_reliable: true,
            needs_abi3t: parsed.free_threaded,
        }
    }

    #[test]
    fn only_what_the_importer_looks_for_fits() {
        let linux = abi((3, 12), System::Linux, "cpython-312-x86_64-linux-gnu");
        let windows = abi((3, 12), System::Windows, "cp312-win_amd64");
        let free = abi((3, 15), System::Linux, "cpython-315t-x86_64-linux-gnu");
        let cases = [
            (&linux, "_a.cpython-312-x86_64-linux-gnu.so", None),
            (&linux, "_a.abi3.so", None),
            (&linux, "_a.abi3-x86_64-linux-gnu.so", None),
            (&linux, "_a.so", None),
            (&linux, "_a.cpython-311-x86_64-linux-gnu.so", Some(Misfit::Python)),
            (&linux, "_a.cpython-312d-x86_64-linux-gnu.so", Some(Misfit::Python)),
            (&linux, "_a.cpython-312t-x86_64-linux-gnu.so", Some(Misfit::Threading)),
            (&linux, "_a.cpython-312-aarch64-linux-gnu.so", Some(Misfit::Processor)),
            (&linux, "_a.cpython-312-x86_64-linux-musl.so", Some(Misfit::Libc)),
            (&linux, "_a.cpython-312-darwin.so", Some(Misfit::System)),
            (&linux, "_a.cp312-win_amd64.pyd", Some(Misfit::System)),
            (&linux, "_a.pypy311-pp73-x86_64-linux-gnu.so", Some(Misfit::Implementation)),
            (&windows, "_a.cp312-win_amd64.pyd", None),
            (&windows, "_a.pyd", None),
            (&windows, "_a.cp312-win32.pyd", Some(Misfit::Processor)),
            (&windows, "_a.cpython-312-x86_64-linux-gnu.so", Some(Misfit::System)),
            (&free, "_a.abi3.so", Some(Misfit::Threading)),
            (&free, "_a.abi3t.so", None),
        ];
        for (abi, name, expected) in cases {
            assert_eq!(abi.misfit(&ExtensionName::parse(name.into()).expect(name)), expected, "{name}");
        }
    }
}
