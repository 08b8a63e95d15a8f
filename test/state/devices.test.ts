import { expect } from 'chai';
import { form, givenState, NOW, savedDevice } from './given.ts';

describe('The saved devices', () => {
  it('keep a device, and its token apart from it', async () => {
    const { devices, store, vault } = givenState();
    const device = await savedDevice(devices, { token: 'secret' });
    expect(await store.all()).to.deep.equal([device]);
    expect(JSON.stringify(device)).not.to.contain('secret');
    expect(await vault.get(device.id)).to.equal('secret');
    expect(devices.$keeping.get().get(device.id)).to.equal('memory');
  });

  for (const [field, of] of [
    ['name', { name: '  ' }],
    ['address', { address: '192.168. 1.50' }],
    ['token', { token: 'with space' }],
    ['tokenHeader', { tokenHeader: 'X OTA' }],
  ] as const) {
    it(`say what is wrong with the ${field}, and save nothing`, async () => {
      const { devices, store } = givenState();
      const result = await devices.save(form(of));
      expect(result).to.include({ saved: false, field });
      expect(await store.all()).to.be.empty;
    });
  }

  it('keep the token where it was not typed again, and forget it where it was emptied', async () => {
    const { devices, vault } = givenState();
    const { id } = await savedDevice(devices);
    await devices.save(form({ name: 'Hall', token: null }), id);
    expect(await vault.get(id)).to.equal('secret');
    await devices.save(form({ token: '' }), id);
    expect(await vault.get(id)).to.equal(null);
    expect(devices.$keeping.get().has(id)).to.equal(false);
  });

  it('find out the dialect anew at another address, and keep it at the same', async () => {
    const { devices } = givenState();
    const { id } = await savedDevice(devices);
    await devices.learn(id, { dialect: 'shipped', route: 'direct', chunkBytes: 8192 });
    await devices.save(form({ name: 'Renamed', token: null }), id);
    expect(devices.find(id)).to.include({ dialect: 'shipped', route: 'direct', chunkBytes: 8192, name: 'Renamed' });
    await devices.save(form({ address: '192.168.1.51', token: null }), id);
    expect(devices.find(id)).to.include({ dialect: null, route: null, chunkBytes: null });
  });

  it('take the chosen protocol as the dialect', async () => {
    const { devices } = givenState();
    expect(await savedDevice(devices, { protocol: 'documented' })).to.include({ dialect: 'documented', added: NOW });
  });

  it('make a prefix of what was typed', async () => {
    const { devices } = givenState();
    expect((await savedDevice(devices, { prefix: 'firmware/ota/' })).prefix).to.equal('/firmware/ota');
    expect((await savedDevice(devices, { prefix: ' ' })).prefix).to.equal('/ota');
  });

  it('remove a device with its token', async () => {
    const { devices, store, vault } = givenState();
    const { id } = await savedDevice(devices);
    await devices.remove(id);
    expect(await store.all()).to.be.empty;
    expect(await vault.get(id)).to.equal(null);
    expect(devices.$devices.get()).to.be.empty;
  });

  it('learn nothing about a device that was removed meanwhile', async () => {
    const { devices, store } = givenState();
    const { id } = await savedDevice(devices);
    await devices.remove(id);
    await devices.learn(id, { lastSeen: NOW });
    expect(await store.all()).to.be.empty;
  });
});
