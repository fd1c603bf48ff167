/**
 * Rules of eslint-plugin-n throw where a tsconfig.json extends one that is not installed, and ESLint then ends without a result.
 * Every rule stays on; what it throws becomes a message at the top of the file, and the formatter counts those.
 */
export const threw = 'the rule threw: ';

const top = { line: 1, column: 0 };
const atTop = { start: top, end: top };

function surviving(rule) {
  return {
    ...rule,
    create(context) {
      const guard = (act) => {
        try {
          return act();
        } catch (error) {
          context.report({ loc: atTop, message: `${threw}${String(error?.message ?? error).split('\n')[0]}` });
          return undefined;
        }
      };
      const listeners = guard(() => rule.create(context)) ?? {};
      return Object.fromEntries(Object.entries(listeners).map(([on, listen]) => [on, (...nodes) => guard(() => listen(...nodes))]));
    },
  };
}

export const survivingPlugin = (plugin) => ({
  ...plugin,
  rules: Object.fromEntries(Object.entries(plugin.rules).map(([name, rule]) => [name, surviving(rule)])),
});
