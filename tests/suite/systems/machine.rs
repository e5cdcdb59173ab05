//! A machine with a Python on it, and what comes of starting it.

use bstr::BString;
use venv_doctor::internals::host::{Host, MemoryHost, Platform};
use venv_doctor::internals::interpreter::{Compiled, Implementation, Interpreter, Vendor};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::startup::{self, Options, Resolution, Unset};

/// A machine in memory that is described step by step.
pub struct Machine {
    pub host: MemoryHost,
    pub interpreter: Interpreter,
    executable: String,
}

/// A Windows with CPython of that version in `base`, as the installer leaves it.
pub fn windows(version: &str, base: &str) -> Machine {
    let minor = version.split('.').nth(1).unwrap();
    let host = MemoryHost::new(Platform::Windows)
        .cwd(r"C:\work")
        .variable("APPDATA", r"C:\Users\u\AppData\Roaming")
        .variable("USERPROFILE", r"C:\Users\u")
        .variable("PATH", r"C:\Windows\System32")
        .directory(r"C:\work")
        .executable(format!(r"{base}\python.exe"))
        .file(format!(r"{base}\python3{minor}.dll"), "library")
        .file(format!(r"{base}\Lib\os.py"), "")
        .file(format!(r"{base}\Lib\site.py"), "")
        .file(format!(r"{base}\Lib\encodings\__init__.py"), "")
        .directory(format!(r"{base}\Lib\site-packages"))
        .directory(format!(r"{base}\DLLs"));
    let mut interpreter = cpython(version);
    interpreter.library = Some(format!(r"{base}\python3{minor}.dll").into());
    interpreter.compiled.winver = Some(format!("3.{minor}").into());
    interpreter.compiled.vpath = Some(r"..\..".into());
    let executable = format!(r"{base}\python.exe");
    Machine { host, interpreter, executable }
}

/// A macOS with a framework build of that version in `base` (`…/Versions/3.12`), whose `bin` holds the stub.
pub fn framework(version: &str, base: &str, name: &str) -> Machine {
    let python = format!("python3.{}", version.split('.').nth(1).unwrap());
    let host = MemoryHost::new(Platform::Macos)
        .cwd("/Users/u/work")
        .variable("HOME", "/Users/u")
        .variable("PATH", "/usr/bin:/bin")
        .directory("/Users/u/work")
        .executable(format!("{base}/bin/{python}"))
        .symlink(format!("{base}/bin/python3"), &python)
        .executable(format!("{base}/Resources/Python.app/Contents/MacOS/{name}"))
        .file(format!("{base}/{name}"), "library")
        .file(format!("{base}/lib/{python}/os.py"), "")
        .file(format!("{base}/lib/{python}/site.py"), "")
        .file(format!("{base}/lib/{python}/encodings/__init__.py"), "")
        .directory(format!("{base}/lib/{python}/site-packages"))
        .directory(format!("{base}/lib/{python}/lib-dynload"));
    let mut interpreter = cpython(version);
    interpreter.library = Some(format!("{base}/{name}").into());
    interpreter.real_executable = Some(format!("{base}/Resources/Python.app/Contents/MacOS/{name}").into());
    interpreter.compiled.framework = Some(name.into());
    interpreter.compiled.prefix = Some(base.into());
    interpreter.compiled.exec_prefix = Some(base.into());
    let executable = format!("{base}/bin/python3");
    Machine { host, interpreter, executable }
}

fn cpython(version: &str) -> Interpreter {
    let mut interpreter = Interpreter::unknown();
    interpreter.implementation = Implementation::CPython;
    interpreter.version = Some(version.parse().unwrap());
    interpreter.vendor = Vendor::Upstream;
    interpreter.compiled = Compiled::default();
    interpreter
}

impl Machine {
    /// Changes what is on the machine.
    pub fn with(self, change: impl FnOnce(MemoryHost) -> MemoryHost) -> Self {
        Self { host: change(self.host), ..self }
    }

    /// What is typed.
    pub fn typed(self, executable: &str) -> Self {
        Self { executable: executable.to_owned(), ..self }
    }

    /// Starts it.
    pub fn start(&self) -> Resolution {
        self.start_as(|_| ())
    }

    /// Starts it with other flags or another launch.
    pub fn start_as(&self, change: impl FnOnce(&mut Invocation)) -> Resolution {
        let mut invocation = Invocation::on(&self.host, self.executable.as_str()).unwrap();
        change(&mut invocation);
        let options = Options { interpreter: Some(self.interpreter.clone()), ..Options::default() };
        startup::resolve(&self.host as &dyn Host, &invocation, &options)
    }
}

/// `sys.path` without the launch's own entry.
pub fn path(resolution: &Resolution) -> Vec<String> {
    let entries = &resolution.sys.as_ref().unwrap().path;
    entries.iter().map(|entry| entry.value.to_string()).filter(|entry| !entry.is_empty()).collect()
}

/// `executable`, `_base_executable`, `prefix`, `base_prefix`.
pub fn places(resolution: &Resolution) -> [String; 4] {
    let sys = resolution.sys.as_ref().unwrap();
    let text = |value: &BString| value.to_string();
    [
        text(&sys.executable),
        sys.base_executable.as_ref().map(text).unwrap_or_default(),
        text(&sys.prefix),
        text(&sys.base_prefix),
    ]
}

/// `sys._home`.
pub fn home(resolution: &Resolution) -> Option<String> {
    match &resolution.sys.as_ref().unwrap().home {
        Unset::Set(home) => home.as_ref().map(ToString::to_string),
        Unset::Absent => None,
    }
}

/// `site.USER_SITE`.
pub fn user_site(resolution: &Resolution) -> String {
    resolution.site.as_ref().unwrap().user_site.as_ref().unwrap().to_string()
}
