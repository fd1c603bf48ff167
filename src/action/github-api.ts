/** The few requests to GitHub that a workflow asks for: the files of a pull request, and the upload of results. */

export interface ApiResponse {
  /** 0: no answer came. */
  readonly status: number;
  readonly body: unknown;
}
export interface GitHubApi {
  get(path: string): Promise<ApiResponse>;
  post(path: string, body: unknown): Promise<ApiResponse>;
}

const timeoutMs = 30_000;
const attempts = 3;
const pauseMs = 400;
const version = '2022-11-28';
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A proxy's page is no JSON; its status tells enough. */
async function readBody(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

async function askOnce(url: string, init: RequestInit): Promise<ApiResponse> {
  try {
    // A redirect would carry the token along.
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, body: await readBody(response) };
  } catch {
    return { status: 0, body: undefined };
  }
}

const isPassing = ({ status }: ApiResponse): boolean => status === 0 || status >= 500;

async function ask(url: string, init: RequestInit): Promise<ApiResponse> {
  for (let attempt = 1; ; attempt++) {
    const response = await askOnce(url, init);
    if (!isPassing(response) || attempt === attempts) return response;
    await pause(pauseMs * 2 ** attempt);
  }
}

/** `undefined` without a token or with an address that is none. */
export function openApi(address: string, token: string | undefined): GitHubApi | undefined {
  if (!token || !/^https?:\/\/[^\s@]+$/.test(address)) return undefined;
  const base = address.replace(/\/$/, '');
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'user-agent': 'cloudworthy',
    'x-github-api-version': version,
  };
  return {
    get: (path) => ask(`${base}${path}`, { method: 'GET', headers }),
    post: (path, body) => ask(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
  };
}
