/** Keeps what a broker has in step with the host's devices: only what differs is sent. */
import type { InstallRefusal, MqttNotice } from '../../model/host/mqtt-notice.ts';
import type { UpdateEntity } from '../../model/host/update-entity.ts';
import { versionOf } from '../../words/host/mqtt.ts';
import { OnceIn } from '../once-in.ts';
import { deviceIn, installPayload, keptTopics, messagesOf } from './discovery.ts';
import type { EntitySource } from './entity-source.ts';

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: string;
  /** The broker had kept it, and nobody sends it now. */
  readonly isRetained: boolean;
}

export interface AnnouncerParts {
  /** Names the host in topics. */
  readonly node: string;
  /** Moult's. */
  readonly version: string;
  /** Null: there is none yet. */
  readonly source: () => EntitySource | null;
  /** Sends it with the retain flag, so that the broker keeps it; an empty payload removes what is kept. */
  readonly publish: (topic: string, payload: string) => Promise<void>;
  readonly notice: (notice: MqttNotice) => void;
}

interface Found {
  readonly entity: UpdateEntity;
  readonly source: EntitySource;
}

/** Whoever asks a thousand times is told of once, in milliseconds. */
const REFUSAL_EVERY_MS = 10_000;

export class Announcer {
  readonly #parts: AnnouncerParts;
  /** What the broker has; null: something of an earlier start. */
  readonly #kept = new Map<string, string | null>();
  readonly #refusals = new OnceIn(REFUSAL_EVERY_MS);

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  /** Rejects where the broker is gone. */
  async sync(): Promise<void> {
    const { node, version, publish } = this.#parts;
    const wanted = new Map<string, string>();
    for (const { entity } of this.#entities()) {
      for (const [topic, payload] of messagesOf(entity, node, version)) wanted.set(topic, payload);
    }
    const gone = [...this.#kept.keys()].filter((topic) => !wanted.has(topic));
    const changed = [...wanted].filter(([topic, payload]) => this.#kept.get(topic) !== payload);
    for (const topic of gone) this.#kept.delete(topic);
    for (const [topic, payload] of changed) this.#kept.set(topic, payload);
    await Promise.all([
      ...gone.map((topic) => publish(topic, '')),
      ...changed.map(([topic, payload]) => publish(topic, payload)),
    ]);
  }

  get size(): number {
    return this.#entities().length;
  }

  /** Takes what came on the topics of `announcedTopics` and `commandTopics`. */
  async hear({ topic, payload, isRetained }: BrokerMessage): Promise<void> {
    const about = deviceIn(this.#parts.node, topic);
    if (about === null || payload === '') return;
    if (about.isCommand) await this.#install(about.id, payload, isRetained);
    else if (isRetained) this.#remember(about.id);
  }

  /** An earlier start announced it: where it is the host's no more, the next `sync` removes it. */
  #remember(id: string): void {
    for (const topic of keptTopics(this.#parts.node, id)) {
      if (!this.#kept.has(topic)) this.#kept.set(topic, null);
    }
  }

  async #install(id: string, payload: string, isRetained: boolean): Promise<void> {
    const { notice } = this.#parts;
    const found = this.#entities().find(({ entity }) => entity.id === id);
    const device = found?.entity.name ?? id;
    // A retained one would come again with each connection, and install again what a person has meanwhile replaced.
    const refusal = isRetained ? ({ kind: 'retained' } as const) : await this.#begin(found, payload);
    if (refusal === null || !this.#refusals.isDue(`${found?.entity.id ?? ''} ${refusal.kind}`)) return;
    notice({ kind: 'not-begun', device, refusal });
  }

  /** Null: it was begun, which was said. */
  async #begin(found: Found | undefined, payload: string): Promise<InstallRefusal | null> {
    if (found === undefined) return { kind: 'no-such-device' };
    const { entity, source } = found;
    const { offer, name: device, id } = entity;
    if (offer === null || payload !== installPayload(offer.id)) return { kind: 'other-offer' };
    if (offer.standing !== 'install') return { kind: offer.standing };
    const refusal = await source.install(id, offer.id);
    if (refusal === null) this.#parts.notice({ kind: 'begun', device, firmware: versionOf(offer.firmware) });
    return refusal;
  }

  #entities(): readonly Found[] {
    const source = this.#parts.source();
    return source === null ? [] : source.entities().map((entity) => ({ entity, source }));
  }
}
