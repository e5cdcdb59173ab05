//! Readers by themselves: bytes in, no panic, soon done.

use venv_doctor::internals::environment::readers as environment;
use venv_doctor::internals::finders;
use venv_doctor::internals::host::{Lookups, MemoryHost, Platform};
use venv_doctor::internals::interpreter::readers as interpreter;
use venv_doctor::internals::startup::readers as startup;

use super::seeds::{contents, of_this_machine};
use super::target;
use crate::macho::build::{Cpu, Exports, File, universal};

/// Lines that Python's grammar knows.
const LINES: [&[u8]; 6] = [
    b"import sys; exec('a = 1\\n' + f\"{sys!r:>{10}}\" + rb'\\x00'.decode(), {**{}}, *[])",
    b"import os; has = lambda *a, b=1, **c: (yield) if a else await x; x = [i for i in range(3) if i] or {1: 2, **{}}",
    b"import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',))",
    b"from . import (a as b, c,); assert a[1:2, ..., ::3] is not -~+1 ** 2 // 3 @ 4, '''x'''",
    b"import x; type X[T: int = 3, *Ts, **P] = Callable[[int], str]; del a, (b.c, d[0]); global q; raise E from None",
    b"lazy import json; a: int = (b := 0o17_7) + 0xfF - 1_0.0e-1_0j; print(a, end='', file=sys.stderr)",
];
const MODULE: &[u8] = b"import sys\nfrom importlib.machinery import ModuleSpec, PathFinder\n\nMAPPING: dict[str, str] = {'plotlib': '/src/plotlib'}\nNAMESPACES = {'a.b': ['/x', '/y']}\n\n\nclass Finder:\n    @classmethod\n    def find_spec(cls, fullname, path=None, target=None):\n        \"\"\"Docs\n        over lines\"\"\"\n        if fullname in MAPPING:\n            return None\n        else:\n            for x in y: pass\n        try:\n            z = 1\n        except (A, B) as e:\n            raise\n        finally:\n            with open(f) as g, h: ...\n        match x:\n            case [1, *_] if y: pass\n        return None\n\n\ndef install():\n    if not any(f == Finder for f in sys.meta_path):\n        sys.meta_path.append(Finder)\n";
/// Compiled code: a header, and a tuple of values of different types.
const COMPILED: &[u8] = b"\xcb\r\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xa9\x09\xda\x03sys\xfa\x04/x.pyN\xa9\x01r\x01\x00\x00\x00\xe9\x01\x00\x00\x00z\x03abcl\x02\x00\x00\x00\x01\x00\x02\x00g\x00\x00\x00\x00\x00\x00\xf8?[\x01\x00\x00\x00T";
const SCRIPTS: [&[u8]; 5] = [
    b"#!/usr/bin/env -S -i A=b\\_c \"PATH=${HOME}/bin\" -u X --chdir=/w python3 -I -X dev\nimport sys\n",
    b"#!/bin/sh\n'''exec' \"/w/a b/.venv/bin/python\" \"$0\" \"$@\"\n' '''\nimport sys\n",
    b"#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' \"$0\" \"$@\"\n' '''\n",
    b"#!/usr/bin/env bash\n# asdf-plugin: python 3.12.1\n# asdf-plugin: python 3.11.7\nexec /opt/asdf/bin/asdf exec \"python3\" \"$@\" # asdf_allow: ' asdf '\n",
    b"#!/usr/bin/env bash\nset -e\n[ -n \"$PYENV_DEBUG\" ] && set -x\n\nprogram=\"${0##*/}\"\n\nexport PYENV_ROOT=\"/opt/pyenv\"\nexec \"/opt/pyenv/libexec/pyenv\" exec \"$program\" \"$@\"\n",
];
/// A zip file of one member, `a/__init__.py`, which is stored.
const ZIP: &[u8] = b"PK\x03\x04\n\x00\x00\x00\x00\x00\x00\x00!\x00\x83\x16\xdc\x8c\x02\x00\x00\x00\x02\x00\x00\x00\r\x00\x00\x00a/__init__.pyx\nPK\x01\x02\x14\x03\n\x00\x00\x00\x00\x00\x00\x00!\x00\x83\x16\xdc\x8c\x02\x00\x00\x00\x02\x00\x00\x00\r\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00a/__init__.pyPK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00;\x00\x00\x00-\x00\x00\x00\x00\x00";
const SYSCONFIG: &[u8] = b"# system configuration generated and used by the sysconfig module\nbuild_time_vars = {'ABIFLAGS': '',\n 'EXT_SUFFIX': '.cpython-312-x86_64-linux-gnu.so',\n 'Py_ENABLE_SHARED': 1,\n 'SOABI': 'cpython-312-'\n          'x86_64-linux-gnu',\n 'prefix': ('/usr' '/local'),\n \"x\": -3}\n";
const TEXTS: &[u8] = b"\0/usr/lib/python3.12\0.cpython-312-x86_64-linux-gnu.so\x003.12.1\0[PyPy 7.3.17 (3.10.14, 2024)]\0dist-packages\0";
const VERSIONS: &[u8] = b"3.12\n3.13.0rc1\n3.14.0a7+\n3.6.15\npython-3.11.7-h955ad1f_0_cpython.json\n";

