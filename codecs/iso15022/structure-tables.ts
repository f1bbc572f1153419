import mt509 from './tables/structures/509.json' with { type: 'json' };
import mt513 from './tables/structures/513.json' with { type: 'json' };
import mt514 from './tables/structures/514.json' with { type: 'json' };
import mt515 from './tables/structures/515.json' with { type: 'json' };
import mt517 from './tables/structures/517.json' with { type: 'json' };
import mt518 from './tables/structures/518.json' with { type: 'json' };
import mt524 from './tables/structures/524.json' with { type: 'json' };
import mt530 from './tables/structures/530.json' with { type: 'json' };
import mt535 from './tables/structures/535.json' with { type: 'json' };
import mt536 from './tables/structures/536.json' with { type: 'json' };
import mt537 from './tables/structures/537.json' with { type: 'json' };
import mt540 from './tables/structures/540.json' with { type: 'json' };
import mt541 from './tables/structures/541.json' with { type: 'json' };
import mt542 from './tables/structures/542.json' with { type: 'json' };
import mt543 from './tables/structures/543.json' with { type: 'json' };
import mt544 from './tables/structures/544.json' with { type: 'json' };
import mt545 from './tables/structures/545.json' with { type: 'json' };
import mt546 from './tables/structures/546.json' with { type: 'json' };
import mt547 from './tables/structures/547.json' with { type: 'json' };
import mt548 from './tables/structures/548.json' with { type: 'json' };
import mt564 from './tables/structures/564.json' with { type: 'json' };
import mt565 from './tables/structures/565.json' with { type: 'json' };
import mt566 from './tables/structures/566.json' with { type: 'json' };
import mt567 from './tables/structures/567.json' with { type: 'json' };
import mt568 from './tables/structures/568.json' with { type: 'json' };
import mt578 from './tables/structures/578.json' with { type: 'json' };
import mt586 from './tables/structures/586.json' with { type: 'json' };
import mt599 from './tables/structures/599.json' with { type: 'json' };
import mt900 from './tables/structures/900.json' with { type: 'json' };
import mt910 from './tables/structures/910.json' with { type: 'json' };
import mt940 from './tables/structures/940.json' with { type: 'json' };
import mt942 from './tables/structures/942.json' with { type: 'json' };
import mt950 from './tables/structures/950.json' with { type: 'json' };

/** One sequence as `tables/structures` writes it. */
export interface SequenceRow {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly occurs: string;
  readonly fields: readonly string[];
}

/**
 * One message type as `tables/structures` writes it. Source of sequences and options: facts of the release of 2025 (2022 for
 * MT513, 514, 517, 524, 530, 578, 586, 2020 for MT942); of codes and qualifiers: ISO 15022 User Handbook, `finmtNNN.htm`.
 */
export interface StructureRow {
  readonly type: string;
  readonly name: string;
  /** Codes of 23G; empty: not known, any. */
  readonly functions: readonly string[];
  /** Of a message without sequences: what stands at the top. */
  readonly fields: readonly string[];
  readonly sequences: readonly SequenceRow[];
}

export const structureRows: readonly StructureRow[] = [
  mt509,
  mt513,
  mt514,
  mt515,
  mt517,
  mt518,
  mt524,
  mt530,
  mt535,
  mt536,
  mt537,
  mt540,
  mt541,
  mt542,
  mt543,
  mt544,
  mt545,
  mt546,
  mt547,
  mt548,
  mt564,
  mt565,
  mt566,
  mt567,
  mt568,
  mt578,
  mt586,
  mt599,
  mt900,
  mt910,
  mt940,
  mt942,
  mt950,
];
