# What the tests have to know about an interpreter: one line for each fact, its words separated by blanks.
import importlib.machinery
import importlib.util
import marshal
import sys

import _imp

print('suffixes', *importlib.machinery.EXTENSION_SUFFIXES)
print('magic', ''.join('%02x' % byte for byte in importlib.util.MAGIC_NUMBER))
print('code', ''.join('%02x' % byte for byte in marshal.dumps(compile('', 'x.py', 'exec'))))
print('builtin', *sys.builtin_module_names)
names = getattr(_imp, '_frozen_module_names', None)
if names:
    print('frozen', *names())
