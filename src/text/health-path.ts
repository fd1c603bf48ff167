/** Tells whether a path is one by which a platform asks for health, as services of all frameworks name them. */

/** Names that mean health wherever they stand last. */
const certain =
  /^[_.-]*(?:healthz?|health-?_?checks?|health-?_?checkup|healthy|liveness|readiness|livez|readyz|live-?ness-?probe|actuator|alive|heart-?beat|(?:liveness|readiness|startup|health)-?_?(?:probe|status)|is[_-]?(?:alive|healthy|ready)|server-health)[_-]*$/i;
/** Names that mean it below one name as well: `/books/ping` where services share a host. */
const echo = /^[_-]*(?:ping|pong)$/i;
/** Names that mean it only near the root: `/users/:id/status` asks for something else. */
const near =
  /^[_-]*(?:live|ready|ping|pong|status|up|isup|probe|startupz?|check|statusz|(?:lb|server|service|app|api)[_-]?status|diag(?:nostics)?)$/i;
/** Segments that only lead there. */
const leading =
  /^(?:[_-]*|api|rest|v\d+|internal|public|private|system|sys|service|server|management|monitor(?:ing)?|admin|_?internal|app|common|core|health|healthz|actuator|probes?|[_-]+\w+)$/i;

/** True for `/healthz`, `/api/v1/health/ready`, `/_status`…; not for `/` or `/orders/:id/status`. */
export function isHealthPath(path: string): boolean {
  const segments = path
    .replace(/\/\*$/, '')
    // `/health(z)?`, as Express takes it.
    .replace(/\([\w|]{1,20}\)\?/g, '')
    .replace(/\.(?:html?|json|txt|php|jsp|do|as[ph]x)$/i, '')
    .split('/')
    .filter(Boolean);
  const last = segments.at(-1);
  if (last === undefined) return false;
  const before = segments.slice(0, -1);
  if (segments.some((segment) => segment.startsWith(':'))) return false;
  if (segments.slice(-2).some((segment) => certain.test(segment))) return true;
  if (echo.test(last) && before.length === 1 && /^[\w-]+$/.test(before[0]!)) return true;
  return near.test(last) && before.every((segment) => leading.test(segment));
}
