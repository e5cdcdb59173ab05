# Runs inside the interpreter under test, launched as the layout says, and prints for each name in `sys.argv` what an
# import of it gets, one line of JSON each. A string in it is in hexadecimal digits if it may be a path.
#
# Nothing is imported but what is in `sys.modules` already: an import could itself be answered by the layout. Each name
# is asked in a process of its own, because the parents of a name are executed.
import sys

LOADED = set(sys.modules)
POSIX = sys.modules['posix']
BOOT = sys.modules['_frozen_importlib']
EXTERNAL = sys.modules['_frozen_importlib_external']
PATH_FINDER = EXTERNAL.PathFinder

# Files that count as taken away, and the files that finders found to be there.
TAKEN = set()
SEEN = []
IS_FILE = EXTERNAL._path_isfile


def is_file(path):
    there = path not in TAKEN and IS_FILE(path)
    if there:
        SEEN.append(path)
    return there


EXTERNAL._path_isfile = is_file


class Raises(Exception):
    pass


def encoded(value):
    if isinstance(value, bytes):
        data = value
    else:
        try:
            data = value.encode(sys.getfilesystemencoding(), 'surrogateescape')
        except UnicodeError:
            data = value.encode('utf-8', 'surrogateescape')
    return ''.join(['%02x' % byte for byte in bytearray(data)])


def json(value):
    if value is None:
        return 'null'
    if value is True or value is False:
        return 'true' if value else 'false'
    if isinstance(value, list):
        return '[' + ','.join([json(item) for item in value]) + ']'
    if isinstance(value, dict):
        return '{' + ','.join(['"%s":%s' % (key, json(item)) for key, item in value.items()]) + '}'
    return '"%s"' % value


def path_of(value):
    return None if value is None else encoded(value)


def title(thing):
    return (thing if isinstance(thing, type) else type(thing)).__name__


def zip_member(spec):
    # Which member of a zip is the module: the origin tells, unless no member could be read.
    origin = spec.origin
    if origin == '<unknown>':
        loader, tail = spec.loader, spec.name.rpartition('.')[2]
        members = sys.modules['zipimport']._zip_directory_cache[loader.archive]
        for suffix in ('/__init__.pyc', '/__init__.py', '.pyc', '.py'):
            if loader.prefix + tail + suffix in members:
                return 'bytecode' if suffix.endswith('c') else 'source', None
    return 'bytecode' if origin.endswith('.pyc') else 'source', origin


def describe(spec):
    # The kind, the origin and the locations of a spec.
    loader = spec.loader
    locations = spec.submodule_search_locations
    locations = None if locations is None else list(locations)
    package = locations is not None
    kind, origin = None, None
    if loader is BOOT.BuiltinImporter:
        kind = 'builtin'
    elif loader is BOOT.FrozenImporter:
        kind = 'frozen-package' if package else 'frozen'
    elif loader is None or title(loader) in ('_NamespaceLoader', 'NamespaceLoader') or package and not spec.origin:
        kind = 'namespace'
    elif title(loader) == 'zipimporter':
        form, origin = zip_member(spec)
        if package:
            kind = 'zip-package' if form == 'source' else 'zip-package-bytecode'
        else:
            kind = 'zip-' + form
    else:
        origin = spec.origin
        forms = {'SourceFileLoader': 'source', 'SourcelessFileLoader': 'bytecode', 'ExtensionFileLoader': 'extension'}
        form = forms.get(title(loader))
        if form is None:
            ending = str(origin).rpartition('.')[2]
            form = {'py': 'source', 'pyc': 'bytecode', 'so': 'extension'}.get(ending, 'other')
        if package:
            kind = 'package' if form == 'source' else 'package-' + form
        else:
            kind = form
    return kind, origin, locations


def name_of_finder(finder):
    if finder is BOOT.BuiltinImporter:
        return 'builtin'
    if finder is BOOT.FrozenImporter:
        return 'frozen'
    if finder is PATH_FINDER:
        return 'path'
    return (finder if isinstance(finder, type) else type(finder)).__module__


