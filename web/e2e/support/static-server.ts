/** Serves one built folder on loopback as the product does: same policy, every unknown path gives the entry. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { contentSecurityPolicy } from './csp';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Answers for paths under /api, by "METHOD path". */
export type Answers = Record<string, { status?: number; body: unknown }>;

export interface StaticServer {
  origin: string;
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function serve(folder: string, answers: Answers = {}): Promise<StaticServer> {
  const server = createServer((request, response) => void answer(folder, answers, request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => stop(server) };
}

async function answer(folder: string, answers: Answers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  response.setHeader('Content-Security-Policy', contentSecurityPolicy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (path.startsWith('/api/')) {
    const found = answers[`${request.method} ${path}`];
    response.writeHead(found ? (found.status ?? 200) : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(found?.body ?? {}));
    return;
  }
  const file = extname(path) ? path : '/index.html';
  try {
    const bytes = await readFile(join(folder, normalize(file)));
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
