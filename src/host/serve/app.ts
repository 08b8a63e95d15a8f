/** What the host answers, whatever socket a request came in on. */
import { fastify, LogController, type FastifyInstance, type FastifyRequest } from 'fastify';
import serveStatic from '@fastify/static';
import { HOST_FAILED, NO_ADDRESS, NOT_OUR_NAME, NOTHING_HERE, ONE_HOST } from '../../words/host/answers.ts';
import { NOT_KEPT } from '../../words/host/data-folder.ts';
import { DataError } from '../data/data-error.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { placeOf } from './listeners.ts';
import { isAmbiguous, type OwnHosts } from './own-hosts.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export interface AppOptions {
  /** Folder of the built page. */
  readonly appDir: string;
  readonly hosts: OwnHosts;
  readonly logLevel: LogLevel;
  /** Where the log lines go; standard error by default. */
  readonly logTo?: { write(line: string): void };
  /** Adds the routes that are not files. */
  readonly routes: (app: FastifyInstance) => Promise<void>;
}

/** A year: file names in assets/ carry a hash of their content and never change. */
const FOREVER = 'public, max-age=31536000, immutable';
/** Everything else is asked for again each time, and answered 304 where it is the same. */
const ASK_AGAIN = 'no-cache';
/** The largest body a device takes (docs/protocol.md); nothing the host itself takes is as large. */
const BODY_BYTES = 65_536;

const LET_GO = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', () => self.registration.unregister());
`;

/** The path without its query: what may be logged. Tokens never stand in a path. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

/** Builds the handler: `app.routing` takes a Node request. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES,
    // One line per request is written below, without headers and query.
    logController: new LogController({ disableRequestLogging: true }),
    // A path that cannot be decoded gets here before any hook.
    frameworkErrors: (_error, _request, reply) => {
      reply.raw.writeHead(400, { ...SECURITY_HEADERS, 'Content-Type': 'text/plain' }).end(`${NO_ADDRESS}\n`);
    },
    logger: { level: options.logLevel, base: null, stream: options.logTo ?? process.stderr },
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    // Which of two hosts is meant, no two programs agree on (RFC 9112, 3.2).
    if (isAmbiguous(request.raw)) return reply.code(400).type('text/plain').send(`${ONE_HOST}\n`);
    // A name that is not ours is a mistake, or a foreign page whose own name was pointed at this machine.
    if (!options.hosts.isOwn(request.headers.host, placeOf(request.raw))) {
      // It is told nothing of our own names: such a page may read this answer.
      return reply.code(421).type('text/plain').send(`${NOT_OUR_NAME}\n`);
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.info({ place: placeOf(request.raw), method, path: pathOf(request), status: reply.statusCode, ms });
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    // No fault of the program's: a person can put it right. Which folders there are is nothing for the network.
    if (error instanceof DataError) {
      request.log.warn(error.message);
      return reply.code(503).send({ detail: NOT_KEPT });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ path: pathOf(request), error: error.message, stack: error.stack });
    return reply.code(status).send({ detail: status >= 500 ? HOST_FAILED : error.message });
  });
  app.setNotFoundHandler(async (request, reply) => {
    // Something else was served here once, and left a worker behind that answers in our place. The browser looks for its
    // script from time to time; this one lets go.
    if (request.headers['service-worker'] === 'script') {
      return reply.header('Cache-Control', 'no-store').type('text/javascript').send(LET_GO);
    }
    return reply.code(404).type('text/plain').send(`${NOTHING_HERE}\n`);
  });

  await app.register(serveStatic, {
    root: options.appDir,
    // The page's own policy of caching is set by file, below.
    cacheControl: false,
    index: false,
    // Takes app.js.br or app.js.gz where the build left one beside app.js.
    preCompressed: true,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', /[\\/]assets[\\/]/.test(path) ? FOREVER : ASK_AGAIN);
      // Of a file and its packed forms one is sent, as the browser takes it.
      response.setHeader('Vary', 'Accept-Encoding');
    },
  });
  await options.routes(app);
  await app.ready();
  return app;
}
