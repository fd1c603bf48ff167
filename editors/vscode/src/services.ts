/** What is shown of services, apart from how VS Code draws it: plain data in, plain data out. */

/** As the server tells them after each analysis (`src/lsp/services.ts` of the product). */
export interface Location {
  readonly uri: string;
  readonly range: { readonly start: Position; readonly end: Position };
}
interface Position {
  readonly line: number;
  readonly character: number;
}
export type Level = 'error' | 'warning' | 'note';
export type Verdict = 'ready' | 'at risk' | 'blocked' | 'unknown';
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly text: string;
  readonly next: string;
  readonly location: Location;
}
export interface Gate {
  readonly id: string;
  readonly title: string;
  readonly state: 'open' | 'at risk' | 'closed' | 'unknown';
  readonly wouldChange: readonly string[];
  readonly against: readonly Finding[];
  readonly for: readonly { readonly text: string; readonly location: Location }[];
}
export interface Service {
  readonly name: string;
  readonly verdict: Verdict;
  readonly answer: string;
  readonly location: Location;
  readonly root?: string;
  readonly paths: readonly string[];
  /** None for what is not asked whether it scales. */
  readonly gates: readonly Gate[];
}
export interface ServicesParams {
  readonly root: string;
  readonly uri?: string;
  readonly services?: readonly Service[];
}
export interface Repository {
  /** Path of its folder with `/`, as the editor names it. */
  readonly folder: string;
  readonly services: readonly Service[];
}

const ranks: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };
export const isShown = (level: Level, least: Level): boolean => ranks[level] <= ranks[least];

export const isAsked = ({ gates }: Service): boolean => gates.length > 0;
const worst: readonly Verdict[] = ['blocked', 'at risk', 'unknown', 'ready'];
/** What is worst comes first, and what is not asked last. */
export const inOrder = (services: readonly Service[]): readonly Service[] =>
  services.toSorted(
    (a, b) => Number(isAsked(b)) - Number(isAsked(a)) || worst.indexOf(a.verdict) - worst.indexOf(b.verdict) || (a.name < b.name ? -1 : 1),
  );

const pathIn = ({ folder }: Repository, file: string): string | undefined => {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  return file.startsWith(base) ? file.slice(base.length) : undefined;
};
const depth = (root: string | undefined, path: string): number => {
  if (root === undefined) return -1;
  if (root === '' || root === '.') return 0;
  return path.startsWith(`${root}/`) ? root.length : -1;
};

/** The service that a file is about: the one in whose folder it lies, else one that its manifest or image is for. */
export function serviceAt(repositories: readonly Repository[], file: string): Service | undefined {
  const around = repositories
    .filter((one) => pathIn(one, file) !== undefined)
    .toSorted((a, b) => b.folder.length - a.folder.length)
    .at(0);
  if (!around) return undefined;
  const path = pathIn(around, file)!;
  const services = inOrder(around.services);
  const deepest = Math.max(...services.map(({ root }) => depth(root, path)));
  const inside = services.filter(({ root }) => deepest > 0 && depth(root, path) === deepest);
  const named = (some: readonly Service[]) => some.find(({ paths }) => paths.includes(path));
  return named(inside) ?? inside[0] ?? named(services) ?? services.find(({ root }) => depth(root, path) === 0);
}

/** Trees and their tooltips show marks of code as they stand. */
const unmark = (text: string): string => text.replaceAll('`', '');
/** Text of the repository must not draw icons. */
const plain = (text: string): string => text.replaceAll('$(', '$\u200b(');
const longest = 60;
const shorten = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

const icons: Readonly<Record<Verdict, string>> = { ready: 'pass', 'at risk': 'warning', blocked: 'error', unknown: 'question' };
export const iconOf = (service: Service): string => (isAsked(service) ? icons[service.verdict] : 'circle-slash');
export const gateIcons: Readonly<Record<Gate['state'], string>> = {
  open: 'pass',
  'at risk': 'warning',
  closed: 'error',
  unknown: 'question',
};
export const levelIcons: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'info' };

export interface Status {
  readonly text: string;
  readonly tooltip: string;
}

