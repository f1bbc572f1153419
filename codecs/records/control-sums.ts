import { addDecimals, type Decimal, readDecimal } from '../../src/core/decimal.ts';
import type { Control, Layout } from './layout.ts';

/** Adds up what the controls of a layout count and sum, record by record, in memory that does not grow. */
export class ControlSums {
  readonly #controls: readonly Control[];
  readonly #values: Decimal[];

  constructor(layout: Layout) {
    this.#controls = layout.controls;
    this.#values = layout.controls.map(() => ({ units: 0n, scale: 0 }));
  }

  /** One record of a type, with its values by name. A value that is no number counts as nothing. */
  add(type: string, valueBy: (field: string) => string | undefined): void {
    for (const [index, control] of this.#controls.entries()) {
      if (control.counts?.has(type) === true) this.#add(index, one);
      const field = control.sums?.get(type);
      const read = field === undefined ? undefined : readDecimal(valueBy(field) ?? '');
      if (read?.ok === true) this.#add(index, read.value);
    }
  }

  /** Each control with what it came to. */
  values(): readonly { readonly control: Control; readonly value: Decimal }[] {
    return this.#controls.map((control, index) => ({ control, value: this.#values[index] ?? nothing }));
  }

  #add(index: number, value: Decimal): void {
    this.#values[index] = addDecimals(this.#values[index] ?? nothing, value);
  }
}

const one: Decimal = { units: 1n, scale: 0 };
const nothing: Decimal = { units: 0n, scale: 0 };
