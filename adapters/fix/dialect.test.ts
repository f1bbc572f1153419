import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type Standing, stand, until, valuesOf } from './testing/loopback.ts';

const open: Standing[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over')));
});

const dialect = `dialect: mine
version: "1"
title: Mine
extends: FIX.4.4
source: a test
fields:
  7001: { name: Mark, type: CHAR, values: { A: Audit } }
messages:
  U1: { name: Note, members: [Mark!, Text] }
switches: { validateUserDefinedFields: false }
`;

/** An acceptor with these options, and what it rejected after three messages came. */
async function rejected(options: Parameters<typeof stand>[0]): Promise<readonly string[]> {
  const acceptor = await stand({ validate: 'full', ...options });
  const initiator = await stand({ role: 'initiator', port: acceptor.port });
  open.push(initiator, acceptor);
  await initiator.session.send('U1', { 7001: 'A' });
  await initiator.session.send('U1', { 7001: 'Z' });
  await initiator.session.send('U1', { 58: 'no mark' });
  await until('all came', () => acceptor.session.status().state.nextIn >= 5);
  await until('all were judged', () => valuesOf(acceptor.store, 'out', '3', 45).length >= 2);
  return valuesOf(acceptor.store, 'out', '3', 371);
}

test('a session judges by the dictionary of its counterparty', async () => {
  const file = join(tempDirectory('dialect'), 'mine.yaml');
  writeFileSync(file, dialect);
  expect(await rejected({ dictionary: file })).toEqual(['7001', '7001']);
});

test.each([
  ['is not there', '', 'cannot be read'],
  ['is wrong', dialect.replace('Mark!', 'Marc!'), 'did you mean Mark'],
])('a dictionary that %s keeps a session from opening', async (_, text, says) => {
  const file = join(tempDirectory('dialect'), 'mine.yaml');
  if (text !== '') writeFileSync(file, text);
  await expect(stand({ dictionary: file })).rejects.toMatchObject({
    code: 'FIX_DICTIONARY',
    exitCode: 2,
    message: expect.stringContaining(says),
    place: expect.stringContaining(file),
  });
});
