import { describe, expect, test } from 'vitest';
import { fixSessionOptions } from './options.ts';
import { compIdInName, namesProblem } from './transport.ts';

describe('the names of a certificate', () => {
  const options = fixSessionOptions.parse({
    role: 'acceptor',
    port: 9878,
    beginString: 'FIX.4.4',
    senderCompId: 'FIRM',
    targetCompId: '*',
    template: true,
    tls: {
      ca: pem('CERTIFICATE'),
      cert: pem('CERTIFICATE'),
      key: pem('PRIVATE KEY'),
      peerNames: [compIdInName],
    },
  });

  test.each(['BRK1', '$$BRK1', '$&', '$`BRK', "$'"])('have to be the CompID %s as it stands', (compId) => {
    expect(namesProblem(options, [compId], compId)).toBeUndefined();
    expect(namesProblem(options, ['BRK', '$BRK1', compIdInName, ''], compId)).toContain(`not of ${compId}`);
  });

  test('are told without what a terminal would obey', () => {
    expect(namesProblem(options, ['\u001b[31mred'], 'BRK1')).not.toContain('\u001b');
  });
});

function pem(what: string): string {
  return `-----BEGIN ${what}-----`;
}
