/** One connection to an MQTT broker, by mqtt.js, which is loaded with the first. */
import type { IClientOptions, MqttClient } from 'mqtt';
import type { BrokerTrouble } from '../../model/host/mqtt-notice.ts';
import type { BrokerMessage } from './announcer.ts';
import type { MqttSettings } from './mqtt-settings.ts';

export interface BrokerWish {
  /** Two clients with one id disconnect each other. */
  readonly clientId: string;
  /** What the broker says there when this connection breaks off. */
  readonly will: { readonly topic: string; readonly payload: string };
  readonly heard: (message: BrokerMessage) => void;
}

export interface BrokerLink {
  /** Resolves when the connection is gone; what was on its way then is never answered. */
  readonly closed: Promise<void>;
  /** Resolves when the broker has it, to keep. */
  publish(topic: string, payload: string): Promise<void>;
  /** Rejects with `BrokerError` where the broker refuses. */
  subscribe(topics: readonly string[]): Promise<void>;
  /** Resolves when the broker has what was published, and the connection has ended; or after a while. */
  close(): Promise<void>;
}

/** Rejects with `BrokerError`. */
export type OpenBroker = (settings: MqttSettings, wish: BrokerWish) => Promise<BrokerLink>;

export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly trouble: BrokerTrouble;

  constructor(trouble: BrokerTrouble, said: string) {
    super(said);
    this.trouble = trouble;
  }
}

/** A broker on a network answers in a moment. */
const CONNECT_MS = 10_000;
/** Seconds: a broker says of a host that fell silent that it has gone after one and a half of it. */
const KEEPALIVE_S = 30;
/** A broker that does not answer a goodbye is left, and tells the last will itself. */
const GOODBYE_MS = 2_000;
/** At least once; at most once would lose what is said just as a connection breaks off. */
const QOS = 1;
/** Of a SUBACK (MQTT 3.1.1, 3.9.3). */
const NOT_GRANTED = 128;
/** Of a CONNACK (3.2.2.3): bad user name or password, not authorised. */
const NO_LOGIN: readonly unknown[] = [4, 5];

export const openBroker: OpenBroker = async ({ url, user, password, ca }, { clientId, will, heard }) => {
  const { connect } = await import('mqtt');
  const options: IClientOptions = {
    ...{ clientId, protocolVersion: 4, clean: true, keepalive: KEEPALIVE_S, connectTimeout: CONNECT_MS },
    // Whoever opens it waits longer each time, and has everything told anew.
    ...{ reconnectPeriod: 0, resubscribe: false, queueQoSZero: false },
    will: { ...will, payload: Buffer.from(will.payload), qos: QOS, retain: true },
    rejectUnauthorized: true,
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password }),
    ...(ca === null ? {} : { ca }),
  };
  const client = connect(url, options);
  return new Promise((resolve, reject) => {
    let last: Error | null = null;
    let isOpen = false;
    const closed = new Promise<void>((gone) => client.once('close', () => gone()));
    client.on('message', (topic, payload, { retain }) =>
      heard({ topic, payload: payload.toString('utf8'), isRetained: retain }),
    );
    client.on('error', (error) => {
      last = error;
      // A broker that refuses the login may keep the connection open.
      if (!isOpen) client.end(true);
    });
    client.once('connect', () => {
      isOpen = true;
      resolve(linkOf(client, closed));
    });
    void closed.then(() => {
      client.end(true);
      if (!isOpen) reject(errorOf(last));
    });
  });
};

function linkOf(client: MqttClient, closed: Promise<void>): BrokerLink {
  return {
    closed,
    publish: async (topic, payload) => {
      await client.publishAsync(topic, payload, { qos: QOS, retain: true }).catch(rethrow);
    },
    subscribe: async (topics) => {
      const granted = await client.subscribeAsync([...topics], { qos: QOS }).catch(rethrow);
      const refused = granted.find(({ qos }) => qos === NOT_GRANTED);
      if (refused !== undefined) throw new BrokerError('refused', refused.topic);
    },
    close: async () => {
      const limit = setTimeout(() => client.stream.destroy(), GOODBYE_MS);
      client.end();
      await closed;
      clearTimeout(limit);
    },
  };
}

/** A refusal has a number for a code; whatever else goes wrong goes wrong with the connection. */
function rethrow(error: Error & { readonly code?: unknown }): never {
  throw new BrokerError(typeof error.code === 'number' ? 'refused' : 'lost', error.message);
}

function errorOf(error: (Error & { readonly code?: unknown }) | null): BrokerError {
  const said = error?.message ?? '';
  const code = error?.code;
  if (NO_LOGIN.includes(code)) return new BrokerError('login', said);
  if (typeof code === 'number') return new BrokerError('refused', said);
  return new BrokerError(isOfCertificate(code) ? 'certificate' : 'unreachable', said);
}

/** As OpenSSL and Node name what is wrong with one. */
function isOfCertificate(code: unknown): boolean {
  return typeof code === 'string' && /CERT|ISSUER|ALTNAME|SELF_SIGNED|LEAF_SIGNATURE/.test(code);
}
