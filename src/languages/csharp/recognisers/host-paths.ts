import type { Condition } from '../../../facts.ts';
import { isMachineFolder } from '../../../text/machine-folders.ts';
import { isDescriptivePath } from '../../../text/secret-literals.ts';
import type { MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { At, Expression, Guard } from '../summary.ts';

/** A drive and a folder; `C:\` alone is a comparison or an example. */
const drive = /^[A-Za-z]:[\\/]{1,2}[\w$%. -]/;
const longest = 120;

/** Keys by which a program chooses among platforms, and those of a developer. */
const namesPlatform = /(?:^|[:._-])(?:win|windows|local|dev|test|sample|example)(?:$|[:._-])/i;
const keepsFiles = /(?:path|dir|directory|folder|store|storage|upload|root|location)\w*$/i;

/** Texts that are shown, compared or cut say nothing of where files are. */
const onlyTalks =
  /^(?:StartsWith|EndsWith|Contains|Replace|IndexOf|Equals|Exists|Split|Trim\w*|Format|Write|WriteLine|Log\w*|Information|Debug|Warning|Error|Fatal|Verbose|Assert\w*|Throw\w*|Matches|IsMatch|With\w+|Has\w+)$/;
/** On one system alone, or where something is there to be used. */
const isTried = (when: readonly Guard[] | undefined): boolean =>
  (when ?? []).some(({ test, holds }) => {
    const asked = JSON.stringify(test);
    return /Windows|OSPlatform|OSVersion|PlatformID|IsLinux/.test(asked) || (holds && /Exists/.test(asked));
  });
const isLocalOnly = (when: readonly Condition[]): boolean =>
  when.some(
    ({ env, test, value }) => env === 'ASPNETCORE_ENVIRONMENT' && test === 'equals' && /^(?:development|local|test)$/.test(value ?? ''),
  );

/** `"D:\\files\\" + name`: where the text begins. What stands behind `??` a setting replaces. */
function pathIn(expression: Expression | undefined): { readonly text: string; readonly at: At } | undefined {
  const first = expression?.is === 'text' ? expression.parts[0] : expression;
  const text = first?.is === 'literal' && typeof first.value === 'string' ? first.value : '';
  return first && drive.test(text) ? { text, at: first.at } : undefined;
}

/** Folders of one machine in settings that ship with the program; a file for production wins. */
function emitSettings({ settings }: ProgramView, emit: Emit): void {
  for (const setting of settings.all) {
    const { key, text, place } = setting;
    const isWindows = drive.test(text);
    if (settings.of(key) !== setting || namesPlatform.test(key) || !(isWindows || (keepsFiles.test(key) && isMachineFolder(text))))
      continue;
    emit('host-path', place, { path: text.slice(0, longest), os: isWindows ? 'windows' : 'unix' });
  }
}

class PathReader {
  constructor(
    readonly view: ProgramView,
    readonly emit: Emit,
  ) {}

  add(path: string, expression: Expression | undefined, one?: MethodView, when?: readonly Guard[]): void {
    const found = pathIn(expression);
    if (!found || isTried(when) || isDescriptivePath(path, this.view.project.root)) return;
    const conditions = one ? this.view.evaluator.conditions(when, one) : [];
    if (isLocalOnly(conditions)) return;
    const value = { path: found.text.slice(0, longest), os: 'windows' } as const;
    this.emit('host-path', placeAt(path, found.at), value, one ? { within: one.id, when: conditions } : {});
  }

  read(one: MethodView): void {
    const { locals, assignments, calls, creations } = one.method;
    for (const { value } of locals) this.add(one.path, value, one);
    for (const { value, how, when } of assignments) if (how === 'set') this.add(one.path, value, one, when);
    for (const { call, when } of calls)
      if (!onlyTalks.test(call.name)) for (const argument of call.args) this.add(one.path, argument, one, when);
    for (const { creation, when } of creations)
      if (!/Exception$|Attribute$/.test(creation.type))
        for (const argument of [...creation.args, ...Object.values(creation.set)]) this.add(one.path, argument, one, when);
  }
}

/** Files and folders of one machine: in settings, and where code names a drive. */
export const hostPaths: Recogniser = {
  text: [':\\'],
  recognise(view, emit) {
    emitSettings(view, emit);
    const reader = new PathReader(view, emit);
    for (const one of view.running) reader.read(one);
    // What is no constant is a default that settings replace.
    for (const { path, type } of view.types)
      for (const { value, modifiers } of type.fields)
        if (modifiers.some((word) => word === 'const' || word === 'static' || word === 'readonly')) reader.add(path, value);
  },
};
