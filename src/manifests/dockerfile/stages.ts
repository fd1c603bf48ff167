/** Follows the instructions of a Dockerfile and collects one stage after another. */
import { posix } from 'node:path';
import type { EnvEntry, ImageCommand, ImageStage, Setting } from '../../facts.ts';
import { readHealthCommand } from '../../text/health-command.ts';
import { judgeValue, mask, maskCommand, opaqueMask, safeSetting } from '../../text/secret-shapes.ts';
import { hasStandInAccount } from '../../text/stand-in-accounts.ts';
import type { Place } from '../../types.ts';
import { expand, expandSetting } from './expand.ts';
import { type DockerInstruction, readJsonWords, readWords } from './instructions.ts';

type Draft = { -readonly [K in keyof ImageStage]: ImageStage[K] extends readonly (infer T)[] ? T[] : ImageStage[K] };

/** A stage while its instructions are read. `scope` holds ARG and ENV in force. */
class StageBuilder {
  readonly scope: Map<string, string | undefined>;
  constructor(
    readonly draft: Draft,
    inherited: ReadonlyMap<string, string | undefined>,
    readonly globals: ReadonlyMap<string, string | undefined>,
  ) {
    this.scope = new Map(inherited);
  }

  add(instruction: DockerInstruction): void {
    const { keyword, body, place } = instruction;
    if (keyword === 'ENV') this.#env(instruction);
    else if (keyword === 'ARG') this.#args(instruction);
    else if (keyword === 'USER') this.draft.user = expandSetting(readWords(body)[0] ?? body, this.scope, place);
    else if (keyword === 'WORKDIR') this.#workdir(body, place);
    else if (keyword === 'EXPOSE') this.#expose(instruction);
    else if (keyword === 'CMD') this.draft.cmd = readCommand(body, place);
    else if (keyword === 'ENTRYPOINT') this.draft.entrypoint = readCommand(body, place);
    else if (keyword === 'HEALTHCHECK') this.#healthcheck(body, place);
    else if (keyword === 'COPY' || keyword === 'ADD') this.#copy(instruction);
    else if (keyword === 'RUN') this.#run(instruction);
    else if (keyword === 'STOPSIGNAL') this.draft.stopSignal = expandSetting(body, this.scope, place);
    else if (keyword === 'VOLUME') for (const path of readWords(body)) this.draft.volumes.push({ path: this.#text(path), place });
  }

  #text(text: string): string {
    return expand(text, this.scope).text;
  }

  #env({ pairs }: DockerInstruction): void {
    const before = new Map(this.scope);
    for (const { name, value = '', literal, place } of pairs) {
      const { text, unknown } = literal ? { text: value, unknown: [] } : expand(value, before);
      this.scope.set(name, unknown.length > 0 ? undefined : text);
      const setting: Setting<string> =
        unknown.length > 0
          ? { known: false, because: `${unknown[0]} is given by the build or the base image`, place }
          : hasStandInAccount(name, text, (other) => pairs.find((pair) => pair.name === other)?.value ?? this.scope.get(other))
            ? { known: true, value: text, place }
            : safeSetting(name, text, place);
      const argument = unknown.find((one) => this.draft.args.some((arg) => arg.name === one));
      const entry: EnvEntry = { name, value: setting, ...(argument === undefined ? {} : { argument }), place };
      const same = this.draft.env.findIndex((other) => other.name === name);
      if (same >= 0) this.draft.env.splice(same, 1);
      this.draft.env.push(entry);
    }
  }

