import type { AgentNotice, ServerTrouble } from '../../../model/agent/agent-notice.ts';
import type { AgentConnection } from '../../../model/agent/agent-view.ts';
import type { Clock } from '../../../model/clock.ts';
import { OnceIn } from '../../once-in.ts';
import type { DdiServer, Failed } from './ddi-client.ts';

/** The same trouble is said again after this, in milliseconds. */
const SAID_AGAIN_MS = 600_000;

/** What all targets of an agent hear of its server, as one thing. */
export class ServerHeard {
  readonly #server: DdiServer;
  readonly #notice: (one: AgentNotice) => void;
  readonly #clock: Clock;
  readonly #said: OnceIn;
  #last: ServerTrouble | 'none' | null = null;
  #connection: AgentConnection = { kind: 'not-heard' };

  constructor(server: DdiServer, notice: (one: AgentNotice) => void, clock: Clock) {
    this.#server = server;
    this.#notice = notice;
    this.#clock = clock;
    this.#said = new OnceIn(SAID_AGAIN_MS, () => clock.now());
  }

  get connection(): AgentConnection {
    return this.#connection;
  }

  /** Null: something good. Says once when the server is there, and what is wrong with it; not with each of a thousand targets. */
  hear(failed: Failed | null): void {
    const { server, tenant } = this.#server;
    const last = this.#last;
    this.#last = failed?.trouble ?? 'none';
    const isNew = this.#last !== last;
    if (failed === null) {
      if (isNew && (last === null || this.#said.isDue('connected')))
        this.#notice({ kind: 'connected', server, tenant });
      if (isNew) this.#connection = { kind: 'connected', since: this.#clock.date() };
      return;
    }
    const { trouble, status } = failed;
    if (this.#said.isDue(trouble)) this.#notice({ kind: 'trouble', server, trouble, status });
    if (isNew) this.#connection = { kind: 'trouble', since: this.#clock.date(), trouble, status };
  }
}
