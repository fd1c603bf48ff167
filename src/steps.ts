/** Long work in steps, so that whoever runs it can look elsewhere between two of them, or stop. */

export type Steps<T> = Generator<void, T, void>;

/** All steps without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Milliseconds of work between two pauses. */
const slice = 20;
/** Lets what waits for this process (messages, timers) have its turn. A message may take two: one to arrive, one to be answered. */
export async function breathe(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * All steps, with pauses in which everything else gets its turn.
 * @returns `undefined` when nobody wants the result any more: the work has ended early
 */
export async function inSlices<T>(steps: Steps<T>, isWanted: () => boolean): Promise<{ readonly value: T } | undefined> {
  let end = performance.now() + slice;
  for (;;) {
    const step = steps.next();
    if (step.done) return { value: step.value };
    if (performance.now() < end) continue;
    await breathe();
    if (!isWanted()) return void steps.return(undefined as T);
    end = performance.now() + slice;
  }
}
