//! VD4xx: `.pth` and `.start` files, and the customization modules.

use crate::rules::cast::Role;
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source};
use crate::support::stage::Stage;

/// The `.pth` line that setuptools installs with its `_distutils_hack`.
const DISTUTILS: &str = "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; \
                         enabled and __import__('_distutils_hack').add_shim(); \n";
/// The beginning of an AppleDouble file: magic number, version, name of the system, and two entries.
const APPLE_DOUBLE: &[u8] = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        \x00\x02\x00\x00\x00\x09\x00\x00\x00\x32\
                              \x00\x00\x00\xb0\x00\x00\x00\x02\x00\x00\x00\xe2\x00\x00\x00\x00";

const ONLY_3_15: &str = "only 3.15 reads .start files";

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd401_pth_target_missing => made("VD401", Role::Usual, target_missing, target_there, Some(Fixed::ByCommands));
    vd402_pth_import_fails => made("VD402", Role::Usual, hack_missing, hack_there, Some(Fixed::ByCommands));
    vd403_pth_not_utf8 => made("VD403", Role::Usual, latin_1, utf_8, Some(Fixed::ByCommands));
    vd404_pth_byte_order_mark => made("VD404", Role::Minor(11), with_mark, without_mark, Some(Fixed::ByCommands));
    vd405_pth_hidden => made("VD405", Role::Minor(13), dot_before_name, no_dot_before_name, Some(Fixed::ByCommands));
    vd406_pth_unreadable => written(
        "VD406",
        "a user who runs the tests as root can read every file",
        Some(Fixed::NotHere("the environment exists only as a snapshot")),
    );
    vd407_pth_stops_startup => made("VD407", Role::Usual, exits, does_not_exit, Some(Fixed::ByCommands));
    vd408_pth_code_runs_twice => made(
        "VD408",
        Role::Usual,
        code_of_its_own,
        code_commented_out,
        Some(Fixed::NotHere("only the author of the code can say whether running twice does harm")),
    );
    vd409_pth_indented_import => made("VD409", Role::Usual, indented, not_indented, Some(Fixed::ByCommands));
    vd410_startup_code_unowned => made("VD410", Role::Usual, unowned, owned, Some(Fixed::ByCommands));
    vd411_startup_code_suspicious => made("VD411", Role::Usual, decodes_and_runs, decodes, Some(Fixed::NotHere("a person has to read the file")));
    vd412_start_syntax => written("VD412", ONLY_3_15, Some(Fixed::NotHere("the environment exists only as a snapshot")));
    vd413_start_unresolved => written("VD413", ONLY_3_15, Some(Fixed::NotHere("the environment exists only as a snapshot")));
    vd414_start_not_utf8 => written("VD414", ONLY_3_15, Some(Fixed::NotHere("the environment exists only as a snapshot")));
    vd415_start_suppresses_pth => written("VD415", ONLY_3_15, Some(Fixed::NotHere("the environment exists only as a snapshot")));
    vd416_egg_link_stale => made("VD416", Role::Usual, project_gone, project_there, Some(Fixed::ByCommands));
    vd417_nspkg_legacy => written(
        "VD417",
        "only the first two betas of 3.15 lack the variable",
        Some(Fixed::NotHere("the environment exists only as a snapshot")),
    );
    vd418_customize_fails => made("VD418", Role::Usual, customize_with_nul, customize_without_nul, Some(Fixed::ByCommands));
    vd419_sitecustomize_shadowed => made(
        "VD419",
        Role::Usual,
        two_sitecustomize,
        one_sitecustomize,
        Some(Fixed::NotHere("only people can decide where the hidden code should run")),
    );
    vd420_usercustomize_active => written(
        "VD420",
        "a Python that sees the user's packages also sees those of the base, which differ between machines",
        None,
    );
    vd421_editable_target_gone => made(
        "VD421",
        Role::Usual,
        editable_gone,
        editable_there,
        Some(Fixed::NotHere("the new location of the project is not known")),
    );
    vd422_startup_code_modified => made("VD422", Role::Usual, modified, as_installed, Some(Fixed::NotHere("a package index is needed")));
    vd423_pth_apple_double => made("VD423", Role::Minor(7), apple_double, no_apple_double, Some(Fixed::ByCommands));
    vd424_setuptools_site => written("VD424", "setuptools before 49 wrote the file", None);
}

const fn made(code: &'static str, plays: Role, fails: Builder, passes: Builder, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Made { plays, fails, passes }, fixed }
}

const fn written(code: &'static str, reason: &'static str, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Written(reason), fixed }
}

/// An environment with one more file in its site-packages.
fn with(stage: &Stage<'_>, name: &str, content: impl AsRef<[u8]>) -> Made {
    let subject = stage.sound()?;
    stage.write(format!("{}/{name}", stage.site()), content)?;
    Ok(subject)
}

/// An environment with a `.pth` file of the given name that names a directory that exists.
fn with_target(stage: &Stage<'_>, name: &str, before: &str) -> Made {
    stage.dir("plotlib/src")?;
    with(stage, name, format!("{before}{}\n", stage.text("plotlib/src")))
}

fn target_missing(stage: &Stage<'_>) -> Made {
    with(stage, "plotlib.pth", format!("{}\n", stage.text("plotlib/src")))
}

fn target_there(stage: &Stage<'_>) -> Made {
    with_target(stage, "plotlib.pth", "")
}

