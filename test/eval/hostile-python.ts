/** Programs that try to leave the sandbox, to use it up, or to pass without being right. Written by hand for this project. A program that gets through passes. */
import type { PythonResult } from '../../eval/scorers/humaneval/run-python.ts';

export interface HostileProgram {
  readonly tries: string;
  readonly code: string;
  /** What it is judged to be. */
  readonly outcome: PythonResult['outcome'];
  /** Why it got no further, so that a slip in the program is not taken for a sandbox that holds. */
  readonly message: RegExp;
}

const noModule = /(?:ModuleNotFoundError|ImportError): /;
const noFile = /FileNotFoundError: /;
const overTime = /more than/;

const processes: readonly HostileProgram[] = [
  {
    tries: 'a fork bomb',
    code: 'import os\nwhile True:\n    os.fork()',
    outcome: 'failed',
    message: /has no attribute 'fork'|OSError|Function not implemented/,
  },
  {
    tries: 'a subprocess',
    code: 'import subprocess\nassert subprocess.run(["id"]).returncode == 0',
    outcome: 'failed',
    message: /OSError: \[Errno 138\]|does not support processes/,
  },
  {
    tries: 'a shell',
    code: 'import os\nassert os.system("id > /tmp/hostile") == 0',
    outcome: 'failed',
    message: /./,
  },
  {
    tries: 'to become another program',
    code: 'import os\nos.execv("/bin/sh", ["sh", "-c", "id"])',
    outcome: 'failed',
    message: /OSError|Exec format|FileNotFoundError|has no attribute/,
  },
  {
    tries: 'threads',
    code: 'import threading\nthreads = [threading.Thread(target=lambda: None) for _ in range(1000)]\nfor each in threads:\n    each.start()',
    outcome: 'failed',
    message: /can't start new thread/,
  },
  {
    tries: 'to kill the process that started it',
    code: 'import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nassert False, "still here"',
    outcome: 'failed',
    message: /./,
  },
];

const files: readonly HostileProgram[] = [
  { tries: 'to read the users', code: 'open("/etc/passwd").read()', outcome: 'failed', message: noFile },
  {
    tries: 'to read the environment of the process',
    code: 'open("/proc/self/environ", "rb").read()',
    outcome: 'failed',
    message: noFile,
  },
  {
    tries: 'to see the environment',
    code: `import os\nassert os.environ["PATH"] != "/" or any(${JSON.stringify(process.cwd())} in each for each in os.environ.values()), "nothing of the host"`,
    outcome: 'failed',
    message: /nothing of the host/,
  },
  {
    tries: 'to read this file',
    code: `open(${JSON.stringify(import.meta.filename)}).read()`,
    outcome: 'failed',
    message: noFile,
  },
  {
    tries: 'to read Pyodide’s folder',
    code: `import os\nos.listdir(${JSON.stringify(
      import.meta
        .resolve('pyodide')
        .replace('file://', '')
        .replace(/[^/]*$/, ''),
    )})`,
    outcome: 'failed',
    message: noFile,
  },
  {
    tries: 'to climb to the host’s root',
    code: 'import os\nassert "bin" in os.listdir("/../../../../.."), "its own root"',
    outcome: 'failed',
    message: /its own root/,
  },
  {
    tries: 'to fill the memory with a file',
    code: 'with open("/tmp/large", "wb") as file:\n    while True:\n        file.write(bytes(1_000_000))',
    outcome: 'failed',
    message: /No space left on device/,
  },
  {
    tries: 'to fill the memory with a file that is long and empty',
    code: 'import os\nwith open("/tmp/large", "wb") as file:\n    file.truncate(3_000_000_000)',
    outcome: 'failed',
    message: /No space left on device/,
  },
  {
    tries: 'to fill the memory with many files',
    code: 'for i in range(100_000):\n    with open(f"/tmp/{i}", "wb") as file:\n        file.write(bytes(100_000))',
    outcome: 'failed',
    message: /No space left on device/,
  },
  {
    tries: 'to fill the memory with links',
    code: 'import os\nfor i in range(10 ** 8):\n    os.symlink("x" * 4_000, f"/tmp/{i}")',
    outcome: 'out of memory',
    message: /./,
  },
  {
    tries: 'to fill the memory with a pipe',
    code: 'import os\nend = os.pipe()[1]\nwhile True:\n    os.write(end, bytes(1_000_000))',
    outcome: 'failed',
    message: /No space left on device/,
  },
];

