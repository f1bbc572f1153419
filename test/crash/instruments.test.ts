import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTap } from './tap.ts';
import { differences, executionsOf, truthLine } from './truth.ts';

/** What the crash matrix measures with has to be right before it says anything about the gateway. */
describe('the tap', () => {
  test('cuts behind exactly so many bytes, and lets nothing more through', async () => {
    const { tap, firm } = await tapped();
    const cut = new Promise<void>((resolve) => tap.after(70_001, true, resolve));
    const gateway = connect(tap.port, '127.0.0.1');
    let received = 0;
    gateway.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    const [far] = await once(firm, 'connection');
    far.write(Buffer.alloc(200_000));
    await cut;
    gateway.write('ping');
    await once(far, 'data');
    expect(received).toBe(70_001);
    gateway.destroy();
    await once(far, 'close');
  });

  test('lets everything through where it only looks on', async () => {
    const { tap, firm } = await tapped();
    let cuts = 0;
    tap.after(3, false, () => {
      cuts += 1;
    });
    const gateway = connect(tap.port, '127.0.0.1');
    const [far] = await once(firm, 'connection');
    far.end(Buffer.alloc(200_000));
    let received = 0;
    gateway.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await once(gateway, 'end');
    expect({ received, cuts }).toEqual({ received: 200_000, cuts: 1 });
  });
});

describe('the comparison with the truth', () => {
  const truth = executionsOf(7, 300).map(truthLine);

  test('finds nothing in the truth itself', () => {
    expect(new Set(truth).size).toBe(300);
    expect(differences(truth, truth)).toEqual([]);
  });

  test.each([
    ['a lost event', (lines: string[]) => lines.toSpliced(100, 1), '1 lost'],
    ['a lost end', (lines: string[]) => lines.slice(0, -1), '1 lost'],
    ['a doubled event', (lines: string[]) => lines.toSpliced(100, 0, lines[99] ?? ''), '1 doubled'],
    ['an invented event', (lines: string[]) => [...lines, 'trade.executed X'], '1 invented'],
    [
      'another order',
      (lines: string[]) => [lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)],
      'another order',
    ],
  ])('finds %s', (_name, change, finding) => {
    expect(differences(truth, change([...truth]))[0]).toContain(finding);
  });
});

async function tapped(): Promise<{ tap: Awaited<ReturnType<typeof openTap>>; firm: Server }> {
  const firm = createServer();
  firm.listen(0, '127.0.0.1');
  await once(firm, 'listening');
  const tap = await openTap((firm.address() as AddressInfo).port);
  onTestFinished(async () => {
    await tap.close();
    firm.close();
  });
  return { tap, firm };
}
