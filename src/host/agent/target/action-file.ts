/** The file of a target's action: fetched from the server, and looked into once it is here. */
import type { AgentEvent, Fetched, Step } from '../../../agent/decision.ts';
import { statedName } from '../../../firmware/image/stated-name.ts';
import type { Inspection } from '../../../model/firmware/inspection.ts';
import type { DdiClient } from '../server/ddi-client.ts';
import type { SharedParts } from '../shared-parts.ts';

export class ActionFile {
  readonly #client: Pick<DdiClient, 'artifact'>;
  readonly #shared: Pick<SharedParts, 'cache' | 'loaded' | 'signal' | 'surprise'>;
  readonly #tell: (event: AgentEvent) => Promise<void>;
  #inspection: { readonly sha256: string; readonly is: Inspection } | null = null;
  #fetching: string | null = null;

  /** `tell` is told when the file is here, or cannot be had, and resolves when that is written down. */
  constructor(
    client: Pick<DdiClient, 'artifact'>,
    shared: Pick<SharedParts, 'cache' | 'loaded' | 'signal' | 'surprise'>,
    tell: (event: AgentEvent) => Promise<void>,
  ) {
    this.#client = client;
    this.#shared = shared;
    this.#tell = tell;
  }

  /** What it is, where it is here. `sha256`: of the action's image; null: that of the file that is being fetched. */
  async inspection(sha256: string | null): Promise<Inspection | null> {
    const wanted = sha256 ?? this.#fetching;
    if (wanted === null) return null;
    if (this.#inspection?.sha256 === wanted) return this.#inspection.is;
    const lease = await this.#shared.loaded.lease(wanted);
    if (lease === null) return null;
    this.#inspection = { sha256: wanted, is: lease.inspection };
    lease.release();
    return lease.inspection;
  }

  /** Fetches it for this action, unless it is at it. */
  async fetch(action: string, { artifact }: Extract<Step, { kind: 'fetch' }>): Promise<void> {
    if (this.#fetching !== null) return;
    const { cache, signal, surprise } = this.#shared;
    const { sha256, size, filename, href } = artifact;
    this.#fetching = sha256;
    try {
      const end = await cache.fetch(artifact, (from, limit) => this.#client.artifact(href, from, limit), signal);
      if (signal.aborted) return;
      let fetched: Fetched = { action, kind: end === 'here' ? 'later' : end };
      const is = end === 'here' ? await this.inspection(sha256) : null;
      if (is !== null) fetched = { action, kind: 'here', image: { sha256, size, filename, ...statedName(is) } };
      await this.#tell({ kind: 'fetched', fetched });
    } catch (error) {
      surprise(error);
    } finally {
      this.#fetching = null;
    }
  }
}
