//! Resolutions written out by hand, so that what is shown does not depend on the machine.

use std::collections::BTreeMap;

use bstr::BString;
use venv_doctor::Explanation;
use venv_doctor::internals::environment::{Creator, EnvironmentKind, Home, Identity};
use venv_doctor::internals::host::{Answer, HostError, Lookup, Op, Platform, Process};
use venv_doctor::internals::interpreter::{
    Compiled, Fact, Hop, Identification, Implementation, Interpreter, Problem, Vendor, Version,
};
use venv_doctor::internals::invocation::{Flags, Invocation, Launch};
use venv_doctor::internals::rules::{Evidence, Finding, Fix, Line, rule};
use venv_doctor::internals::startup::{
    CfgCandidate, CfgEntry, Customize, Hook, HookKind, Origin, OriginFile, Outcome, PathEntry, Phase, PyvenvCfg,
    Reader, Resolution, SiteValues, Status, Step, StepId, SysValues, Unset, Value,
};

const ENVIRONMENT: &str = "/home/u/app/.venv";

/// An environment made by uv that works, with one stale line in a `.pth` file.
pub fn healthy() -> Explanation {
    let resolution = Resolution {
        command: None,
        invocation: invocation(".venv/bin/python"),
        identification: identification(),
        outcome: Outcome { status: Status::Starts, reason: None, step: None },
        pyvenv_cfg: Some(pyvenv_cfg()),
        sys: Some(sys_values()),
        site: Some(site_values()),
        startup: vec![
            Hook {
                kind: HookKind::PthImport,
                file: in_packages("_virtualenv.pth"),
                line: Some(1),
                code: Some("import _virtualenv".into()),
                known: Some("patches distutils, leaves sys.path alone"),
                only_imports: false,
                step: 5,
            },
            Hook {
                kind: HookKind::Sitecustomize,
                file: in_packages("sitecustomize.py"),
                line: None,
                code: None,
                known: None,
                only_imports: false,
                step: 5,
            },
        ],
        messages: Vec::new(),
        steps: steps(),
        doubts: Vec::new(),
        missing: Vec::new(),
        failures: Vec::new(),
        refused: Vec::new(),
        imports: Vec::new(),
    };
    let message = "old.pth names /home/u/gone, which does not exist; Python passes over it silently";
    let findings = vec![
        Finding::new(rule("VD401").expect("a rule"), message)
            .evidence(Evidence::line(in_packages("old.pth"), 3, "/home/u/gone"))
            .fix(Fix::advice("remove the line, or install the package again"))
            .step(5),
    ];
    Explanation { resolution, environment: Some(identity()), findings }
}

/// An environment whose base has been uninstalled.
pub fn broken() -> Explanation {
    let link: BString = format!("{ENVIRONMENT}/bin/python").into();
    let target: BString = "/opt/python/3.12.1/bin/python3.12".into();
    let mut identification = identification();
    identification.hops = vec![Hop { path: link.clone(), target: target.clone() }];
    identification.file = None;
    identification.interpreter = Interpreter::unknown();
    identification.problem =
        Some(Problem::DanglingLink { link: link.clone(), target: target.clone(), nearest: Some("/opt/python".into()) });
    let resolution = Resolution {
        command: None,
        invocation: invocation(".venv/bin/python"),
        identification,
        outcome: Outcome {
            status: Status::FailsToExecute,
            reason: Some(
                "the link .venv/bin/python leads to /opt/python/3.12.1/bin/python3.12, which does not exist".into(),
            ),
            step: Some(1),
        },
        pyvenv_cfg: None,
        sys: None,
        site: None,
        startup: Vec::new(),
        messages: vec!["bash: .venv/bin/python: No such file or directory".into()],
        steps: vec![steps().remove(0)],
        doubts: Vec::new(),
        missing: Vec::new(),
        failures: Vec::new(),
        refused: Vec::new(),
        imports: Vec::new(),
    };
    let findings = vec![
        Finding::new(rule("VD102").expect("a rule"), "the base interpreter /opt/python/3.12.1/bin/python3.12 has gone")
            .evidence(Evidence::about(link, target))
            .fix(
                Fix::advice("recreate the environment")
                    .command(Line::new(Platform::Linux, "uv").words(["venv", "/home/u/app/.venv"])),
            )
            .step(1),
    ];
    let home = Home { path: "/opt/python/3.12.1/bin".into(), line: 1, exists: false };
    let environment = Some(Identity { home: Some(home), ..identity() });
    Explanation { resolution, environment, findings }
}

fn identity() -> Identity {
    Identity {
        kind: EnvironmentKind::VirtualEnvironment,
        root: ENVIRONMENT.into(),
        creator: Creator::Uv,
        creator_version: Some("0.9.2".into()),
        python_version: Some("3.12.1".into()),
        prompt: Some("app".into()),
        home: None,
    }
}

