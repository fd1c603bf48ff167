import type { Value } from '../../../facts.ts';
import type { CallView } from '../names.ts';
import { isOnIis } from '../projects.ts';
import { type Emit, type ProgramView, placeOf, type Recogniser } from '../recogniser.ts';

/** What encrypts cookies: their keys are made where nobody gives some. */
const cookies = [
  'AddCookie',
  'AddIdentity',
  'AddDefaultIdentity',
  'AddIdentityCookies',
  'AddIdentityApiEndpoints',
  'AddOpenIdConnect',
  'AddMicrosoftIdentityWebApp',
  'AddMicrosoftIdentityWebAppAuthentication',
];
const keeps = /^(?:PersistKeysTo\w+|UseXmlRepository|DisableAutomaticKeyGeneration)$/;

const keepers = (view: ProgramView): readonly CallView[] =>
  view.running.flatMap((one) =>
    one.method.calls.filter(({ call }) => keeps.test(call.name)).map((written): CallView => ({ ...one, written, call: written.call })),
  );

/** Keys that a repository of the program's own, or a setting of it, puts elsewhere. */
const keepsOtherwise = (view: ProgramView): boolean =>
  view.types.some(({ type }) => type.bases.some(({ name }) => /(?:^|\.)IXmlRepository$/.test(name))) ||
  view.running.some(({ method }) => method.assignments.some(({ target }) => target.at(-1) === 'XmlRepository'));

/** `new DirectoryInfo(path)`. */
function folderOf(call: CallView, view: ProgramView): Value | undefined {
  const [first] = call.call.args;
  if (first?.is === 'new' && first.type === 'DirectoryInfo') return view.evaluator.value(first.args[0], call);
  const value = first && view.evaluator.value(first, call);
  return value?.is === 'made' ? value.args[0] : value;
}

/** Whoever deploys it gives the folder. */
const isAskedFor = (value: Value): boolean =>
  value.is === 'env' ? value.fallback === undefined : value.is !== 'literal' && value.is !== 'text';

function emitFolder(call: CallView, view: ProgramView, emit: Emit): void {
  const target = folderOf(call, view);
  if (!target || isAskedFor(target)) return;
  emit(
    'file-write',
    placeOf(call),
    { library: 'ASP.NET Core', api: call.call.name, target, content: 'key', temporary: false, duringRequest: false },
    { when: view.conditions(call), within: call.id },
  );
}

/** Keys of Data Protection: without a place that all copies share, each makes its own and knows no cookie of another. */
export const dataProtection: Recogniser = {
  text: [...cookies, 'AddSession', 'PersistKeysTo', 'IXmlRepository', 'XmlRepository', 'AddDataProtection'],
  recognise(view, emit) {
    // .NET Framework encrypts with the machine's own key.
    if (isOnIis(view.project.dotnet)) return;
    const kept = keepers(view);
    for (const call of kept) if (call.call.name === 'PersistKeysToFileSystem') emitFolder(call, view, emit);
    if (kept.length > 0 || keepsOtherwise(view)) return;
    const sessions = view.callsNamed('UseSession').length > 0 ? view.callsNamed('AddSession') : [];
    const [first] = [...view.callsNamed(...cookies), ...sessions].filter((call) => view.graph.targetsOf(call.call, call).length === 0);
    if (first)
      emit(
        'secret',
        placeOf(first),
        { what: 'Data Protection keys', origin: 'generated', home: '.aspnet/DataProtection-Keys' },
        { when: view.conditions(first), within: first.id },
      );
  },
};
