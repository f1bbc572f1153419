export { fixDialects } from './fix/dialect-family.ts';
export { fix } from './fix/index.ts';
export { iso15022, iso15022Policies } from './iso15022/index.ts';
export { iso20022 } from './iso20022/index.ts';
export { records } from './records/index.ts';
