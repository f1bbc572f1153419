export type * from './bridge.ts';
export * from './codec.ts';
export * from './entry.ts';
export type * from './frame.ts';
export type * from './log.ts';
export * from './origin.ts';
export type * from './projection.ts';
export type * from './session.ts';
export type * from './source.ts';
