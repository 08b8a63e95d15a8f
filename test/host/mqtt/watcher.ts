/** Another client of the broker, which hears all that is published there: what Home Assistant would. */
import { connectAsync, type MqttClient } from 'mqtt';

export interface Heard {
  readonly topic: string;
  readonly payload: string;
}

export class Watcher {
  readonly #client: MqttClient;
  /** All of it, in order. */
  readonly heard: Heard[] = [];
  /** The last payload of each topic; none of those whose last one was empty. */
  readonly last = new Map<string, string>();
  #wake: () => void = () => undefined;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, bytes) => {
      const payload = bytes.toString();
      this.heard.push({ topic, payload });
      if (payload === '') this.last.delete(topic);
      else this.last.set(topic, payload);
      this.#wake();
    });
  }

  static async open(url: string, more: Parameters<typeof connectAsync>[1] = {}): Promise<Watcher> {
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 50, ...more });
    const watcher = new Watcher(client);
    await client.subscribeAsync('#', { qos: 1 });
    return watcher;
  }

  /** The first topic that ends in `/` and `end`; null: there is none. */
  topic(end: string): string | null {
    return [...this.last.keys()].find((topic) => topic.endsWith(`/${end}`)) ?? null;
  }

  /** The payload of that topic, as JSON. */
  json(end: string): Record<string, unknown> {
    return JSON.parse(this.text(end) || '{}') as Record<string, unknown>;
  }

  text(end: string): string {
    return this.last.get(this.topic(end) ?? '') ?? '';
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** As Home Assistant's button does. */
  async install(): Promise<void> {
    const { command_topic: topic, payload_install: payload } = this.json('config');
    if (typeof topic !== 'string' || typeof payload !== 'string') throw new Error('there is no button');
    await this.publish(topic, payload);
  }

  async publish(topic: string, payload: string, retain = false): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, retain });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
