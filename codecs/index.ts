export { fix } from './fix/index.ts';
