// Loaded before `npm start` and `npm run deploy`, in the oldest JavaScript: says in one line that this Node cannot run TypeScript.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  console.error(
    `edge-reflection: Node ${process.versions.node} is too old. Run \`npm ci\`, which brings a newer one along, or install Node 24.`,
  );
  process.exit(1);
}
