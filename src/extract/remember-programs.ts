import { createHash } from 'node:crypto';
import type { Memory } from '../files/memory.ts';
import { type Language, type Program, type ProgramRequest, readInSteps } from '../languages/language.ts';
import { atOnce, type Steps } from '../steps.ts';
import type { AnyFact } from '../types.ts';

/** A fact, or where it stands in what the manifests below a folder say: then it is one and the same fact. */
type SavedFact = AnyFact | readonly [folder: number, index: number];
interface SavedProgram extends Pick<Program, 'entries' | 'complete' | 'files' | 'notAssessed'> {
  /** Folders whose manifests were asked for, with a digest of what they say. */
  readonly asked: readonly (readonly [folder: string, digest: string])[];
  readonly facts: readonly SavedFact[];
  readonly reached: readonly (readonly [functions: string, reached: readonly string[]])[];
}

const digest = (value: unknown): string => createHash('sha1').update(JSON.stringify(value)).digest('base64');
/** Packages, and facts below a folder, are the same objects for every program of a run. */
const digests = new WeakMap<object, string>();
function remembered<T extends object>(value: T, make: (value: T) => string): string {
  const known = digests.get(value) ?? make(value);
  digests.set(value, known);
  return known;
}
/** The same manifests stand under their names and under their folders: each is written down once. */
const entries = (map: ReadonlyMap<string, object>): string => digest([...map].map(([key, value]) => [key, remembered(value, digest)]));
const digestOf = (map: ReadonlyMap<string, object> | undefined): string => (map ? remembered(map, entries) : '');
const digestFacts = (facts: readonly AnyFact[]): string => remembered(facts, digest);

const nameOf = (language: string, request: ProgramRequest): string =>
  digest([language, request.root, request.package, request.entries, digestOf(request.packages), digestOf(request.roots)]);

/** What a program read last time is recalled, unless something that it rests on has changed. */
export const rememberPrograms =
  (memory: Memory) =>
  (language: Language): Language => {
    function* programInSteps(request: ProgramRequest): Steps<Program> {
      const name = nameOf(language.id, request);
      const asked = new Map<string, readonly AnyFact[]>();
      const ask = (folder: string): readonly AnyFact[] => {
        const facts = asked.get(folder) ?? request.manifestsUnder?.(folder) ?? [];
        asked.set(folder, facts);
        return facts;
      };
      const read = () => readInSteps(language, { ...request, files: memory.files, manifestsUnder: ask });
      const saved = memory.recall(name) as SavedProgram | undefined;
      const isCurrent = saved?.asked.every(([folder, said]) => digestFacts(ask(folder)) === said);
      if (saved && isCurrent) return revive(saved, asked, read);
      asked.clear();
      const answers = new Map<string, readonly string[]>();
      const whole = new Whole(read);
      const program = yield* memory.makeInSteps(
        name,
        () => whole.load(),
        (made) =>
          made.notAssessed.some(({ reason }) => notOfFiles.has(reason))
            ? undefined
            : { modules: made.files, value: () => whole.save((program) => save(program, asked, answers)) },
      );
      const { entries, complete, files, facts, notAssessed } = program;
      return { entries, complete, files, facts, notAssessed, reached: withAnswers(answers, () => atOnce(whole.load())) };
    }
    return { ...language, programInSteps, program: (request) => atOnce(programInSteps(request)) };
  };

/** A program with its call graph, which is large: gone once it was saved, and read again if somebody asks after all. */
class Whole {
  readonly #read: () => Steps<Program>;
  #program: Program | undefined;
  #saved: SavedProgram | undefined;
  constructor(read: () => Steps<Program>) {
    this.#read = read;
  }
  *load(): Steps<Program> {
    this.#program ??= yield* this.#read();
    return this.#program;
  }
  save(make: (program: Program) => SavedProgram): SavedProgram {
    this.#saved ??= make(atOnce(this.load()));
    this.#program = undefined;
    return this.#saved;
  }
}

/** What went wrong in this run and may go well in the next, with the same files. */
const notOfFiles: ReadonlySet<string> = new Set(['internal-error', 'parser-not-loaded']);

function save(
  program: Program,
  asked: ReadonlyMap<string, readonly AnyFact[]>,
  answers: ReadonlyMap<string, readonly string[]>,
): SavedProgram {
  const given = new Map<AnyFact['value'], readonly [number, number]>();
  [...asked.values()].forEach((facts, folder) => {
    facts.forEach(({ value }, index) => given.set(value, [folder, index]));
  });
  return {
    entries: program.entries,
    complete: program.complete,
    files: program.files,
    notAssessed: program.notAssessed,
    asked: [...asked].map(([folder, facts]) => [folder, digestFacts(facts)]),
    facts: program.facts.map((fact) => given.get(fact.value) ?? fact),
    reached: [...answers],
  };
}

function revive(saved: SavedProgram, asked: ReadonlyMap<string, readonly AnyFact[]>, read: () => Steps<Program>): Program {
  const folders = saved.asked.map(([folder]) => asked.get(folder) ?? []);
  const isPlaced = (fact: SavedFact): fact is readonly [number, number] => Array.isArray(fact);
  let program: Program | undefined;
  return {
    entries: saved.entries,
    complete: saved.complete,
    files: saved.files,
    notAssessed: saved.notAssessed,
    facts: saved.facts.map((fact) => (isPlaced(fact) ? folders[fact[0]]![fact[1]]! : fact)),
    reached: withAnswers(new Map(saved.reached), () => {
      program ??= atOnce(read());
      return program;
    }),
  };
}

/** The call graph is not saved, only what was asked of it: another question reads the program after all. */
const withAnswers =
  (answers: Map<string, readonly string[]>, program: () => Program): Program['reached'] =>
  (functions) => {
    const question = JSON.stringify(functions);
    const answer = answers.get(question) ?? [...program().reached(functions)];
    answers.set(question, answer);
    return new Set(answer);
  };
