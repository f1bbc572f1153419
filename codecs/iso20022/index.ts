export { iso20022 } from './codec.ts';
export { mxFramer } from './framer.ts';
export { type MxHeader, type MxHeaderParty, readHeader } from './header.ts';
export { iso20022Issues } from './issues.ts';
export type { MxMessage } from './message.ts';
export { rewrite } from './rewrite.ts';
export { type Schema, type SchemaTable, schemaFor, type TypeRow } from './schema.ts';
export { type Supplement, type Supplemented, supplement } from './supplement.ts';
export { attributeOf, elementsAt, elementsIn, type MxElement, readXml, textIn, writtenOf } from './tree.ts';
export { openValidator, type SchemaValidator } from './validator.ts';
export { type CorporateActionMxOptions, writeCorporateActionMx } from './write-corporate-action.ts';
export { type Sese024Options, writeSese024 } from './write-sese024.ts';
export {
  writeSese025,
  writeSese027,
  writeSese030,
  writeSettlementInstruction,
} from './write-settlement.ts';
export { element, textElement, type WrittenElement, writeXml } from './write-xml.ts';
export {
  type XmlAttribute,
  type XmlEventSource,
  type XmlOpening,
  type XmlReceiver,
  xmlEventSource,
} from './xml-source.ts';
export { toXml2jsShape } from './xml2js-shape.ts';
export { openXsdFolder, type XsdFolder } from './xsd-folder.ts';
