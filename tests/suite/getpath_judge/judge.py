"""Evaluates the path configuration that an interpreter carries over imaginary file systems.

CPython from 3.11 on holds `getpath` as a frozen script that takes everything it needs from its globals. This program
gives it helpers that answer from a description of a machine, one JSON document a line on standard input, and says
what came out: the values, every question in order, the warnings. `upstream` as an argument makes it print the
situations of the interpreter's own test_getpath in the same form, with the values that they expect.
"""
import errno, json, ntpath, os, sys

POSIX_ERRORS = {'missing': errno.ENOENT, 'no-directory': errno.ENOTDIR, 'denied': errno.EACCES, 'loop': errno.ELOOP}
MOST_LINKS = 40
MOST_BYTES = 32 * 1024


def script():
    from _testinternalcapi import get_getpath_codeobject
    return get_getpath_codeobject()


class Failure(Exception):
    """Why the imaginary machine cannot answer: a key of POSIX_ERRORS."""


# The machine


class Machine:
    """Files, directories and links, found name by name as a kernel finds them."""

    def __init__(self, case):
        self.windows = case['os'] == 'windows'
        self.cwd = case['cwd']
        self.nodes = {}
        for path in case['directories']:
            self.put(path, ('directory', None))
        for file in case['files']:
            self.put(file['path'], ('file', file))
        for path, target in case['links']:
            self.put(path, ('link', target))

    def parts(self, path):
        """The root and the names below it."""
        if not self.windows:
            return '/', path.split('/')
        drive, rest = ntpath.splitdrive(ntpath.normpath(path))
        return drive.lower(), rest.split('\\')

    def absolute(self, path):
        if self.windows:
            return ntpath.join(self.cwd, path)
        return path if path.startswith('/') else self.cwd + '/' + path

    def put(self, path, node):
        root, names = self.parts(path)
        names = [name for name in names if name]
        known = [self.fold(name) for name in names]
        for count in range(len(names)):
            self.nodes.setdefault((root, *known[:count]), ('directory', None, None))
        shown = ntpath.normpath(path) if self.windows else path
        self.nodes[(root, *known)] = (*node, shown)

    def fold(self, name):
        return name.lower() if self.windows else name

    def find(self, path, follow=True):
        """The node at `path`, and where it really lies."""
        if not path:
            raise Failure('missing')
        root, names = self.parts(self.absolute(path))
        todo = list(reversed(names))
        place = (root,)
        hops = 0
        if place not in self.nodes:
            raise Failure('missing')
        while todo:
            name = todo.pop()
            if self.nodes[place][0] != 'directory':
                raise Failure('no-directory')
            if name in ('', '.'):
                continue
            if name == '..':
                place = place[:-1] if len(place) > 1 else place
                continue
            below = (*place, self.fold(name))
            if below not in self.nodes:
                raise Failure('missing')
            kind, target, _ = self.nodes[below]
            if kind == 'link' and (todo or follow):
                hops += 1
                if hops > MOST_LINKS:
                    raise Failure('loop')
                link_root, link_names = self.parts(target)
                if self.windows and link_root or not self.windows and target.startswith('/'):
                    place = (link_root,)
                todo.extend(reversed(link_names))
                continue
            place = below
        return self.nodes[place]


# The helpers of Modules/getpath.c


