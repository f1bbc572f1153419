import { type Command, Option } from 'commander';
import { type Add, configOption, personOptions } from './command-adding.ts';
import type { SendOptions } from './send.ts';

/** `clearport send`: something goes out, once for each key. */
export function addSendCommands(add: Add, _program: Command): void {
  add<SendOptions>(
    'send <channel>',
    'send a file, a queue message or a session message, once for each key',
    [
      new Option('--file <file>', 'the finished bytes; - reads standard input'),
      new Option('--type <type>', 'type of a message that is made from --data'),
      new Option('--data <json>', 'what the message says, as its codec or session takes it'),
      new Option('--key <key>', 'names this sending for ever; default: made from the content'),
      new Option('--name <name>', 'name of the file at its place; default: the name of --file'),
      new Option('--as-is', 'send the bytes in spite of what the codec says of them'),
      ...personOptions,
      configOption,
    ],
    async (context, [channel = ''], options) => (await import('./send.ts')).send(context, channel, options),
  );
}