def ask_meta(finder, name, path):
    if hasattr(finder, 'find_spec'):
        return finder.find_spec(name, path, None)
    loader = finder.find_module(name, path)
    return None if loader is None else BOOT.spec_from_loader(name, loader)


def ask_entry(entry, name):
    if not isinstance(entry, str):
        return None
    finder = PATH_FINDER._path_importer_cache(entry)
    if finder is None:
        return None
    if hasattr(finder, 'find_spec'):
        return finder.find_spec(name)
    return PATH_FINDER._legacy_get_spec(name, finder)


def folder(path):
    return path.rpartition('/')[0]


def candidates_of_entry(entry, name):
    # All that one entry gives, one after the other, each with those before it taken away.
    found, packages = [], set()
    while True:
        del SEEN[:]
        spec = ask_entry(entry, name)
        if spec is None:
            break
        if spec.loader is None:
            for portion in list(spec.submodule_search_locations or []):
                if portion not in packages:
                    found.append(('namespace', portion, 'path', entry))
            break
        kind, origin, locations = describe(spec)
        found.append((kind, origin, 'path', entry))
        if not SEEN:
            break
        if locations is not None:
            packages.update(locations)
        TAKEN.add(SEEN[-1])
    TAKEN.clear()
    return found


def is_own(path):
    # Whether a file may be moved: it is in the layout, and no symlink leads to another place.
    if not path.startswith(WORK + '/') or '/../' in path:
        return False
    try:
        while len(path) > len(WORK):
            if POSIX.lstat(path).st_mode & 0o170000 == 0o120000:
                return False
            path = folder(path)
    except OSError:
        return False
    return True


def candidates_of_other(finder, name, path):
    # The same for a finder that start-up code installed: its files are really moved away for a moment.
    found, moved = [], []
    try:
        while True:
            spec = ask_meta(finder, name, path)
            if spec is None:
                break
            kind, origin, locations = describe(spec)
            if kind == 'namespace':
                found += [(kind, portion, name_of_finder(finder), None) for portion in locations]
                break
            if origin in moved:
                # It gives this file whether it is there or not.
                break
            found.append((kind, origin, name_of_finder(finder), None))
            if not origin or not is_own(origin):
                break
            POSIX.rename(origin, origin + '.taken')
            moved.append(origin)
    finally:
        for origin in moved:
            POSIX.rename(origin + '.taken', origin)
    return found


def candidates(name, path):
    # Every candidate of the whole search, in its order: kind, path, finder, entry.
    found = []
    for finder in list(sys.meta_path):
        if finder is PATH_FINDER:
            for entry in list(sys.path if path is None else path):
                found += candidates_of_entry(entry, name)
        elif finder is BOOT.BuiltinImporter or finder is BOOT.FrozenImporter:
            spec = ask_meta(finder, name, path)
            if spec is not None:
                found.append((describe(spec)[0], None, name_of_finder(finder), None))
        else:
            found += candidates_of_other(finder, name, path)
    return found


def winner(name, path):
    for finder in list(sys.meta_path):
        spec = ask_meta(finder, name, path)
        if spec is not None:
            return finder, spec
    return None, None


def entry_of(spec, name, path):
    # The entry that gives what the path search gives.
    for entry in list(sys.path if path is None else path):
        one = ask_entry(entry, name)
        if one is None:
            continue
        if one.loader is not None or spec.loader is None and one.submodule_search_locations:
            return entry
    raise Raises('no entry gives what the path search gives')


def locations_of_parent(name):
    # Imports the parents: the locations for the search, or a word for why there is none.
    parent = name.rpartition('.')[0]
    if not parent:
        return None, None
    where, why = locations_of_parent(parent)
    if parent not in sys.modules:
        if why:
            return None, why
        if winner(parent, where)[1] is None:
            return None, 'missing'
        try:
            __import__(parent)
        except BaseException as error:
            return None, 'raises ' + title(error)
    if sys.modules.get(parent) is None:
        return None, 'missing'
    try:
        return list(sys.modules[parent].__path__), None
    except (AttributeError, SystemError):
        # 3.13.0 looks for the working directory to make a suggestion, and fails over one that was removed.
        return None, 'missing'


