/** Paper cannot be opened: folded parts are printed, findings only while they are few. */
const findingLimit = 150;

export function openForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    const findings = document.querySelectorAll('details.finding:not([hidden])').length;
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')].filter(
      (entry) => !entry.matches('.editor') && (findings <= findingLimit || !entry.matches('.finding')),
    );
    for (const entry of opened) entry.open = true;
  });
  addEventListener('afterprint', () => {
    for (const entry of opened) entry.open = false;
  });
}
