/** A host and a device that is spoken to over the host's own sockets, in one process (`whole-world.ts`). */
import { OF_HOST } from '../../../src/device/whole-image/of-host.ts';
import type { RawConnection, RawWays } from '../../../src/model/device/raw-connection.ts';
import type { FakeClock } from '../scripted/fake-clock.ts';
import { type SentBuilds, type SimulatedWhole, type Surroundings, WholeWorld } from './whole-world.ts';

/** The host's side of the network. */
export interface Sockets {
  /** The open connections: they end with the host's process. */
  readonly open: Set<RawConnection>;
  readonly isUp: () => boolean;
}

interface RawSurroundings extends Surroundings {
  readonly waysTo: (sockets: Sockets) => RawWays;
}

export abstract class RawWorld<Device extends SimulatedWhole> extends WholeWorld<Device> {
  readonly #open: Set<RawConnection>;

  constructor(clock: FakeClock, device: Device, builds: SentBuilds, { waysTo, ...around }: RawSurroundings) {
    // The network belongs to this world, which is made after the device's sockets.
    let isUp = (): boolean => true;
    const sockets = { open: new Set<RawConnection>(), isUp: () => isUp() };
    super(clock, device, builds, { ...around, deps: { onHost: OF_HOST, ...around.deps, raw: waysTo(sockets) } });
    isUp = () => this.network.up;
    this.#open = sockets.open;
  }

  override reload(): void {
    super.reload();
    for (const connection of this.#open) connection.close();
  }
}
