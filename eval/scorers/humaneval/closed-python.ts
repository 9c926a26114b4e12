/**
 * Python that takes from an interpreter what leads to JavaScript, to sockets or to raw memory, and what would let code under test step into its tests. No
 * solution has a use for any of it. What is imported from Pyodide is told apart by its name, and JavaScript's objects by their class, wherever they are held.
 */
export const closedPython = `
import builtins, gc, sys

closed = ('js', 'pyodide', 'pyodide_js', '_pyodide', '_pyodide_core', 'ctypes', '_ctypes', 'socket', '_socket', 'ssl', '_ssl')
proxy = sys.modules['pyodide.ffi'].JsProxy

def is_proxy(value):
    return any(base is proxy or base.__name__ == 'JsProxy' for base in type.__dict__['__mro__'].__get__(type(value)))

for holder in gc.get_objects():
    if type(holder).__name__ == 'JsLoader':
        holder.jsproxy = None
    if type(holder) is dict:
        for name in [name for name, value in holder.items() if is_proxy(value)]:
            del holder[name]

for name in [*sys.modules, *closed]:
    if name.split('.')[0] in closed:
        sys.modules[name] = None
sys.meta_path[:] = [finder for finder in sys.meta_path if 'pyodide' not in getattr(finder, '__module__', '')]

for name in ('settrace', 'setprofile', 'monitoring'):
    setattr(sys, name, None)
for name in ('exit', 'quit', 'help'):
    setattr(builtins, name, None)

for name in ('holder', 'value', 'finder', 'is_proxy', 'proxy', 'closed', 'builtins', 'gc', 'sys', 'name'):
    globals().pop(name, None)
`;
