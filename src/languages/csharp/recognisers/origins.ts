import { placeOf, type Recogniser } from '../recogniser.ts';

const isOrigin = (text: string | undefined): boolean => /^https?:\/\/[^*]/.test(text ?? '');

/** Origins of browsers that may call, written down: `policy.WithOrigins("https://shop.acme.com")`. */
export const origins: Recogniser = {
  text: ['WithOrigins'],
  recognise(view, emit) {
    for (const call of view.callsNamed('WithOrigins')) {
      const texts = call.call.args.map((argument) => view.evaluator.text(argument, call));
      const when = view.conditions(call);
      const isLocal = when.some(({ env, test, value }) => env === 'ASPNETCORE_ENVIRONMENT' && test === 'equals' && value === 'development');
      if (texts.length === 0 || !texts.every(isOrigin) || isLocal) continue;
      emit('environment-config', placeOf(call), { how: 'origins', environments: [] }, { when, within: call.id });
      return;
    }
  },
};
