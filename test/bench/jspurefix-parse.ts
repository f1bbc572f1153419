import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

/**
 * Reads a file of FIX 4.4 messages and, for each line that it is sent, takes one round over them with jspurefix: its parser, its
 * view, and the checks that its session makes of each message (sum, type, tags, required fields; `checkIntegrity` of its
 * `ascii-session.ts`). Answers with the microseconds of one core that a message took. Arguments: messages, the folder in which
 * jspurefix is installed.
 */
const [file = '', folder = ''] = process.argv.slice(2);
const need = createRequire(`${folder}/package.json`);

/** What is used of it. */
interface View {
  readonly segment: { readonly type: number };
  getTyped(tag: number): unknown;
  getString(tag: number): string | null;
  checksum(): number;
  invalid(): readonly number[];
  undefinedForMsg(): string | null;
  missing(): readonly number[];
}
interface Parser {
  on(event: 'msg', heard: (type: string, view: View) => void): void;
  parseBuffer(bytes: Buffer): void;
}

async function parserOf(): Promise<Parser> {
  need('reflect-metadata');
  const { SessionContainer, DefinitionFactory, AsciiParser } = need('jspurefix');
  const { DITokens } = need('jspurefix/dist/runtime/di-tokens');
  const { makeSessionScope } = need('jspurefix/dist/runtime/session-scope');
  const container = new SessionContainer();
  container.registerGlobal('error');
  const description = JSON.parse(
    readFileSync(need.resolve('jspurefix/data/session/test-initiator.json'), 'utf8'),
  );
  // Its own dictionary of FIX 4.4, which is the one that its package brings unpacked.
  description.application.dictionary = 'qf44';
  const system = await container.makeSystem(description);
  const config = system.resolve(DITokens.IJsFixConfig);
  config.definitions = await new DefinitionFactory().getDefinitions('qf44');
  config.delimiter = 1;
  const scope = makeSessionScope(config);
  const inside = scope.sessionContainer;
  const buffer = inside.resolve(DITokens.ParseBuffer);
  return new AsciiParser(scope, null, buffer, inside.resolve(DITokens.maxMessageLen)) as Parser;
}

let sound = 0;
let taken = 0;
function check(view: View): void {
  taken++;
  view.getTyped(34);
  if (Number.parseInt(view.getString(10) ?? '', 10) !== view.checksum()) return;
  if (view.invalid().length > 0 || view.undefinedForMsg() !== null || view.missing().length > 0) return;
  sound++;
}

const parser = await parserOf();
parser.on('msg', (_, view) => check(view));
const bytes = readFileSync(file);
for await (const _ of createInterface({ input: process.stdin })) {
  taken = 0;
  sound = 0;
  const from = process.cpuUsage();
  for (let at = 0; at < bytes.length; at += 65_536) parser.parseBuffer(bytes.subarray(at, at + 65_536));
  const { user, system } = process.cpuUsage(from);
  if (sound !== taken || taken === 0) throw new Error(`jspurefix takes ${sound} of ${taken}`);
  process.stdout.write(`${(user + system) / taken}\n`);
}
