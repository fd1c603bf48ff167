/** Quantities of the Kubernetes API. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

export function parseQuantity(text: string): number | undefined {
  const match = /^\s*(\d{1,18}(?:\.\d{0,9})?|\.\d{1,9})(?:([eE][+-]?\d{1,2})|([numkMGTPE]i?|Ki)?)\s*$/.exec(text);
  if (!match) return undefined;
  const factor = factors[match[3] ?? ''];
  return factor === undefined ? undefined : Number(match[1] + (match[2] ?? '')) * factor;
}

/** CPU in cores: `500m` is 0.5. */
export const parseCores = parseQuantity;
/** Memory in bytes: `512Mi` is 536870912. */
export const parseBytes = (text: string): number | undefined => {
  const bytes = parseQuantity(text);
  return bytes === undefined ? undefined : Math.round(bytes);
};
