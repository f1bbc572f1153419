export { type Sese024Options, writeSese024 } from './write-sese024.ts';
export { element, textElement, type WrittenElement, writeXml } from './write-xml.ts';
