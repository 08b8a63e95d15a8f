import { expect } from 'chai';
import { deviceIn, installPayload, keptTopics, messagesOf } from '../../../src/host/mqtt/discovery.ts';
import type { UpdateEntity } from '../../../src/model/host/update-entity.ts';

const NODE = '0f3a9c41';
const ID = '0123456789abcdef';
const OLD = { version: '1.4.2', sha256: 'a'.repeat(64) };
const NEW = { version: '1.5.0', sha256: 'b'.repeat(64), file: 'kitchen-1.5.0.bin' };
const OFFER = { id: '7', firmware: NEW, standing: 'install' } as const;

const KITCHEN: UpdateEntity = {
  ...{ id: ID, name: 'Kitchen', dialect: 'shipped', chip: 'ESP32-S3' },
  ...{ isSeen: true, lastSeen: 1_800_000_123_456, installed: OLD, offer: null, run: null, ended: null },
};

/** As Home Assistant reads them (core, `MQTT_JSON_UPDATE_SCHEMA`): any other key makes it throw the whole message away. */
const STATE_KEYS = {
  ...{ installed_version: 'string', latest_version: 'string', title: 'string', release_summary: 'string' },
  ...{ in_progress: 'boolean', update_percentage: 'number' },
} as const;

interface Told {
  readonly config: Record<string, unknown>;
  readonly state: Record<string, unknown>;
  readonly attributes: Record<string, unknown>;
  readonly available: string;
}

function told(more: Partial<UpdateEntity> = {}): Told {
  const [config = '', state = '', attributes = '', available = ''] = messagesOf(
    { ...KITCHEN, ...more },
    NODE,
    '0.2.0',
  ).values();
  const read = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
  return { config: read(config), state: read(state), attributes: read(attributes), available };
}

const states: readonly (readonly [string, Partial<UpdateEntity>])[] = [
  ['at rest', {}],
  ['with an offer', { offer: OFFER }],
  ['while it runs', { run: { standing: 'running', firmware: NEW, share: 0.4 } }],
  ['before its share is known', { run: { standing: 'queued', firmware: NEW, share: null } }],
  ['of which nothing is known', { installed: null, dialect: null, chip: null, lastSeen: null }],
  ['that tells no hash', { installed: { version: '16.0.1', sha256: null } }],
  ['that failed', { offer: OFFER, ended: 'Failed. '.repeat(100) }],
];

describe('what Home Assistant is told of a device', () => {
  for (const [name, more] of states) {
    it(`is in its schema: a device ${name}`, () => {
      const { state } = told(more);
      for (const [key, value] of Object.entries(state)) {
        expect(STATE_KEYS, key).to.have.property(key);
        const isNull = key === 'update_percentage' && value === null;
        expect(isNull ? 'number' : typeof value, key).to.equal(STATE_KEYS[key as keyof typeof STATE_KEYS]);
      }
      expect(String(state['release_summary'])).to.have.length.at.most(255);
    });
  }

  it('says “up to date” only of a device that told what it runs', () => {
    expect(told().state).to.include({ installed_version: '1.4.2', latest_version: '1.4.2', in_progress: false });
    expect(told().available).to.equal('online');
    expect(told({ installed: null }).available).to.equal('offline');
    expect(told({ installed: null }).state).not.to.have.any.keys('installed_version', 'latest_version');
  });

  it('has a button where a person may begin, which names the offer', () => {
    const { config, state } = told({ offer: OFFER });
    const base = `moult/${NODE}/${ID}`;
    expect(config).to.include({ command_topic: `${base}/install`, payload_install: installPayload('7') });
    expect(config['device']).to.deep.equal({
      ...{ identifiers: [`moult_${NODE}_${ID}`], name: 'Kitchen', model: 'ESP32-S3', sw_version: '1.4.2' },
    });
    expect(state).to.include({ latest_version: '1.5.0', title: 'kitchen-1.5.0.bin' });
    for (const standing of ['no-token', 'not-yet'] as const) {
      const without = told({ offer: { ...OFFER, standing } });
      expect(without.config).not.to.have.any.keys('command_topic', 'payload_install');
      expect(without.state['latest_version']).to.equal('1.5.0');
    }
    expect(told().config).not.to.have.property('command_topic');
  });

  it('tells another build of the same version apart, and firmware without one by its hash', () => {
    const same = { ...OFFER, firmware: { ...NEW, version: '1.4.2' } };
    expect(told({ offer: same }).state['latest_version']).to.equal('1.4.2 (bbbbbbbb)');
    const none = { ...OFFER, firmware: { ...NEW, version: null } };
    expect(told({ offer: none }).state['latest_version']).to.equal('sha256:bbbbbbbb');
    expect(told({ offer: OFFER, installed: null }).state['installed_version']).to.equal('unknown');
  });

  it('tells progress in steps, and all of it only at the end', () => {
    const shareOf = (share: number): unknown =>
      told({ run: { standing: 'running', firmware: NEW, share } }).state['update_percentage'];
    expect([0, 0.049, 0.05, 0.43, 0.999, 1].map(shareOf)).to.deep.equal([0, 0, 5, 40, 95, 99]);
    expect(told({ run: { standing: 'queued', firmware: NEW, share: null } }).state).to.include({
      ...{ in_progress: true, update_percentage: null, release_summary: 'The update is waiting for its turn.' },
    });
  });

  it('says that a device that was not seen is not available, except while it is being updated', () => {
    expect(told({ isSeen: false, offer: OFFER }).available).to.equal('offline');
    const run = { standing: 'running', firmware: NEW, share: 1 } as const;
    expect(told({ isSeen: false, run }).available).to.equal('online');
  });

  it('tells when it was seen last, to ten minutes, and never where it is', () => {
    expect(told().attributes).to.deep.equal({
      ...{ last_seen: '2027-01-15T08:00:00.000Z', protocol: 'shipped', installed_sha256: OLD.sha256 },
    });
    expect(told({ offer: OFFER }).attributes['latest_sha256']).to.equal(NEW.sha256);
    const all = [...messagesOf({ ...KITCHEN, offer: OFFER }, NODE, '0.2.0')].flat().join('');
    expect(all).not.to.contain('192.168');
  });
});

describe('the topics of a host', () => {
  it('are its own, and those that are not are left alone', () => {
    const [config = ''] = keptTopics(NODE, ID);
    expect(config).to.equal(`homeassistant/update/moult_${NODE}/${ID}/config`);
    expect(deviceIn(NODE, config)).to.deep.equal({ id: ID, isCommand: false });
    expect(deviceIn(NODE, `moult/${NODE}/${ID}/install`)).to.deep.equal({ id: ID, isCommand: true });
    for (const other of [
      `homeassistant/update/moult_00000000/${ID}/config`,
      `homeassistant/sensor/moult_${NODE}/${ID}/config`,
      `moult/${NODE}/${ID}/state`,
      `moult/${NODE}/${ID}/install/more`,
      `moult/${NODE}/\u001b[2J/install`,
      `moult/${NODE}/status`,
    ]) {
      expect(deviceIn(NODE, other), other).to.equal(null);
    }
  });
});
