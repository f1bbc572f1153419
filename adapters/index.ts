export { directory } from './directory/index.ts';
export { fixSession } from './fix/index.ts';
export { queue } from './queue/index.ts';
export { sftp } from './sftp/index.ts';
