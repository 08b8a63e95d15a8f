/** The host as a home automation sees it, over an MQTT broker: connected for as long as it runs, and told what is there. */
import type { Clock } from '../../model/clock.ts';
import type { MqttNotice } from '../../model/host/mqtt-notice.ts';
import { Waiting } from '../agent/target/waiting.ts';
import { Announcer, type BrokerMessage } from './announcer.ts';
import { BrokerError, type OpenBroker } from './broker.ts';
import { announcedTopics, commandTopics, hostTopic, OFFLINE, ONLINE } from './discovery.ts';
import type { EntitySource } from './entity-source.ts';
import type { MqttSettings } from './mqtt-settings.ts';

export interface MqttFaceParts {
  readonly settings: MqttSettings;
  /** Names the host in topics, the same after each start. */
  readonly node: string;
  /** Moult's. */
  readonly version: string;
  readonly clock: Clock;
  readonly open: OpenBroker;
  readonly notice: (notice: MqttNotice) => void;
  /** Told of errors that should not happen. */
  readonly surprise: (error: unknown) => void;
  /** How often it is looked whether something has changed, in milliseconds; `EVERY_MS` where nothing is said. */
  readonly everyMs?: number;
}

/** A person who has pressed "Install" sees within it that something happens. */
const EVERY_MS = 2_000;
const BACKOFF_MS = 1_000;
/** After a broker was away for long, a minute more does no harm. */
const LONGEST_BACKOFF_MS = 60_000;

export class MqttFace {
  readonly #parts: MqttFaceParts;
  #source: EntitySource | null = null;
  readonly #stopping = new AbortController();
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  readonly #waiting: Waiting;
  #running: Promise<void> | null = null;
  /** What was said of the broker last, so that it is said once. */
  #said: string | null = null;

  constructor(parts: MqttFaceParts) {
    this.#parts = parts;
    this.#waiting = new Waiting(parts.clock, this.#stopping.signal);
  }

  /** What it announces. */
  add(source: EntitySource): void {
    this.#source = source;
  }

  /** Resolves once it was stopped. */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Says that the host is gone, and ends the connection. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, surprise } = this.#parts;
    const { signal } = this.#stopping;
    for (let failures = 0; !this.#isStopping(); failures += 1) {
      try {
        await this.#connection(() => (failures = 0));
      } catch (error) {
        if (error instanceof BrokerError) this.#sayTrouble(error);
        else surprise(error);
      }
      await clock.sleep(backoffMs(failures), signal).catch(() => undefined); // The host ends.
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** One connection, from its beginning to its end. `connected` is told once everything was announced. */
  async #connection(connected: () => void): Promise<void> {
    const { settings, node, version, notice, surprise, open, everyMs = EVERY_MS } = this.#parts;
    const status = hostTopic(node);
    const heard = (message: BrokerMessage): void => {
      const done = announcer.hear(message).then(() => this.#waiting.wake());
      done.catch(surprise);
    };
    const link = await open(settings, {
      ...{ clientId: `moult_${node}`, will: { topic: status, payload: OFFLINE }, heard },
    });
    const announcer = new Announcer({
      ...{ node, version, notice, source: () => this.#source },
      publish: (topic, payload) => link.publish(topic, payload),
    });
    const over = Promise.race([link.closed, this.#stopped]).then(() => 'over' as const);
    const whileOpen = async <T>(work: Promise<T>): Promise<boolean> => (await Promise.race([work, over])) !== 'over';
    try {
      // First what earlier starts announced: what is the host's no more is removed.
      const isSubscribed = await whileOpen(link.subscribe([announcedTopics(node), commandTopics(node)]));
      const isSaid = isSubscribed && (await whileOpen(link.publish(status, ONLINE)));
      let isOpen = isSaid && (await whileOpen(announcer.sync()));
      if (isOpen) {
        connected();
        this.#sayConnected(announcer.size);
      }
      while (isOpen) {
        isOpen = (await whileOpen(this.#waiting.wait(everyMs))) && (await whileOpen(announcer.sync()));
      }
      if (this.#isStopping()) link.publish(status, OFFLINE).catch(surprise);
    } finally {
      await link.close();
    }
    if (!this.#isStopping()) throw new BrokerError('lost', '');
  }

  #sayConnected(devices: number): void {
    this.#said = null;
    this.#parts.notice({ kind: 'connected', broker: this.#parts.settings.url, devices });
  }

  #sayTrouble({ trouble, message: said }: BrokerError): void {
    const what = `${trouble} ${said}`;
    if (this.#said === what) return;
    this.#said = what;
    this.#parts.notice({ kind: 'trouble', broker: this.#parts.settings.url, trouble, said });
  }
}

function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MS * 2 ** failures, LONGEST_BACKOFF_MS);
}