const bridges: readonly HostileProgram[] = [
  ...['js', 'pyodide_js', 'pyodide', 'pyodide.code', 'pyodide.http', 'pyodide.ffi', 'pyodide_js._api'].map((name) => ({
    tries: `the bridge through ${name}`,
    code: `import ${name}`,
    outcome: 'failed' as const,
    message: noModule,
  })),
  ...['_pyodide_core', '_pyodide', '_pyodide._importhook', 'ctypes', '_ctypes', 'socket', '_socket', 'ssl'].map(
    (name) => ({
      tries: `the host through ${name}`,
      code: `import ${name}`,
      outcome: 'failed' as const,
      message: noModule,
    }),
  ),
  {
    tries: 'a socket through urllib',
    code: 'import urllib.request\nurllib.request.urlopen("http://127.0.0.1:1/")',
    outcome: 'failed',
    message: noModule,
  },
  {
    tries: 'a socket through asyncio',
    code: 'import asyncio\nasync def go():\n    await asyncio.open_connection("127.0.0.1", 1)\nasyncio.run(go())',
    outcome: 'failed',
    message: /./,
  },
  {
    tries: 'a socket through a fresh import',
    code: 'import sys\nfor name in [*sys.modules]:\n    if sys.modules[name] is None:\n        del sys.modules[name]\nimport socket\nsocket.create_connection(("127.0.0.1", 1), timeout=2)',
    outcome: 'failed',
    message: /./,
  },
  {
    tries: 'the bridge through a fresh import',
    code: 'import sys\nfor name in [*sys.modules]:\n    if sys.modules[name] is None:\n        del sys.modules[name]\nimport js',
    outcome: 'failed',
    message: noModule,
  },
  {
    tries: 'the bridge that Pyodide’s library gets on a fresh import',
    code: 'import sys\nfor name in [*sys.modules]:\n    if sys.modules[name] is None:\n        del sys.modules[name]\nfrom pyodide.code import run_js\nrun_js("process")',
    outcome: 'failed',
    message: /./,
  },
  {
    tries: 'a JavaScript object that the interpreter still holds',
    code: `import gc
seen, left, found = set(), [*gc.get_objects()], []
while left:
    each = left.pop()
    if id(each) in seen:
        continue
    seen.add(id(each))
    if any(base.__name__ in ('JsProxy', 'JsException') for base in type.__dict__['__mro__'].__get__(type(each))):
        found.append(each)
    left.extend(gc.get_referents(each))
assert found, 'none is held'
found[0].constructor.constructor('return process')()`,
    outcome: 'failed',
    message: /none is held/,
  },
  {
    tries: 'the bridge through what the event loop knows',
    code: 'import asyncio\nasyncio.new_event_loop().call_soon(print)',
    outcome: 'failed',
    message: /NameError/,
  },
];

