/** A simulated device behind a mock service worker (MSW) of the page, for component tests. */
import { HttpResponse, http, type HttpHandler } from 'msw';
import type { AnswersRequests } from './device-fetch.ts';
import { ConnectionDropped } from './power.ts';

/**
 * Handlers that answer everything sent to `origin` (scheme, host, port; no slash at the end) from `device`. A dropped
 * connection is a network error in the page. MSW sees no preflight and no CORS: those need real sockets.
 */
export function handlersFor(device: AnswersRequests, origin: string): HttpHandler[] {
  return [
    http.all(`${origin}/*`, async ({ request }) => {
      try {
        return await device.handle(request);
      } catch (error) {
        if (error instanceof ConnectionDropped || request.signal.aborted) return HttpResponse.error();
        throw error;
      }
    }),
  ];
}
