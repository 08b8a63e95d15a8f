/** The devices of a rollout server's agent, as they are announced. */
import type { ActionNote } from '../../agent/note.ts';
import type { InstallRefusal } from '../../model/host/mqtt-notice.ts';
import type {
  EntityFile,
  EntityOffer,
  EntityRun,
  OfferStanding,
  UpdateEntity,
} from '../../model/host/update-entity.ts';
import { toldInWords } from '../../words/agent/feedback.ts';
import type { Agent } from '../agent/agent.ts';
import { standingOf } from '../agent/target/target-view.ts';
import type { EntitySource } from './entity-source.ts';
import { entityId, toldChip, toldFirmware } from './told-firmware.ts';

type Targets = Pick<Agent, 'targets' | 'policy' | 'order'>;
type OneTarget = Targets['targets'][number];

export class AgentEntities implements EntitySource {
  readonly #agent: Targets;

  constructor(agent: Targets) {
    this.#agent = agent;
  }

  entities(): readonly UpdateEntity[] {
    return this.#agent.targets.map((target) => this.#entityOf(target));
  }

  async install(id: string, offer: string): Promise<InstallRefusal | null> {
    const target = this.#agent.targets.find(({ device }) => idOf(device) === id);
    if (target === undefined) return { kind: 'no-such-device' };
    const { controllerId } = target.device;
    try {
      const isBegun = await this.#agent.order({ kind: 'install', controllerId, action: offer });
      return isBegun ? null : { kind: 'no-such-offer' };
    } catch {
      // The disk says no; what a person said is written down before it is done.
      return { kind: 'not-written' };
    }
  }

  #entityOf({ device, sight, now: { name, note, isSeen, state } }: OneTarget): UpdateEntity {
    const { action, runs, lastSeen, lastTold } = note;
    const file = fileOf(action);
    const isUnderWay = action !== null && file !== null && state !== null;
    const run: EntityRun | null = isUnderWay
      ? { standing: 'running', firmware: file, share: shareOf(state.progress) }
      : null;
    return {
      ...{ id: idOf(device), name, dialect: sight?.dialect ?? null },
      ...{ chip: toldChip(sight, device.chipId ?? note.chipId), isSeen: isSeen === true, lastSeen },
      // What it told before an update says nothing of what it runs after it.
      installed: toldFirmware(runs !== null && runs.at === lastSeen ? null : sight, runs),
      ...{ run, offer: run === null ? this.#offerOf(action, file, hasSecret({ device, sight })) : null },
      ended: action === null && lastTold !== null ? toldInWords(lastTold.told).join(' ') : null,
    };
  }

  #offerOf(action: ActionNote | null, firmware: EntityFile | null, isTrusted: boolean): EntityOffer | null {
    if (action === null || firmware === null) return null;
    const standing = standingOf(action, this.#agent.policy);
    const offers: Readonly<Partial<Record<typeof standing, OfferStanding>>> = {
      offer: isTrusted ? 'install' : 'no-token',
      // What a person may not begin.
      ...{ waiting: 'not-yet', running: 'not-yet' },
    };
    const offered = offers[standing];
    return offered === undefined ? null : { id: action.id, firmware, standing: offered };
  }
}

function idOf({ controllerId }: Pick<OneTarget['device'], 'controllerId'>): string {
  return entityId(`agent ${controllerId}`);
}

function fileOf(action: ActionNote | null): EntityFile | null {
  const image = action?.image ?? null;
  return image === null ? null : { version: image.version, sha256: image.sha256, file: image.filename };
}

/** Null: nothing is known yet. */
export function shareOf({
  acknowledged,
  total,
}: {
  readonly acknowledged: number;
  readonly total: number;
}): number | null {
  return total === 0 ? null : acknowledged / total;
}

/** A device that answers, and told nothing of itself, said no: without a token it would say no to an update, too. */
function hasSecret({ device, sight }: Pick<OneTarget, 'device' | 'sight'>): boolean {
  const { token, login } = device.target;
  return token !== '' || (login ?? null) !== null || (sight?.dialect ?? null) !== null;
}