class Helpers:
    """What the script finds among its globals."""

    def __init__(self, case):
        self.case = case
        self.machine = Machine(case)
        self.asked = []
        self.warnings = []

    def note(self, op, path, answer):
        self.asked.append([op, path, answer])
        return answer

    def is_kind(self, path, kind):
        try:
            return self.machine.find(path)[0] == kind
        except Failure:
            return False

    def isfile(self, path):
        return self.note('is_file', path, self.is_kind(path, 'file'))

    def isdir(self, path):
        return self.note('is_dir', path, self.is_kind(path, 'directory'))

    def readlines(self, path):
        try:
            text = self.read(path)
        except OSError:
            self.note('read', path, False)
            raise
        except MemoryError:
            self.note('read', path, True)
            raise
        self.note('read', path, True)
        lines = text.split('\0')[0].split('\n')
        last = lines.pop()
        return [line.rstrip('\r\n') for line in lines] + ([last] if last else [])

    def read(self, path):
        if not self.is_name(path):
            raise OSError(22, os.strerror(22), path)
        try:
            kind, file, _ = self.machine.find(path)
        except Failure as failure:
            raise self.error(str(failure), path)
        if kind == 'directory':
            return self.read_directory(path)
        if file.get('denied'):
            raise self.error('denied', path)
        text = file.get('text') or ''
        if len(text.encode('utf-8', 'surrogateescape')) >= MOST_BYTES:
            raise MemoryError('cannot read file larger than 32KB during initialization')
        return text

    def is_name(self, path):
        """Whether the system can have a file of that name; it refuses to open one that it cannot."""
        return True

    def warn(self, message):
        self.warnings.append(message)

    def globals(self):
        names = 'abspath basename dirname hassuffix isabs isdir isfile isxfile joinpath readlines realpath warn'
        return {name: getattr(self, name) for name in names.split()}


class PosixHelpers(Helpers):
    SEP = '/'

    def error(self, failure, path):
        number = POSIX_ERRORS[failure]
        return OSError(number, os.strerror(number), path)

    def read_directory(self, path):
        return ''

    def isxfile(self, path):
        try:
            kind, file, _ = self.machine.find(path)
        except Failure:
            return self.note('is_executable', path, False)
        return self.note('is_executable', path, kind == 'file' and bool(file.get('executable')))

    def isabs(self, path):
        return path.startswith('/')

    def hassuffix(self, path, suffix):
        return path.endswith(suffix)

    def dirname(self, path):
        return path[:path.rfind('/')] if '/' in path else ''

    def basename(self, path):
        return path[path.rfind('/') + 1:]

    def normpath(self, path):
        """_Py_normpath: nothing left stays empty, and only a dot with something behind it is dropped."""
        if path == '.':
            return path
        slashes = len(path) - len(path.lstrip('/'))
        root = '/' if slashes in (1, *range(3, slashes + 1)) else '/' * slashes
        kept = []
        for name in path.split('/'):
            if name in ('', '.'):
                continue
            if name == '..' and (kept and kept[-1] != '..'):
                kept.pop()
            elif name != '..' or not root:
                kept.append(name)
        return root + '/'.join(kept)

    def joinpath(self, *parts):
        first = max((i for i, part in enumerate(parts) if self.isabs(part)), default=0)
        joined = ''
        for part in parts[first:]:
            if not joined:
                joined = part
                continue
            # A left side of one character gets no separator.
            if len(joined) > 1 and not joined.endswith('/'):
                joined += '/'
            joined += part
        return self.normpath(joined)

    def abspath(self, path):
        path = self.normpath(path)
        if self.isabs(path):
            return path
        if path in ('', '.'):
            return self.machine.cwd
        return self.machine.cwd + '/' + path

    def readlink(self, path):
        try:
            kind, target, _ = self.machine.find(path, follow=False)
        except Failure:
            kind = None
        if kind != 'link':
            self.note('read_link', path, None)
            return None
        return self.note('read_link', path, target)

    def realpath(self, path):
        for _ in range(MOST_LINKS):
            target = self.readlink(path)
            if target is None:
                return path
            if self.isabs(target):
                path = target
            else:
                path = self.joinpath(self.dirname(path) if '/' in path else path, target)
        raise OSError(errno.ELOOP, 'too many links')


def is_drive(path):
    return path[1:2] == ':' and path[0].isascii() and path[0].isalpha()


def whole_root(path):
    """What PathCchStripToRoot leaves: a share with its server, or a drive."""
    if path[:2] == '\\\\':
        ends = [at for at, letter in enumerate(path) if letter == '\\' and at > 1]
        return path[:ends[1] + 1] if len(ends) > 1 else path
    end = 2 if is_drive(path) else 0
    return path[:end + (path[end:end + 1] == '\\')]


