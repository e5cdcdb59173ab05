//! Two machines that are alike but for one thing.

use venv_doctor::internals::host::{HostError, MemoryHost, Platform};
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::{Flags, Launch};

/// A machine with an environment.
pub struct Machine {
    pub host: MemoryHost,
    /// The environment.
    pub root: String,
    pub python: String,
    pub version: Version,
    pub flags: Flags,
    pub launch: Launch,
}

impl Machine {
    /// A file in the environment.
    pub fn put(&mut self, path: &str, text: &str) {
        let host = std::mem::replace(&mut self.host, MemoryHost::new(Platform::Linux));
        self.host = host.file(format!("{}/{path}", self.root), text);
    }

    /// A script in the environment.
    fn script(&mut self, name: &str, python: &str) {
        let path = format!("{}/bin/{name}", self.root);
        let host = std::mem::replace(&mut self.host, MemoryHost::new(Platform::Linux));
        self.host = host.executable(&path).file(&path, format!("#!{python}\nimport sys\n"));
    }

    /// A file anywhere.
    fn file(&mut self, path: &str, text: &str) {
        let host = std::mem::replace(&mut self.host, MemoryHost::new(Platform::Linux));
        self.host = host.file(path, text);
    }

    fn distribution(&mut self, name: &str, version: &str, installer: &str) {
        let info = format!("lib/python3.12/site-packages/{name}-{version}.dist-info");
        self.put(&format!("{info}/METADATA"), &format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"));
        self.put(&format!("{info}/INSTALLER"), &format!("{installer}\n"));
        self.put(&format!("{info}/RECORD"), &format!("{name}-{version}.dist-info/METADATA,,\n"));
    }

    fn variable(&mut self, name: &str, value: &str) {
        let host = std::mem::replace(&mut self.host, MemoryHost::new(Platform::Linux));
        self.host = host.variable(name, value);
    }
}

/// What differs, and the first line about it.
pub struct Situation {
    pub name: &'static str,
    pub change: fn(&mut Machine, &mut Machine),
    pub first: &'static str,
}

const SITE: &str = "lib/python3.12/site-packages";

pub const SITUATIONS: &[Situation] = &[
    Situation { name: "nothing", change: |_, _| {}, first: "A and B are the same" },
    Situation {
        name: "a variable",
        change: |_, b| b.variable("PYTHONPATH", "/w/src"),
        first: "only B has PYTHONPATH = /w/src; therefore sys.path of B gains /w/src",
    },
    Situation {
        name: "a variable that names the environment",
        change: |a, b| {
            a.variable("VIRTUAL_ENV", "/w/here/.venv");
            b.variable("VIRTUAL_ENV", "/srv/there/.venv");
        },
        first: "A and B are the same",
    },
    Situation {
        name: "a variable without effect",
        change: |_, b| b.variable("PYTHONUNBUFFERED", "1"),
        first: "only B has PYTHONUNBUFFERED = 1",
    },
    Situation {
        name: "a variable that ends startup",
        change: |_, b| b.variable("PYTHONHOME", "/nowhere"),
        first: "B fails to start, and A starts: only B has PYTHONHOME = /nowhere; therefore in B, PYTHONHOME is /nowhere, \
                which has no standard library of Python 3.12, and Python fails to start",
    },
    Situation {
        name: "a flag",
        change: |a, _| a.flags.isolated = true,
        first: "only A runs with -I; therefore sys.path of B gains \"\"",
    },
    Situation {
        name: "a line of pyvenv.cfg",
        change: |a, _| a.put("pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = true\n"),
        first: "include-system-site-packages in pyvenv.cfg is true in A, and false in B; therefore sys.path of B loses \
                /usr/lib/python3.12/site-packages",
    },
    Situation {
        name: "a file of paths",
        change: |_, b| {
            b.put("lib/python3.12/site-packages/extra.pth", "/srv/there/src\n");
            b.put("../src/module.py", "");
        },
        first: "only B has the startup file lib/python3.12/site-packages/extra.pth; therefore sys.path of B gains \
                /srv/there/src",
    },
    Situation {
        name: "a file that ends startup",
        change: |a, b| {
            a.put("lib/python3.12/site-packages/guard.pth", "# nothing\n");
            b.put("lib/python3.12/site-packages/guard.pth", "import os; os._exit(0)\n");
        },
        first: "B fails to start, and A starts: the startup file lib/python3.12/site-packages/guard.pth of B is not as in A; \
                therefore in B, line 1 of lib/python3.12/site-packages/guard.pth ends the process: os._exit(0)",
    },
    Situation {
        name: "another distribution",
        change: |a, b| {
            a.distribution("tide", "1.0", "pip");
            b.distribution("tide", "2.0", "pip");
        },
        first: "the distribution tide is 1.0 by pip in A, and 2.0 by pip in B",
    },
    Situation {
        name: "another installer",
        change: |a, b| {
            a.distribution("tide", "1.0", "pip");
            b.distribution("tide", "1.0", "uv");
        },
        first: "the distribution tide is 1.0 by pip in A, and 1.0 by uv in B",
    },
    Situation {
        name: "an editable project in each",
        change: |a, b| {
            for (machine, project) in [(a, "/w/here"), (b, "/srv/there")] {
                machine.distribution("tide", "1.0", "pip");
                let url = format!(r#"{{"url": "file://{project}", "dir_info": {{"editable": true}}}}"#);
                machine.put(&format!("{SITE}/tide-1.0.dist-info/direct_url.json"), &url);
                machine.put(&format!("{SITE}/tide-1.0.dist-info/RECORD"), "tide-1.0.dist-info/direct_url.json,,\n");
            }
        },
        first: "A and B are the same",
    },
    Situation {
        name: "another version of a distribution on PYTHONPATH",
        change: |a, b| {
            for machine in [a, &mut *b] {
                machine.distribution("tide", "2.0", "pip");
                machine.put(&format!("{SITE}/tide/__init__.py"), "");
                machine.put(&format!("{SITE}/tide-2.0.dist-info/RECORD"), "tide/__init__.py,,\n");
            }
            b.file("/apps/lib/tide/__init__.py", "");
            b.file("/apps/lib/tide-1.0.dist-info/METADATA", "Name: tide\nVersion: 1.0\n");
            b.file("/apps/lib/tide-1.0.dist-info/RECORD", "tide/__init__.py,,\n");
            b.variable("PYTHONPATH", "/apps/lib");
        },
        first: "only B has PYTHONPATH = /apps/lib; therefore in B, PYTHONPATH puts /apps/lib before the packages of \
                /srv/there/.venv: tide 1.0 in front of 2.0, and sys.path of B gains /apps/lib",
    },
    Situation {
        name: "an entry of PYTHONPATH that is missing",
        change: |a, b| {
            a.file("/w/src/tide.py", "");
            for machine in [a, b] {
                machine.variable("PYTHONPATH", "/w/src");
            }
        },
        first: "sys.path has /w/src, which does not exist in B",
    },
    Situation {
        name: "several distributions, of which one was asked for",
        change: |a, _| {
            for name in ["anchor", "buoy", "current", "tide"] {
                a.distribution(name, "1.0", "pip");
            }
            a.put(&format!("{SITE}/tide-1.0.dist-info/REQUESTED"), "");
        },
        first: "4 distributions differ: tide 1.0 by pip is only in A; anchor 1.0 by pip is only in A; buoy 1.0 by pip is only in \
                A; and 1 more",
    },
    Situation {
        name: "a requirement",
        change: |a, b| {
            for machine in [&mut *a, b] {
                machine.distribution("app", "1.0", "pip");
                let metadata = "Metadata-Version: 2.1\nName: app\nVersion: 1.0\nRequires-Dist: tide.core>=1\n";
                machine.put(&format!("{SITE}/app-1.0.dist-info/METADATA"), metadata);
            }
            a.distribution("tide_core", "1.0", "pip");
        },
        first: "the distribution tide_core 1.0 by pip is only in A; therefore in B, app 1.0 requires tide.core, which is not \
                installed on sys.path",
    },
    Situation {
        name: "a project in editable mode and a wheel of it",
        change: |a, b| {
            for machine in [a, &mut *b] {
                machine.distribution("tide", "1.0", "pip");
            }
            let info = format!("{SITE}/tide-1.0.dist-info");
            b.put(
                &format!("{info}/direct_url.json"),
                r#"{"url": "file:///srv/there", "dir_info": {"editable": true}}"#,
            );
            b.put(&format!("{info}/RECORD"), "__editable__.tide-1.0.pth,,\ntide-1.0.dist-info/direct_url.json,,\n");
            b.put(&format!("{SITE}/__editable__.tide-1.0.pth"), "/srv/there/src\n");
            b.put("../src/tide.py", "");
        },
        first: "the distribution tide is 1.0 by pip in A, and 1.0 in editable mode from /srv/there by pip in B; therefore \
                sys.path of B gains /srv/there/src",
    },
    Situation {
        name: "packages for another minor version",
        change: |a, b| {
            a.distribution("tide", "1.0", "pip");
            b.put("lib/python3.10/site-packages/tide-1.0.dist-info/METADATA", "Name: tide\nVersion: 1.0\n");
        },
        first: "only in B, all packages in /srv/there/.venv are installed for python3.10, but its interpreter is now Python \
                3.12.1",
    },
    Situation {
        name: "two scripts of one name",
        change: |a, b| {
            for (machine, script) in [(a, "/home/ada/job/main.py"), (&mut *b, "/data/job/main.py")] {
                machine.file(script, "import random\n");
                machine.launch = Launch::Script(script.into());
            }
            b.file("/data/job/random.py", "");
        },
        first: "only in B, /data/job comes first on sys.path and replaces these standard library modules: random",
    },
    Situation {
        name: "two differences that only together have an effect",
        change: |a, b| {
            a.flags.ignore_environment = true;
            b.variable("PYTHONPATH", "/w/src");
        },
        first: "two differences together: only A runs with -E, and only B has PYTHONPATH = /w/src; therefore sys.path of B \
                gains /w/src",
    },
    Situation {
        name: "two differences of which each is enough",
        change: |a, b| {
            for machine in [a, &mut *b] {
                machine.put("pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = true\n");
                machine.variable("HOME", "/home/ada");
                machine.file("/home/ada/.local/lib/python3.12/site-packages/tide.py", "");
            }
            b.put("pyvenv.cfg", "home = /opt/python/bin\ninclude-system-site-packages = true\n");
            b.flags.no_user_site = true;
            b.variable("PYTHONNOUSERSITE", "1");
        },
        first: "each of two differences is enough: only B runs with -s, and only B has PYTHONNOUSERSITE = 1; therefore \
                sys.path of B loses /home/ada/.local/lib/python3.12/site-packages",
    },
    Situation {
        name: "an environment and its base",
        change: |_, b| *b = Machine { python: "/usr/bin/python3.12".to_owned(), ..machine("/w/here/.venv", "/usr") },
        first: "A is a virtual environment, and B is an installation; therefore sys.path of B gains \
                /usr/lib/python3.12/site-packages and loses /w/here/.venv/lib/python3.12/site-packages",
    },
    Situation {
        name: "a script",
        change: |_, b| b.script("tool", "/srv/there/.venv/bin/python"),
        first: "the script tool is only in B",
    },
    Situation {
        name: "a script and an interpreter",
        change: |a, b| {
            for machine in [a, &mut *b] {
                let root = machine.root.clone();
                machine.script("tool", &format!("{root}/bin/python"));
            }
            b.python = format!("{}/bin/tool", b.root);
        },
        first: "A runs a command (-c), and B runs the script /srv/there/.venv/bin/tool; therefore sys.path of B gains \
                /srv/there/.venv/bin and loses \"\"",
    },
    Situation {
        name: "a copied environment",
        change: |a, b| {
            for machine in [a, b] {
                machine.script("tool", "/w/here/.venv/bin/python");
            }
        },
        first: "the script tool starts #!/w/here/.venv/bin/python in both, which is in only one of the two environments",
    },
    Situation {
        name: "an environment that is reached by a symlink",
        change: |a, b| {
            *b = machine("/w/here/.venv", "/usr");
            for machine in [a, &mut *b] {
                machine.script("tool", "/w/here/.venv/bin/python");
            }
            let host = std::mem::replace(&mut b.host, MemoryHost::new(Platform::Linux));
            b.host = host.symlink("/w/env", "/w/here/.venv");
            b.python = "/w/env/bin/python".into();
        },
        first: "A and B are the same",
    },
    Situation {
        name: "a startup hook",
        change: |_, b| b.put("lib/python3.12/site-packages/hook.pth", "import os; os.environ.setdefault('A', 'b')\n"),
        first: "only B has the startup file lib/python3.12/site-packages/hook.pth; therefore in B, \
                lib/python3.12/site-packages/hook.pth runs code at every start, and no installed distribution owns it",
    },
    Situation {
        name: "another interpreter",
        change: |_, b| {
            b.version = Version::new(3, 12, 3);
        },
        first: "A runs CPython 3.12.1, and B runs CPython 3.12.3",
    },
    Situation {
        name: "an interpreter that is gone",
        change: |_, b| {
            let host = std::mem::replace(&mut b.host, MemoryHost::new(Platform::Linux));
            b.host = host.symlink("/srv/there/.venv/bin/python", "/opt/gone/bin/python3.12");
        },
        first: "B cannot be executed, and A starts: in B, bin/python is a symlink to /opt/gone/bin/python3.12, which does \
                not exist, but home in pyvenv.cfg leads to /opt/python/bin/python3.12, which exists",
    },
    Situation {
        name: "a base that is gone",
        change: |_, b| b.put("pyvenv.cfg", "home = /opt/gone/bin\ninclude-system-site-packages = false\n"),
        first: "B fails to start, and A starts: in B, home in pyvenv.cfg is /opt/gone/bin, which does not exist",
    },
    Situation {
        name: "a pyvenv.cfg that cannot be read",
        change: |a, _| {
            let host = std::mem::replace(&mut a.host, MemoryHost::new(Platform::Linux));
            a.host = host.error("/w/here/.venv/pyvenv.cfg", HostError::PermissionDenied);
        },
        first: "A fails to start, and B starts: in A, pyvenv.cfg is not readable: permission denied (1 \
                more difference below)",
    },
];

/// A machine with an environment of 3.12 at `root`, made from the installation `base`.
pub fn machine(root: &str, base: &str) -> Machine {
    let library = format!("{base}/lib/python3.12");
    let mut host = MemoryHost::new(Platform::Linux)
        .executable(format!("{base}/bin/python3.12"))
        .error(format!("{base}/bin/python3.12"), HostError::PermissionDenied)
        .directory(format!("{library}/lib-dynload"))
        .directory(format!("{library}/site-packages"))
        .symlink(format!("{root}/bin/python"), format!("{base}/bin/python3.12"))
        .directory(format!("{root}/{SITE}"))
        .file(format!("{root}/pyvenv.cfg"), format!("home = {base}/bin\ninclude-system-site-packages = false\n"))
        .cwd("/");
    for (file, text) in [
        ("os.py", ""),
        ("encodings/__init__.py", "import codecs\ncodecs.register(None)\n"),
        ("encodings/aliases.py", "aliases = dict()\n"),
        ("encodings/utf_8.py", "def getregentry():\n    return None\n"),
    ] {
        host = host.file(format!("{library}/{file}"), text);
    }
    let python = format!("{root}/bin/python");
    Machine {
        host,
        root: root.to_owned(),
        python,
        version: Version::new(3, 12, 1),
        flags: Flags::default(),
        launch: Launch::Command,
    }
}
