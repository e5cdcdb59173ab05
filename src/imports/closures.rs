//! What the modules of the standard library load that startup code of tools imports.

use crate::interpreter::Version;

/// Modules, and what is in `sys.modules` once each is imported, beyond what the site module loads anyway. Behind `@`, the first
/// and the last minor version that loads it; where a minor version differs within itself, its newest release counts.
const LOADS: &[(&str, &str)] = &[
    (
        "types",
        "_collections@-6 _functools@-6 _heapq@-6 _operator@-6 _types@14- collections@-6 collections.abc@-6 \
         functools@-6 heapq@-6 itertools@-6 keyword@-6 operator@-6 reprlib@-6 types weakref@-6",
    ),
    (
        "importlib",
        "_collections@-6 _functools@-6 _heapq@-6 _operator@-6 collections@-6 collections.abc@-6 functools@-6 \
         heapq@-6 importlib importlib._bootstrap importlib._bootstrap_external itertools@-6 keyword@-6 \
         operator@-6 reprlib@-6 types@-9 warnings@-12 weakref@-6",
    ),
    (
        "importlib.machinery",
        "_collections@-6 _functools@-6 _heapq@-6 _operator@-6 collections@-6 collections.abc@-6 functools@-6 \
         heapq@-6 importlib importlib._bootstrap importlib._bootstrap_external importlib.machinery \
         itertools@-6 keyword@-6 operator@-6 reprlib@-6 types@-9 warnings@-12 weakref@-6",
    ),
    (
        "importlib.util",
        "_collections@-11 _functools@-11 _heapq@-9 _operator@-11 _sre@9-9 _types@14- collections@-11 \
         collections.abc@-6 collections.abc@9-9 contextlib@-11 copyreg@9-9 enum@9-9 functools@-11 heapq@-9 \
         importlib importlib._abc@10- importlib._bootstrap importlib._bootstrap_external importlib.abc@-9 \
         importlib.machinery@-9 importlib.util itertools@-11 keyword@-11 operator@-11 re@9-9 reprlib@-11 \
         sre_compile@9-9 sre_constants@9-9 sre_parse@9-9 types typing@9-9 typing.io@9-9 typing.re@9-9 \
         warnings@-12 weakref@-6",
    ),
    (
        "importlib.abc",
        "_ast@12-13 _bisect@11-13 _bz2@11-13 _collections@-6 _collections@9-13 _compression@11-13 \
         _functools@-6 _functools@9-13 _heapq@-6 _heapq@9-9 _locale@10-10 _lzma@11-13 _opcode@12-13 \
         _opcode_metadata@13-13 _operator@-6 _operator@9-13 _random@11-13 _sha2@12-12 _sha512@11-11 _sre@9-13 \
         _tokenize@12-13 _typing@11-13 ast@12-13 bisect@11-13 bz2@11-13 collections@-6 collections@9-13 \
         collections.abc@-6 collections.abc@9-13 contextlib@9-13 copyreg@9-13 dis@12-13 enum@9-13 \
         fnmatch@11-13 functools@-6 functools@9-13 glob@13-13 grp@13-13 heapq@-6 heapq@9-9 importlib \
         importlib._abc@10- importlib._bootstrap importlib._bootstrap_external importlib.abc \
         importlib.machinery importlib.resources@11-13 importlib.resources._adapters@11-12 \
         importlib.resources._common@11-13 importlib.resources._functional@13-13 \
         importlib.resources._legacy@11-12 importlib.resources.abc@11-13 inspect@12-13 ipaddress@11-12 \
         itertools@-6 itertools@9-13 keyword@-6 keyword@9-13 linecache@12-12 lzma@11-13 math@11-13 \
         ntpath@11-13 opcode@12-13 operator@-6 operator@9-13 pathlib@11-13 pathlib._abc@13-13 \
         pathlib._local@13-13 pwd@13-13 random@11-13 re@9-13 re._casefix@11-13 re._compiler@11-13 \
         re._constants@11-13 re._parser@11-13 reprlib@-6 reprlib@9-13 shutil@11-13 sre_compile@9-10 \
         sre_constants@9-10 sre_parse@9-10 tempfile@11-13 token@12-13 tokenize@12-13 types@-13 typing@9-13 \
         typing.io@9-12 typing.re@9-12 urllib@11-12 urllib.parse@11-12 warnings@-13 weakref@-6 weakref@11-13 \
         zlib@11-13",
    ),
    (
        "traceback",
        "__future__@13-13 _ast@14-14 _collections _colorize@13-14 _contextvars@14- _functools _heapq@-9 \
         _locale@10-10 _missing_stdlib_info@15- _opcode@14-14 _opcode_metadata@14-14 _operator \
         _py_warnings@14- _sre _tokenize@12-12 _tokenize@14- _types@14- annotationlib@14-14 ast@14-14 \
         collections collections.abc@-6 collections.abc@11- contextlib@11- copy@14-14 copyreg \
         dataclasses@14-14 dis@14-14 enum fcntl@15- functools grp@15- heapq@-9 importlib@14- \
         importlib._abc@15- importlib._bootstrap@14- importlib._bootstrap_external@14- \
         importlib.machinery@14-14 importlib.util@15- inspect@14-14 itertools keyword linecache ntpath@15- \
         opcode@14-14 operator pathlib@15- pathlib._os@15- pwd@15- re re._casefix@11- re._compiler@11- \
         re._constants@11- re._parser@11- reprlib sre_compile@-10 sre_constants@-10 sre_parse@-10 \
         textwrap@11- token@-12 token@14- tokenize@-12 tokenize@14- traceback types warnings@13- weakref@-6 \
         weakref@14-14",
    ),
    (
        "pathlib",
        "_collections@-14 _functools@-14 _heapq@-9 _locale@10-10 _operator _sre@-14 _types@14-14 \
         collections@-14 collections.abc@-6 collections.abc@13-14 contextlib@-6 contextlib@13-14 copyreg@-14 \
         enum@-14 fcntl@14- fnmatch@-14 functools@-14 glob@13-14 grp@13- heapq@-9 ipaddress@11-12 itertools \
         keyword@-14 math@12-12 ntpath operator pathlib pathlib._abc@13-13 pathlib._local@13-13 \
         pathlib._os@14- pwd@13- re@-14 re._casefix@11-14 re._compiler@11-14 re._constants@11-14 \
         re._parser@11-14 reprlib@-14 sre_compile@-10 sre_constants@-10 sre_parse@-10 types@-14 urllib@-12 \
         urllib.parse@-12 warnings@8-13 weakref@-6",
    ),
    (
        "contextlib",
        "_collections _functools _heapq@-9 _operator _types@14- collections collections.abc@-6 \
         collections.abc@13- contextlib functools heapq@-9 itertools keyword operator reprlib types@-6 \
         types@8- weakref@-6",
    ),
    ("itertools", "itertools"),
    (
        "functools",
        "_collections _functools _heapq@-9 _operator _types@14- collections collections.abc@-6 \
         collections.abc@13- functools heapq@-9 itertools keyword operator reprlib types@-6 types@9-12 \
         types@14- weakref@-6",
    ),
    (
        "typing",
        "_collections _functools _heapq@-9 _locale@10-10 _operator _sre@-12 _types@14- _typing@11- \
         collections collections.abc contextlib@-12 copyreg enum@-12 functools heapq@-9 itertools keyword \
         operator re@-12 re._casefix@11-12 re._compiler@11-12 re._constants@11-12 re._parser@11-12 reprlib \
         sre_compile@-10 sre_constants@-10 sre_parse@-10 types typing typing.io@-12 typing.re@-12 \
         warnings@11-12 weakref@-6",
    ),
    ("warnings", "_contextvars@14- _py_warnings@14- warnings"),
    (
        "re",
        "_collections _functools _heapq@-9 _locale@10-10 _operator _sre _types@14- collections \
         collections.abc@-6 collections.abc@13- copyreg enum functools heapq@-9 itertools keyword operator re \
         re._casefix@11- re._compiler@11- re._constants@11- re._parser@11- reprlib sre_compile@-10 \
         sre_constants@-10 sre_parse@-10 types weakref@-6",
    ),
];

