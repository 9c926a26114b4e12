// Runs at the end of `npm ci`: removes what the installed packages carry and nobody here uses, about 120 MB. It compiles and fetches nothing.
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));

/** @param {string} path Inside `node_modules`. */
function remove(path) {
  rmSync(`${modules}${path}`, { recursive: true, force: true });
}

// The `node` package links its binary out of a nested package, whose C headers are for compiling add-ons.
const binary = ['node/bin/node', 'node/bin/node.exe'].find((path) => existsSync(`${modules}${path}`));
if (binary && lstatSync(`${modules}${binary}`).isFile()) remove('node/node_modules');

// llama.cpp's sources, for building it where no prebuilt binary fits; `npm start` uses the prebuilt one only.
remove('node-llama-cpp/llama/gitRelease.bundle');

// Its binaries for other processors of the same system, which npm cannot tell apart because they are made for cross-building.
const system = { darwin: 'mac', win32: 'win' }[process.platform] ?? process.platform;
const binaries = existsSync(`${modules}@node-llama-cpp`) ? readdirSync(`${modules}@node-llama-cpp`) : [];
const own = binaries.filter((name) => name.startsWith(`${system}-${process.arch}`));
for (const name of own.length > 0 ? binaries : []) if (!own.includes(name)) remove(`@node-llama-cpp/${name}`);
