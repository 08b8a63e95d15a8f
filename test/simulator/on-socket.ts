/** A simulated device on a socket of its own for each test, and two ways to talk to it: Node's client, and bare bytes. */
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { serveDevice, type ServeOptions, type ServedDevice } from '../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { RawConnection, type RawAnswer } from './raw-connection.ts';

export interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

export class OnSocket {
  readonly device: SimulatedDevice;
  readonly served: ServedDevice;
  /** One keep-alive connection, as the device's own client has it. */
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(device: SimulatedDevice, served: ServedDevice) {
    this.device = device;
    this.served = served;
  }

  static async start(options: Partial<DeviceOptions> = {}, serve: Partial<ServeOptions> = {}): Promise<OnSocket> {
    const device = new SimulatedDevice({ slotBytes: 64 * 4096, awayMs: 0, ...options });
    return new OnSocket(device, await serveDevice(device, { port: 0, ...serve }));
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    await this.served.close();
  }

  async send(method: string, path: string, body?: Uint8Array | string, signal?: AbortSignal): Promise<Got> {
    const headers = body === undefined ? {} : { 'Content-Length': body.length };
    const options = { method, agent: this.agent, headers, ...(signal ? { signal } : {}) };
    const sent = httpRequest(this.served.origin + path, options);
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    let text = '';
    for await (const part of answer) text += String(part);
    return { status: answer.statusCode ?? 0, text, headers: answer.headers };
  }

  raw(): Promise<RawConnection> {
    return RawConnection.open(this.served.port);
  }

  /** The answer to these bytes on a connection of their own. */
  async answerTo(bytes: string): Promise<RawAnswer | null> {
    const connection = await this.raw();
    connection.send(bytes);
    const answer = await connection.answer();
    connection.close();
    return answer;
  }
}

/** The code of the error that ends `work`. */
export async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'an answer came',
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
  );
}
