/** The devices that the host's jobs are about, as they are announced. */
import { afterUpdate } from '../../agent/learning.ts';
import type { RanFirmware } from '../../model/device/device.ts';
import type { InstallRefusal } from '../../model/host/mqtt-notice.ts';
import type { EntityFile, EntityOffer, EntityRun, UpdateEntity } from '../../model/host/update-entity.ts';
import type { Job } from '../../model/jobs/job.ts';
import { endedText } from '../../words/host/mqtt.ts';
import { describeElsewhere } from '../../words/update/describe-elsewhere.ts';
import type { Entry } from '../jobs/job-list.ts';
import type { JobService } from '../jobs/job-service.ts';
import { shareOf } from './agent-entities.ts';
import type { DeviceLooks } from './device-looks.ts';
import type { EntitySource } from './entity-source.ts';
import { currentOf, jobsByPlace, lastEndOf } from './jobs-by-place.ts';
import { entityId, toldChip, toldFirmware } from './told-firmware.ts';

type Service = Pick<JobService, 'order'> & { readonly list: { readonly entries: Iterable<Entry> } };

export class JobEntities implements EntitySource {
  readonly #service: Service;
  readonly #looks: Pick<DeviceLooks, 'of'>;

  readonly #others: ReadonlySet<string>;

  /** `others`: the places of devices that are announced by somebody else. */
  constructor(service: Service, looks: Pick<DeviceLooks, 'of'>, others: ReadonlySet<string> = new Set()) {
    this.#service = service;
    this.#looks = looks;
    this.#others = others;
  }

  entities(): readonly UpdateEntity[] {
    return [...jobsByPlace(this.#service.list.entries)]
      .filter(([place]) => !this.#others.has(place))
      .map(([place, entries]) => this.#entityOf(place, entries));
  }

  async install(id: string, offer: string): Promise<InstallRefusal | null> {
    for (const [place, entries] of jobsByPlace(this.#service.list.entries)) {
      const entry = currentOf(entries);
      if (entityId(place) !== id || entry.record.job.id !== offer) continue;
      // As the page's "Continue". Whoever says "Install" wants all of it, where what was written is gone, too.
      const done = await this.#service.order(entry, { kind: 'go-on', secrets: null, beginAgain: true });
      return done.kind === 'refused' ? done.refusal : null;
    }
    return { kind: 'no-such-device' };
  }

  #entityOf(place: string, entries: readonly Entry[]): UpdateEntity {
    const entry = currentOf(entries);
    const { job } = entry.record;
    const look = this.#looks.of(place);
    const runs = provenIn(entries);
    // What it told before an update says nothing of what it runs after it.
    const told = lastEndOf(entries) >= look.at ? null : look.told;
    const hasProven = runs !== null && runs.at >= look.at;
    const run = runOf(job);
    return {
      ...{ id: entityId(place), name: job.device.name },
      dialect: look.told?.dialect ?? job.update?.dialect ?? job.device.dialect,
      ...{ chip: toldChip(look.told, job.device.chipId), isSeen: hasProven || look.told !== null },
      lastSeen: hasProven ? runs.at : look.lastSeen,
      installed: toldFirmware(told, runs),
      ...{ run, offer: run === null ? offerOf(entry) : null },
      ended: endedIn(job),
    };
  }
}

/** What the last update showed that it runs; null: it is not known. */
function provenIn(entries: readonly Entry[]): RanFirmware | null {
  let runs: RanFirmware | null = null;
  const ended = entries.map(({ record }) => record.job).filter(({ endedAt }) => endedAt !== null);
  for (const { standing, firmware, endedAt } of ended.toSorted(
    (one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0),
  )) {
    // One that was begun again, and has not ended again.
    runs = standing.kind === 'ended' ? afterUpdate(runs, firmware, standing.outcome, endedAt ?? 0) : null;
  }
  return runs;
}

function fileOf({ firmware }: Job): EntityFile {
  return { version: firmware.version, sha256: firmware.sha256, file: firmware.name };
}

function runOf(job: Job): EntityRun | null {
  const { standing, update } = job;
  switch (standing.kind) {
    case 'queued':
      return { standing: 'queued', firmware: fileOf(job), share: null };
    case 'running':
    case 'paused':
      return {
        standing: standing.kind,
        firmware: fileOf(job),
        share: update === null ? null : shareOf(update.progress),
      };
    case 'waiting-for-token':
    case 'offers-to-go-on':
    case 'ended':
      return null;
  }
}

/** What a page would offer: to continue what a restart of the host has ended, and to try again what has failed. */
function offerOf({ record: { job, needsSecrets }, secrets }: Entry): EntityOffer | null {
  const { standing } = job;
  const isOffered = standing.kind !== 'ended' || standing.outcome.outcome === 'failed';
  if (!isOffered) return null;
  const isTrusted = !needsSecrets || secrets !== null;
  return { id: job.id, firmware: fileOf(job), standing: isTrusted ? 'install' : 'no-token' };
}

function endedIn({ standing, device, firmware }: Job): string | null {
  if (standing.kind !== 'ended') return null;
  return endedText(describeElsewhere(standing.outcome, { device: device.name, version: firmware.version }));
}