/// Whether importing a module of the standard library loads another; of modules that are not in the table, this is not known.
pub(super) fn loads(module: &str, other: &str, version: Version) -> bool {
    let Some((_, names)) = LOADS.iter().find(|(known, _)| *known == module) else { return module == other };
    names.split(' ').any(|item| {
        let (name, range) = item.split_once('@').unwrap_or((item, "-"));
        name == other && is_within(range, version)
    })
}

/// Whether it is known what importing a module loads.
pub(super) fn is_known(module: &str) -> bool {
    LOADS.iter().any(|(known, _)| *known == module)
}

/// Whether a version is in a range such as `9-13`, `-6` or `14-`.
fn is_within(range: &str, version: Version) -> bool {
    let Some((first, last)) = range.split_once('-') else { return false };
    let has_begun = first.parse().map_or(true, |first| version.has_reached(first));
    let has_ended = last.parse().is_ok_and(|last: u8| version.has_reached(last + 1));
    has_begun && !has_ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_of_minor_versions() {
        let at = |range: &str, minor| is_within(range, Version::feature(3, minor));
        assert!(
            at("-", 6)
                && at("-6", 6)
                && !at("-6", 7)
                && at("9-13", 9)
                && at("9-13", 13)
                && !at("9-13", 14)
                && at("14-", 15)
        );
    }

    #[test]
    fn every_module_loads_itself() {
        for (module, _) in LOADS {
            assert!(loads(module, module, Version::feature(3, 12)), "{module}");
        }
    }
}
