//! Where each step is written in the sources of `PyPy`.

use crate::startup::steps::StepId;

/// The upstream file and function of a step in `PyPy`.
pub fn source(id: StepId) -> &'static str {
    match id {
        StepId::Environment => "pypy/interpreter/app_main.py: parse_command_line",
        StepId::Executable => "pypy/module/sys/initpath.py: find_executable",
        StepId::Links => "pypy/module/sys/initpath.py: resolvedirof",
        StepId::VenvSearch | StepId::VenvHome => "pypy/module/sys/initpath.py: find_pyvenv_cfg",
        StepId::PrefixSearch => "pypy/module/sys/initpath.py: find_stdlib, compute_stdlib_path_maybe",
        StepId::Path => "pypy/interpreter/app_main.py: setup_bootstrap_path, run_command_line",
        StepId::Encodings => "pypy/interpreter/app_main.py: initstdio; lib-python/3/encodings",
        StepId::StartupModules => "pypy/interpreter/app_main.py: run_command_line; lib-python/3/os.py",
        StepId::Site => "pypy/interpreter/app_main.py: run_command_line; lib-python/3/site.py",
        StepId::SiteDuplicates => "lib-python/3/site.py: removeduppaths",
        StepId::SiteVenvSearch | StepId::SiteVenvCfg | StepId::SiteVenvPrefix | StepId::SiteVenvSystem => {
            "lib-python/3/site.py: venv"
        }
        StepId::SiteVenvPackages | StepId::SitePackages => "lib-python/3/site.py: addsitepackages",
        StepId::SiteUserEnabled => "lib-python/3/site.py: check_enableusersite",
        StepId::SiteUser => "lib-python/3/site.py: addusersitepackages",
        StepId::Pth => "lib-python/3/site.py: addpackage",
        StepId::Sitecustomize => "lib-python/3/site.py: execsitecustomize",
        StepId::Usercustomize => "lib-python/3/site.py: execusercustomize",
        StepId::Launch => "pypy/interpreter/app_main.py: run_command_line",
        other => other.info().source,
    }
}
