//! VD6xx: installed distributions.

use std::fs;
use std::process::Command;

use venv_doctor::internals::host::LiveHost;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::rules::Severity;
use venv_doctor::internals::startup::Options;

use crate::rules::cast::{self, Role};
use crate::rules::judge::invocation;
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source, Subject};
use crate::support::stage::{Stage, hash};

/// Why most fixes are not followed.
const DOWNLOAD: Fixed = Fixed::NotHere("what the fix installs has to be downloaded");

const fn usual(code: &'static str, fails: Builder, passes: Builder, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Made { plays: Role::Usual, fails, passes }, fixed }
}

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd601_leftover_tilde => usual("VD601", leftover, six, Some(Fixed::ByCommands));
    vd602_record_missing => usual("VD602", record_missing, six, Some(DOWNLOAD));
    vd603_metadata_missing => usual("VD603", metadata_missing, six, Some(Fixed::ByCommands));
    vd604_distribution_twice => usual("VD604", twice, six, Some(Fixed::ByCommands));
    vd605_files_missing => usual("VD605", files_missing, six, Some(DOWNLOAD));
    vd606_files_modified => usual("VD606", files_modified, six, Some(DOWNLOAD));
    vd607_cache_symlink_dangling => usual("VD607", symlink_dangling, six, Some(DOWNLOAD));
    vd608_cache_symlinks => usual("VD608", symlink_into_cache, six, None);
    vd609_hard_linked_edit => usual("VD609", hard_linked_edit, hard_linked, Some(DOWNLOAD));
    vd610_pip_missing => usual("VD610", six, pip, Some(Fixed::ByCommands));
    vd611_pip_half_removed => usual("VD611", pip_half_removed, pip, Some(Fixed::ByCommands));
    vd612_ensurepip_unavailable => usual(
        "VD612",
        without_ensurepip,
        with_ensurepip,
        Some(Fixed::NotHere("a package of the operating system has to be installed")),
    );
    vd613_removed_module_used => usual("VD613", script_of_old_installer, script_with_guarded_import, Some(DOWNLOAD));
    vd614_sync_conflict => usual(
        "VD614",
        conflict,
        no_conflict,
        Some(Fixed::NotHere("people have to decide where to move the environment")),
    );
    vd615_stale_bytecode => usual("VD615", stale_bytecode, fresh_bytecode, Some(Fixed::ByCommands));
    vd616_posix_local_misplaced => usual("VD616", misplaced, six, Some(Fixed::ByCommands));
    vd617_requires_python_violated => usual("VD617", requires_another, requires_this, Some(DOWNLOAD));
    vd618_wheel_tag_incompatible => usual("VD618", wheel_of_another, wheel_of_this, Some(DOWNLOAD));
    vd619_record_malformed => usual("VD619", record_truncated, six, None);
    vd620_editable_needs_missing => usual("VD620", without_editables, with_editables, Some(DOWNLOAD));
}

/// An environment with one distribution of one module.
fn six(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("six", "1.16.0", &[("six.py", "__version__ = '1.16.0'\n")])?;
    Ok(subject)
}

fn in_site(stage: &Stage<'_>, name: &str) -> String {
    format!("{}/{name}", stage.site())
}

fn leftover(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.write(in_site(stage, "~ix.py"), "__version__ = '1.15.0'\n")?;
    stage.write(in_site(stage, "~ix-1.15.0.dist-info/METADATA"), "Name: six\nVersion: 1.15.0\n")?;
    Ok(subject)
}

fn record_missing(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.remove(in_site(stage, "six-1.16.0.dist-info/RECORD"))?;
    Ok(subject)
}

fn metadata_missing(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.dir(in_site(stage, "requests-2.31.0.dist-info"))?;
    Ok(subject)
}

/// The modules are those of the later version, the metadata that of both.
fn twice(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("six", "1.15.0", &[("six.py", "__version__ = '1.15.0'\n")])?;
    stage.install("six", "1.16.0", &[("six.py", "__version__ = '1.16.0'\n")])?;
    Ok(subject)
}

fn files_missing(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.remove(in_site(stage, "six.py"))?;
    Ok(subject)
}

fn files_modified(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.edit(in_site(stage, "six.py"), "1.16.0", "9.9.9")?;
    Ok(subject)
}

/// An environment in which an installer replaced one file by a symlink into its cache.
fn symlinked(stage: &Stage<'_>, name: &str) -> Made {
    let subject = six(stage)?;
    let kept = stage.at(format!("cache/archive-v0/mPqr/{name}"));
    fs::create_dir_all(kept.parent().expect("a directory"))?;
    fs::rename(stage.at(in_site(stage, name)), &kept)?;
    stage.link(in_site(stage, name), kept)?;
    Ok(subject)
}

fn symlink_into_cache(stage: &Stage<'_>) -> Made {
    symlinked(stage, "six-1.16.0.dist-info/METADATA")
}

