export { recordsIssues } from './issues.ts';
export type { Control, Field, Layout, RecordRole, RecordType } from './layout.ts';
export { type LoadedLayout, loadLayout } from './load-layout.ts';
export { layoutNames, shippedLayout } from './shipped.ts';
export { type RecordFile, type RecordValues, recordText, writeRecordFile } from './write.ts';
