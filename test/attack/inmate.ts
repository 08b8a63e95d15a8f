/** Runs in a network namespace of networks.ts and does what its standard input says, one line of JSON at a time. */
import { request } from 'node:http';
import { connect, createServer as createLineServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { serveDevice } from '../../src/simulator/node/node-server.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';

export type Asked =
  /** One request, exactly as it is told. */
  | {
      readonly do: 'ask';
      readonly address: string;
      readonly port: number;
      readonly method?: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Bytes as they are; what came back until the other side hung up. */
  | { readonly do: 'say'; readonly address: string; readonly port: number; readonly text: string }
  /** Opens connections and leaves them be; tells how many are open. */
  | { readonly do: 'occupy'; readonly address: string; readonly port: number; readonly connections: number }
  | { readonly do: 'let-go' }
  /** Serves whoever comes, and tells later what they said: HTTP with an answer, or lines that are run as commands. */
  | { readonly do: 'serve'; readonly kind: 'http' | 'lines'; readonly port: number }
  | { readonly do: 'heard' }
  | { readonly do: 'device'; readonly port: number; readonly token: string };

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly text?: string;
  readonly count?: number;
}

const heard: string[] = [];
const occupied: Socket[] = [];

function ask({ address, port, method = 'GET', path, headers, body }: Extract<Asked, { do: 'ask' }>): Promise<Told> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request({ host: address, port, method, path, headers: { ...length, ...headers }, agent: false });
    outgoing.on('response', (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', () => resolve({ status: 0 }));
    });
    outgoing.on('error', (error) => resolve({ status: 0, text: error.message }));
    outgoing.end(body);
  });
}

function say({ address, port, text }: Extract<Asked, { do: 'say' }>): Promise<Told> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: address, port });
    socket.on('data', (part) => (answer += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text: answer }));
    socket.write(text);
  });
}

/** Tells once each has been let in or turned away. A connection that the other side closes at once was turned away. */
async function occupy({ address, port, connections }: Extract<Asked, { do: 'occupy' }>): Promise<Told> {
  const tries = Array.from({ length: connections }, () => {
    const socket = connect({ host: address, port });
    occupied.push(socket);
    return new Promise<void>((resolve) => {
      socket.once('connect', () => resolve());
      socket.once('error', () => resolve());
    });
  });
  await Promise.all(tries);
  return { count: occupied.filter(({ readyState }) => readyState === 'open').length };
}

function serve({ kind, port }: Extract<Asked, { do: 'serve' }>): Promise<Told> {
  const server = createLineServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      heard.push(part.toString('latin1'));
      // A line protocol answers each line that it does not know, as memcached does.
      socket.write(kind === 'lines' ? 'ERROR\r\n' : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
  });
  return new Promise((resolve) => server.listen(port, () => resolve({})));
}

async function perform(asked: Asked): Promise<Told> {
  switch (asked.do) {
    case 'ask':
      return ask(asked);
    case 'say':
      return say(asked);
    case 'occupy':
      return occupy(asked);
    case 'let-go':
      for (const socket of occupied.splice(0)) socket.destroy();
      return {};
    case 'serve':
      return serve(asked);
    case 'heard':
      return { text: heard.splice(0).join('') };
    case 'device': {
      const device = new SimulatedDevice({ token: asked.token });
      await serveDevice(device, { port: asked.port, host: '0.0.0.0' });
      return {};
    }
  }
}

let last: Promise<unknown> = Promise.resolve();
createInterface({ input: process.stdin })
  .on('line', (line) => {
    last = last.then(async () => {
      process.stdout.write(`${JSON.stringify(await perform(JSON.parse(line) as Asked))}\n`);
    });
  })
  .on('close', () => process.exit(0));