def shown_root(path):
    """The root as PathCchCanonicalizeEx writes it, and what follows."""
    if path[:8].upper() == '\\\\?\\UNC\\':
        return '\\\\', path[8:]
    if path[:4] == '\\\\?\\':
        rest = path[4:]
        return (rest[:2] + '\\', rest[2 + (rest[2:3] == '\\'):]) if is_drive(rest) else ('', path)
    end = 2 if path[:2] == '\\\\' else len(whole_root(path))
    return path[:end], path[end:]


def canonical(path):
    """PathCchCanonicalizeEx, as Wine has it."""
    out, rest = shown_root(path)
    root = len(out)
    while rest:
        dots = 2 if rest[:2] == '..' else int(rest[0] == '.')
        if not dots or rest[dots:dots + 1] not in ('', '\\') or out and out[-1] != '\\':
            out, rest = out + rest[:max(dots, 1)], rest[max(dots, 1):]
            continue
        rest = rest[dots:]
        if len(out) > root:
            out = out[:-1] if dots == 1 else out[:max(out[:-1].rfind('\\'), 0)]
        else:
            rest = rest[rest[:1] == '\\':]
        if is_drive(out) and out[2:3] != '\\':
            out = out[:2] + '\\'
            root, rest = len(out), rest[rest[:1] == '\\':]
    out = out.rstrip('.')
    return out + '\\' if not out or is_drive(out) and len(out) == 2 else out


class WindowsHelpers(Helpers):
    SEP = '\\'

    def is_name(self, path):
        path = path[4:] if path.startswith('\\\\?\\') else path
        return not any(letter < ' ' or letter in '"<>|?*' for letter in path)

    def error(self, failure, path):
        # A file among the folders of a path is a path not found, and a folder that is opened may not be.
        number = {'no-directory': errno.ENOENT}.get(failure, POSIX_ERRORS[failure])
        return OSError(number, os.strerror(number), path)

    def read_directory(self, path):
        raise self.error('denied', path)

    def isxfile(self, path):
        return self.note('is_executable', path, path.lower().endswith('.exe') and self.is_kind(path, 'file'))

    def isabs(self, path):
        return path[1:3] == ':\\' or path[:2] == '\\\\'

    def hassuffix(self, path, suffix):
        return path.lower().endswith(suffix.lower())

    def dirname(self, path):
        return path[:path.rfind('\\')] if '\\' in path else ''

    def basename(self, path):
        return path[path.rfind('\\') + 1:]

    def normpath(self, path):
        if path in ('', '.'):
            return path
        normal = ntpath.normpath(path)
        return '' if normal == '.' else normal

    def combine(self, left, right):
        """PathCchCombineEx: a root without a drive takes that of the left side."""
        if not right and is_drive(left) and len(left) == 2:
            return left
        if right[1:2] == ':' or right[:2] == '\\\\':
            joined = right
        elif right[:1] == '\\':
            above = whole_root(left)
            joined = above + ('' if not above or above.endswith('\\') else '\\') + right[1:]
        else:
            joined = left + ('' if not left or left.endswith('\\') or not right else '\\') + right
        return canonical(joined)

    def joinpath(self, *parts):
        first = max((i for i, part in enumerate(parts) if self.isabs(part)), default=0)
        joined = ''
        for part in parts[first:]:
            joined = self.combine(joined, part) if joined else part
        return self.normpath(joined)

    def abspath(self, path):
        path = self.normpath(path)
        return path if self.isabs(path) else ntpath.normpath(ntpath.join(self.machine.cwd, path))

    def realpath(self, path):
        if sys.version_info < (3, 13):
            return path
        try:
            real = self.machine.find(path)[2]
        except Failure as failure:
            self.note('real_path', path, None)
            raise self.error(str(failure), path)
        self.note('real_path', path, real)
        return path if real.lower() == path.lower() else real


