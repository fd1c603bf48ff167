/** Paper cannot be opened: folded parts are printed, findings and services only while they are few, reference never. */
const findingLimit = 25;

export function openForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    const findings = document.querySelectorAll('details.finding:not([hidden])').length;
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')].filter(
      (entry) => !entry.matches('.editor, .rule, .factor, .why, .many') && (findings <= findingLimit || !entry.matches('.finding')),
    );
    for (const entry of opened) entry.open = true;
  });
  addEventListener('afterprint', () => {
    for (const entry of opened) entry.open = false;
  });
}
