import { goMainIn } from '../../text/go-programs.ts';
import { splitCommands } from '../../text/shell-words.ts';
import type { Fact, Place, Process, ProcessStep } from '../../types.ts';
import { absolute } from '../image-files.ts';
import { lastSegment } from '../path-tree.ts';
import { choicesIn } from './choices.ts';
import { findCommandFile, findPublishedCommand, scriptOnLinux, taskFilesOf } from './command-files.ts';
import { findAssembly } from './dotnet.ts';
import { EntryList } from './entry-list.ts';
import { managedScripts } from './managed-scripts.ts';
import { isSilentCommand, type Meaning, readMeaning } from './meaning.ts';
import { packageAt, runsBefore, workspaceNamed } from './package-folders.ts';
import { settingsFileOf } from './python.ts';
import type { ProcessReading, Surroundings } from './reading.ts';
import { isInstalled, isOfServer } from './runtimes.ts';
import { commandsInBranches } from './script-branches.ts';
import { detaches, findEnding, isAllArguments, isProgramCall, movedTo, readCommands, resetArguments, runsOwnTask } from './script-lines.ts';
import { writeOutCalls } from './script-variables.ts';
import type { Situation } from './situation.ts';
import { supervisedBy } from './supervisor.ts';

const maxDepth = 16;
const maxSteps = 100;
const searchPath = ['/usr/local/bin', '/usr/bin', '/bin', '/'];

/** Follows a command through shells, inits, package scripts and shell scripts to the programs that it starts. */
export function readProcess(words: readonly string[], form: 'exec' | 'shell', place: Place, around: Surroundings): ProcessReading {
  const reader = new ChainReader(around);
  const situation: Situation = { cwd: around.workdir, place, form, replaces: true, ends: false, env: {}, args: [], depth: 0 };
  reader.follow(form === 'shell' ? ['/bin/sh', '-c', words.join(' ')] : words, situation);
  const { steps, known, foreign, tails, client, managers, programs, asks } = reader;
  const { entries, helpers } = programs;
  const ending = { ...(foreign && entries.length > 0 && { foreign }), ...(tails && { tails }) };
  const process: Process = { steps, known: known && steps.length > 0, ...ending };
  return { process, entries, helpers, client: client && entries.length === 0, managers, asks };
}

class ChainReader {
  readonly steps: ProcessStep[] = [];
  readonly programs = new EntryList();
  known = true;
  /** The command in the foreground is no program of the repository. */
  foreign = false;
  tails = false;
  client = false;
  readonly managers: Fact<'process-file'>[] = [];
  readonly asks = new Set<string>();
  readonly #around: Surroundings;
  readonly #running = new Set<string>();
  constructor(around: Surroundings) {
    this.#around = around;
  }

  follow(given: readonly string[], at: Situation): void {
    const words = this.#withSettings(
      given.map((word) => this.#expand(word)),
      at,
    );
    if (words.length === 0) return;
    if (at.depth > maxDepth || this.steps.length >= maxSteps) {
      this.known = false;
      return;
    }
    const deeper: Situation = { ...at, depth: at.depth + 1 };
    const meaning = readMeaning(words);
    if (meaning.is === 'wrapper' && meaning.becomes) {
      this.follow(meaning.rest, { ...deeper, env: { ...at.env, ...meaning.env }, replaces: at.replaces || meaning.replaces });
      return;
    }
    this.steps.push({
      words,
      form: at.form,
      replaces: at.replaces,
      place: at.place,
      ...(at.ends && { ends: true }),
      ...(at.background && { background: true }),
      ...(at.output !== undefined && { output: at.output }),
      ...(Object.keys(at.env).length > 0 && { env: at.env }),
    });
    this.#continue(meaning, words, { ...deeper, replaces: false });
  }

