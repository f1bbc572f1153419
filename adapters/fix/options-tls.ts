import { z } from 'zod';

const pem = z.string().regex(/-----BEGIN [A-Z0-9 ]+-----/, 'PEM text, referred to by its file');

/** TLS of a session. */
export const tlsOptions = z
  .strictObject({
    ca: pem
      .optional()
      .describe(
        'Authorities that may have signed the peer. Default: those of the system; an acceptor asks for a client certificate exactly when this is set.',
      ),
    cert: pem.optional().describe('Our certificate, with the chain behind it. An acceptor must have one.'),
    key: pem.optional().describe('The key of our certificate. A secret: a reference only.'),
    passphrase: z.string().optional().describe('What the key is encrypted with. A secret: a reference only.'),
    serverName: z
      .string()
      .optional()
      .describe(
        "The name that is asked for (SNI) and that the peer's certificate must have. Default: `host`.",
      ),
    peerNames: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        "Names (subject CN, or DNS name) of which the peer's certificate must have one: binds certificates to this session's CompIDs. `{targetCompId}` in a name stands for the CompID of the counterparty, with `template` that of each.",
      ),
    minVersion: z
      .enum(['TLSv1.2', 'TLSv1.3'])
      .default('TLSv1.2')
      .describe('The oldest version of TLS that is spoken.'),
    verify: z
      .boolean()
      .default(true)
      .describe('False, and only towards loopback: takes any certificate of the peer.'),
  })
  .describe(
    "TLS. On for everything that is not loopback, with the system's authorities, also where this is left out.",
  );