/** The answer for the current file; without a service, for all of them. */
export function statusOf(repositories: readonly Repository[], file: string | undefined): Status | undefined {
  const service = file === undefined ? undefined : serviceAt(repositories, file);
  if (service) {
    const tooltip = [`${service.name}: can it autoscale? ${service.answer}`, ...blockersOf(service).map((text) => `• ${text}`)].join('\n');
    return { text: `$(${iconOf(service)}) ${plain(shorten(`${service.name}: ${service.answer}`))}`, tooltip };
  }
  const asked = repositories.flatMap(({ services }) => services).filter(isAsked);
  if (!asked.length) return undefined;
  const count = (verdict: Verdict): number => asked.filter((one) => one.verdict === verdict).length;
  const least = worst.find((verdict) => count(verdict) > 0)!;
  const text = `$(${icons[least]}) cloudworthy: ${count(least)} of ${asked.length} ${least}`;
  return {
    text,
    tooltip: inOrder(asked)
      .slice(0, 20)
      .map(({ name, answer }) => `${name}: ${answer}`)
      .join('\n'),
  };
}

const blockersOf = ({ gates }: Service): readonly string[] =>
  gates
    .flatMap(({ against }) => against)
    .filter(({ level }) => level === 'error')
    .slice(0, 10)
    .map(({ text }) => unmark(text));

/** One line of the tree. */
export interface Line {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly color?: string;
  readonly location?: Location;
  readonly open?: boolean;
  readonly children: readonly Line[];
}

const colors: Readonly<Record<string, string>> = {
  error: 'list.errorForeground',
  warning: 'list.warningForeground',
  pass: 'testing.iconPassed',
};
const lineOf = (id: string, icon: string, rest: Omit<Line, 'id' | 'icon' | 'color'>): Line => ({ id, icon, color: colors[icon], ...rest });

const fileOf = ({ uri, range }: Location): string => `${decodeURIComponent(uri.split('/').at(-1) ?? '')}:${range.start.line + 1}`;

function gateLine(gate: Gate, parent: string, least: Level): Line {
  const id = `${parent}\0${gate.id}`;
  const shown = gate.against.filter(({ level }) => isShown(level, least));
  const against = shown.map((finding, index) =>
    lineOf(`${id}\0${index}`, levelIcons[finding.level], {
      label: unmark(finding.text),
      description: `${finding.rule} · ${fileOf(finding.location)}`,
      tooltip: unmark(`${finding.text}\n\nWhat to do: ${finding.next}`),
      location: finding.location,
      children: [],
    }),
  );
  const signs = gate.for.map(({ text, location }, index) =>
    lineOf(`${id}\0for\0${index}`, 'pass', {
      label: unmark(text),
      description: fileOf(location),
      tooltip: unmark(text),
      location,
      children: [],
    }),
  );
  return lineOf(id, gateIcons[gate.state], {
    label: gate.title,
    description: gate.state,
    tooltip: unmark([gate.title, ...gate.wouldChange.map((text) => `• ${text}`)].join('\n')),
    open: gate.state === 'closed',
    children: [...against, ...signs],
  });
}

function serviceLine(service: Service, parent: string, least: Level): Line {
  const id = `${parent}\0${service.name}`;
  return lineOf(id, iconOf(service), {
    label: service.name,
    description: service.answer,
    tooltip: `${service.name}: can it autoscale? ${service.answer}`,
    location: service.location,
    open: service.verdict === 'blocked',
    children: service.gates.map((gate) => gateLine(gate, id, least)),
  });
}

/** The whole tree; repositories are a level of their own only when there are several. */
export function linesOf(repositories: readonly Repository[], least: Level): readonly Line[] {
  const services = ({ folder, services: own }: Repository) => inOrder(own).map((service) => serviceLine(service, folder, least));
  if (repositories.length < 2) return repositories.flatMap(services);
  return repositories.map((repository) =>
    lineOf(repository.folder, 'repo', {
      label: repository.folder.split('/').at(-1) ?? '',
      tooltip: repository.folder,
      open: true,
      children: services(repository),
    }),
  );
}