/// Every string that can come from a disk is `evil`.
pub fn hostile(evil: &[u8]) -> Explanation {
    let evil = BString::from(evil);
    let mut it = healthy();
    it.resolution.invocation.executable = evil.clone();
    it.resolution.identification.hops = vec![Hop { path: evil.clone(), target: evil.clone() }];
    it.resolution.identification.file = Some(evil.clone());
    it.resolution.outcome.reason = Some(evil.clone());
    it.resolution.messages = vec![evil.clone()];
    it.environment = Some(Identity {
        root: evil.clone(),
        creator_version: Some(evil.clone()),
        prompt: Some(evil.clone()),
        home: Some(Home { path: evil.clone(), line: 1, exists: false }),
        ..identity()
    });
    if let Some(cfg) = &mut it.resolution.pyvenv_cfg {
        cfg.path = evil.clone();
        for entry in &mut cfg.entries {
            entry.value = evil.clone();
        }
    }
    if let Some(sys) = &mut it.resolution.sys {
        for value in [&mut sys.executable, &mut sys.prefix, &mut sys.exec_prefix] {
            value.clone_from(&evil);
        }
        for entry in &mut sys.path {
            entry.value = evil.clone();
            entry.file = Some(OriginFile { file: evil.clone(), line: 1 });
        }
    }
    for code in &mut it.resolution.startup {
        code.file = evil.clone();
        code.code = Some(evil.clone());
    }
    for step in &mut it.resolution.steps {
        step.detail = evil.clone();
        step.sets = vec![("sys.prefix", Value::Text(evil.clone())), ("sys.path", Value::List(vec![evil.clone(); 2]))];
        step.lookups = vec![
            Lookup { op: Op::ReadLink, path: evil.clone(), answer: Answer::Path(evil.clone()) },
            Lookup { op: Op::Read, path: evil.clone(), answer: Answer::Error(HostError::PermissionDenied) },
        ];
    }
    for finding in &mut it.findings {
        finding.message = evil.clone();
        finding.effect = Some(evil.clone());
        let mut fix = Fix::advice(evil.clone());
        fix.commands.push(evil.clone());
        finding.fix = Some(fix);
        finding.evidence = vec![Evidence::line(evil.clone(), 1, evil.clone()).span(0..evil.len())];
    }
    it
}

fn in_packages(name: &str) -> BString {
    format!("{ENVIRONMENT}/lib/python3.12/site-packages/{name}").into()
}

fn invocation(executable: &str) -> Invocation {
    Invocation {
        executable: executable.into(),
        platform: Platform::Linux,
        cwd: Some("/home/u/app".into()),
        flags: Flags::default(),
        launch: Launch::Command,
        environment: BTreeMap::from([("HOME".to_owned(), "/home/u".into()), ("PATH".to_owned(), "/usr/bin".into())]),
        process: Process { uid: 1000, euid: 1000, gid: 1000, egid: 1000 },
        options: Vec::new(),
        switches: Vec::new(),
        locale_encoding: None,
    }
}

fn identification() -> Identification {
    let file: BString = "/usr/local/bin/python3.12".into();
    Identification {
        hops: vec![Hop { path: format!("{ENVIRONMENT}/bin/python").into(), target: file.clone() }],
        file: Some(file.clone()),
        program: None,
        problem: None,
        redirector: None,
        interpreter: Interpreter {
            implementation: Implementation::CPython,
            version: Some(Version::new(3, 12, 1)),
            vendor: Vendor::Upstream,
            compiled: Compiled {
                prefix: Some("/usr/local".into()),
                platlibdir: Some("lib".into()),
                ..Compiled::default()
            },
            extension_suffix: None,
            library: None,
            real_executable: None,
            module_tables: None,
            evidence: vec![Fact { fact: "version".into(), value: "3.12.1".into(), from: file }],
        },
    }
}

fn pyvenv_cfg() -> PyvenvCfg {
    let entry = |line, key: &str, value: &str, used_by: &[Reader]| CfgEntry {
        text: format!("{key} = {value}").into(),
        line,
        key: key.into(),
        value: value.into(),
        used_by: used_by.to_vec(),
    };
    let path: BString = format!("{ENVIRONMENT}/pyvenv.cfg").into();
    PyvenvCfg {
        entries: vec![
            entry(1, "home", "/usr/local/bin", &[Reader::Getpath, Reader::Site]),
            entry(2, "include-system-site-packages", "false", &[Reader::Site]),
            entry(3, "uv", "0.9.2", &[]),
        ],
        candidates: vec![
            CfgCandidate { path: path.clone(), found: true, stage: Reader::Getpath },
            CfgCandidate { path: format!("{ENVIRONMENT}/bin/pyvenv.cfg").into(), found: false, stage: Reader::Site },
            CfgCandidate { path: path.clone(), found: true, stage: Reader::Site },
        ],
        path,
    }
}

