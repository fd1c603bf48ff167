/** The part of GitHub's API that the action asks, on this machine. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Log } from 'sarif';
import { onTestFinished } from 'vitest';

export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}
export interface FakeApi {
  readonly url: string;
  readonly requests: readonly ApiRequest[];
}

/** @param answer what to reply; a request that it does not know is an error of the action: 418 */
export async function serveApi(answer: (request: ApiRequest) => Answer | undefined): Promise<FakeApi> {
  const requests: ApiRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      const { status, body } = answer(request) ?? { status: 418 };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export interface ChangedFile {
  readonly filename: string;
  readonly status: string;
  readonly changes: number;
  readonly patch?: string;
}

/** Pages of a pull request's files as GitHub gives them. */
export function answerFiles(files: readonly ChangedFile[], { method, url }: ApiRequest): Answer | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (method !== 'GET' || pathname !== '/repos/owner/shop/pulls/7/files') return undefined;
  const size = Number(searchParams.get('per_page'));
  const page = Number(searchParams.get('page'));
  return { status: 200, body: files.slice((page - 1) * size, page * size) };
}

const uploads = '/repos/owner/shop/code-scanning/sarifs';

/** Takes SARIF files, and says of each that it was read. */
export function answerUpload({ method, url }: ApiRequest): Answer | undefined {
  if (method === 'POST' && url === uploads) return { status: 202, body: { id: '47177e22-5596-11eb-80a1-c1e54ef945c6', url: 'ignored' } };
  return method === 'GET' && url.startsWith(`${uploads}/`) ? { status: 200, body: { processing_status: 'complete' } } : undefined;
}

export const isUpload = ({ method, url }: ApiRequest): boolean => method === 'POST' && url === uploads;

/** The fields of an upload, with the SARIF unpacked. */
export function readUpload({ body }: ApiRequest) {
  const { sarif, ...fields } = JSON.parse(body) as { readonly sarif: string; readonly commit_sha: string; readonly ref: string };
  return { ...fields, log: JSON.parse(gunzipSync(Buffer.from(sarif, 'base64')).toString()) as Log };
}