fn symlink_dangling(stage: &Stage<'_>) -> Made {
    let subject = symlink_into_cache(stage)?;
    stage.remove("cache")?;
    Ok(subject)
}

fn hard_linked(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.dir("cache")?;
    fs::hard_link(stage.at(in_site(stage, "six.py")), stage.at("cache/six.py"))?;
    Ok(subject)
}

fn hard_linked_edit(stage: &Stage<'_>) -> Made {
    let subject = hard_linked(stage)?;
    stage.edit(in_site(stage, "six.py"), "1.16.0", "9.9.9")?;
    Ok(subject)
}

/// The parts of pip for which the rules look.
fn pip(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    let files = [("pip/__init__.py", ""), ("pip/__main__.py", ""), ("pip/_vendor/__init__.py", "")];
    stage.install("pip", "24.0", &files)?;
    Ok(subject)
}

fn pip_half_removed(stage: &Stage<'_>) -> Made {
    let subject = pip(stage)?;
    stage.remove(in_site(stage, "pip"))?;
    Ok(subject)
}

/// An environment of an installation whose standard library has a symlink for every name of the real one except `without`.
fn base(stage: &Stage<'_>, without: &str) -> Made {
    let library = format!("base/lib/{}", stage.name());
    stage.dir(&library)?;
    for entry in fs::read_dir(stage.stdlib())? {
        let entry = entry?;
        if entry.file_name() != without && entry.file_name() != "site-packages" {
            stage.link(format!("{library}/{}", entry.file_name().to_string_lossy()), entry.path())?;
        }
    }
    let program = stage.at(format!("base/bin/{}", stage.name()));
    stage.dir("base/bin")?;
    fs::copy(stage.installed().canonicalize()?, &program)?;
    stage.run(Command::new(&program).args(["-m", "venv", "--without-pip"]).arg(stage.at("env")))?;
    stage.remove("env/bin/activate")?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn without_ensurepip(stage: &Stage<'_>) -> Made {
    base(stage, "ensurepip")
}

fn with_ensurepip(stage: &Stage<'_>) -> Made {
    base(stage, "")
}

fn script(stage: &Stage<'_>, body: &str) -> Made {
    let subject = six(stage)?;
    stage.program("env/bin/legacy", format!("#!{}\n{body}", subject.python.display()))?;
    Ok(subject)
}

fn script_of_old_installer(stage: &Stage<'_>) -> Made {
    script(stage, "__import__('pkg_resources').require('legacy==1.0')\nprint('never')\n")
}

fn script_with_guarded_import(stage: &Stage<'_>) -> Made {
    script(stage, "try:\n    from pkg_resources import require\nexcept ImportError:\n    print('never mind')\n")
}

fn conflict(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.write(in_site(stage, "six 2.py"), "__version__ = '1.16.0'\n")?;
    Ok(subject)
}

/// A name with the same ending, but without an original next to it.
fn no_conflict(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    stage.write(in_site(stage, "chapter 2.py"), "")?;
    Ok(subject)
}

fn fresh_bytecode(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    let compile = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"];
    stage.run(Command::new(stage.installed()).args(compile).arg(stage.at(in_site(stage, "six.py"))))?;
    Ok(subject)
}

/// The source is replaced, but the bytecode of the former one stays.
fn stale_bytecode(stage: &Stage<'_>) -> Made {
    let subject = fresh_bytecode(stage)?;
    stage.install("six", "1.16.0", &[("six.py", "__version__ = '9.9.9'\n")])?;
    Ok(subject)
}

fn misplaced(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    let dir = format!("env/local/lib/{}/dist-packages", stage.name());
    stage.write(format!("{dir}/idna.py"), "")?;
    stage.write(format!("{dir}/idna-3.7.dist-info/METADATA"), "Name: idna\nVersion: 3.7\n")?;
    Ok(subject)
}

fn requires(stage: &Stage<'_>, specifier: &str) -> Made {
    let subject = six(stage)?;
    let text = format!("Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\nRequires-Python: {specifier}\n");
    stage.write(in_site(stage, "six-1.16.0.dist-info/METADATA"), text)?;
    Ok(subject)
}

fn requires_another(stage: &Stage<'_>) -> Made {
    requires(stage, ">=2.7, <3.6")
}

fn requires_this(stage: &Stage<'_>) -> Made {
    requires(stage, ">=2.7, !=3.0.*, !=3.1.*")
}

fn wheel(stage: &Stage<'_>, tag: &str) -> Made {
    let subject = stage.sound()?;
    stage.install("ruff", "0.4.0", &[("../../../bin/ruff", "MZ")])?;
    stage.edit(in_site(stage, "ruff-0.4.0.dist-info/WHEEL"), "py3-none-any", tag)?;
    Ok(subject)
}

fn wheel_of_another(stage: &Stage<'_>) -> Made {
    wheel(stage, "py3-none-win_amd64")
}

fn wheel_of_this(stage: &Stage<'_>) -> Made {
    wheel(stage, &format!("py3-none-manylinux_2_17_{}", std::env::consts::ARCH))
}

fn record_truncated(stage: &Stage<'_>) -> Made {
    let subject = six(stage)?;
    let path = in_site(stage, "six-1.16.0.dist-info/RECORD");
    let text = fs::read_to_string(stage.at(&path))?;
    stage.write(&path, &text[..text.rfind("/RECORD").expect("RECORD lists itself")])?;
    Ok(subject)
}

/// An editable install that redirects imports with the package editables, which is not there.
fn without_editables(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    let module = stage.write("plotlib/plotlib.py", "")?;
    let hook = format!(
        "from editables.redirector import RedirectingFinder as F\nF.install()\nF.map_module('plotlib', '{}')\n",
        module.display()
    );
    let files =
        [("_editable_impl_plotlib.pth", "import _editable_impl_plotlib\n"), ("_editable_impl_plotlib.py", &hook)];
    stage.install("plotlib", "1.0", &files)?;
    Ok(subject)
}

fn with_editables(stage: &Stage<'_>) -> Made {
    let subject = without_editables(stage)?;
    let finder = "class RedirectingFinder:\n    install = map_module = staticmethod(lambda *names: None)\n";
    stage.install("editables", "0.5", &[("editables/__init__.py", ""), ("editables/redirector.py", finder)])?;
    Ok(subject)
}

/// How severe the findings of a rule are in a thorough check.
fn severities(subject: &Subject, code: &str) -> Vec<Severity> {
    let python = subject.python.to_str().expect("readable");
    let invocation = Invocation::on(&LiveHost, python).expect("this machine can be examined");
    let explanation = venv_doctor::examine(&LiveHost, &invocation, &Options::default(), venv_doctor::Depth::Files);
    let found = explanation.findings.iter().filter(|finding| finding.code().text() == code);
    found.map(|finding| finding.severity).collect()
}

/// Code that has changed is a warning, data an info, and data that lost all of its content a warning again. It makes no
/// difference whether RECORD has base 64 or hexadecimal digits.
#[test]
fn changed_files_are_judged_by_what_they_are() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    let cases: [(&str, &str, &[Severity]); 4] = [
        ("", "", &[]),
        ("six.py", "x = 2\n", &[Severity::Warning]),
        ("certificates.pem", "more\n", &[Severity::Info]),
        ("certificates.pem", "", &[Severity::Warning]),
    ];
    for is_hexadecimal in [false, true] {
        for (changed, content, expected) in cases {
            let stage = Stage::new(python).expect("a stage can be made");
            let subject = stage.sound().expect("an environment can be made");
            let files = [("six.py", "x = 1\n"), ("certificates.pem", "one\n")];
            stage.install("six", "1.0", &files).expect("it can be installed");
            if is_hexadecimal {
                let record = in_site(&stage, "six-1.0.dist-info/RECORD");
                for (_, content) in files {
                    stage.edit(&record, &hash(content), &hexadecimal(&hash(content))).expect("RECORD lists it");
                }
            }
            if !changed.is_empty() {
                stage.write(in_site(&stage, changed), content).expect("it can be written");
            }
            assert_eq!(severities(&subject, "VD606"), expected, "{changed} {content:?} {is_hexadecimal}");
        }
    }
}

