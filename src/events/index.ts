export * from './catalogue.types.ts';
export type * from './event.ts';
