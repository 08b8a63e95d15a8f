/** What is said where a person sets how a rollout proceeds. */
import { counted } from '../kit/locale.ts';

export const FIRST_WAVE = 'First wave';
export const FIRST_WAVE_HINT =
  'The first wave goes alone. Unless all of it succeeds, the rest waits for your decision. 0: no first wave.';
export const AT_ONCE = 'At once';
export const AUTOMATIC = 'Automatic';
export const STOP_BY_ITSELF = 'Stop automatically';
export const NEVER = 'never';

export function failuresLabel(failures: number): string {
  return `at ${counted(failures, 'failure', 'failures')}`;
}

/** @param share in (0, 1] */
export function shareLabel(share: number): string {
  return `when ${share * 100} % have failed`;
}

interface SaidOptions {
  readonly firstWave: number;
  readonly width: number | null;
  readonly stopAt: { readonly failures: number | null; readonly share: number | null };
}

/** How it goes, in one line: over the fields that set it. */
export function optionsText({ firstWave, width, stopAt }: SaidOptions): string {
  const first = firstWave === 0 ? 'no first wave' : `first wave of ${firstWave}`;
  const atOnce = width === null ? 'as many at once as work well' : `${width} at once`;
  const { failures, share } = stopAt;
  const stop = failures !== null ? failuresLabel(failures) : share !== null ? shareLabel(share) : NEVER;
  return `Options: ${first}, ${atOnce}, ${stop === NEVER ? 'never stops by itself' : `stops by itself ${stop}`}`;
}
