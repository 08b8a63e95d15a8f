/** What the connection doctor finds on the way to a device, and what it says of it: a scene for each test. */
import { expect } from 'chai';
import type { LocalNetworkPermission } from '../../../src/device/link-deps.ts';
import type { Cause, Remedy } from '../../../src/model/device/diagnosis.ts';
import type { SelfDescription } from '../../../src/device/viperhttp/openapi.ts';
import type { Asked, AnswerBody, Probed, Probes } from '../../../src/device/doctor/probes.ts';
import { diagnose } from './told.ts';
import type { DeviceTarget } from '../../../src/device/target.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { target } from '../given.ts';

export const NO_ANSWER: Asked = { code: 'unreachable', status: null, said: null, body: null, gatewaySays: null };
export const OPAQUE: Probed = { reached: true, ms: 20 };
export const REFUSED: Probed = { reached: false, ms: 30 };
export const GIVEN_UP: Probed = { reached: false, ms: 3000 };

export function answer(code: UpdateErrorCode | null, status: number, body: AnswerBody = 'text', said?: string): Asked {
  return { code, status, said: said ?? null, body, gatewaySays: null };
}

export const WELL = answer(null, 200, 'snapshot');
/** What ViperHTTP answers where there is no route. */
export const EMPTY = answer(null, 200, 'empty');
export const GONE = answer('no-route', 404);
export const REFUSED_TOKEN = answer('unauthorised', 401, 'text', 'invalid ota token');
export const NOT_LOGGED_IN = answer('unauthorised', 401, 'text', 'Not authenticated');
export const TOO_MANY = answer('busy', 429, 'text', 'Too Many Requests');
export const TIMED_OUT = answer('device-fault', 504, 'text', 'Gateway Timeout');

export function self(otas: SelfDescription['otas'], isViper = true): SelfDescription {
  return { isViper, title: null, version: null, otas, hasRestartRoute: false };
}

export function byGateway(asked: Asked, said: string | null = null, gatewaySays = 'unreachable'): Asked {
  return { ...asked, said, gatewaySays };
}

/**
 * What the page, the browser and the device are like; by default a secure page on a public site, in Chromium, with the
 * permission granted.
 */
export interface Scene {
  readonly page?: string;
  readonly secure?: boolean;
  readonly gateway?: boolean;
  readonly online?: boolean;
  readonly permission?: LocalNetworkPermission;
  /** What the browser says once a request was tried. */
  readonly permissionAfter?: LocalNetworkPermission;
  readonly letsLocalHttp?: boolean;
  readonly asked?: Asked;
  readonly byTokenHeader?: Asked;
  readonly byBearer?: Asked;
  readonly withoutToken?: Asked;
  /** What comes of a path that cannot exist. */
  readonly control?: Asked;
  /** What the device tells of itself. */
  readonly told?: SelfDescription;
  /** What comes of the second question with the token. */
  readonly again?: Asked;
  readonly probed?: Probed;
  readonly open?: readonly string[];
  readonly blocked?: boolean;
  readonly to?: Partial<DeviceTarget>;
  readonly after?: UpdateErrorCode;
}

export function probesFor(scene: Scene): { probes: Probes; tried: string[] } {
  const { page = 'https://moult.example', secure = page.startsWith('https:'), asked = NO_ANSWER } = scene;
  const tried: string[] = [];
  const probes: Probes = {
    page: { origin: page, secure },
    gateway: scene.gateway ?? false,
    online: () => scene.online ?? true,
    permission: async () => (tried.length > 0 ? scene.permissionAfter : undefined) ?? scene.permission ?? 'granted',
    letsLocalHttp: async () => scene.letsLocalHttp ?? true,
    ask: async (_target, credentials) => {
      const before = tried.includes(`ask ${credentials}`);
      tried.push(`ask ${credentials}`);
      if (before && scene.again !== undefined) return scene.again;
      switch (credentials) {
        case 'none':
          return scene.withoutToken ?? NO_ANSWER;
        case 'bearer':
          return scene.byBearer ?? asked;
        case 'token-header':
        case 'both':
        case 'login':
          return scene.byTokenHeader ?? asked;
      }
    },
    control: async (_target, credentials) => {
      tried.push(`control ${credentials}`);
      return scene.control ?? NO_ANSWER;
    },
    describe: async () => {
      tried.push('describe');
      return scene.told ?? null;
    },
    probe: async ({ origin }) => {
      tried.push(`probe ${origin}`);
      if (scene.open?.includes(origin)) return OPAQUE;
      return origin === target(scene.to).origin ? (scene.probed ?? REFUSED) : REFUSED;
    },
    blockedByPolicy: async () => scene.blocked ?? false,
  };
  return { probes, tried };
}

export const FROM_LOCALHOST = { page: 'http://localhost:6685', secure: true, permission: 'none' } as const;
export const BY_GATEWAY = { ...FROM_LOCALHOST, gateway: true } as const;
/** @param kind what the doctor has to find in this scene, and with which remedy */
export type Rung = readonly [name: string, scene: Scene, kind: Cause['kind'], remedy: Remedy['kind']];

/** One test for each of them. */
export function findsEach(rungs: readonly Rung[]): void {
  for (const [name, scene, kind, remedy] of rungs) {
    it(`${name}: ${kind}, ${remedy}`, async () => {
      const diagnosis = await diagnose(target(scene.to), probesFor(scene).probes, scene.after ?? null);
      expect([diagnosis.kind, diagnosis.remedy.kind]).to.deep.equal([kind, remedy]);
      expect(diagnosis.sentence)
        .to.match(/^[A-Z].*\.$/)
        .and.to.not.match(/please|oops|sorry|went wrong|undefined|null/i);
      expect(diagnosis.label).to.match(/^[A-Z]/);
      const answered = [scene.asked, scene.byTokenHeader, scene.byBearer].some(
        (each) => each?.gatewaySays === null && each.status !== null,
      );
      if (answered || scene.probed?.reached === true)
        expect(diagnosis.sentence, 'said of what answered').to.not.match(/nothing (answers|listens)|device is off/i);
    });
  }
}
