import type { LitElement } from 'lit';
import { checkAll } from '../../../state/device/check/check-all.ts';
import { type CheckView, gaveNoAnswer } from '../../../state/device/check/check-view.ts';
import type { ChecksState } from '../../../state/device/check/checks.ts';
import { checkedText, checkingText } from '../../../words/device/list/device-list.ts';

/**
 * Checks many devices. A screen reader hears one sentence at the start and one at the end, and not one for each device
 * without an answer.
 */
export class AllChecked {
  readonly #host: LitElement;
  /** Brings what the list says of the devices up to date. */
  readonly #settle: () => void;
  #said = '';
  #isAsking = false;

  constructor(host: LitElement, settle: () => void) {
    this.#host = host;
    this.#settle = settle;
  }

  /** What is said aloud. */
  get said(): string {
    return this.#said;
  }

  /** Until the end is said, nothing else is said of the devices that are being asked. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  async ask(checks: Pick<ChecksState, 'check' | '$check'>, ids: readonly string[]): Promise<void> {
    if (this.#isAsking || ids.length === 0) return;
    this.#show(checkingText(ids.length), true);
    await checkAll(checks, ids);
    this.#settle();
    await this.#host.updateComplete;
    const views = ids.map((id) => checks.$check(id).get());
    const are = (kind: CheckView['kind']): number => views.filter((view) => view.kind === kind).length;
    const offline = views.filter(gaveNoAnswer).length;
    this.#show(checkedText({ online: are('answered'), offline, others: are('failed') - offline }), false);
  }

  #show(said: string, isAsking: boolean): void {
    this.#said = said;
    this.#isAsking = isAsking;
    this.#host.requestUpdate();
  }
}
