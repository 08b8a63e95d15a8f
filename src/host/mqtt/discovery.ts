/**
 * What Home Assistant is told of a device: an update entity, by its MQTT discovery. Pure.
 * Sources: home-assistant.io `update.mqtt` and `mqtt` (discovery, availability); core `components/mqtt/update.py`.
 */
import type { UpdateEntity } from '../../model/host/update-entity.ts';
import { ENTITY_NAME, offeredVersion, summaryText, UNKNOWN_VERSION, versionOf } from '../../words/host/mqtt.ts';

/** Where Home Assistant looks, unless it was set up otherwise. */
const DISCOVERY = 'homeassistant';
export const ONLINE = 'online';
export const OFFLINE = 'offline';

/** The share that is told grows in such steps: each message is a row in Home Assistant's database. */
const STEP = 5;
/** All of it is told once the outcome is known, and not before. */
const MOST_WHILE_RUNNING = 99;
/** "Last seen" moves in such steps, in milliseconds, for the same reason. */
const SEEN_STEP_MS = 600_000;

/** Whether the host is there; the broker says "offline" for one that has gone. `node`: names the host. */
export function hostTopic(node: string): string {
  return `moult/${node}/status`;
}

/** What all of the host's announcements are on, those of earlier starts among them. */
export function announcedTopics(node: string): string {
  return `${DISCOVERY}/update/moult_${node}/+/config`;
}

export function commandTopics(node: string): string {
  return `moult/${node}/+/install`;
}

interface EntityTopics {
  readonly config: string;
  readonly state: string;
  readonly attributes: string;
  readonly available: string;
}

function topicsOf(node: string, id: string): EntityTopics {
  const base = `moult/${node}/${id}`;
  return {
    config: `${DISCOVERY}/update/moult_${node}/${id}/config`,
    ...{ state: `${base}/state`, attributes: `${base}/attributes`, available: `${base}/available` },
  };
}

/** All that the broker keeps of a device; emptied they make Home Assistant forget it. */
export function keptTopics(node: string, id: string): readonly string[] {
  return Object.values(topicsOf(node, id)) as string[];
}

const ID = /^[0-9a-f]{16}$/;

/** The device that a topic is about; null: none of this host's. */
export function deviceIn(node: string, topic: string): { readonly id: string; readonly isCommand: boolean } | null {
  const [first, second, third, fourth, fifth, ...more] = topic.split('/');
  if (more.length > 0) return null;
  const isConfig = first === DISCOVERY && second === 'update' && third === `moult_${node}` && fifth === 'config';
  const isCommand = first === 'moult' && second === node && fourth === 'install' && fifth === undefined;
  const id = isConfig ? fourth : isCommand ? third : undefined;
  return id !== undefined && ID.test(id) ? { id, isCommand } : null;
}

/** What has to come on the command's topic for this very offer. */
export function installPayload(offer: string): string {
  return `install ${offer}`;
}

/** Everything that is to be known of the device, by topic; each is kept by the broker. */
export function messagesOf(entity: UpdateEntity, node: string, version: string): ReadonlyMap<string, string> {
  const topics = topicsOf(node, entity.id);
  return new Map([
    [topics.config, JSON.stringify(configOf(entity, topics, node, version))],
    [topics.state, JSON.stringify(stateOf(entity))],
    [topics.attributes, JSON.stringify(attributesOf(entity))],
    [topics.available, isAvailable(entity) ? ONLINE : OFFLINE],
  ]);
}

/**
 * A device that was not seen is not available; neither is one of which there is nothing to say: "up to date" would be a
 * claim that nobody has checked.
 */
function isAvailable({ isSeen, installed, offer, run }: UpdateEntity): boolean {
  return run !== null || (isSeen && (installed !== null || offer !== null));
}

function configOf(
  { id, name, chip, installed, offer }: UpdateEntity,
  topics: EntityTopics,
  node: string,
  version: string,
): unknown {
  const uniqueId = `moult_${node}_${id}`;
  return {
    name: ENTITY_NAME,
    unique_id: uniqueId,
    device_class: 'firmware',
    // Stated, since Home Assistant's default changes with the button, which comes and goes.
    entity_category: 'config',
    state_topic: topics.state,
    json_attributes_topic: topics.attributes,
    availability: [{ topic: hostTopic(node) }, { topic: topics.available }],
    availability_mode: 'all',
    // Without a topic for commands there is no button.
    ...(offer?.standing === 'install'
      ? { command_topic: `moult/${node}/${id}/install`, payload_install: installPayload(offer.id) }
      : {}),
    qos: 1,
    device: {
      identifiers: [uniqueId],
      name,
      ...(chip === null ? {} : { model: chip }),
      ...(installed === null ? {} : { sw_version: versionOf(installed) }),
    },
    origin: { name: 'Moult', sw_version: version },
  };
}

/** A key that Home Assistant does not know, or null in the place of a text, makes it throw the whole message away. */
function stateOf(entity: UpdateEntity): unknown {
  const { installed, offer, run } = entity;
  const next = run?.firmware ?? offer?.firmware ?? null;
  const isKnown = installed !== null || next !== null;
  return {
    ...(isKnown ? { installed_version: installed === null ? UNKNOWN_VERSION : versionOf(installed) } : {}),
    ...(next !== null ? { latest_version: offeredVersion(next, installed) } : {}),
    ...(next === null && installed !== null ? { latest_version: versionOf(installed) } : {}),
    title: next?.file ?? '',
    release_summary: summaryText(entity),
    in_progress: run !== null,
    update_percentage: typeof run?.share === 'number' ? stepOf(run.share) : null,
  };
}

function stepOf(share: number): number {
  return Math.min(Math.floor((share * 100) / STEP) * STEP, MOST_WHILE_RUNNING);
}

function attributesOf({ lastSeen, dialect, installed, offer, run }: UpdateEntity): unknown {
  const next = run?.firmware ?? offer?.firmware ?? null;
  return {
    ...(lastSeen === null ? {} : { last_seen: new Date(lastSeen - (lastSeen % SEEN_STEP_MS)).toISOString() }),
    ...(dialect === null ? {} : { protocol: dialect }),
    ...(typeof installed?.sha256 === 'string' ? { installed_sha256: installed.sha256 } : {}),
    ...(next === null ? {} : { latest_sha256: next.sha256 }),
  };
}
