/** What is told of an update: of what, and in which form. */
import type { Outcome, Progress, UpdateState } from '../../model/update/update-state.ts';
import { CHECK, PAGE, type Surface } from './surface.ts';

export interface Names {
  /** The device's name. */
  readonly device: string;
  /** The version that is sent, null where the file states none. */
  readonly version: string | null;
  /** It was only checked, and nothing was to be sent: then nobody wonders whether its old firmware is still there. */
  readonly onlyChecked?: boolean;
  /** Where it is read; absent: on the page. */
  readonly surface?: Surface;
}

/** Where it is read. Who only checked presses the other button again. */
export function surfaceOf({ surface, onlyChecked = false }: Names): Surface {
  return surface ?? (onlyChecked ? CHECK : PAGE);
}

export interface Words {
  /** Short; an outcome's begins with the words of docs/architecture.md. */
  readonly title: string;
  /** One to three sentences; empty where the title says it all. */
  readonly detail: string;
  /** Of a failure: what stays true where somebody else tells why it failed, and what to do. */
  readonly standing?: string;
}

type Told<Ended> = Ended extends Outcome
  ? Omit<Ended, 'phase' | 'durationMs' | 'progress'> & { readonly progress: Pick<Progress, 'acknowledged' | 'total'> }
  : never;

/** What of an outcome makes a difference to what is said of it. */
export type ToldOutcome = Told<Outcome>;

/** How a state is told: `describe`, or what a test puts in its place. */
export type DescribeUpdate = (state: UpdateState, names: Names) => Words;