/// A program, one for two processors, and one whose exports are only among its symbols.
fn machos() -> Vec<Vec<u8>> {
    let program = File::main("@rpath/libpython3.12.dylib").rpath("@loader_path/../lib").python("3.12.1");
    let intel = program.clone().on(Cpu::X86_64).listing(Exports::Symbols);
    vec![program.bytes(), intel.bytes(), universal(&[program, intel])]
}

target!(pyvenv_cfg, contents(&["pyvenv.cfg"], &[b"\xef\xbb\xbfhome = /usr/bin\r\nHOME=x\n"]), |_, input| {
    startup::pyvenv_cfg(input);
});
target!(python_lines, contents(&[".pth"], &LINES), |_, input| startup::python_lines(input));
target!(python_module, contents(&["site.py", "sitecustomize.py", "aliases.py"], &[MODULE]), |_, input| {
    startup::python_module(input);
});
target!(hook_module, contents(&["_virtualenv.py", "_plotlib.py", "_finder.py"], &[MODULE]), |_, input| {
    startup::hook_module(input);
});
target!(bytecode, contents(&[".pyc"], &[COMPILED]), |_, input| startup::bytecode(input));
target!(scripts, contents(&["bin/plot", "bin/pip", "bin/tool", "bin/activate"], &SCRIPTS), |_, input| {
    startup::script(input);
    environment::script(input);
});
target!(
    arguments,
    vec![
        b"-S\n-i A=b\\_c \"x${HOME}\" -u X --chdir=/w python3 -I".to_vec(),
        b"-bEX\ndev\n-Wx\n-m\nvenv\n--check-hash-based-pycs\nalways\n--\n-c".to_vec(),
    ],
    |_, input| startup::arguments(input)
);
target!(
    elf,
    of_this_machine(&["/bin/true", "/lib/x86_64-linux-gnu/libdl.so.2", "/lib64/libdl.so.2"], &[b"\x7fELF\x02\x01\x01"]),
    |_, input| {
        interpreter::elf(input);
    }
);
target!(program_texts, vec![TEXTS.to_vec(), TEXTS.repeat(300)], |_, input| interpreter::program_texts(input));
target!(ld_cache, of_this_machine(&["/etc/ld.so.cache"], &[b"glibc-ld.so.cache1.1\x01\0\0\0"]), |_, input| {
    interpreter::ld_cache(input);
});
target!(sysconfigdata, vec![SYSCONFIG.to_vec()], |_, input| interpreter::sysconfigdata(input));
target!(macho, machos(), |_, input| interpreter::macho(input));
target!(windows_program, contents(&[".exe"], &[b"MZ", ZIP]), |_, input| interpreter::windows_program(input));
target!(versions, vec![VERSIONS.to_vec()], |_, input| interpreter::versions(input));
target!(records, contents(&["RECORD"], &[b"a,b,\n\"a\"\"b,c\",sha256=x,3\n"]), |_, input| environment::record(input));
target!(
    names,
    vec![b"_yaml.cpython-312-x86_64-linux-gnu.so\nx.abi3.so\ncv2.cp312-win_amd64.pyd\nA.-_b\n".to_vec()],
    |_, input| {
        environment::names(input);
    }
);
target!(
    configuration,
    contents(&["pip.conf", "mountinfo"], &[b"[global]\nindex-url = x\nuser = yes\n"]),
    |_, input| {
        environment::configuration(input);
    }
);
target!(zip_files, contents(&["python312.zip"], &[ZIP]), |_, input| {
    let host = MemoryHost::new(Platform::Linux).file("/x.zip", input);
    let lookups = Lookups::new(&host, None);
    finders::is_zip(&lookups, "/x.zip".into());
    for name in ["a", "encodings"] {
        if let Some(found) = finders::find_in_zip(&lookups, "/x.zip".into(), name) {
            let file = [found.as_slice(), b"/__init__.py"].concat();
            finders::read_in_zip(&lookups, "/x.zip".into(), file.as_slice().into());
        }
    }
});