  /** `ARG NAME` without a default takes that of the global ARG before the first FROM. */
  #args({ pairs }: DockerInstruction): void {
    for (const { name, value, place } of pairs) {
      const text = value === undefined ? this.globals.get(name) : this.#text(value);
      if (!this.draft.env.some((entry) => entry.name === name)) this.scope.set(name, text);
      const judged = text === undefined ? undefined : judgeValue(name, text);
      const kept = judged && (judged.text ?? (judged.shape === 'opaque' ? opaqueMask : mask));
      this.draft.args.push({ name, ...(kept === undefined ? {} : { default: kept }), place });
    }
  }

  #workdir(body: string, place: Place): void {
    const next = expandSetting(readWords(body).join(' ') || body, this.scope, place);
    const before = this.draft.workdir?.known ? this.draft.workdir.value : undefined;
    const absolute = next.known && /^(\/|[A-Za-z]:)/.test(next.value);
    if (!next.known || absolute) this.draft.workdir = next;
    else if (before !== undefined) this.draft.workdir = { known: true, value: posix.join(before, next.value), place };
    else this.draft.workdir = { known: false, because: 'relative to the working directory of the base image', place };
  }

  #expose({ body, place }: DockerInstruction): void {
    for (const word of readWords(body).slice(0, 200)) {
      const port = expandSetting(word, this.scope, place);
      if (!port.known) {
        this.draft.expose.push({ port, place });
        continue;
      }
      const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/\w+)?$/.exec(port.value) ?? [];
      if (!first) continue;
      const end = Math.min(Number(last ?? first), Number(first) + 99);
      for (let number = Number(first); number <= end; number++)
        this.draft.expose.push({ port: { known: true, value: number, place }, place });
    }
  }

  #healthcheck(body: string, place: Place): void {
    const [, keyword = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(body) ?? [];
    if (keyword.toUpperCase() === 'NONE') {
      this.draft.healthcheck = { type: 'exec', disabled: true, place };
    } else if (keyword.toUpperCase() === 'CMD') {
      const list = readJsonWords(rest);
      const words = (list ?? [rest]).map((word) => maskCommand(this.#text(word)));
      this.draft.healthcheck = readHealthCommand(words, !list, place);
    }
  }

  #copy({ body, flags, heredocs, place }: DockerInstruction): void {
    const words = readWords(heredocs.length > 0 ? body.replace(/<<-?["']?[\w.]+["']?/g, ' ') : body).map((word) => this.#text(word));
    const target = words.at(-1);
    if (target === undefined) return;
    const from = flags.get('from');
    const workdir = this.draft.workdir?.known ? { workdir: this.draft.workdir.value } : {};
    this.draft.copies.push({ ...(from ? { from: this.#text(from) } : {}), sources: words.slice(0, -1), target, ...workdir, place });
  }

  #run({ body, heredocs, place }: DockerInstruction): void {
    const list = readJsonWords(body);
    const script = body.startsWith('<<') ? heredocs[0] : undefined;
    this.draft.runs.push({ command: maskCommand(script ?? (list ? list.join(' ') : body)), place });
  }
}

function readCommand(body: string, place: Place): ImageCommand {
  const list = readJsonWords(body);
  if (list) return { form: 'exec', words: list.map(maskCommand), place };
  return { form: 'shell', words: body === '' ? [] : [maskCommand(body)], place };
}

function startStage(
  instruction: DockerInstruction,
  index: number,
  globals: ReadonlyMap<string, string | undefined>,
  before: readonly ImageStage[],
): Draft {
  const [image = '', as, name] = readWords(instruction.body);
  const expanded = expandSetting(image, globals, instruction.place);
  // `${docker.image}` and `@image@` are filled in by a build tool.
  const base: Setting<string> =
    expanded.known && /[${}]|@\w+@/.test(expanded.value)
      ? { known: false, because: 'a template names it', place: expanded.place }
      : expanded;
  const stageName = as?.toLowerCase() === 'as' && name ? name : undefined;
  const named = base.known ? before.findLastIndex((stage) => stage.name?.toLowerCase() === base.value.toLowerCase()) : -1;
  return {
    ...(stageName ? { name: stageName } : {}),
    index,
    base,
    ...(named >= 0 ? { baseStage: named } : {}),
    env: [],
    args: [],
    expose: [],
    copies: [],
    runs: [],
    volumes: [],
    place: instruction.place,
  };
}

/** All stages, in order. Instructions before the first FROM other than ARG are ignored, as Docker does. */
export function readStages(instructions: readonly DockerInstruction[]): readonly ImageStage[] {
  const globals = new Map<string, string | undefined>();
  const builders: StageBuilder[] = [];
  for (const instruction of instructions) {
    const current = builders.at(-1);
    if (instruction.keyword === 'FROM') {
      const draft = startStage(
        instruction,
        builders.length,
        globals,
        builders.map((builder) => builder.draft),
      );
      const base = draft.baseStage === undefined ? undefined : builders[draft.baseStage];
      const inherited = new Map([...(base?.scope ?? [])].filter(([name]) => base?.draft.env.some((entry) => entry.name === name)));
      if (base?.draft.workdir) draft.workdir = base.draft.workdir;
      builders.push(new StageBuilder(draft, inherited, globals));
    } else if (current) current.add(instruction);
    else if (instruction.keyword === 'ARG') {
      for (const { name, value } of instruction.pairs) globals.set(name, value === undefined ? undefined : expand(value, globals).text);
    }
  }
  return builders.map((builder) => builder.draft);
}
