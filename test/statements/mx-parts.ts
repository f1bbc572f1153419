import { element, textElement, type WrittenElement } from '../../codecs/iso20022/write-xml.ts';

export function security({
  isin,
  cusip,
}: {
  isin?: string | undefined;
  cusip?: string | undefined;
}): WrittenElement {
  return element('FinInstrmId', [
    textElement('ISIN', isin),
    cusip === undefined
      ? undefined
      : element('OthrId', [textElement('Id', cusip), element('Tp', [textElement('Cd', 'CUSP')])]),
  ]);
}

export function counted(quantity: string, unit: 'shares' | 'face'): WrittenElement | undefined {
  return textElement(unit === 'face' ? 'FaceAmt' : 'Unit', quantity.replace('-', ''));
}

export function sign(quantity: string, always: boolean): WrittenElement | undefined | false {
  const short = quantity.startsWith('-');
  return always || short ? textElement('ShrtLngInd', short ? 'SHOR' : 'LONG') : undefined;
}
