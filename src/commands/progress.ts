import { said } from './say.ts';

/** Tells on a terminal which step runs; silent everywhere else, so that logs and pipes stay clean. */
export interface Progress {
  step(name: string): void;
  end(): void;
}

const clearLine = '\r\u001b[2K';

export function makeProgress(wanted: boolean): Progress {
  const shown = wanted && process.stderr.isTTY === true && !process.env['CI'] && process.env['TERM'] !== 'dumb';
  return {
    step: (name) => void (shown && process.stderr.write(`${clearLine}${said(name)}…`)),
    end: () => void (shown && process.stderr.write(clearLine)),
  };
}
