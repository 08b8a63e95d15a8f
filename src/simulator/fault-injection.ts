/** Lets one request go wrong as a `Fault` says. */
import type { Bootloader } from './bootloader.ts';
import { garbage, scriptedAnswer, type Fault } from './faults.ts';
import { ConnectionDropped } from './power.ts';
import type { Updater } from './viperhttp/updater.ts';

/** The request that goes wrong, and what of the device a fault can reach. */
export interface Injected {
  readonly body: Uint8Array<ArrayBuffer>;
  /** What the device would do and say, given this body. */
  answer(body: Uint8Array<ArrayBuffer>): Promise<Response>;
  /** Rejects with `ConnectionDropped` where the device is reset meanwhile. */
  pause(ms: number): Promise<void>;
  /** Resets the device, once for one request. */
  restart(): void;
  shareWithPage(response: Response): Response;
  readonly updater: Updater;
  readonly bootloader: Bootloader;
}

/** Statuses that the C server sends before it has looked at the origin: no page of another origin can read them. */
const BEFORE_ORIGINS = [403, 405, 413];

/** The answer to the request, with `fault` injected; null: none is. */
export async function injectFault(fault: Fault | null, target: Injected): Promise<Response> {
  const asUsual = (): Promise<Response> => target.answer(target.body);
  if (fault === null) return asUsual();
  switch (fault.kind) {
    case 'drop':
      if (fault.when === 'after') await asUsual();
      throw new ConnectionDropped();
    case 'hang':
      if (fault.when === 'after') await asUsual();
      return new Promise<never>(() => undefined);
    case 'delay': {
      if (fault.when === 'before') await target.pause(fault.ms);
      const response = await asUsual();
      if (fault.when === 'after') await target.pause(fault.ms);
      return response;
    }
    case 'status': {
      if (fault.when === 'after') await asUsual();
      const scripted = scriptedAnswer(fault);
      return BEFORE_ORIGINS.includes(fault.status) ? scripted : target.shareWithPage(scripted);
    }
    case 'restart':
      if (fault.when === 'after') await asUsual();
      target.restart();
      throw new ConnectionDropped();
    case 'corrupt':
      return fault.where === 'wire' ? corruptWire(fault, target) : corruptFlash(fault, target);
    case 'garbage': {
      const usual = await asUsual();
      // Damage to an answer does not make a 200 of a refusal.
      return usual.ok ? target.shareWithPage(garbage(fault.answer)) : usual;
    }
    case 'other-session': {
      if (fault.when === 'before') takeOver(fault, target);
      const response = await asUsual();
      if (fault.when === 'after') takeOver(fault, target);
      return response;
    }
    case 'flash-failure':
      target.updater.failNext = fault.step;
      try {
        return await asUsual();
      } finally {
        // A request that wrote nothing must not pass its fault on to the next one.
        target.updater.failNext = null;
      }
  }
}

type Corrupt = Fault & { readonly kind: 'corrupt' };

async function corruptWire(fault: Corrupt & { readonly where: 'wire' }, target: Injected): Promise<Response> {
  const body = target.body.slice();
  const { at, mask } = spot(fault, body.length);
  if (at < body.length) body.set([(body[at] ?? 0) ^ mask], at);
  return target.answer(body);
}

async function corruptFlash(fault: Corrupt & { readonly where: 'flash' }, target: Injected): Promise<Response> {
  if (fault.when === 'before') flipWritten(fault, target);
  try {
    return await target.answer(target.body);
  } finally {
    // Done even where the request made the device restart: the image may run by now.
    if (fault.when !== 'before') flipWritten(fault, target);
  }
}

function flipWritten(fault: Corrupt, { updater, bootloader }: Injected): void {
  const written = updater.log.at(-1);
  if (!written) return;
  const { at, mask } = spot(fault, written.bytes);
  bootloader.slot(written.slot).flash.flip(written.offset + at, mask);
}

/** Default: the lowest bit of the byte in the middle, which no header check can notice. */
function spot(fault: Corrupt, bytes: number): { readonly at: number; readonly mask: number } {
  return { at: fault.at ?? Math.floor(bytes / 2), mask: fault.mask ?? 1 };
}

function takeOver(fault: Fault & { readonly kind: 'other-session' }, { updater, bootloader }: Injected): void {
  updater.begin(fault.size ?? bootloader.next.flash.size, fault.sha256 ?? null);
}
