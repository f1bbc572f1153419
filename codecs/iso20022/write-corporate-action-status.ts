import type { CorporateActionSaid, CorporateActionStatus } from '../../src/contract/corporate-action.ts';
import tables from './tables/corporate-action.json' with { type: 'json' };
import { element, textElement, type WrittenElement } from './write-xml.ts';

/** The statuses of the message that there is an element for. Source: seev.032, seev.034, seev.041. */
export function statusElements({ statuses: all = [] }: CorporateActionSaid): readonly WrittenElement[] {
  return all.flatMap((status) => {
    const row = tables.statuses.find((one) => one.kind === status.kind && one.code === status.code);
    return row === undefined ? [] : [element(row.group, [element(row.name, reasons(status, row))])];
  });
}

/** The statuses of seev.034 that can have a quantity hold their reasons one level deeper. */
function reasons(
  status: CorporateActionStatus,
  { group, name }: { group: string; name: string },
): readonly (WrittenElement | undefined)[] {
  const inner: readonly (WrittenElement | undefined)[] =
    status.reasons.length === 0
      ? [textElement('NoSpcfdRsn', 'NORE')]
      : status.reasons.map(({ code, scheme = '' }, index) =>
          element('Rsn', [
            element('RsnCd', [
              scheme === ''
                ? textElement('Cd', code === 'NARR' ? 'OTHR' : code)
                : element('Prtry', [textElement('Id', code), textElement('Issr', scheme)]),
            ]),
            index === 0 ? textElement('AddtlRsnInf', status.text) : undefined,
          ]),
        );
  const wrappers: Readonly<Record<string, string>> = tables.reasons;
  const wrapper = group === 'InstrPrcgSts' ? wrappers[name] : undefined;
  return wrapper === undefined ? inner : [element(wrapper, inner)];
}
