/** Which addresses the gateway connects to. */
import { expect } from 'chai';
import { connect } from 'node:net';
import { call, LAN_ADDRESS, LAN_NETWORKS, type Answer } from '../test-host.ts';
import { useGateway, fromPage, ok, statusOf } from './gateway-host.ts';

const DEVICE_IP = '192.168.77.50';

describe('the gateway', () => {
  const { hostWith, device } = useGateway();

  describe('connects to private addresses only', () => {
    it('never to a public one, named or resolved', async () => {
      const connected: string[] = [];
      const host = await hostWith({
        resolve: () => Promise.resolve(['8.8.8.8']),
        connect: (address) => {
          connected.push(address);
          return connect({ host: '127.0.0.1', port: 1 });
        },
      });
      for (const name of ['8.8.8.8', 'dns.example', '[2606:4700::1]', '[::ffff:8.8.8.8]', '169.254.169.254']) {
        const answer = await fromPage(host, statusOf(80, name));
        expect([answer.status, answer.headers['moult-gateway']], name).to.deep.equal([403, 'not-private']);
      }
      expect(connected).to.deep.equal([]);
    });

    it('to the address it has judged, however the name resolves a moment later', async () => {
      const { port } = await device(ok);
      const answers = [[DEVICE_IP], ['8.8.8.8'], ['8.8.4.4']];
      const connected: string[] = [];
      const host = await hostWith({
        resolve: () => Promise.resolve(answers.shift() ?? []),
        connect: (address) => {
          connected.push(address);
          return connect({ host: '127.0.0.1', port });
        },
      });
      expect((await fromPage(host, statusOf(8080, 'rebind.example'))).status).to.equal(200);
      expect((await fromPage(host, statusOf(8080, 'rebind.example'))).status).to.equal(403);
      expect(connected).to.deep.equal([DEVICE_IP]);
    });

    it('to loopback for this machine, not for a phone', async () => {
      const { port, got } = await device(ok);
      const lan = { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench'], now: () => Date.now(), open: true };
      const host = await hostWith({ lan });
      const answer = await call({
        address: LAN_ADDRESS,
        port: host.port,
        path: statusOf(port),
        headers: { host: `${LAN_ADDRESS}:${host.port}`, origin: `http://${LAN_ADDRESS}:${host.port}` },
      });
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([403, 'not-on-link']);
      expect(got).to.have.length(0);
      expect((await fromPage(host, statusOf(port))).status).to.equal(200);
    });

    it('for a phone to what is on its own network, and to no other network and no address of this machine', async () => {
      const { port } = await device(ok);
      const connected: string[] = [];
      const host = await hostWith({
        lan: { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench'], now: () => Date.now(), open: true },
        ownAddresses: () => [
          ...LAN_NETWORKS,
          { on: 'docker0', address: '172.17.0.1', networkBits: 16, zone: 'docker0' },
        ],
        connect: (address) => {
          connected.push(address);
          return connect({ host: '127.0.0.1', port });
        },
        resolve: () => Promise.resolve(['172.17.0.2', '10.0.0.254']),
      });
      const own = `${LAN_ADDRESS}:${host.port}`;
      const ask = (target: string): Promise<Answer> =>
        fromPage(host, statusOf(9002, target), {
          address: LAN_ADDRESS,
          headers: { host: own, origin: `http://${own}` },
        });
      for (const target of [
        '172.17.0.2',
        '[::ffff:172.17.0.2]',
        '172.17.0.1',
        '10.0.0.254',
        '192.168.1.1',
        'container.lan',
      ]) {
        const answer = await ask(target);
        expect([answer.status, answer.headers['moult-gateway']], target).to.deep.equal([403, 'not-on-link']);
      }
      expect(connected).to.deep.equal([]);
      expect((await ask('10.0.0.7')).status).to.equal(200);
      // The page of this machine itself has no such bounds.
      expect((await fromPage(host, statusOf(9002, '172.17.0.2'))).status).to.equal(200);
      expect(connected).to.deep.equal(['10.0.0.7', '172.17.0.2']);
    });

    it('to no port of another protocol, whoever asks', async () => {
      const host = await hostWith({
        connect: () => {
          throw new Error('connected');
        },
      });
      for (const port of [22, 25, 6000, 6667, 10_080]) {
        const answer = await fromPage(host, statusOf(port, '10.0.0.9'));
        expect([answer.status, answer.headers['moult-gateway']], String(port)).to.deep.equal([403, 'bad-port']);
      }
    });
  });
});
