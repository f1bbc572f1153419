#!/usr/bin/env node
// Stays plain, and imports nothing at its top: an older Node has to read this file to the end to say what it needs.
// Everything else is imported behind the check.
const needed = [22, 13];
const found = process.versions.node.split('.').map(Number);

if (Number(found[0]) * 1000 + Number(found[1]) < Number(needed[0]) * 1000 + Number(needed[1])) {
  process.stderr.write(
    `error CLI_NODE_VERSION: clearport needs Node.js ${needed.join('.')} or newer, and this is ${process.versions.node}\n` +
      '  mend  install a newer Node.js, or run it where it is installed as `npx -p node@24 clearport`\n',
  );
  process.exitCode = 2;
} else {
  import('./process.ts').then((start) => start.runProcess());
}
