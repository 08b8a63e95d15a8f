/** Node's own way to a device: a `fetch` that sends few headers, keeps connections, and loses no request to a closed one. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { FetchInit } from '../../device/device-request.ts';
import type { FetchLike } from '../../device/request.ts';
import type { RawWays } from '../../model/device/raw-connection.ts';
import { systemResolve } from '../gateway/addresses.ts';
import { heardOnLink } from './heard-by-mdns.ts';
import type { Upload } from '../../model/device/upload.ts';
import { KEPT, PER_DEVICE } from './device-agents.ts';
import { isStale, mayBeSentTwice } from '../gateway/stale-socket.ts';
import { rawConnection } from './raw-connection.ts';
import { headersOfWhole, sendWhole } from './send-whole.ts';
import { hasNoBody } from './no-body.ts';
import { inviteWays } from './invite-ways.ts';
import { isPacked, unpacked } from './unpack.ts';

/**
 * Node's `fetch` sends 129 bytes of headers that no device needs, of the 4,096 that a request has in all. Rejects for every
 * reason with one error, as `fetch` does, and follows nothing. Close it when the last device is done with.
 */
export class DeviceFetch {
  readonly #agents = { http: new HttpAgent(KEPT), https: new HttpsAgent(KEPT) };

  readonly fetch: FetchLike = async (url, init) => {
    const asked = new URL(url);
    // Each of the kept connections may be closed by now; the try after them has a fresh one.
    for (let kept = mayBeSentTwice(init.method, `${asked.pathname}${asked.search}`) ? PER_DEVICE : 0; ; kept--) {
      const answer = await this.#ask(asked, init);
      if (answer === 'stale' && kept > 0) continue;
      if (answer === 'stale') throw new TypeError('the connection was closed');
      return answer;
    }
  };

  readonly upload: Upload = async (request) => {
    const url = new URL(request.url);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return sendWhole(send(url, { method: 'POST', agent: false, headers: headersOfWhole(request) }), request);
  };

  readonly raw: RawWays = {
    connect: (origin, port, signal) => rawConnection(hostOf(origin), port, signal),
    invite: inviteWays(addressOf),
    announced: async (origin, signal, service) => heardOnLink(await systemResolve(hostOf(origin)), signal, service),
  };

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #ask(url: URL, { method, headers, body, signal }: FetchInit): Promise<Response | 'stale'> {
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const send = secure ? httpsRequest : httpRequest;
      const agent = secure ? this.#agents.https : this.#agents.http;
      const outgoing = send(url, { method, agent, signal, headers: Object.fromEntries(headers) });
      // HTTP/1.1 keeps a connection unless somebody says otherwise.
      outgoing.removeHeader('connection');
      outgoing.on('error', (error) => {
        if (isStale(outgoing, error)) resolve('stale');
        else reject(error);
      });
      outgoing.on('response', (message) => {
        const { statusCode: status = 0 } = message;
        // RFC 9110, 15: what has another status speaks no HTTP.
        if (status >= 200 && status <= 599) {
          resolve(read(message, status));
          return;
        }
        reject(new TypeError(`an answer with status ${status}`));
        message.destroy();
      });
      // A device that wants to speak another protocol (101) gives no answer.
      outgoing.on('close', () => reject(new TypeError('the connection was closed')));
      outgoing.end(body);
    });
  }
}

/** The first address of the device at this origin: a connection from it has an address, and no name. */
async function addressOf(origin: string): Promise<string> {
  const [address] = await systemResolve(hostOf(origin));
  if (address === undefined) throw new TypeError('no such name');
  return address;
}

/** Without the brackets of an IPv6 address. */
function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '');
}

function read(message: IncomingMessage, status: number): Response {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(message.headersDistinct)) headers.set(name, values.join(', '));
  if (!hasNoBody(status)) {
    const isGzip = isPacked(message);
    if (isGzip) headers.delete('content-length');
    const body = Readable.toWeb(isGzip ? unpacked(message) : message);
    return new Response(body as ReadableStream, { status, headers });
  }
  message.resume();
  return new Response(null, { status, headers });
}
