/** Narrows the findings. */
import type { Island, IslandFinding } from '../island.ts';

type Wanted = Readonly<Record<string, string>>;
const expandLimit = 200;

export function startFilters({ findings, choices, strings }: Island): void {
  const form = document.getElementById('filters') as HTMLFormElement | null;
  if (!form) return;
  const entries = [...document.querySelectorAll<HTMLDetailsElement>('details.finding')];
  const groups = [...document.querySelectorAll<HTMLElement>('section.group')].map((group) => ({
    group,
    own: [...group.querySelectorAll<HTMLDetailsElement>('details.finding')],
  }));
  fillChoices(form, choices);
  document.getElementById('only-new')!.hidden = !findings.some((finding) => finding.new);
  const texts = new Map<number, string>();
  const textOf = (index: number): string => {
    const known = texts.get(index);
    if (known !== undefined) return known;
    const text = `${findings[index]!.rule} ${entries[index]!.querySelector('summary')!.textContent}`.toLowerCase();
    texts.set(index, text);
    return text;
  };
  const update = (): void => {
    const wanted = readForm(form);
    let shown = 0;
    entries.forEach((entry, index) => {
      const fits = matches(findings[index]!, wanted) && (!wanted['text'] || textOf(index).includes(wanted['text']));
      entry.hidden = !fits;
      if (fits) shown++;
    });
    for (const { group, own } of groups) group.hidden = own.every((entry) => entry.hidden);
    document.getElementById('shown')!.textContent = strings.shown
      .replace('{shown}', shown.toLocaleString(document.documentElement.lang))
      .replace('{n}', entries.length.toLocaleString(document.documentElement.lang));
  };
  form.addEventListener('input', update);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(update));
  const setOpen = (open: boolean) => (): void => {
    // Thousands of opened excerpts help nobody and cost seconds.
    for (const entry of entries.filter(({ hidden }) => !hidden).slice(0, open ? expandLimit : undefined)) entry.open = open;
  };
  document.getElementById('expand')!.addEventListener('click', setOpen(true));
  document.getElementById('collapse')!.addEventListener('click', setOpen(false));
  form.hidden = false;
  update();
}

/** Services are chosen by their place in the list, because the whole repository has no name. */
function fillChoices(form: HTMLFormElement, choices: Island['choices']): void {
  for (const [name, entries] of Object.entries(choices)) {
    const select = form.elements.namedItem(name) as HTMLSelectElement;
    for (const [value, label] of entries) select.add(new Option(label, name === 'service' ? `=${value}` : value));
    select.closest('label')!.hidden = entries.length < 2;
  }
}

function readForm(form: HTMLFormElement): Wanted {
  const data = Object.fromEntries(new FormData(form)) as Record<string, string>;
  return { ...data, text: (data['text'] ?? '').trim().toLowerCase() };
}

const matches = ({ service, level, wave, factors, new: isNew }: IslandFinding, wanted: Wanted): boolean =>
  (!wanted['service'] || wanted['service'] === `=${service}`) &&
  (!wanted['level'] || wanted['level'] === level) &&
  (!wanted['wave'] || wanted['wave'] === wave) &&
  (!wanted['factor'] || factors.includes(Number(wanted['factor']))) &&
  (!wanted['new'] || isNew);
