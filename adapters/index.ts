export { directory } from './directory/index.ts';
export { fixSession } from './fix/index.ts';
