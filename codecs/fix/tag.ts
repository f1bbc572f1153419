import numbers from './tables/tags.json' with { type: 'json' };

/**
 * Tags by the standard's names: `tables/tags.json`. It stands behind another object because the engine looks an object of
 * so many members up by hash each time, and finds those of a prototype at once: events ask for a hundred tags each.
 */
export const tag: typeof numbers = Object.create(numbers);