  #continue(meaning: Meaning, words: readonly string[], at: Situation): void {
    if (meaning.is === 'wrapper') this.follow(meaning.rest, { ...at, env: { ...at.env, ...meaning.env }, replaces: meaning.replaces });
    else if (meaning.is === 'shell') this.#line(meaning.line, { ...at, form: 'shell', replaces: meaning.replaces === true });
    else if (meaning.is === 'shell-script') this.#shellScript(meaning.path, meaning.args, at);
    else if (meaning.is === 'package-script') this.#packageScript(meaning, at);
    else if (meaning.is === 'several') this.#several(meaning, at);
    else if (meaning.is === 'named-scripts') this.#namedScripts(meaning, at);
    else if (meaning.is === 'supervisor') this.#supervised(words, at);
    else if (meaning.is === 'program') for (const path of meaning.paths) this.#program(path, words, at);
    else if (meaning.is === 'chosen-program') this.#chosenProgram(meaning, words, at);
    else if (meaning.is === 'assembly') this.#assembly(meaning.name, words, at);
    else if (meaning.is === 'project') this.#project(meaning.path, words, at);
    else if (meaning.is === 'framework') this.#framework(meaning, words, at);
    else if (meaning.is === 'go-package') this.#goPackage(meaning.path, words, at);
    else if (meaning.is === 'client-tool' && !at.ends) this.#clientTool(words, at);
    else if (meaning.is === 'other') this.#other(words, at);
  }

  #assembly(name: string, words: readonly string[], at: Situation): void {
    const project = findAssembly(name, this.#around.sources);
    if (project) this.#addEntry([project], words.slice(0, 2).join(' '), at);
    else this.#other(words, at);
  }

  /** `dotnet run` builds and runs the project of a folder. */
  #project(path: string, words: readonly string[], at: Situation): void {
    const folder = absolute(path.replace(/\/?[^/]*\.csproj$/, '') || '.', at.cwd);
    const { packages } = this.#around.sources;
    const found = this.#around.locate(folder).flatMap((candidate) => packages.get(candidate)?.value.dotnet?.path ?? []);
    this.#addEntry(found.slice(0, 1), words.slice(0, 2).join(' '), at);
  }

  /** `uwsgi --ini app.ini` with what the file says, as if it stood in the command. */
  #withSettings(words: readonly string[], at: Situation): readonly string[] {
    const file = settingsFileOf(words);
    const facts = file === undefined ? [] : this.#filesOf(file, at).map((path) => this.#around.sources.processFiles.get(path));
    const [line] = facts.find(Boolean)?.value.scripts ?? [];
    return line === undefined ? words : (splitCommands(line)[0]?.words ?? words);
  }

  /** A command that a package of the repository publishes, else a program of others. */
  #other(words: readonly string[], at: Situation): void {
    const { sources } = this.#around;
    const published =
      findPublishedCommand(words, sources) ??
      (words[0]!.includes('/') ? findCommandFile(this.#filesOf(words[0]!, at), words.slice(1), sources) : undefined) ??
      findAssembly(lastSegment(words[0] ?? ''), sources);
    const built = published === undefined ? this.#around.findBinary?.(words[0]!, at.cwd) : undefined;
    if (this.#scriptAt(words[0]!, at)) this.#shellScript(words[0]!, words.slice(1), at);
    else if (published) this.#addEntry([published], words[0]!, at);
    else if (built) this.#addEntry([built], lastSegment(words[0]!), at, words);
    else if (!at.ends && !at.beside && !at.background) this.foreign = true;
  }

  /** `$NAME` and `${NAME:-default}` as a whole word or a path part, where the value is known. */
  #expand(word: string): string {
    return word.replace(
      /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^{}$]*))?\})/g,
      (whole, plain: string, braced: string, fallback?: string) => this.#around.env.get(plain ?? braced) ?? fallback ?? whole,
    );
  }

  #line(line: string, at: Situation): void {
    const commands = readCommands(line);
    let cwd = at.cwd;
    const last = commands.findLastIndex(({ words }) => !isSilentCommand(words));
    for (const [index, { words, assignments, operator, output }] of commands.entries()) {
      if (words[0] === 'cd' && words[1]) cwd = absolute(this.#expand(words[1]), cwd);
      if (isSilentCommand(words)) continue;
      const env = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
      const passed = words.flatMap((word) => (isAllArguments(word) ? at.args : [word]));
      const background = at.background || operator === '&';
      const ends = at.ends || (index !== last && operator !== '&');
      if (isProgramCall(passed))
        this.follow(passed, { ...at, cwd, background, env: { ...at.env, ...env }, ends, ...(output !== undefined && { output }) });
      // `"$@"` of a function, before the program starts, changes nothing.
      else if (!ends) this.known = false;
    }
  }

  /** Files that a command in this folder may mean. */
  #filesOf(path: string, { cwd }: Situation): readonly string[] {
    const places = path.includes('/') ? [absolute(path, cwd)] : [cwd, ...searchPath].map((folder) => absolute(path, folder));
    return places.flatMap((place) => this.#around.locate(place));
  }

  #scriptAt(path: string, at: Situation): Fact<'shell-script'> | undefined {
    const { scripts } = this.#around.sources;
    return this.#filesOf(path, at)
      .map((candidate) => scripts.get(candidate))
      .find((fact) => fact !== undefined);
  }

  #shellScript(path: string, args: readonly string[], at: Situation): void {
    const { sources } = this.#around;
    const candidates = this.#filesOf(path, at);
    const script = this.#scriptAt(path, at);
    const command = script ? undefined : findCommandFile(candidates, args, sources);
    if (script) this.#scriptCommands(script, { ...at, form: 'script', args });
    else if (command) this.#addEntry([command], lastSegment(path), at);
    else if (candidates.every((candidate) => !sources.tree.hasFile(candidate)) && this.#around.findBinary?.(path, at.cwd))
      this.#other([path, ...args], at);
    else if (isOfServer([path, ...args]) && candidates.every((candidate) => !sources.tree.hasFile(candidate)))
      this.foreign ||= !at.ends && !at.background;
    else if (lastSegment(path) === 'docker-entrypoint.sh' && args.length > 0) this.follow(args, { ...at, replaces: true });
    else this.known = false;
  }

  /** The last command is the one that keeps running; what an earlier `exec` starts may run instead of it. */
  #scriptCommands(script: Fact<'shell-script'>, at: Situation): void {
    const { traps, commands: written } = script.value;
    const commands = writeOutCalls(commandsInBranches(written, this.#around.env, this.asks));
    if (runsOwnTask(commands, at.args)) {
      this.known = false;
      return;
    }
    const { last, tails } = findEnding(commands);
    // A script that traps signals passes them on to what it started.
    const replaces = at.replaces || traps;
    this.tails ||= tails && !traps && !at.ends;
    let { cwd, args } = at;
    for (const [index, { line, place, background, defines }] of commands.entries()) {
      if (defines) continue;
      args = resetArguments(line, args);
      const isAside = index !== last && (background === true || detaches.test(line));
      this.#line(line, {
        ...at,
        cwd,
        args,
        place,
        replaces,
        ends: at.ends || index !== last,
        ...(isAside && !at.ends && { background: true }),
      });
      const moved = movedTo(line);
      if (moved) cwd = absolute(this.#expand(moved), cwd);
    }
    if (last < 0) this.known = false;
  }

  #packageScript(call: Extract<Meaning, { is: 'package-script' }>, at: Situation): void {
    const home = packageAt(this.#around, call.folder === undefined ? at.cwd : absolute(call.folder, at.cwd));
    const found = call.workspaces.length === 0 ? home : workspaceNamed(call.workspaces, home, this.#around.sources);
    const script = found && scriptOnLinux(found.fact.value.scripts, call.script);
    const key = found && `${found.fact.value.root}\0${call.script}`;
    if (!found || key === undefined || this.#running.has(key)) this.known = false;
    else if (script) {
      this.#running.add(key);
      const before = found.fact.value.scripts[`pre${call.script}`];
      const inScript: Situation = { ...at, cwd: found.cwd, form: 'script', args: [] };
      if (before && runsBefore(call.manager, found, this.#around.sources))
        this.#line(before.command, { ...inScript, place: before.place, ends: true });
      this.#line([script.command, ...call.args].join(' '), { ...inScript, place: script.place });
      this.#running.delete(key);
    } else if (call.script === 'start' && call.manager === 'npm')
      this.follow(['node', 'server.js'], { ...at, cwd: found.cwd, form: 'script' });
    else if (call.manager === 'npm' || call.manager === 'turbo' || call.manager === 'lerna' || call.manager === 'nx') this.known = false;
    else this.follow([call.script, ...call.args], { ...at, cwd: found.cwd });
  }

  #namedScripts(meaning: Extract<Meaning, { is: 'named-scripts' }>, at: Situation): void {
    const { sources } = this.#around;
    const fact = this.#around.locate(absolute(meaning.file, at.cwd)).flatMap((path) => sources.processFiles.get(path) ?? [])[0];
    const { named = {} } = fact?.value ?? {};
    const beside = meaning.beside === true;
    const names = beside && meaning.names.length === 0 ? Object.keys(named).filter((name) => name !== 'release') : meaning.names;
    if (names.length === 0) this.known = false;
    for (const [index, name] of names.entries()) {
      const line = Object.hasOwn(named, name) ? named[name]! : undefined;
      const ends = at.ends || (!beside && index < names.length - 1);
      if (!fact || line === undefined) this.known = false;
      else this.#line(line, { ...at, form: 'script', place: fact.place, depth: at.depth + 1, ends, ...(beside && { beside }) });
    }
  }

  #several(meaning: Extract<Meaning, { is: 'several' }>, at: Situation): void {
    for (const [index, line] of meaning.lines.entries())
      this.#line(this.#shorthand(line), {
        ...at,
        form: 'script',
        beside: true,
        ends: at.ends || (meaning.inOrder && index < meaning.lines.length - 1),
      });
    for (const [index, script] of meaning.scripts.entries()) {
      if (script.includes('*')) this.known = false;
      else
        this.follow(['npm', 'run', script], {
          ...at,
          form: 'script',
          beside: true,
          ends: at.ends || (meaning.inOrder && index < meaning.scripts.length - 1),
        });
    }
  }

  /** concurrently: `npm:server` is `npm run server`. */
  #shorthand(line: string): string {
    return line.replace(/^(npm|yarn|pnpm|bun):/, '$1 run ');
  }

  #program(path: string, words: readonly string[], at: Situation): void {
    if (path.includes('$') || at.depth > maxDepth) this.known = false;
    else if (path === '.' || path === './') this.#packageMain(words, at);
    else if (isInstalled(path)) this.#installedTool(path, at);
    else {
      const written = this.#around.locate(absolute(path, at.cwd));
      const folder = written.map((candidate) => this.#around.sources.packages.get(candidate)).find(Boolean);
      const main = folder && absolute(folder.value.main?.path ?? 'index.js', absolute(path, at.cwd));
      const candidates = main ? this.#around.locate(main) : written;
      const manager = candidates.map((candidate) => this.#around.sources.processFiles.get(candidate)).find(Boolean);
      if (manager) this.#managed(manager, words, at);
      else this.#addEntry(candidates, `${lastSegment(words[0]!)} ${path}`, at, words);
    }
  }

  /** The programs of Supervisor run side by side, none of them in place of it. */
  #supervised(words: readonly string[], at: Situation): void {
    const files = supervisedBy(words, at.cwd, this.#around);
    if (files.length === 0) this.known = false;
    for (const { value, place } of files)
      for (const [index, line] of value.scripts.entries())
        this.#line(line, { ...at, form: 'script', beside: true, place: value.places?.[index] ?? place, depth: at.depth + 1 });
  }

  /** `packages/web/node_modules/next/dist/bin/next` is `next` in `packages/web`. */
  #installedTool(command: string, at: Situation): void {
    const [path = '', ...args] = command.split(/\s+/);
    const start = path.lastIndexOf('node_modules/');
    this.follow([lastSegment(path).replace(/\.[cm]?js$/, ''), ...args], {
      ...at,
      cwd: absolute(path.slice(0, start) || '.', at.cwd),
      depth: at.depth + 1,
    });
  }

  /** The scripts of a process file, each a path or a whole command. */
  #managed(manager: Fact<'process-file'>, words: readonly string[], at: Situation): void {
    if (!this.managers.includes(manager)) this.managers.push(manager);
    for (const script of managedScripts(manager, words)) {
      const below: Situation = { ...at, place: manager.place, depth: at.depth + 1 };
      if (isInstalled(script)) this.#installedTool(script, below);
      else if (/\s/.test(script)) this.#line(script, { ...below, form: 'script' });
      else this.#program(script, words, below);
    }
  }

  /** gulp and Grunt also start servers: their task file says which. */
  #clientTool(words: readonly string[], at: Situation): void {
    const names = taskFilesOf(words);
    const located = names.flatMap((name) => this.#around.locate(absolute(name, at.cwd)));
    const tasks = located.map((path) => this.#around.sources.processFiles.get(path)).find(Boolean);
    if (tasks) this.#managed(tasks, words, at);
    else this.client = true;
  }

  #packageMain(words: readonly string[], at: Situation): void {
    const settings = lastSegment(words[0]!) === 'nodemon' ? this.#around.locate(absolute('nodemon.json', at.cwd)) : [];
    const manager = settings.map((path) => this.#around.sources.processFiles.get(path)).find(Boolean);
    if (manager && manager.value.scripts.length > 0) return this.#managed(manager, words, at);
    const found = packageAt(this.#around, at.cwd);
    if (!found) this.known = false;
    else
      this.#addEntry(
        this.#around.locate(absolute(found.fact.value.main?.path ?? 'index.js', found.cwd)),
        `${lastSegment(words[0]!)} .`,
        at,
      );
  }

  #chosenProgram({ variable, usual }: Extract<Meaning, { is: 'chosen-program' }>, words: readonly string[], at: Situation): void {
    const named = (at.env[variable] ?? this.#around.env.get(variable))?.replace(/:.*$/s, '');
    const module = named && (/\.py$/.test(named) ? named : `${named.replaceAll('.', '/')}.py`);
    const located = (module ? [module] : usual).flatMap((path) => this.#around.locate(absolute(path, at.cwd)));
    const { files } = this.#around.sources;
    const found = located.find((path) => files.has(path) || files.has(path.replace(/\.py$/, '/__init__.py')));
    this.#addEntry(found ? [found] : [], words.slice(0, 2).join(' '), at, words);
  }

  /** `go run ./cmd/shop`. */
  #goPackage(path: string, words: readonly string[], at: Situation): void {
    const folder = path.endsWith('.go') ? path.replace(/[^/]*$/, '') || '.' : path;
    const { files } = this.#around.sources;
    const mains = this.#around.locate(absolute(folder, at.cwd)).flatMap((candidate) => goMainIn(candidate, files) ?? []);
    this.#addEntry(mains, `go run ${path}`, at, words);
  }

  #framework(meaning: Extract<Meaning, { is: 'framework' }>, words: readonly string[], at: Situation): void {
    const folder = absolute(meaning.folder, at.cwd);
    this.#addEntry(
      this.#around.locate(meaning.entry === undefined ? folder : absolute(meaning.entry, folder)),
      words.slice(0, 2).join(' '),
      at,
    );
  }

  /** Programs that end before the main one (migrations, builds) are no entries. */
  #addEntry(candidates: readonly string[], command: string, at: Situation, words?: readonly string[]): void {
    const path = candidates[0];
    if (at.ends && (!at.background || path === undefined)) return;
    if (path === undefined) this.known = false;
    else {
      const chosen = () => choicesIn([...this.#around.env, ...Object.entries(at.env)]);
      const isLoaded = words && /\.(?:py|go)$/.test(path);
      const because = `\`${command}\` runs it`;
      this.programs.add({ path, because, ...(isLoaded && { command: { words, place: at.place, chosen: chosen() } }) }, at.background);
    }
  }
}
