import { describe, expect, test } from 'vitest';
import { heardOf } from '../../adapters/fix/peer/numbered-message.ts';
import { judgeHeard } from './judge.ts';

const heard = (index: number, again = 'N'): string => `${index + 1} ${again} ${heardOf('C', index)}`;
const plain = ['# start', heard(1), heard(2), heard(3), heard(4)];

describe('what the other side was given', () => {
  test('is right where each message came once, in order', () => {
    expect(judgeHeard(plain, 4)).toEqual({ problems: [], givenAgain: 0 });
  });

  test.each([
    ['one is missing', ['# start', heard(1), heard(3), heard(4)]],
    ['one came twice', ['# start', heard(1), heard(2), heard(2), heard(3), heard(4)]],
    ['one came twice as a repeat', ['# start', heard(1), heard(2), heard(2, 'Y'), heard(3), heard(4)]],
    ['two changed places', ['# start', heard(2), heard(1), heard(3), heard(4)]],
    [
      'one is another',
      ['# start', heard(1), heard(2).replace('|1|', '|2|').replace('|2|', '|1|'), heard(3), heard(4)],
    ],
    ['the last is missing', ['# start', heard(1), heard(2), heard(3)]],
    ['one came again that was counted long ago', [...plain, '# start', heard(2, 'Y')]],
    ['one came twice behind one start', [...plain, '# start', heard(4, 'Y'), heard(4, 'Y')]],
  ])('is wrong where %s', (_what, lines) => {
    expect(judgeHeard(lines, 4).problems).not.toEqual([]);
  });

  test('may begin with the last one again, as a repeat, where it was killed in between', () => {
    const again = [...plain.slice(0, 4), '# start', heard(3, 'Y'), heard(4, 'Y')];
    expect(judgeHeard(again, 4)).toEqual({ problems: [], givenAgain: 1 });
  });
});
