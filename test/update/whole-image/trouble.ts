/** What can go wrong with an image that goes whole, the same for every kind of device, and how it is played. */
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { IMAGE_BYTES, type SimulatedWhole, type WholeWorld } from './whole-world.ts';

type AnyWorld = WholeWorld<SimulatedWhole>;

export interface Trouble<World, Given> {
  /** How the device, the file or the saved settings differ from the usual. */
  readonly given?: Given;
  readonly plan?: Partial<UpdatePlan>;
  /** Runs when the device has been up for some time, before Update is pressed. */
  readonly arrange?: (world: World) => void | Promise<void>;
  /** Runs before Update is pressed again, after a reload; returns what is different then. */
  readonly again?: (world: World) => Partial<UpdatePlan> | Promise<Partial<UpdatePlan>>;
}

export const HALF = { bytes: IMAGE_BYTES / 2 } as const;

/** The device follows this script of faults. */
export function byScript<World extends { readonly device: { fault: unknown } }>(
  script: World['device']['fault'],
): { readonly arrange: (world: World) => void } {
  return { arrange: ({ device }) => void (device.fault = script) };
}

/** The faults of every simulated device that end a connection or leave it silent. */
interface BreakingFault {
  readonly kind: 'drop' | 'hang' | 'restart';
  readonly when: 'before' | 'after' | typeof HALF | { readonly bytes: number };
}

/**
 * @param first goes wrong with the first image that is sent
 * @param each goes wrong with each
 */
export function brokenConnections<T>(first: (fault: BreakingFault) => T, each: (fault: BreakingFault) => T) {
  return {
    'dropped before': first({ kind: 'drop', when: 'before' }),
    'dropped at 1 byte': first({ kind: 'drop', when: { bytes: 1 } }),
    'dropped at half': first({ kind: 'drop', when: HALF }),
    'dropped at half each time': each({ kind: 'drop', when: HALF }),
    'dropped at the last byte': first({ kind: 'drop', when: { bytes: IMAGE_BYTES } }),
    'answer lost': first({ kind: 'drop', when: 'after' }),
    'hangs before': first({ kind: 'hang', when: 'before' }),
    'hangs at half': first({ kind: 'hang', when: HALF }),
    'hangs after': first({ kind: 'hang', when: 'after' }),
    'restarts at half': first({ kind: 'restart', when: HALF }),
    'restarts at half each time': each({ kind: 'restart', when: HALF }),
  };
}

/** What may follow an image that was taken: it does not start, or the device does not come back. */
export const NOT_SEEN = {
  'silent old image': { given: { boots: () => false } },
  'never back': { given: { comesBack: false } },
} as const;

/** The same where the device took the image, and its answer was lost. */
export function notSeenAfter<T extends object>(lostAnswer: T) {
  return {
    'answer lost, silent old image': { ...NOT_SEEN['silent old image'], ...lostAnswer },
    'answer lost, never back': { ...NOT_SEEN['never back'], ...lostAnswer },
  };
}

/** Does it once, at the first state in the middle of the image. */
export function inTheMiddle(act: (world: AnyWorld) => void): { readonly arrange: (world: AnyWorld) => void } {
  return {
    arrange: (world) => {
      let done = false;
      world.onState = ({ phase, progress }) => {
        if (done || phase !== 'writing' || progress.acknowledged < IMAGE_BYTES / 2) return;
        done = true;
        act(world);
      };
    },
  };
}

/** What a person may do in the middle. */
export const PRESSED = {
  cancel: inTheMiddle(({ controls }) => controls.cancel()),
  pause: inTheMiddle(({ controls }) => controls.pause()),
  'page reload, and Update again': inTheMiddle((world) => world.reload()),
} as const;

/** Plays from Update to the outcome. Where the page was reloaded, Update is pressed once more. */
export async function playTrouble<World extends AnyWorld>(
  world: World,
  { plan = {}, arrange, again }: Trouble<World, unknown>,
): Promise<Outcome> {
  await world.clock.pass(120_000);
  await arrange?.(world);
  let end = await world.clock.settle(world.start(plan));
  world.onState = () => undefined;
  if (end === null) {
    const other = (await again?.(world)) ?? {};
    end = await world.clock.settle(world.start({ ...plan, ...other }));
  }
  if (end === null) throw new Error('The update ended without an outcome.');
  return end;
}

/**
 * The outcome, the firmware that runs then, how often the image was sent, and what is said of a half upload and of the
 * old firmware.
 */
export function inShort(end: Outcome, runs: string, uploads: number): string {
  const why = 'code' in end ? ` ${end.code}` : 'why' in end ? ` ${end.why}` : '';
  const half = 'leaves' in end && end.leaves === 'half' ? ', leaves a half' : '';
  const unknown = 'oldFirmware' in end && end.oldFirmware === 'unknown' ? ', unknown' : '';
  return `${end.outcome}${why}, ${runs}, ${uploads}${half}${unknown}`;
}