class Registry:
    """The functions of winreg that the script calls; a key is the list of its values by subkey."""
    HKEY_CURRENT_USER = 'HKEY_CURRENT_USER'
    HKEY_LOCAL_MACHINE = 'HKEY_LOCAL_MACHINE'

    def __init__(self, case):
        self.keys = case['registry']

    def OpenKeyEx(self, hive, name):
        if hive not in self.keys:
            raise FileNotFoundError(name)
        return self.keys[hive]

    def EnumKey(self, key, index):
        names = sorted((name for name in key if name), key=str.upper)
        if index >= len(names):
            raise OSError('no more data')
        return names[index]

    def QueryValue(self, key, name):
        # A key without a default value has the empty text for one.
        return key.get(name or '') or ''

    def CloseKey(self, key):
        pass


# One case


def environment(case, name):
    return case['variables'].get(name)


def configuration(case):
    counts = not (case['ignore_environment'] or case['isolated'])
    config = dict.fromkeys('home program_name prefix exec_prefix base_prefix base_exec_prefix executable stdlib_dir '
                           'platstdlib_dir module_search_paths pythonpath argv'.split())
    config.update(
        base_executable='', module_search_paths_set=0, orig_argv=[case['argv0']], _is_python_build=0,
        isolated=int(case['isolated']), use_environment=int(counts), site_import=0,
        safe_path=int(case['isolated']), user_site_directory=int(not case['isolated']),
        platlibdir=environment(case, 'PYTHONPLATLIBDIR') or None if counts else None,
        pythonpath_env=environment(case, 'PYTHONPATH') or None if counts else None)
    return config


def evaluate(code, case):
    windows = case['os'] == 'windows'
    helpers = (WindowsHelpers if windows else PosixHelpers)(case)
    names = helpers.globals()
    built = case['compiled']
    names.update(
        os_name={'windows': 'nt', 'macos': 'darwin', 'linux': 'posix'}[case['os']],
        config=configuration(case),
        PREFIX=built['prefix'], EXEC_PREFIX=built['exec_prefix'], PYTHONPATH=built['pythonpath'],
        VPATH=built['vpath'], PLATLIBDIR=built['platlibdir'], ABI_THREAD=built['abi_thread'],
        PYDEBUGEXT='_d' if built['debug'] else '', EXE_SUFFIX='.exe' if windows else None,
        WITH_NEXT_FRAMEWORK=int(built['framework']), PYWINVER=built['winver'],
        VERSION_MAJOR=sys.version_info[0], VERSION_MINOR=sys.version_info[1],
        ENV_PATH=environment(case, 'PATH'), ENV_PYTHONHOME=environment(case, 'PYTHONHOME'),
        ENV_PYTHONEXECUTABLE=environment(case, 'PYTHONEXECUTABLE'),
        ENV___PYVENV_LAUNCHER__=environment(case, '__PYVENV_LAUNCHER__'),
        real_executable=case['real_executable'], library=case['library'], executable_dir=None, py_setpath=None,
        winreg=Registry(case) if windows else None)
    error = None
    try:
        exec(code, names)
    except Exception as raised:
        error = type(raised).__name__
    config = names['config']
    wanted = ('executable base_executable prefix exec_prefix base_prefix base_exec_prefix module_search_paths '
              'stdlib_dir platlibdir isolated use_environment site_import safe_path user_site_directory')
    return {
        'error': error,
        'values': {name: config[name] for name in wanted.split()},
        'asked': helpers.asked,
        'warnings': helpers.warnings,
    }


# The situations of test_getpath