fn hexadecimal(hash: &str) -> String {
    let digest = data_encoding::BASE64URL_NOPAD.decode(hash.as_bytes()).expect("base 64");
    data_encoding::HEXLOWER.encode(&digest)
}

/// A directory without its `__init__.py` is imported as a namespace without content.
#[test]
fn a_package_without_its_init_is_missing() {
    let Some(python) = cast::actor(Role::Usual) else { return println!("skipped: no interpreter") };
    for (removed, left, expected) in [
        (false, "six/moves.py", &[][..]),
        (true, "six/moves.py", &[Severity::Error]),
        (true, "six/__init__.abi3.so", &[]),
    ] {
        let stage = Stage::new(python).expect("a stage can be made");
        let subject = stage.sound().expect("an environment can be made");
        stage.install("six", "1.0", &[("six/__init__.py", ""), ("six/moves.py", "")]).expect("it can be installed");
        stage.write(in_site(&stage, left), "").expect("it can be written");
        if removed {
            stage.remove(in_site(&stage, "six/__init__.py")).expect("it can be removed");
        }
        let invocation = invocation(&stage, &subject);
        let depth = venv_doctor::Depth::Environment;
        let explanation = venv_doctor::examine(&LiveHost, &invocation, &Options::default(), depth);
        let found = explanation.findings.iter().filter(|finding| finding.code().text() == "VD605");
        assert!(found.map(|finding| finding.severity).eq(expected.iter().copied()), "{removed} {left}");
    }
}
