import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CertRunOptions } from './cert-run.ts';
import type { Add } from './command-adding.ts';

/** `clearport cert`: engines of other people's, certified with definitions. */
export function addCertCommands(add: Add, program: Command): void {
  const cert = program
    .command('cert')
    .description('certify a FIX engine: play definitions to it, and say what is wrong');
  add<CertRunOptions>(
    'run <pack>',
    'play the definitions of a pack (a .def file, a folder, or a pack that comes with it) to a running engine',
    [
      new Option('--target <host:port>', 'the engine listens here, and we connect'),
      new Option('--listen <host:port>', 'we listen here, and the engine connects'),
      new Option(
        '--profile <profile>',
        'how answers are compared; default: as the pack says, else quickfix',
      ).choices(['quickfix', 'quickfixj']),
      new Option('--only <name...>', 'only definitions whose name holds this; * for anything'),
      new Option('--timeout <seconds>', 'how long a message may take').argParser(secondsOf).default(10),
      new Option('--parallel', 'definitions of different sessions beside each other'),
      new Option(
        '--set-session <program>',
        'does what iSET_SESSION asks for: gets session and numbers as arguments',
      ),
      new Option('--junit <file>', 'write the results as JUnit XML'),
      new Option('--report <file>', 'write the results, with transcripts, as HTML'),
    ],
    async (context, [pack = ''], options) => (await import('./cert-run.ts')).certRun(context, pack, options),
    cert,
  );
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0) throw new InvalidArgumentError('It must be a number of seconds above 0.');
  return seconds;
}
