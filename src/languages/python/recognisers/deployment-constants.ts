/** What differs between deployments and is written as a constant: debug mode, hosts, origins, senders of mail. */
import type { Value } from '../../../facts.ts';
import { isDevelopmentFile } from '../development.ts';
import { folderOf } from '../modules.ts';
import { type Emit, isTrue, type ProgramView, type Recogniser, type SettingView, textOf } from '../recogniser.ts';
import { anchor } from './servers.ts';

const originSettings = ['CORS_ORIGIN_WHITELIST', 'CORS_ALLOWED_ORIGINS', 'CSRF_TRUSTED_ORIGINS'];
const senderName = /(?:^|_)(?:MAIL_(?:DEFAULT_)?SENDER|DEFAULT_FROM_EMAIL|EMAIL_FROM|FROM_EMAIL|MAIL_FROM)$/;
/** Settings of other deployments, which stand beside and are loaded there. */
const otherSettings = /(?:^|[/_.-])(?:prod|production|live|staging|stage|deploy|deployment|heroku|docker|local_?settings|settings_?local)/i;
const local = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|testserver|host\.docker\.internal)(?::\d+)?\/?$/i;

/** Texts of a list that holds nothing else. */
function textsOf(value: Value | undefined): readonly string[] {
  const texts = value?.is === 'list' ? value.items.map(textOf) : [];
  return texts.every((text) => text !== undefined) ? (texts as string[]) : [];
}

/** The only place that sets it, in the only settings that there are. */
function onlySetting(program: ProgramView, name: string): SettingView | undefined {
  const [setting, ...others] = program.settings(name);
  if (!setting || others.length > 0 || setting.when?.length) return undefined;
  if (program.assigned(name).filter(({ path }) => !isDevelopmentFile(path, program.root)).length > 1) return undefined;
  const { path } = setting;
  const isReplaced = (program.summary(path)?.imports ?? []).some(
    ({ tried, names }) => tried && names?.some(({ name: one }) => one === '*'),
  );
  const isOneOfMany = program
    .under(folderOf(path))
    .some((file) => file !== path && file.endsWith('.py') && otherSettings.test(file.slice(folderOf(path).length)));
  return isReplaced || isOneOfMany ? undefined : setting;
}

function emitDjango(program: ProgramView, emit: Emit): void {
  if (program.settings('INSTALLED_APPS').length === 0) return;
  const debug = onlySetting(program, 'DEBUG');
  if (debug && isTrue(debug.value)) emit('environment-config', debug, { how: 'debug', environments: [] });
  const hosts = onlySetting(program, 'ALLOWED_HOSTS');
  const names = textsOf(hosts?.value);
  if (hosts && !names.includes('*') && names.some((name) => !local.test(name)))
    emit('environment-config', hosts, { how: 'hosts', environments: [] });
  for (const name of originSettings) {
    const origins = onlySetting(program, name);
    if (origins && textsOf(origins.value).length > 0) emit('environment-config', origins, { how: 'origins', environments: [] });
  }
}

/** `CORSMiddleware(allow_origins=[…])` and `CORS(app, origins=[…])` with addresses of a deployment. */
function emitOrigins(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    const isMiddleware = call.name === 'add_middleware' || /\.CORSMiddleware$/.test(call.dotted ?? '');
    const given = isMiddleware
      ? call.named('allow_origins')
      : /^flask_cors\.(?:\w+\.)?CORS$/.test(call.dotted ?? '')
        ? call.named('origins')
        : undefined;
    const origins = textsOf(given);
    if (given && !origins.includes('*') && origins.some((origin) => /^https?:\/\//.test(origin) && !local.test(origin)))
      emit('environment-config', { ...anchor(call), place: given.place }, { how: 'origins', environments: [] });
  }
}

function emitSenders(program: ProgramView, emit: Emit): void {
  const names = new Set(program.assignments.flatMap(({ own }) => own.target.slice(-1)).filter((name) => senderName.test(name)));
  for (const name of names) {
    const sender = onlySetting(program, name);
    if (/\S@\S/.test(textOf(sender?.value) ?? '')) emit('environment-config', sender!, { how: 'sender', environments: [] });
  }
}

export const deploymentConstants: Recogniser = {
  id: 'deployment-constants',
  recognise(program, emit) {
    emitDjango(program, emit);
    emitOrigins(program, emit);
    emitSenders(program, emit);
  },
};
