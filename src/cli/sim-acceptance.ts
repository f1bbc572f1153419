import type { AcceptanceNews } from '../../certification/simulators/fix-acceptance/index.ts';
import type { Clock } from '../core/clock.ts';
import type { CommandContext, ExitCode } from './context.ts';

/**
 * `clearport sim fix-acceptance`: the acceptor that FIX's public conformance pack is played to, on 127.0.0.1, until it is told
 * to end. With `--json` the first line holds the port.
 */
export async function simAcceptance(
  context: CommandContext,
  port: number,
  clock: Clock,
  ended: Promise<void>,
): Promise<ExitCode> {
  const { openFixAcceptance } = await import('../../certification/simulators/fix-acceptance/index.ts');
  const tell = (news: AcceptanceNews): void => {
    context.printer
      .line(context.json ? JSON.stringify(news) : newsLine(news, context))
      .then(() => context.printer.flush())
      .catch(() => undefined);
  };
  const acceptor = await openFixAcceptance({ port, clock, tell });
  await ended;
  await acceptor.close();
  return 0;
}

function newsLine(news: AcceptanceNews, { paint }: CommandContext): string {
  switch (news.news) {
    case 'listening':
      return `Acceptance acceptor ISLD listens on 127.0.0.1:${news.port} (FIX.4.0 to FIX.4.4 and FIXT.1.1, for TW).`;
    case 'up':
      return `${paint('good', 'up')}: ${news.session}`;
    case 'down':
      return `${paint('doubt', 'down')}: ${news.session}: ${news.reason ?? ''}`;
    case 'trouble':
      return `${paint('doubt', news.code)}: ${news.session}: ${news.message}`;
  }
}
