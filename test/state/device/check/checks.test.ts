import { expect } from 'chai';
import type { DeviceLink, DeviceStatus } from '../../../../src/model/device/link.ts';
import type { SelfTold } from '../../../../src/model/device/self-told.ts';
import { UpdateError } from '../../../../src/model/update/update-error.ts';
import { describe as inWords } from '../../../../src/words/update/describe.ts';
import { deadLink, form, givenState, NOW, savedDevice } from '../../given.ts';

const status: DeviceStatus = {
  supported: true,
  session: null,
  running: { label: 'ota_0', address: null, size: 2_031_616 },
  boot: null,
  next: { label: 'ota_1', address: null, size: 2_031_616 },
  lastTaken: null,
};

describe('Checking a device', () => {
  it('tells its slots and remembers its dialect', async () => {
    const link: DeviceLink = { ...deadLink, status: async () => status };
    const { checks, devices } = givenState({ linkTo: () => async () => link });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    expect(checks.$check(id).get()).to.deep.equal({
      kind: 'answered',
      dialect: 'shipped',
      status,
      note: null,
      at: NOW,
    });
    expect(devices.find(id)).to.include({ dialect: 'shipped', lastSeen: NOW });
  });

  it('tells what its link remarks, beside what its slots mean', async () => {
    const only: DeviceStatus = { ...status, next: status.running };
    for (const [remark, told, note] of [
      ['takes-any-token', status, /^It accepts any token, .* ota_token\.$/],
      ['takes-any-token', only, /^It accepts any token, .* ota_token\. This device runs from its only/],
      [null, status, null],
    ] as const) {
      const link: DeviceLink = { ...deadLink, status: async () => told, remark: async () => remark };
      const { checks, devices } = givenState({ linkTo: () => async () => link });
      const { id } = await savedDevice(devices);
      await checks.check(id);
      const view = checks.$check(id).get();
      if (view.kind !== 'answered') throw new Error(view.kind);
      if (note === null) expect(view.note).to.equal(null);
      else expect(view.note).to.match(note);
    }
  });

  it('counts a device as asked that an update or a rollout has asked', async () => {
    const { checks, devices } = givenState({ linkTo: () => async () => deadLink });
    const device = await savedDevice(devices);
    checks.hear(device, status);
    const heard = { kind: 'answered', dialect: null, status, note: null, at: NOW };
    expect(checks.$check(device.id).get()).to.deep.equal(heard);
    // An answer to a question stays as it was until the next one: it says when it came.
    checks.hear(device, { ...status, next: null });
    expect(checks.$check(device.id).get()).to.deep.equal(heard);
  });

  it('asks no more for a remark on a device where there was none, and again where there was one', async () => {
    for (const [remark, times] of [
      [null, 1],
      ['takes-any-token', 2],
    ] as const) {
      let asked = 0;
      const link: DeviceLink = {
        ...deadLink,
        status: async () => status,
        remark: async () => {
          asked += 1;
          return remark;
        },
      };
      const { checks, devices } = givenState({ linkTo: () => async () => link });
      const { id } = await savedDevice(devices);
      await checks.check(id);
      await checks.check(id);
      expect(asked).to.equal(times);
    }
  });

  it('remembers no dialect that the answer does not show', async () => {
    const link: DeviceLink = { ...deadLink, dialect: 'documented', certain: false, tellsStatus: false };
    const { checks, devices } = givenState({ linkTo: () => async () => link });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    expect(checks.$check(id).get()).to.deep.include({ kind: 'answered', dialect: null });
    expect(devices.find(id)).to.include({ dialect: null, lastSeen: NOW });
  });

  it('does not take a protocol that was set by hand for an answer of the device', async () => {
    const link: DeviceLink = { ...deadLink, dialect: 'documented', tellsStatus: false };
    const { checks, devices } = givenState({ linkTo: () => async () => link });
    const { id } = await savedDevice(devices, { protocol: 'documented' });
    await checks.check(id);
    expect(checks.$check(id).get()).to.deep.include({ kind: 'answered', dialect: null });
  });

  it('drops what the old address told of a device that was moved meanwhile', async () => {
    let answer = (): void => undefined;
    const gate = new Promise<void>((resolve) => (answer = resolve));
    let asked = (): void => undefined;
    const begun = new Promise<void>((resolve) => (asked = resolve));
    const { checks, devices } = givenState({
      linkTo: () => async () => {
        asked();
        await gate;
        return { ...deadLink, status: async () => status };
      },
    });
    const { id } = await savedDevice(devices);
    const checking = checks.check(id);
    await begun;
    await devices.save(form({ address: '192.168.1.99', token: null }), id);
    answer();
    await checking;
    expect(devices.find(id)).to.include({ dialect: null, lastSeen: null });
    expect(checks.$check(id).get()).to.deep.equal({ kind: 'unasked' });
  });

  it('asks for no status where the device tells none', async () => {
    const link: DeviceLink = { ...deadLink, dialect: 'documented', tellsStatus: false };
    const { checks, devices } = givenState({ linkTo: () => async () => link });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    expect(checks.$check(id).get()).to.deep.include({ kind: 'answered', status: null });
  });

  it('asks a device that answers once what it tells of itself, with its login, and says what its app is called', async () => {
    const link: DeviceLink = { ...deadLink, status: async () => status };
    const asked: unknown[] = [];
    const login = { user: 'ada', password: 'x' };
    const { checks, devices } = givenState({
      linkTo: () => async () => link,
      askSelf: async (where) => {
        asked.push(where);
        return { isViper: true, title: 'Greenhouse', version: '1.4.0', otas: [] };
      },
    });
    const { id, origin } = await savedDevice(devices, { login });
    for (const time of ['first', 'second']) {
      await checks.check(id);
      expect(checks.$check(id).get(), time).to.deep.include({ kind: 'answered', app: 'Greenhouse, version 1.4.0' });
    }
    expect(asked).to.deep.equal([{ origin, login }]);
  });

  for (const [prefix, dialect] of [
    ['/ota', 'documented'],
    ['/fw', null],
  ] as const) {
    it(`says ${dialect === null ? 'that nobody knows how it takes updates' : 'how it takes updates'} where no answer shows it and its own list names ${prefix}`, async () => {
      const link: DeviceLink = { ...deadLink, dialect: 'documented', certain: false, tellsStatus: false };
      const { checks, devices } = givenState({
        linkTo: () => async () => link,
        askSelf: async () => ({
          isViper: true,
          title: 'Greenhouse',
          version: '1.4.0',
          otas: [{ prefix, dialect: 'documented' }],
        }),
      });
      const { id } = await savedDevice(devices);
      const answers: { readonly dialect: unknown }[] = [];
      checks.$check(id).listen((view) => {
        if (view.kind === 'answered') answers.push(view);
      });
      await checks.check(id);
      // From the first one on: no card takes back what it has said.
      expect(answers.map((answer) => answer.dialect)).to.deep.equal([dialect, dialect]);
      expect(devices.find(id)).to.include({ dialect: null });
    });
  }

  it('no longer says how it takes updates once its own list does not name it', async () => {
    const link: DeviceLink = { ...deadLink, dialect: 'documented', certain: false, tellsStatus: false };
    let otas: SelfTold['otas'] = [{ prefix: '/ota', dialect: 'documented' }];
    const { checks, devices } = givenState({
      linkTo: () => async () => link,
      askSelf: async () => ({ isViper: true, title: null, version: null, otas }),
    });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    expect(checks.$check(id).get()).to.include({ kind: 'answered', dialect: 'documented' });
    otas = [];
    await checks.check(id);
    expect(checks.$check(id).get()).to.include({ kind: 'answered', dialect: null });
  });

  it('stays an answer where the device tells nothing of itself, or an update ends the question', async () => {
    const link: DeviceLink = { ...deadLink, status: async () => status };
    let begun = (): void => undefined;
    const asked = new Promise<void>((resolve) => (begun = resolve));
    for (const ends of [false, true]) {
      const { checks, devices } = givenState({
        linkTo: () => async () => link,
        askSelf: (_where, signal) =>
          ends
            ? new Promise((_resolve, reject) => {
                signal.addEventListener('abort', () => reject(new UpdateError('aborted')));
                begun();
              })
            : Promise.resolve(null),
      });
      const { id } = await savedDevice(devices);
      const checking = checks.check(id);
      if (ends) {
        await asked;
        await checks.stop(id);
      }
      await checking;
      const view = checks.$check(id).get();
      expect(view).to.deep.equal({ kind: 'answered', dialect: 'shipped', status, note: null, at: NOW });
    }
  });

  it('says of no failure to whoever waits for it where an update ended it before its words were there', async () => {
    let load = (): void => undefined;
    let needed = (): void => undefined;
    const isNeeded = new Promise<void>((resolve) => (needed = resolve));
    const { checks, devices } = givenState({
      linkTo: () => () => Promise.reject(new UpdateError('no-route')),
      describe: () => {
        needed();
        return new Promise((resolve) => (load = () => resolve(inWords)));
      },
    });
    const { id } = await savedDevice(devices);
    const kinds: string[] = [];
    checks.$check(id).listen(({ kind }) => void kinds.push(kind));
    const checking = checks.check(id);
    await isNeeded;
    const stopped = checks.stop(id);
    load();
    await Promise.all([checking, stopped]);
    expect(kinds).to.deep.equal(['asking', 'unasked']);
  });

  it('is ended by an update together with the question that comes after it', async () => {
    const { checks, devices } = givenState();
    const { id } = await savedDevice(devices);
    const asked: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    const first = new Promise<void>((begun) => {
      void checks.inTurn(id, (signal) => {
        asked.push('first');
        begun();
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            // As the doctor looks once a check has failed.
            second = checks.inTurn(id, async () => void asked.push('second'));
            resolve();
          }),
        );
      });
    });
    await first;
    await checks.stop(id);
    await second;
    expect(asked).to.deep.equal(['first']);
  });

  it('asks nothing more of a device that did not answer', async () => {
    const { checks, devices } = givenState({
      linkTo: () => () => Promise.reject(new UpdateError('unreachable')),
      askSelf: () => Promise.reject(new Error('it was asked')),
    });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    expect(checks.$check(id).get().kind).to.equal('failed');
  });

  it('says in words why there is no answer', async () => {
    const { checks, devices } = givenState({ linkTo: () => () => Promise.reject(new UpdateError('unauthorised')) });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    const view = checks.$check(id).get();
    expect(view.kind === 'failed' && view.words.detail)
      .to.contain('token')
      .and.not.contain('old firmware');
  });

  it('ends before an update begins, so that one request is in flight', async () => {
    const order: string[] = [];
    const { checks, devices, updates, firmware } = givenState({
      linkTo:
        () =>
        ({ signal }) =>
          new Promise((_, reject) => {
            order.push('asking');
            signal.addEventListener('abort', () => {
              order.push('ended');
              reject(new UpdateError('aborted'));
            });
          }),
      run: async function* () {
        order.push('update');
      },
    });
    const { id } = await savedDevice(devices);
    await firmware.choose([{ name: 'a.bin', size: 1, arrayBuffer: async () => new Uint8Array([1]).buffer }]);
    const checking = checks.check(id);
    while (order.length === 0) await Promise.resolve();
    await Promise.all([checking, updates.start(id)]);
    expect(order).to.deep.equal(['asking', 'ended', 'update']);
    // One that has not asked yet asks no more.
    await Promise.all([checks.check(id), updates.start(id)]);
    expect(order).to.deep.equal(['asking', 'ended', 'update', 'update']);
    expect(checks.$check(id).get().kind).to.equal('unasked');
  });

  it('asks nothing while another tab has the device in hand, and says so', async () => {
    const keys: string[] = [];
    const lock = {
      acquire: async (key: string) => {
        keys.push(key);
        return null;
      },
    };
    const { checks, devices } = givenState({ lock, linkTo: () => () => Promise.reject(new Error('asked')) });
    const { id, origin, prefix } = await savedDevice(devices);
    await checks.check(id);
    expect(keys).to.deep.equal([`${origin}${prefix}`]);
    const view = checks.$check(id).get();
    expect(view.kind === 'failed' && view.words.detail).to.include('Another tab is updating this device.');
  });

  it('releases the device once it has answered', async () => {
    let held = 0;
    const lock = {
      acquire: async () => {
        held += 1;
        return () => (held -= 1);
      },
    };
    const { checks, devices } = givenState({ lock });
    const { id } = await savedDevice(devices);
    await checks.check(id);
    expect(held).to.equal(0);
  });
});