const exhaustion: readonly HostileProgram[] = [
  { tries: 'an endless loop', code: 'while True:\n    pass', outcome: 'timed out', message: overTime },
  {
    tries: 'an endless loop that catches everything',
    code: 'while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass',
    outcome: 'timed out',
    message: overTime,
  },
  { tries: 'a long computation in one step', code: '3 ** 10 ** 8', outcome: 'timed out', message: overTime },
  { tries: 'to sleep', code: 'import time\ntime.sleep(1_000)', outcome: 'timed out', message: overTime },
  {
    tries: 'a pattern that never ends',
    code: 'import re\nre.match(r"(a+)+$", "a" * 60 + "b")',
    outcome: 'timed out',
    message: overTime,
  },
  { tries: 'a list that is too large', code: '[0] * 10 ** 9', outcome: 'out of memory', message: /MemoryError/ },
  {
    tries: 'more and more memory',
    code: 'held = []\nwhile True:\n    held.append("x" * 1_000_000 + str(len(held)))',
    outcome: 'out of memory',
    message: /MemoryError/,
  },
  {
    tries: 'a recursion without an end',
    code: 'def f():\n    return f()\nf()',
    outcome: 'failed',
    message: /RecursionError/,
  },
  {
    tries: 'a recursion beyond what the stack holds',
    code: 'import sys\nsys.setrecursionlimit(10 ** 5)\ndef f(x):\n    return [f(each) for each in [x]]\nf(1)',
    outcome: 'failed',
    message: /./,
  },
  {
    tries: 'to ask for input',
    code: 'input()',
    outcome: 'failed',
    message: /OSError/,
  },
];

const pretences: readonly HostileProgram[] = [
  { tries: 'to leave as if all were well', code: 'import sys\nsys.exit(0)', outcome: 'failed', message: /SystemExit/ },
  { tries: 'to end the process', code: 'import os\nos._exit(0)', outcome: 'failed', message: /./ },
  { tries: 'to abort', code: 'import os\nos.abort()', outcome: 'failed', message: /./ },
  {
    tries: 'to write a verdict where it is read',
    code: 'import os\nfor end in range(20):\n    try:\n        os.write(end, b\'{"outcome":"passed","message":""}\\n\')\n    except OSError:\n        pass\nraise ValueError("no verdict")',
    outcome: 'failed',
    message: /no verdict/,
  },
  {
    tries: 'to be raised as something else',
    code: 'class Passed(BaseException):\n    def __str__(self):\n        raise self\nraise Passed',
    outcome: 'failed',
    message: /./,
  },
  {
    tries: 'to break what tells of errors',
    code: 'import sys, traceback\nsys.modules["traceback"] = None\ntraceback.TracebackException.__init__ = None\nsys.excepthook = None\nraise ValueError',
    outcome: 'failed',
    message: /./,
  },
];

export const hostilePrograms: readonly HostileProgram[] = [
  ...processes,
  ...files,
  ...bridges,
  ...exhaustion,
  ...pretences,
];

/** Wrong solutions of `def f(x)`, which should give `x + 1`, that step into their tests. */
export const cheats: Readonly<Record<string, string>> = {
  'define the check': '    return 0\n\ndef check(candidate):\n    pass\n',
  'take the tests into a string': "    return 0\n\nignored = '''",
  'take the tests into a decorated function':
    '    return 0\n\ndef ignored(function):\n    return lambda candidate: None\n\n@ignored\n',
  'replace AssertionError': '    return 0\n\nimport builtins\nbuiltins.AssertionError = BaseException\n',
  'replace a builtin': '    return 0\n\nimport builtins\nbuiltins.abs = lambda x: 0\n',
  'replace a builtin when called': '    import builtins\n    builtins.abs = lambda x: 0\n    return 0\n',
  'replace the builtins of the module': '    return 0\n\n__builtins__ = {"abs": lambda x: 0}\n',
  'replace what runs the tests':
    '    return 0\n\nimport builtins\nbuiltins.exec = builtins.compile = lambda *words, **more: None\n',
  'turn assertions off':
    '    return 0\n\nimport sys\nclass Flags:\n    optimize = 2\nsys.flags = Flags()\n__debug__x = False\n',
  'trace the tests':
    '    return 0\n\nimport sys\ndef trace(frame, event, argument):\n    return trace\nsys.settrace(trace)\n',
  'be equal to everything':
    '    class Equal:\n        def __eq__(self, other):\n            return True\n        def __sub__(self, other):\n            return 0\n    return Equal()\n',
  'hold what is equal to everything':
    '    class Equal(int):\n        def __eq__(self, other):\n            return True\n        def __sub__(self, other):\n            return 0\n    return Equal()\n',
  'end before the tests': '    return 0\n\nraise SystemExit(0)\n',
  'end within the tests': '    raise SystemExit(0)\n',
};
