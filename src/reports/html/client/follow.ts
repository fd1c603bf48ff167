/** Shows where one is, and opens what a link leads to. */

/** Browsers open what encloses the target; older ones need help. */
export function followHash(): void {
  const open = (): void => {
    const target = document.getElementById(location.hash.slice(1));
    for (let folded = target?.closest('details'); folded; folded = folded.parentElement?.closest('details')) folded.open = true;
    target?.closest('details')?.scrollIntoView({ block: 'start' });
  };
  addEventListener('hashchange', open);
  if (location.hash) open();
}

export function markChapter(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('nav a')];
  const sections = links.flatMap((link) => document.getElementById(link.hash.slice(1)) ?? []);
  const mark = (): void => {
    const current = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3).at(-1);
    for (const link of links) {
      if (link.hash === `#${current?.id}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  let waiting = false;
  addEventListener(
    'scroll',
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}
