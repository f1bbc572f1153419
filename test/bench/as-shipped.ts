import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is read by its path, and so is not found by the compiler. */
const readByPath = ['codecs/fix/tables', 'codecs/iso20022/tables', 'src/events/catalogue.proto'];

/**
 * Compiles these programs, with everything that they import, as the product is compiled, into a folder of `place`; returns the
 * programs there. Measured is what is shipped: types that are stripped while it runs bring a WebAssembly memory that grows, and
 * from then on V8 asks at every look into a typed array whether its memory is still there.
 */
export function asShipped(place: string, ...programs: readonly string[]): readonly string[] {
  const out = join(place, 'shipped');
  mkdirSync(out, { recursive: true });
  const settings = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: {
      outDir: out,
      rootDir: root,
      declaration: false,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: programs,
    exclude: [],
  };
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(settings));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', join(place, 'tsconfig.json')], { stdio: 'pipe' });
  for (const path of readByPath) cpSync(join(root, path), join(out, path), { recursive: true, force: true });
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type: 'module' }));
  symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'), 'dir');
  return programs.map((program) => join(out, relative(root, dirname(program)), name(program)));
}

function name(program: string): string {
  return `${program.slice(program.lastIndexOf('/') + 1, -'.ts'.length)}.js`;
}
