import type { LitElement, ReactiveController } from 'lit';
import type { Device } from '../../model/device/device.ts';

const targets = new Set<DeviceTarget>();

/** Says that an element stands for one device, be it a card or a row: a file that is dropped on it is for that device. */
export class DeviceTarget implements ReactiveController {
  readonly host: LitElement;
  readonly #device: () => Device;

  constructor(host: LitElement, device: () => Device) {
    this.host = host;
    this.#device = device;
    host.addController(this);
  }

  get device(): Device {
    return this.#device();
  }

  hostConnected(): void {
    targets.add(this);
  }

  hostDisconnected(): void {
    targets.delete(this);
  }
}

/** The device whose element lies at a point of the window. By its box: while a file hovers, a veil lies over all of them. */
export function targetAt(x: number, y: number): DeviceTarget | null {
  for (const target of targets) {
    const { left, right, top, bottom } = target.host.getBoundingClientRect();
    if (left <= x && x < right && top <= y && y < bottom) return target;
  }
  return null;
}

/** The device whose element an event went through. */
export function targetIn(path: readonly EventTarget[]): DeviceTarget | null {
  return allTargets().find(({ host }) => path.includes(host)) ?? null;
}

/** In the order of the page. */
export function allTargets(): readonly DeviceTarget[] {
  return [...targets].sort((a, b) =>
    a.host.compareDocumentPosition(b.host) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
}
