/** The update of one device that an agent runs: the host's own job, under the device's lock. */
import type { AgentEvent } from '../../../agent/decision.ts';
import type { AgentImage } from '../../../model/agent/deployment.ts';
import type { ActiveState } from '../../../model/update/update-state.ts';
import { UpdateControls } from '../../../update/controls.ts';
import { AGENT_HERE } from '../../../words/agent/notices.ts';
import type { partsOf } from '../../cli/push/push.ts';
import type { SharedParts } from '../shared-parts.ts';

interface Run {
  readonly controls: UpdateControls;
  readonly over: Promise<void>;
  state: ActiveState | null;
}

export class DeviceRun {
  readonly #parts: ReturnType<typeof partsOf>;
  readonly #shared: SharedParts;
  readonly #tell: (event: AgentEvent) => Promise<void>;
  #run: Run | null = null;

  /** `parts`: the device and its secrets. `tell` is told what the update comes to, and resolves when that is written down. */
  constructor(parts: ReturnType<typeof partsOf>, shared: SharedParts, tell: (event: AgentEvent) => Promise<void>) {
    this.#parts = parts;
    this.#shared = shared;
    this.#tell = tell;
  }

  get isRunning(): boolean {
    return this.#run !== null;
  }

  /** Null: it does not run, or has not told a state yet. */
  get state(): ActiveState | null {
    return this.#run?.state ?? null;
  }

  /** Begins it, with a turn that is given back at its end. `beginAgain`: as the plan has it. */
  start(image: AgentImage, beginAgain: boolean): void {
    const controls = new UpdateControls();
    let done: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (done = resolve));
    const run: Run = { controls, over, state: null };
    this.#run = run;
    void this.#toItsEnd(run, image, beginAgain).finally(done);
  }

  cancel(): void {
    this.#run?.controls.cancel();
  }

  /** Lets it come to a rest, where the next start of the agent finds it. */
  async comeToRest(): Promise<void> {
    this.#run?.controls.pause();
    await this.#run?.over;
  }

  async #toItsEnd(run: Run, image: AgentImage, beginAgain: boolean): Promise<void> {
    const { turns, surprise } = this.#shared;
    try {
      const event = await this.#update(run, image, beginAgain);
      this.#run = null;
      if (event !== null) await this.#tell(event);
    } catch (error) {
      surprise(error);
    } finally {
      this.#run = null;
      turns.giveBack();
    }
  }

  /** What came of it; null: the agent stops, and it is left where it is. */
  async #update(
    run: Run,
    { sha256, size, filename, version, project }: AgentImage,
    beginAgain: boolean,
  ): Promise<AgentEvent | null> {
    const { loaded, jobs, way, signal } = this.#shared;
    const lease = await loaded.lease(sha256);
    if (lease === null) return { kind: 'missing' };
    try {
      const ended = await jobs.runWhile(
        {
          ...this.#parts,
          firmware: { sha256, size, name: filename, version, project },
          loaded: lease,
          plan: { restart: true, overruled: [], takeOver: null, beginAgain },
          controls: run.controls,
          ...{ fetch: way.fetch, upload: way.upload, raw: way.raw, by: AGENT_HERE },
          seen: (state) => {
            if (state.phase === 'ended') return;
            run.state = state;
            void this.#tell({ kind: 'progressed', state });
          },
        },
        () => signal.aborted,
      );
      if (ended === null) return null;
      return 'phase' in ended ? { kind: 'ended', outcome: ended } : { kind: 'held', by: ended.by };
    } finally {
      lease.release();
    }
  }
}
