/** What the gateway of a host says in the place of a device, in its own words and by its own statuses. */
import { expect } from 'chai';
import { GatewaysOwn } from '../../src/device/gateway-word.ts';
import { send } from '../../src/device/request.ts';
import { gatewayAnswer } from '../../src/host/gateway/gateway.ts';
import type { GatewayCode } from '../../src/model/host/gateway-code.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import { answering, errorOf, limits, target } from './given.ts';
import { ManualClock } from './manual-clock.ts';
import { STATUS } from './status-request.ts';

const MEANS: Readonly<Record<GatewayCode, UpdateErrorCode>> = {
  // No device was asked.
  'not-paired': 'unreachable',
  'no-such-path': 'unreachable',
  'wrong-method': 'unreachable',
  'header-refused': 'unreachable',
  // No device answered.
  unreachable: 'unreachable',
  'no-such-name': 'unreachable',
  silent: 'silent',
  redirect: 'garbled',
  'not-our-page': 'forbidden',
  'bad-port': 'forbidden',
  'not-private': 'forbidden',
  'not-on-link': 'forbidden',
  'body-refused': 'bad-request',
  'body-late': 'busy',
  busy: 'busy',
  'too-large': 'body-too-large',
  'not-http': 'device-fault',
  'answer-too-large': 'device-fault',
  'certificate-changed': 'device-fault',
};

const asked = (response: Response, viaGateway: string | null = '') =>
  errorOf(
    send(target({ viaGateway }), STATUS, limits(), { fetch: answering(response).fetch, clock: new ManualClock() }),
  );

describe('what the gateway says in the place of a device', () => {
  for (const [own, code] of Object.entries(MEANS) as [GatewayCode, UpdateErrorCode][]) {
    it(`is ${code} for ${own}`, async () => {
      const [status, detail] = gatewayAnswer(own);
      const error = await asked(Response.json({ detail }, { status, headers: { 'Moult-Gateway': own } }));
      expect(error.code).to.equal(code);
      // What redirects is another server, and its status is not the device's.
      if (own === 'redirect') return;
      expect(error).to.include({ status, said: detail });
      expect(error.cause).to.be.instanceOf(GatewaysOwn).and.to.include({ code: own });
    });
  }

  it('may come without words', async () => {
    const error = await asked(new Response(null, { status: 404, headers: { 'Moult-Gateway': 'no-such-path' } }));
    expect(error).to.include({ code: 'unreachable', status: 404, said: null });
  });

  it('is nothing where the device itself refuses', async () => {
    expect((await asked(new Response('no', { status: 404 }))).cause).to.equal(undefined);
  });
});