def of_loaded(name, path, why):
    # A module that is in `sys.modules`: where it came from, and where the search finds that very file now.
    spec = getattr(sys.modules[name], '__spec__', None)
    others = [] if why else candidates(name, path)
    if spec is None:
        return None
    kind, origin, locations = describe(spec)
    if kind in ('builtin', 'frozen', 'frozen-package'):
        return kind, origin, locations, (kind.partition('-')[0], None), others
    # `os.path` has the spec of `posixpath`.
    elsewhere = [] if spec.name == name else candidates(spec.name, locations_of_parent(spec.name)[0])
    for other in others + elsewhere:
        if other[1] == origin or kind == 'namespace' and other[0] == kind and other[1] in locations:
            return kind, origin, locations, (other[2], other[3]), others
    return kind, origin, locations, ('nowhere', None), others


def found(name, path):
    others = candidates(name, path)
    finder, spec = winner(name, path)
    if spec is None:
        return 'missing', None, None, None, others
    kind, origin, locations = describe(spec)
    entry = entry_of(spec, name, path) if finder is PATH_FINDER else None
    return kind, origin, locations, (name_of_finder(finder), entry), others


def without(others, kind, origin, locations):
    # The candidates but the winner, each path once. The directory of a package that is found is no portion.
    rest, paths = [], set()
    packages = [folder(other[1]) for other in others if other[1] and 'package' in other[0]]
    for other in others:
        if other[0] == 'namespace' and other[1] in packages:
            continue
        if other[1] is None:
            if other[0] == kind or other[:2] in [item[:2] for item in rest]:
                continue
        elif other[1] in paths or other[1] == origin or kind == 'namespace' and other[1] in locations:
            continue
        paths.add(other[1])
        rest.append(other)
    return [{'kind': other[0], 'path': path_of(other[1])} for other in rest]


def answer(name):
    path, why = locations_of_parent(name)
    if name in sys.modules:
        if sys.modules[name] is None:
            return {'kind': 'missing', 'loaded': False, 'shadows': []}
        told = of_loaded(name, path, why)
        if told is None:
            return {'kind': 'no-spec', 'loaded': name in LOADED}
    elif why:
        return {'kind': why.partition(' ')[0], 'why': why, 'loaded': name in LOADED, 'shadows': []}
    else:
        told = found(name, path)
    kind, origin, locations, by, others = told
    return {
        'kind': kind,
        'origin': path_of(origin),
        'locations': None if locations is None else [path_of(location) for location in locations],
        'found_by': by and {'finder': by[0], 'entry': path_of(by[1])},
        'shadows': without(others, kind, origin, locations),
        'loaded': name in LOADED,
    }


def say(number, text):
    # The descriptor is written to at once: what is imported may print, too.
    POSIX.write(1, ('@@%d %s\n' % (number, text)).encode('ascii'))


def in_a_process(number, name):
    process = POSIX.fork()
    if process:
        if POSIX.waitpid(process, 0)[1]:
            say(number, '{"kind":"raises","why":"the process ended","shadows":[],"loaded":false}')
        return
    try:
        text = json(answer(name))
    except BaseException as error:
        text = '{"kind":"probe-fails","why":"%s"}' % encoded('%s: %s' % (title(error), error))
    say(number, text)
    POSIX._exit(0)


WORK = sys.argv[1]
sys.stdout.flush()
say(0, json({'path': [path_of(entry) if isinstance(entry, str) else 'other' for entry in sys.path]}))
for NUMBER, NAME in enumerate(sys.argv[2:]):
    in_a_process(NUMBER + 1, NAME)
