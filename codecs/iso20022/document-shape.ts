import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mxIssue } from './issues.ts';
import { elementsIn, type MxElement } from './tree.ts';

/** What Document may not hold: anything but the one element of the message. Codes: `MX_ELEMENT_UNKNOWN`, `MX_ELEMENT_MISSING`, `MX_VALUE`. */
export function shapeIssues(document: MxElement | undefined): readonly Issue[] {
  if (document === undefined) return [];
  const [first, ...more] = elementsIn(document);
  const { line, column } = document;
  const at = { line, column, field: 'Document' };
  const text = document.items.some((item) => typeof item === 'string' && /[^ \t\r\n]/.test(item));
  const odd = document.attributes.filter(
    ({ name }) => !/^xmlns(:|$)/.test(name) && !/:(?:noNamespaceS|s)chemaLocation$/.test(name),
  );
  return [
    ...(first === undefined ? [mxIssue('MX_ELEMENT_MISSING', 'Document holds no message', at)] : []),
    ...(text ? [mxIssue('MX_VALUE', 'Document holds text where elements have to be', at)] : []),
    ...odd.map(({ name }) =>
      mxIssue('MX_ELEMENT_UNKNOWN', `Document@${shownText(name)} is not in the schema`, at),
    ),
    ...more.map((one) =>
      mxIssue('MX_ELEMENT_UNKNOWN', `Document/${one.local} stands behind the message`, {
        line: one.line,
        column: one.column,
        field: `Document/${one.local}`,
      }),
    ),
  ];
}
