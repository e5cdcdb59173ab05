//! What version managers read to choose a Python: each file is that of a machine with their shims.

use venv_doctor::internals::host::{MemoryHost, Platform};
use venv_doctor::{Invocation, Options};

use super::target;

const ASDF: &str = "#!/usr/bin/env bash\n# asdf-plugin: python 3.11.7\n# asdf-plugin: python 3.12.1\nexec /opt/asdf/bin/asdf exec \"python3\" \"$@\" # asdf_allow: ' asdf '\n";
const PYENV: &str = "#!/usr/bin/env bash\nset -e\n[ -n \"$PYENV_DEBUG\" ] && set -x\n\nprogram=\"${0##*/}\"\n\nexport PYENV_ROOT=\"/opt/pyenv\"\nexec \"/opt/pyenv/libexec/pyenv\" exec \"$program\" \"$@\"\n";

/// A machine on which `python3` is a shim, and the files that say which Python it starts have this content.
fn start(shims: &str, put: impl Fn(MemoryHost) -> MemoryHost, files: &[&str], content: &[u8]) {
    let mut host = put(MemoryHost::new(Platform::Linux))
        .variable("HOME", "/home/u")
        .variable("PATH", format!("{shims}:/usr/bin"))
        .cwd("/home/u/project");
    for file in files {
        host = host.file(file, content);
    }
    let invocation = Invocation::on(&host, "python3").expect("a working directory");
    let explanation = venv_doctor::explain(&host, &invocation, &Options::default());
    assert!(explanation.resolution.steps.len() < 10_000);
}

fn installed(host: MemoryHost, dir: &str) -> MemoryHost {
    let versions = ["3.11.7", "3.12.1", "3.12.10"];
    versions.iter().fold(host, |host, version| host.executable(format!("{dir}/{version}/bin/python3")))
}

fn pyenv(content: &[u8]) {
    let put = |host: MemoryHost| {
        let host = installed(host, "/opt/pyenv/versions");
        host.file("/opt/pyenv/shims/python3", PYENV).executable("/opt/pyenv/shims/python3")
    };
    start("/opt/pyenv/shims", put, &["/home/u/project/.python-version", "/opt/pyenv/version"], content);
}

fn asdf(content: &[u8]) {
    let put = |host: MemoryHost| {
        let host = installed(host, "/home/u/.asdf/installs/python").executable("/opt/asdf/bin/asdf");
        host.file("/home/u/.asdf/shims/python3", ASDF).executable("/home/u/.asdf/shims/python3")
    };
    let files = ["/home/u/project/.tool-versions", "/home/u/project/.python-version", "/home/u/.asdfrc"];
    start("/home/u/.asdf/shims", put, &files, content);
}

fn mise(content: &[u8]) {
    const DIR: &str = "/home/u/.local/share/mise";
    let put = |host: MemoryHost| {
        let host = installed(host, &format!("{DIR}/installs/python"));
        host.executable("/opt/bin/mise").symlink(format!("{DIR}/shims/python3"), "/opt/bin/mise")
    };
    let files = ["/home/u/project/mise.toml", "/home/u/project/.tool-versions", "/home/u/.config/mise/config.toml"];
    start(&format!("{DIR}/shims"), put, &files, content);
}

const TOML: &[u8] = b"[tools]\npython = ['3.12', {version = '3.11.7'}]\nnode = '20'\n[env]\n_.python.venv = { path = '.venv', create = true }\n[settings]\nidiomatic_version_file_enable_tools = ['python']\n";

target!(pyenv_version, vec![b"3.12.1\n3.11.7:system\n# x\n".to_vec(), b"3.12".to_vec()], |_, input| pyenv(input));
target!(
    asdf_tool_versions,
    vec![b"python 9.9.9 3.12.1 system # x\nnode 20\n".to_vec(), b"legacy_version_file = yes\n".to_vec()],
    |_, input| asdf(input)
);
target!(
    mise_files,
    vec![TOML.to_vec(), b"python latest\n".to_vec(), b"python prefix:3.12 ref:main\n".to_vec()],
    |_, input| mise(input)
);
