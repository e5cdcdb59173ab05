//! What a `PyPy` holds itself. It has no table that could be read, so that the names are known per release.

use bstr::{BString, ByteSlice};

use crate::interpreter::{FrozenModule, Interpreter, ModuleTables};
use crate::startup::behaviors::Behaviors;

/// `sys.builtin_module_names` of PyPy 8.0.1 (3.11).
const BUILTIN: &str = "__exceptions__ __pypy__ __pypy__._pypydatetime __pypy__.bufferable __pypy__.builders __pypy__.intop \
    __pypy__.os __pypy__.thread _abc _ast _bz2 _cffi_backend _codecs _collections _continuation _csv _imp _io _jitlog _locale \
    _lsprof _md5 _minimal_curses _multibytecodec _multiprocessing _opcode _operator _pickle _pickle_support _posixsubprocess \
    _pypyjson _random _rawffi _rawffi.alt _signal _socket _sre _string _struct _testing _thread _vmprof _warnings _weakref array \
    atexit binascii builtins cmath cpyext errno faulthandler fcntl gc itertools marshal math mmap posix pwd pyexpat \
    pyexpat.errors pyexpat.model pypyjit select sys termios time token unicodedata zlib";

/// The modules of the import system, which no file replaces.
const FROZEN: [&str; 2] = ["_frozen_importlib", "_frozen_importlib_external"];

/// The tables.
pub(super) fn tables() -> ModuleTables {
    let frozen = FROZEN.map(|name| FrozenModule { name: name.into(), is_package: false, is_always_used: true });
    ModuleTables { builtin: BUILTIN.split(' ').map(BString::from).collect(), frozen: frozen.into(), suffixes: None }
}

/// The one suffix of its extension modules, which names its own release: `.pypy311-pp80-x86_64-linux-gnu.so`.
pub(super) fn suffix(interpreter: &Interpreter, behaviors: &Behaviors) -> BString {
    if let Some(known) = &interpreter.extension_suffix {
        return known.clone();
    }
    let own = interpreter.evidence.iter().find(|fact| fact.fact == "pypy_version");
    let parts: Vec<&[u8]> = own.map(|fact| fact.value.split_str(".").take(2).collect()).unwrap_or_default();
    let own = if parts.is_empty() { "73".into() } else { BString::from(parts.concat()) };
    format!(".pypy{}-pp{own}-x86_64-linux-gnu.so", behaviors.version().nodot()).into()
}

/// The number with which its compiled code begins, where that is known: PyPy 8.0.1 (3.11).
pub(super) fn magic(behaviors: &Behaviors) -> Option<u32> {
    (behaviors.version().short() == "3.11").then_some(0x0a0d_01b0)
}
