/** A host and the web page of an ESPHome device in one process, under a fake clock. */
import { LoginSignIn } from '../../../../src/device/sign-in/sign-in.ts';
import { SimulatedEsphomeWeb } from '../../../../src/simulator/esphome/esphome-web.ts';
import { RawWorld } from '../raw-world.ts';
import type { NextBuild } from '../whole-world.ts';
import { esphomeGiven, type EsphomeNext, type EsphomeWorldOptions, HASHES, waysTo } from './esphome-world.ts';

export interface EsphomeWebWorldOptions extends EsphomeWorldOptions {
  /** What is entered; absent: nothing. */
  readonly enters?: { readonly user: string; readonly password: string };
}

export class EsphomeWebWorld extends RawWorld<SimulatedEsphomeWeb> {
  readonly #next: EsphomeNext;

  constructor({ enters, ...options }: EsphomeWebWorldOptions = {}) {
    const { clock, builds, next, device, around } = esphomeGiven(options);
    const there = new SimulatedEsphomeWeb(HASHES, device);
    super(clock, there, builds, {
      ...{ dialect: 'esphome-web', ...around },
      ...(enters === undefined ? {} : { login: enters }),
      deps: { signIn: (login) => new LoginSignIn(login) },
      waysTo: (sockets) => waysTo(there, sockets, (end) => there.serveEvents(end)),
    });
    this.#next = next;
  }

  override next(which: NextBuild): void {
    this.sendNext(...this.#next(which));
  }

  get uploads(): number {
    return this.device.updates.length;
  }
}