class Collector:
    """Stands in for the function that upstream's tests call with a namespace and what they expect of it."""

    def __init__(self, module):
        self.module = module
        self.cases = []
        self.name = None
        self.watch(module.MockNTNamespace)
        self.watch(module.MockPosixNamespace)

    def watch(self, mock):
        """Notes what the namespace is told, as it was spelt."""
        def noted(kind):
            tell = getattr(mock, 'add_known_' + kind)

            def watched(namespace, path, *rest):
                namespace.__dict__.setdefault('told', []).append((kind, path, *rest))
                return tell(namespace, path, *rest)
            return watched
        for kind in ('file', 'xfile', 'link', 'dir'):
            setattr(mock, 'add_known_' + kind, noted(kind))

    def __call__(self, namespace, expected):
        self.cases.append(self.describe(namespace, expected))
        return expected

    def describe(self, namespace, expected):
        config = namespace['config']
        windows = namespace['os_name'] == 'nt'
        preset = {key: config[key] for key in ('home', 'stdlib_dir', 'executable', 'program_name') if config.get(key)}
        if namespace.get('py_setpath'):
            preset['py_setpath'] = namespace['py_setpath']
        variables = {name[4:]: value for name, value in namespace.items() if name.startswith('ENV_') and value}
        for key, name in (('platlibdir', 'PYTHONPLATLIBDIR'), ('pythonpath_env', 'PYTHONPATH')):
            if config.get(key):
                variables[name] = config[key]
        case = {
            'name': self.name,
            'os': {'nt': 'windows', 'darwin': 'macos', 'posix': 'linux'}[namespace['os_name']],
            'cwd': 'C:\\Absolute' if windows else '/Absolute',
            'argv0': (config.get('orig_argv') or [''])[0],
            'real_executable': namespace['real_executable'] or None,
            'library': namespace['library'] or None,
            'compiled': {
                'prefix': namespace['PREFIX'] or '', 'exec_prefix': namespace['EXEC_PREFIX'] or '',
                'pythonpath': namespace['PYTHONPATH'] or '', 'vpath': namespace['VPATH'] or '',
                'platlibdir': namespace['PLATLIBDIR'] or '', 'abi_thread': namespace.get('ABI_THREAD') or '',
                'framework': bool(namespace.get('WITH_NEXT_FRAMEWORK')), 'debug': False,
                'winver': namespace['PYWINVER'] or '',
            },
            'variables': variables,
            'ignore_environment': not config.get('use_environment', 1),
            'isolated': False,
            **self.files(namespace),
            'registry': self.registry(namespace.get('winreg')),
        }
        return {'case': case, 'preset': preset, 'expected': {k: v for k, v in expected.items() if v is not ...}}

    def files(self, namespace):
        files, directories, links = {}, [], {}
        for kind, path, *rest in getattr(namespace, 'told', []):
            if kind == 'dir':
                directories.append(path)
            elif kind == 'link':
                links[path] = rest[0]
            else:
                lines = rest[0] if rest and rest[0] else []
                known = files.setdefault(path, {'path': path, 'executable': False})
                known['executable'] |= kind == 'xfile'
                known['text'] = ''.join(line + '\n' for line in lines)
        return {
            'files': [file for path, file in files.items() if path not in links],
            'directories': directories,
            'links': list(links.items()),
        }

    def registry(self, winreg):
        found = {}
        for name, value in (winreg.keys if winreg else {}).items():
            hive, _, rest = name.partition('\\')
            below = rest.partition('\\pythonpath')[2].strip('\\')
            hive = {'hklm': Registry.HKEY_LOCAL_MACHINE, 'hkcu': Registry.HKEY_CURRENT_USER}[hive]
            if '\\' not in below:
                found.setdefault(hive, {})[below] = value or ''
        return found


def present_version(document):
    """Upstream's tests are written for a version 9.8."""
    major, minor = sys.version_info[:2]
    numbers = (('9.8', f'{major}.{minor}'), ('98', f'{major}{minor}'), ('python9', f'python{major}'))
    for theirs, ours in numbers:
        document = document.replace(theirs, ours)
    return document


def upstream():
    try:
        import test.test_getpath as module
    except ImportError as error:
        print(json.dumps({'missed': str(error)}), flush=True)
        return
    import unittest
    collector = module.getpath = Collector(module)
    for name in unittest.defaultTestLoader.getTestCaseNames(module.MockGetPathTests):
        collector.name = name
        module.MockGetPathTests(name).debug()
    for case in collector.cases:
        print(present_version(json.dumps(case)), flush=True)


def main():
    try:
        code = script()
    except ImportError as error:
        print(json.dumps({'missed': str(error)}), flush=True)
        return
    if sys.argv[1:] == ['upstream']:
        upstream()
        return
    print(json.dumps({'version': list(sys.version_info), 'executable': os.path.realpath(sys.executable)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(evaluate(code, json.loads(line))), flush=True)


main()
