import type { Value } from '../../../facts.ts';
import type { CallSite } from '../recogniser.ts';

/** Libraries by which a program answers what people write in a messenger. */
export const botLibraries = [
  'discord.js',
  'eris',
  'oceanic.js',
  'telegraf',
  'grammy',
  'node-telegram-bot-api',
  '@slack/bolt',
  'whatsapp-web.js',
  'tmi.js',
  'vk-io',
  'viber-bot',
];
const libraries: ReadonlySet<string> = new Set(botLibraries);
/** By their documentations: what runs for each message, command or button. */
const answering =
  /^(?:on|once|addListener|use|command|hears|action|onText|start|help|settings|message|shortcut|view|event|options|callbackQuery|inlineQuery|reaction|gameQuery|cashtag|hashtag|mention|phone|email)$/;
const lifecycle =
  /^(?:ready|client_?ready|error|warn|debug|raw|invalidated|shard\w{0,30}|disconnect(?:ed)?|reconnect(?:ing)?|connected|connecting|qr|authenticated|auth_failure|loading_screen|polling_error|webhook_error|rate_?limit(?:ed)?)$/i;

const nameOfEvent = (event: Value | undefined): string =>
  event?.is === 'literal'
    ? String(event.value)
    : event?.is === 'package'
      ? (event.path.split('.').at(-1) ?? '')
      : event?.is === 'member'
        ? event.name
        : '';

/** `client.on('messageCreate', …)`, `bot.command('start', …)`, `app.message(…)`. */
export const answersChat = (call: CallSite): boolean =>
  call.package !== undefined &&
  libraries.has(call.package) &&
  answering.test(call.name) &&
  !lifecycle.test(nameOfEvent(call.firstArgument));

/** `execute(interaction)`, `run(client, message, args)`: what commands of a bot export, which it finds by their names. */
export function answersCommand(names: readonly (string | undefined)[]): boolean {
  const given = names.slice(0, 3);
  return (
    given.some((name) => /^_*interaction$/.test(name ?? '')) ||
    (given.some((name) => /^(?:message|msg)$/.test(name ?? '')) && given.includes('args'))
  );
}

/** A function of which only the program's libraries tell whether it answers in a messenger. */
export interface ChatFunction {
  readonly chat: number;
}
export const isChatFunction = (item: number | ChatFunction): item is ChatFunction => typeof item === 'object';