fn hack_missing(stage: &Stage<'_>) -> Made {
    with(stage, "distutils-precedence.pth", DISTUTILS)
}

fn hack_there(stage: &Stage<'_>) -> Made {
    stage.write(format!("{}/_distutils_hack/__init__.py", stage.site()), "def add_shim():\n    pass\n")?;
    hack_missing(stage)
}

fn latin_1(stage: &Stage<'_>) -> Made {
    stage.dir("café")?;
    with(stage, "cafe.pth", [stage.text("caf").as_bytes(), b"\xe9\n"].concat())
}

fn utf_8(stage: &Stage<'_>) -> Made {
    stage.dir("café")?;
    with(stage, "cafe.pth", format!("{}\n", stage.text("café")))
}

fn with_mark(stage: &Stage<'_>) -> Made {
    with_target(stage, "plotlib.pth", "\u{feff}")
}

fn without_mark(stage: &Stage<'_>) -> Made {
    with_target(stage, "plotlib.pth", "")
}

fn dot_before_name(stage: &Stage<'_>) -> Made {
    with_target(stage, ".plotlib.pth", "")
}

fn no_dot_before_name(stage: &Stage<'_>) -> Made {
    with_target(stage, "plotlib.pth", "")
}

fn exits(stage: &Stage<'_>) -> Made {
    with(stage, "guard.pth", "import sys; sys.exit(3)\n")
}

fn does_not_exit(stage: &Stage<'_>) -> Made {
    with(stage, "guard.pth", "import sys\n")
}

/// An environment with a distribution that installs a module and a `.pth` file.
fn hook(stage: &Stage<'_>, pth: &str) -> Made {
    let subject = stage.sound()?;
    stage.install("hook", "1.0", &[("hook.pth", pth), ("hook.py", "count = 1\n")])?;
    Ok(subject)
}

fn code_of_its_own(stage: &Stage<'_>) -> Made {
    hook(stage, "import hook; print(end='')\n")
}

fn code_commented_out(stage: &Stage<'_>) -> Made {
    hook(stage, "#import hook\n")
}

fn indented(stage: &Stage<'_>) -> Made {
    with(stage, "early.pth", " import sys\n")
}

fn not_indented(stage: &Stage<'_>) -> Made {
    with(stage, "early.pth", "import sys\n")
}

fn unowned(stage: &Stage<'_>) -> Made {
    stage.write(format!("{}/hook.py", stage.site()), "count = 1\n")?;
    with(stage, "hook.pth", "import hook\n")
}

fn owned(stage: &Stage<'_>) -> Made {
    hook(stage, "import hook\n")
}

fn decodes_and_runs(stage: &Stage<'_>) -> Made {
    with(stage, "zz_init.pth", "import base64; exec(base64.b64decode('cGFzcw=='))\n")
}

fn decodes(stage: &Stage<'_>) -> Made {
    with(stage, "zz_init.pth", "import base64; base64.b64decode('cGFzcw==')\n")
}

fn project_gone(stage: &Stage<'_>) -> Made {
    let place = stage.text("proj");
    stage.write(format!("{}/easy-install.pth", stage.site()), format!("{place}\n"))?;
    with(stage, "proj.egg-link", format!("{place}\n."))
}

fn project_there(stage: &Stage<'_>) -> Made {
    stage.dir("proj")?;
    project_gone(stage)
}

fn customize_with_nul(stage: &Stage<'_>) -> Made {
    with(stage, "sitecustomize.py", "import sys\n\0\0\0\0\0\0\0\0")
}

fn customize_without_nul(stage: &Stage<'_>) -> Made {
    with(stage, "sitecustomize.py", "import sys\n")
}

fn two_sitecustomize(stage: &Stage<'_>) -> Made {
    stage.write("agent/sitecustomize.py", "seen = True\n")?;
    Ok(one_sitecustomize(stage)?.with("PYTHONPATH", stage.text("agent")))
}

fn one_sitecustomize(stage: &Stage<'_>) -> Made {
    with(stage, "sitecustomize.py", "seen = True\n")
}

fn editable_gone(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    let place = stage.text("plotlib");
    let direct = format!("{{\"dir_info\": {{\"editable\": true}}, \"url\": \"file://{place}\"}}");
    let files =
        [("__editable__.plotlib-1.0.pth", format!("{place}/src\n")), ("plotlib-1.0.dist-info/direct_url.json", direct)];
    stage.install("plotlib", "1.0", &files.each_ref().map(|(name, content)| (*name, content.as_str())))?;
    Ok(subject)
}

fn editable_there(stage: &Stage<'_>) -> Made {
    stage.dir("plotlib/src")?;
    editable_gone(stage)
}

fn modified(stage: &Stage<'_>) -> Made {
    let subject = as_installed(stage)?;
    stage.write(format!("{}/hook.pth", stage.site()), "import os, sys\n")?;
    Ok(subject)
}

fn as_installed(stage: &Stage<'_>) -> Made {
    hook(stage, "import sys\n")
}

fn apple_double(stage: &Stage<'_>) -> Made {
    stage.write(format!("{}/._plotlib.pth", stage.site()), APPLE_DOUBLE)?;
    no_apple_double(stage)
}

fn no_apple_double(stage: &Stage<'_>) -> Made {
    with_target(stage, "plotlib.pth", "")
}