fn sys_values() -> SysValues {
    let entry = |value: &str, origin, exists, step| PathEntry { value: value.into(), origin, exists, step, file: None };
    SysValues {
        executable: format!("{ENVIRONMENT}/bin/python").into(),
        base_executable: Some("/usr/local/bin/python3.12".into()),
        prefix: ENVIRONMENT.into(),
        exec_prefix: ENVIRONMENT.into(),
        base_prefix: "/usr/local".into(),
        base_exec_prefix: "/usr/local".into(),
        home: Unset::Set(Some("/usr/local/bin".into())),
        platlibdir: Some("lib".into()),
        stdlib_dir: Some("/usr/local/lib/python3.12".into()),
        path: vec![
            entry("", Origin::Launch, true, 6),
            entry("/usr/local/lib/python312.zip", Origin::Zip, false, 4),
            entry("/usr/local/lib/python3.12", Origin::Stdlib, true, 4),
            entry("/usr/local/lib/python3.12/lib-dynload", Origin::PlatStdlib, true, 4),
            entry("/home/u/app/.venv/lib/python3.12/site-packages", Origin::SitePackages, true, 5),
            PathEntry {
                value: "/home/u/app/lib".into(),
                origin: Origin::PthFile,
                exists: true,
                step: 5,
                file: Some(OriginFile { file: in_packages("work.pth"), line: 1 }),
            },
        ],
    }
}

fn site_values() -> SiteValues {
    SiteValues {
        enabled: true,
        enable_user_site: Some(false),
        user_base: Some("/home/u/.local".into()),
        user_site: Some("/home/u/.local/lib/python3.12/site-packages".into()),
        prefixes: vec![ENVIRONMENT.into()],
        customize: Customize { sitecustomize: Some(in_packages("sitecustomize.py")), usercustomize: None },
    }
}

fn steps() -> Vec<Step> {
    let yes = |op, path: &str| Lookup { op, path: path.into(), answer: Answer::Bool(true) };
    let no = |op, path: &str| Lookup { op, path: path.into(), answer: Answer::Bool(false) };
    let cfg = "/home/u/app/.venv/pyvenv.cfg";
    vec![
        Step {
            number: 1,
            phase: Phase::Executable,
            title: "The executable",
            detail: "Typed .venv/bin/python, made absolute. It is a link to /usr/local/bin/python3.12, but the link's own place counts.".into(),
            id: StepId::Executable,
            source: "Modules/getpath.py, 3.11 on".to_owned(),
            issues: vec!["bpo-45582"],
            lookups: Vec::new(),
            sets: vec![("sys.executable", Value::Text("/home/u/app/.venv/bin/python".into()))],
        },
        Step {
            number: 2,
            phase: Phase::Venv,
            title: "pyvenv.cfg, first reading",
            detail: "Found one directory above the executable. Line 1, home = /usr/local/bin, moves the search for the standard library there.".into(),
            id: StepId::VenvHome,
            source: "Modules/getpath.py, 3.11 on".to_owned(),
            issues: Vec::new(),
            lookups: vec![Lookup { op: Op::Read, path: cfg.into(), answer: Answer::Bytes(79) }],
            sets: vec![("sys._base_executable", Value::Text("/usr/local/bin/python3.12".into()))],
        },
        Step {
            number: 3,
            phase: Phase::Prefix,
            title: "Landmarks",
            detail: "lib/python3.12/os.py found one directory up from /usr/local/bin.".into(),
            id: StepId::PrefixSearch,
            source: "Modules/getpath.py, 3.11 on".to_owned(),
            issues: Vec::new(),
            lookups: vec![
                no(Op::IsFile, "/usr/local/bin/lib/python312.zip"),
                no(Op::IsFile, "/usr/local/lib/python312.zip"),
                no(Op::IsFile, "/usr/local/bin/lib/python3.12/os.py"),
                yes(Op::IsFile, "/usr/local/lib/python3.12/os.py"),
            ],
            sets: vec![("sys.base_prefix", Value::Text("/usr/local".into()))],
        },
        Step {
            number: 4,
            phase: Phase::Path,
            title: "First sys.path",
            detail: "The zip file, the standard library and its extension modules, unchecked.".into(),
            id: StepId::Path,
            source: "Modules/getpath.py, 3.11 on".to_owned(),
            issues: Vec::new(),
            lookups: Vec::new(),
            sets: vec![(
                "sys.path",
                Value::List(vec!["/usr/local/lib/python312.zip".into(), "/usr/local/lib/python3.12".into()]),
            )],
        },
        Step {
            number: 5,
            phase: Phase::Pth,
            title: "Path configuration files",
            detail: "3 files end in .pth; they are read in the order of their names.".into(),
            id: StepId::Pth,
            source: "Lib/site.py, addsitedir".to_owned(),
            issues: vec!["gh-113659"],
            lookups: vec![
                Lookup { op: Op::ListDir, path: in_packages(""), answer: Answer::Names(12) },
                Lookup { op: Op::Read, path: in_packages("old.pth"), answer: Answer::Bytes(40) },
                Lookup { op: Op::Read, path: in_packages("zzz.pth"), answer: Answer::Error(HostError::PermissionDenied) },
            ],
            sets: Vec::new(),
        },
        Step {
            number: 6,
            phase: Phase::Path,
            title: "The first entry",
            detail: "Launched with -c, so '' goes in front.".into(),
            id: StepId::Launch,
            source: "Python/pathconfig.c".to_owned(),
            issues: Vec::new(),
            lookups: Vec::new(),
            sets: vec![("sys.path[0]", Value::Text("".into()))],
        },
    ]
}
