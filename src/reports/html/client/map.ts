/** Lights up what belongs to the part of the map under the pointer or in focus. */
export function startMap(): void {
  const map = document.querySelector<SVGElement>('svg.map');
  if (!map) return;
  const nodes = [...map.querySelectorAll<SVGElement>('.node')];
  const edges = [...map.querySelectorAll<SVGElement>('.edge')].map((edge) => ({ edge, ends: edge.dataset['ends']!.split(' ') }));
  const light = (number: string | undefined): void => {
    map.classList.toggle('lit', number !== undefined);
    const near = new Set([number]);
    for (const { edge, ends } of edges) {
      const belongs = number !== undefined && ends.includes(number);
      edge.classList.toggle('on', belongs);
      if (belongs) for (const end of ends) near.add(end);
    }
    for (const node of nodes) node.classList.toggle('on', near.has(node.dataset['node']));
  };
  const numberOf = (target: EventTarget | null): string | undefined => {
    if (!(target instanceof Element)) return undefined;
    const node = target.closest<SVGElement>('.node') ?? target.querySelector<SVGElement>('.node');
    return target === map ? undefined : node?.dataset['node'];
  };
  for (const type of ['pointerover', 'focusin'] as const) map.addEventListener(type, ({ target }) => light(numberOf(target)));
  for (const type of ['pointerleave', 'focusout'] as const) map.addEventListener(type, () => light(undefined));
}
