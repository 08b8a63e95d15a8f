import { expect } from 'chai';
import { parseAddress } from '../../../src/device/address.ts';
import { formProblemInWords } from '../../../src/words/device/dialog/form-problem.ts';
import { PATIENCES_MS, RESTART_PATIENCE_MS } from '../../../src/state/device/read-form.ts';
import type { ReadAddress } from '../../../src/state/tools.ts';
import { readBackup, writeBackup } from '../../../src/storage/backup.ts';
import { aDevice, PLACE } from '../../storage/samples.ts';
import { form, givenState, NOW, savedDevice } from '../given.ts';
import { wrongFields } from './saving.ts';
import { fc } from '../../random.ts';

describe('The saved devices', () => {
  it('keep a device, and its token apart from it', async () => {
    const { devices, store, vault } = givenState();
    const device = await savedDevice(devices, { token: 'secret' });
    expect(await store.all()).to.deep.equal([device]);
    expect(JSON.stringify(device)).not.to.contain('secret');
    expect(await vault.get(device.id, PLACE)).to.equal('secret');
    expect(devices.$keeping.get().get(device.id)).to.equal('memory');
  });

  for (const [field, of] of [
    ['name', { name: '  ' }],
    ['address', { address: '192.168. 1.50' }],
    ['token', { token: 'with space' }],
    ['tokenHeader', { tokenHeader: 'X OTA' }],
    ['prefix', { prefix: '/ota?x=1' }],
    ['name', { name: 'x'.repeat(101) }],
    ['name', { name: 'Kitchen\u0007' }],
    ['name', { name: '\u200b\u2060' }],
    ['name', { name: '\u202enehctiK' }],
    ['group', { group: '\u2800' }],
    ['group', { group: 'up\u2066stairs' }],
    ['tokenHeader', { tokenHeader: 'Host' }],
    ['tokenHeader', { tokenHeader: 'COOKIE' }],
    ['tokenHeader', { tokenHeader: 'Content-Length' }],
    ['tokenHeader', { tokenHeader: 'Sec-OTA-Token' }],
    ['tokenHeader', { tokenHeader: 'proxy-token' }],
    ['group', { group: 'x'.repeat(101) }],
    ['token', { token: 'x'.repeat(1025) }],
    ['address', { address: 'x'.repeat(513) }],
    ['tokenHeader', { tokenHeader: 'x'.repeat(101) }],
    ['login', { login: { user: 'ada', password: '' } }],
    ['login', { login: { user: 'ada', password: 'x' }, protocol: 'documented' }],
  ] as const) {
    it(`say what is wrong with the ${field} (${JSON.stringify(of).slice(0, 40)}), and save nothing`, async () => {
      const { devices, store } = givenState();
      const result = await devices.save(form(of));
      expect(wrongFields(result)).to.deep.equal([field]);
      expect(await store.all()).to.be.empty;
    });
  }

  it('say all that is wrong at once, one sentence per field', async () => {
    const { devices } = givenState();
    const result = await devices.save(
      form({
        name: ' ',
        address: 'no such place',
        token: 'two words',
        tokenHeader: 'Host',
        login: { user: 'ada', password: '' },
      }),
    );
    expect(wrongFields(result)).to.have.members(['name', 'address', 'token', 'tokenHeader', 'login']);
    const long = await devices.save(form({ name: 'x'.repeat(101), token: ' x x'.repeat(300) }));
    expect(wrongFields(long)).to.have.members(['name', 'token']);
  });

  it('keep a patience other than the default until the default is chosen again', async () => {
    const { devices } = givenState();
    const { id } = await savedDevice(devices, { patienceMs: 600_000 });
    await devices.save(form({ name: 'Hall', token: null }), id);
    expect(devices.find(id)).to.include({ name: 'Hall', patienceMs: 600_000 });
    await devices.save(form({ token: null, patienceMs: RESTART_PATIENCE_MS }), id);
    expect(devices.find(id)).not.to.have.property('patienceMs');
  });

  it('find out the dialect anew at another address, and keep it at the same', async () => {
    const { devices } = givenState();
    const { id } = await savedDevice(devices);
    await devices.learn(id, {
      dialect: 'shipped',
      route: 'direct',
      gatewayFailedAt: NOW,
      chunkBytes: { direct: 8192 },
    });
    await devices.save(form({ name: 'Renamed', token: null }), id);
    const known = { dialect: 'shipped', route: 'direct', gatewayFailedAt: NOW, chunkBytes: { direct: 8192 } };
    expect(devices.find(id)).to.deep.include({ ...known, name: 'Renamed' });
    await devices.save(form({ address: '192.168.1.51', token: null }), id);
    expect(devices.find(id)).to.deep.include({ dialect: null, route: null, gatewayFailedAt: null, chunkBytes: {} });
  });

  it('take the dialect that a new device told, unless the person chose a protocol', async () => {
    const { devices } = givenState();
    const told = await savedDevice(devices, { dialect: 'documented' });
    expect(told.dialect).to.equal('documented');
    const chosen = await savedDevice(devices, { address: '192.168.1.51', dialect: 'documented', protocol: 'shipped' });
    expect(chosen.dialect).to.equal('shipped');
    expect(devices.originOf(' 192.168.1.50 ')).to.equal('http://192.168.1.50:8080');
    expect(devices.originOf('no such place')).to.equal(null);
  });

  it('take the chosen protocol as the dialect', async () => {
    const { devices } = givenState();
    expect(await savedDevice(devices, { protocol: 'documented' })).to.include({ dialect: 'documented', added: NOW });
  });

  it('make a prefix of what was typed', async () => {
    const { devices } = givenState();
    expect((await savedDevice(devices, { prefix: 'firmware/ota/' })).prefix).to.equal('/firmware/ota');
    expect((await savedDevice(devices, { address: '192.168.1.51', prefix: ' ' })).prefix).to.equal('/ota');
  });

  it('take the path at the end of the address, unless the field was changed to another one', async () => {
    const { devices } = givenState();
    const { id } = await savedDevice(devices, { address: '192.168.1.50/fw' });
    expect(devices.find(id)?.prefix).to.equal('/fw');
    const edited = form({ address: '192.168.1.50/fw', token: null });
    const result = await devices.save({ ...edited, prefix: '/other' }, id);
    expect(wrongFields(result)).to.deep.equal(['prefix']);
    expect(result.kind === 'saved' ? '' : formProblemInWords(result.wrongs[0].problem)).to.contain('/fw');
    await devices.save({ ...edited, address: '192.168.1.50', prefix: '/other' }, id);
    expect(devices.find(id)?.prefix).to.equal('/other');
    await devices.save({ ...edited, prefix: '/other' }, id);
    expect(devices.find(id)?.prefix).to.equal('/fw');
  });

  it('are one per board: an address that is saved already is refused, and its device named', async () => {
    const { devices } = givenState();
    const { id } = await savedDevice(devices, { name: 'Kitchen' });
    const twice = await devices.save(form({ name: 'Hall' }));
    expect(wrongFields(twice)).to.deep.equal(['address']);
    expect(twice.kind === 'saved' ? '' : formProblemInWords(twice.wrongs[0].problem)).to.contain('“Kitchen”');
    // Another path at the same board is another device, and a device is no duplicate of itself.
    const hall = await savedDevice(devices, { name: 'Hall', prefix: '/fw' });
    expect((await devices.save(form({ name: 'Kitchen sensor', token: null }), id)).kind).to.equal('saved');
    expect(wrongFields(await devices.save(form({ name: 'Hall', token: null }), hall.id))).to.deep.equal(['address']);
    expect(devices.findAt('192.168.1.50/fw')?.id).to.equal(hall.id);
    expect(devices.findAt('192.168.1.50')?.id).to.equal(id);
    expect([devices.findAt('192.168.1.51'), devices.findAt('a b')]).to.deep.equal([undefined, undefined]);
  });

  it('hold nothing that a backup cannot bring back', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 120 });
    const address = fc.oneof(fc.constantFrom('192.168.1.50', 'esp32.local:80', 'http://[fe80::1]/fw', 'a'), line);
    const forms = fc.record({
      name: line,
      address,
      group: line,
      prefix: fc.oneof(fc.constantFrom('/ota', 'fw/v2', '/~x'), line),
      tokenHeader: fc.oneof(fc.constant('X-OTA-Token'), line),
      token: fc.oneof(fc.constant('secret'), line),
      patienceMs: fc.constantFrom(...PATIENCES_MS),
    });
    const real: ReadAddress = (typed) => {
      const parsed = parseAddress(typed);
      return parsed.kind === 'address' && !parsed.hasPath ? { ...parsed, prefix: null } : parsed;
    };
    const originOf = (typed: string): string | null => {
      const read = parseAddress(typed);
      return read.kind === 'address' ? read.origin : null;
    };
    const ports = { subtle: null, now: NOW, originOf };
    await fc.assert(
      fc.asyncProperty(fc.array(forms, { maxLength: 8 }), async (many) => {
        const { devices } = givenState({ readAddress: real });
        for (const each of many) await devices.save(form(each));
        const saved = devices.$devices.get();
        const written = await writeBackup(saved, null, ports);
        const read = await readBackup(written.kind === 'written' ? written.text : '', { ...ports, devices: [] });
        if (read.kind !== 'read') throw new Error(JSON.stringify(read));
        expect(read.plan.add.map(({ name, origin, prefix }) => [name, origin, prefix])).to.deep.equal(
          saved.map(({ name, origin, prefix }) => [name, origin, prefix]),
        );
      }),
    );
  });

  it('stay in the order of an import, and of being added, when they are loaded again', async () => {
    const { devices, store } = givenState();
    // Like real ids, these do not say when they were made.
    const given = ['m', 'z', 'a', 'k', 'b'].map((id, at) =>
      aDevice({ id, name: id, typed: `192.168.1.${at + 60}`, origin: `http://192.168.1.${at + 60}:8080`, added: NOW }),
    );
    const { id: first } = await savedDevice(devices);
    await devices.saveAll(given.slice(0, 3), new Map());
    // One of them is here already.
    await devices.saveAll([devices.find('m') ?? aDevice(), ...given.slice(3)], new Map());
    const { id: last } = await savedDevice(devices, { address: '192.168.1.70' });
    const order = [first, 'm', 'z', 'a', 'k', 'b', last];
    expect(devices.$devices.get().map(({ id }) => id)).to.deep.equal(order);
    await devices.load();
    expect(
      devices.$devices.get().map(({ id }) => id),
      'loaded',
    ).to.deep.equal(order);
    expect(await store.all()).to.have.length(order.length);
  });

  it('show an address that leads where their requests go, whatever a record or a file says', async () => {
    for (const [typed, prefix] of [
      ['192.168.1.50', '/ota'],
      ['192.168.1.99/fw', '/ota'],
      ['no such place', '/ota'],
    ] as const) {
      const { devices, store } = givenState();
      await devices.saveAll([aDevice({ typed, origin: 'http://192.168.1.99:8080', prefix })], new Map());
      const [saved] = await store.all();
      await store.save(aDevice({ ...saved, typed }));
      expect(devices.find('kitchen')?.typed, `${typed}, from a file`).to.equal('http://192.168.1.99:8080');
      await devices.load();
      expect(devices.find('kitchen')?.typed, `${typed}, from the database`).to.equal('http://192.168.1.99:8080');
    }
    const { devices, store } = givenState();
    await store.save(aDevice({ typed: '192.168.1.50/fw', origin: 'http://192.168.1.50:8080', prefix: '/fw' }));
    await devices.load();
    expect(devices.find('kitchen')?.typed, 'as it was typed').to.equal('192.168.1.50/fw');
  });

  it('learn nothing about a device that was removed meanwhile', async () => {
    const { devices, store } = givenState();
    const { id } = await savedDevice(devices);
    await devices.remove(id);
    await devices.learn(id, { lastSeen: NOW });
    expect(await store.all()).to.be.empty;
  });
});
