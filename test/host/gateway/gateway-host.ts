/** A host whose gateway a test asks as its own page would, and devices for it to reach. */
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { call, type Answer, type Call, type TestHost } from '../test-host.ts';
import { hostOf, useClosing, listening, type Closing } from '../closing.ts';

export const TOKEN = 'a'.repeat(64);

export const ok: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.setHeader('content-type', 'application/json').end('{"supported":true}'));
};

/** Calls as the host's own page on this machine does. */
export function fromPage({ port }: TestHost, path: string, more: Partial<Call> = {}): Promise<Answer> {
  const headers = {
    origin: `http://localhost:${port}`,
    'x-moult': 'X-OTA-Token',
    'x-ota-token': TOKEN,
    ...more.headers,
  };
  return call({ port, path, ...more, headers });
}

export const statusOf = (port: number, host = '127.0.0.1'): string => `/device/http/${host}:${port}/ota/status`;

export interface Gateway {
  readonly closing: Closing;
  readonly hostWith: (options?: Partial<HostOptions>) => Promise<TestHost>;
  /** A device that answers with `answer`, and the requests it got. */
  readonly device: (answer: RequestListener) => Promise<{ port: number; got: IncomingMessage[] }>;
}

/** What a test of this suite opens is closed after it. */
export function useGateway(): Gateway {
  const closing = useClosing();
  return {
    closing,
    hostWith: (options) => hostOf(closing, options),
    device: async (answer) => {
      const got: IncomingMessage[] = [];
      const port = await listening(
        closing,
        createHttpServer((request, response) => {
          got.push(request);
          answer(request, response);
        }),
      );
      return { port, got };
    },
  };
}
