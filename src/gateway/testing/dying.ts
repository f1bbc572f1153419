import type { Log } from '../../contract/log.ts';
import type { FileSource } from '../../contract/source.ts';

/** What a process that dies leaves: nothing happens after it. */
export class Crash extends Error {}

/** Dies before or behind the n-th step that changes the world. */
export function dyingAt(
  step: number,
  when: 'before' | 'behind',
): <T extends Log | FileSource>(inner: T) => T {
  let steps = 0;
  const guard = async <T>(act: () => Promise<T>): Promise<T> => {
    steps++;
    if (steps > step || (steps === step && when === 'before')) throw new Crash();
    const result = await act();
    if (steps === step) throw new Crash();
    return result;
  };
  return <T extends Log | FileSource>(inner: T): T =>
    new Proxy(inner, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key !== 'append' && key !== 'archive') return value.bind(target);
        return (...args: unknown[]) => guard(() => value.apply(target, args));
      },
    });
}
