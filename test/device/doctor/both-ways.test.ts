/** Where the gateway is asked besides the page. */
import { expect } from 'chai';
import type { Asked } from '../../../src/device/doctor/probes.ts';
import { isByGateway } from '../../../src/device/target.ts';
import { target } from '../given.ts';
import { AT_THE_GATEWAY, IN_THE_BROWSER, TOLD_ENOUGH } from './every-cause.ts';
import { NO_ANSWER, WELL, probesFor, type Scene } from './reach-scene.ts';
import { examine } from './told.ts';

/** @param atGateway what comes of the questions through the gateway; null: there is none */
async function examined(scene: Scene, atGateway: Asked | null) {
  let isGatewayAsked = false;
  const { probes, tried } = probesFor({ ...scene, gateway: atGateway !== null });
  const ask: typeof probes.ask = (asked, credentials) => {
    if (!isByGateway(asked)) return probes.ask(asked, credentials);
    isGatewayAsked = true;
    return Promise.resolve(atGateway ?? NO_ANSWER);
  };
  const gateway = atGateway === null ? null : '';
  const found = await examine(
    { ...target(scene.to), gateway, route: null },
    { ...probes, ask },
    scene.after ?? 'unreachable',
  );
  return { kind: found.kind, remedy: found.remedy.kind, isGatewayAsked, tried };
}

describe('The doctor, with two ways to a device', () => {
  const IN_THE_WAY: readonly (readonly [kind: string, scene: Scene])[] = [
    ...Object.entries(IN_THE_BROWSER),
    ['port-closed', { to: { origin: 'http://esp32.local:8080' } }],
  ];

  it('asks the gateway, and offers it, where the browser is in the way or cannot tell', async () => {
    for (const [kind, scene] of IN_THE_WAY) {
      expect(await examined(scene, WELL)).to.include({ kind, remedy: 'use-gateway', isGatewayAsked: true });
    }
  });

  it('offers no gateway where there is none, and asks no question twice', async () => {
    for (const [kind, scene] of IN_THE_WAY) {
      for (const after of ['unreachable', 'garbled'] as const) {
        const found = await examined({ ...scene, after }, null);
        expect(found).to.include({ kind, isGatewayAsked: false });
        expect(found.remedy).not.to.equal('use-gateway');
        expect(found.tried).to.deep.equal([...new Set(found.tried)]);
      }
    }
  });

  it('stays with what the browser was answered, where the gateway gets no answer', async () => {
    for (const kind of ['cors-missing', 'header-missing', 'header-refused'] as const) {
      for (const none of [NO_ANSWER, AT_THE_GATEWAY['gateway-refused'].asked]) {
        expect(await examined(IN_THE_BROWSER[kind], none)).to.include({ kind, remedy: 'copy-cors-lines' });
      }
    }
  });

  it('leaves the gateway alone where it would tell no more than the page', async () => {
    for (const [kind, scene] of Object.entries(TOLD_ENOUGH)) {
      expect(await examined(scene, WELL)).to.include({ kind, isGatewayAsked: false });
    }
  });

  it('hands on what only the gateway can find', async () => {
    for (const [kind, scene] of Object.entries(AT_THE_GATEWAY)) {
      const found = await examined(IN_THE_BROWSER['mixed-content'], 'asked' in scene ? scene.asked : NO_ANSWER);
      expect(found).to.include({ kind, isGatewayAsked: true });
    }
  });
});
