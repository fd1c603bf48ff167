/** `--format NAME[=FILE]`, repeatable: which forms were asked for, and where each goes. */
import { UsageError } from '../opening.ts';
import { findNearest } from '../text/nearest.ts';

export interface Output<T> {
  readonly form: T;
  /** Absent: stdout. */
  readonly file?: string;
}
/** How messages name the forms. */
export interface FormNames {
  /** `format`, `form`. */
  readonly one: string;
  /** `of a report`, where that is needed to know which forms are meant. */
  readonly of?: string;
  /** `Formats`. */
  readonly many: string;
  /** Of a form that goes to a file. */
  readonly example: string;
}

function parseOutput<T extends { readonly id: string }>(text: string, forms: readonly T[], { one, of, many }: FormNames): Output<T> {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const file = equals < 0 ? undefined : text.slice(equals + 1);
  const form = forms.find(({ id }) => id === name);
  if (!form) {
    const ids = forms.map(({ id }) => id);
    const near = findNearest(name, ids);
    throw new UsageError(
      `There is no ${one} "${name}"${of === undefined ? '' : ` ${of}`}.${near ? ` Did you mean "${near}"?` : ''} ${many}: ${ids.join(', ')}.`,
    );
  }
  if (file === '') throw new UsageError(`--format ${text} names no file.`);
  return { form, ...(file === undefined ? {} : { file }) };
}

/** @throws UsageError when a form does not exist, or when two of them would go to stdout */
export function parseOutputs<T extends { readonly id: string }>(
  texts: readonly string[],
  forms: readonly T[],
  names: FormNames,
): readonly Output<T>[] {
  const outputs = texts.map((text) => parseOutput(text, forms, names));
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError(`Only one ${names.one} can go to the standard output: give the others a file (--format ${names.example}).`);
  return outputs;
}
