/** What is said of an update whose image goes whole: what the device told, what a half of it leaves, and why there is no pause. */
import { type Dialect, hostOnly, releasesHalf } from '../../model/device/dialect.ts';
import type { ActiveState, ByIdentity, Leaves, Unproven } from '../../model/update/update-state.ts';
import { firmwareText } from '../device/identity.ts';
import { OVERWRITES } from '../device/one-partition.ts';
import { wholeSeconds } from '../kit/quantities.ts';
import { findingInWords } from '../firmware/findings.ts';
import { describeOutcome } from './describe.ts';
import { describeActive } from './describe-active.ts';
import { esphomeSaid } from './esphome-said.ts';
import { stillRuns } from './describe-failed.ts';
import { WHY } from './error-words.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';
import { type Names, surfaceOf, type ToldOutcome, type Words } from './told.ts';
import { nextOfWhole, whyOfWhole } from './whole-failed.ts';

const SENDING = 'Sending';
const CHECKING = 'Checking the device';
const STARTING = 'Starting';
const LOOKING = 'Looking for the device';
const SETTLING = 'Waiting to see if it stays';
const MAY_GO_BACK =
  'The new firmware runs. In its first minute it may still go back to the old one, so the result is told after that.';
const IN_ONE_PIECE = 'This device takes a file in one piece, so the upload starts from the beginning again.';

/** Short enough for the two lines of a card. */
const NO_PAUSE = 'Can’t be paused: the file goes in one piece.';

function lookingText(patienceMs: number): string {
  return `For up to ${wholeSeconds(patienceMs)}: it may be restarting.`;
}

function updatedText({ now }: ByIdentity, device: string): string {
  // Its version is its app's choice, and was not what the file said.
  const what = now.product === 'PrettyOTA' && now.build !== null ? `the build of ${now.build}` : firmwareText(now);
  return `${device} restarted and runs ${what} now, as the file said.`;
}

function acceptedText({ now, why }: ByIdentity & { readonly why: Unproven }, device: string): string {
  const took = `${device} took the file and restarted. It reports ${firmwareText(now)}`;
  switch (why) {
    case 'same':
      return `${took}, the same version as before: nothing shows which of the two runs.`;
    case 'nothing-predicted':
      return `${took}. That doesn’t show whether it runs the file: check the device itself.`;
    case 'other':
      return `${took}, which is neither what it reported before nor what the file says: check the device itself.`;
    case 'no-restart-seen':
      return `${device} said that it took the file. It doesn’t report whether it has restarted: check the device itself.`;
    case 'was-away':
      return `${device} said that it took the file, gave no answer for a moment, as in a restart, and answers again. It reports nothing of what it runs: check the device itself.`;
  }
}

function rolledBackText({ now }: ByIdentity, device: string): string {
  return `${device} restarted and reports ${firmwareText(now)}, as before: it still runs its old firmware. The new one did not start, or did not arrive as a whole. Send it again; if this repeats, check that it is built for this board.`;
}

/** What a half upload means for the next one. */
function leavesText(leaves: Leaves, dialect: Dialect | null): string {
  if (leaves === 'nothing') return '';
  return releasesHalf(dialect)
    ? 'It keeps the part that it got, and takes no other file beside it. The next update from here takes it away first.'
    : 'It keeps the part that it got until it restarts, and would add the next upload to it: let it restart before you send the file again.';
}

function cancelledText(
  device: string,
  {
    begun,
    leaves,
    oldFirmware,
    dialect,
  }: Pick<Cancelled, 'begun' | 'oldFirmware' | 'dialect'> & { readonly leaves: Leaves },
): string {
  if (oldFirmware === 'set-aside') {
    return begun
      ? stillRuns(oldFirmware, device)
      : `Nothing was sent to ${device}. It is in safeboot, or on its way back to its old firmware.`;
  }
  if (!begun) return `Nothing was sent to ${device}. It runs its old firmware.`;
  const half = leavesText(leaves, dialect);
  return half === ''
    ? `${device} runs its old firmware. The part that was sent is discarded.`
    : `${device} runs its old firmware. ${half}`;
}

/** Cancelled when every byte had left. */
function maybeTakenText(device: string): string {
  return `${device} may have the whole firmware, and may restart into it: what it runs is unknown. Check the device.`;
}

/** What the device said; a number with what it means. */
function inWords(dialect: Dialect | null, said: string): string {
  return hostOnly(dialect) === 'raw-tcp' ? esphomeSaid(said) : said;
}

type Failed = Extract<ToldOutcome, { outcome: 'failed' }>;
type Cancelled = Extract<ToldOutcome, { outcome: 'cancelled' }>;

/** What it is doing. */
export function describeWholeActive(state: ActiveState): Words {
  const anew = state.startedOver === null ? '' : `${WHY[state.startedOver]} ${IN_ONE_PIECE}`;
  const over = anew || (state.overwrites === true ? OVERWRITES : '');
  switch (state.phase) {
    case 'checking':
      return { title: CHECKING, detail: over };
    case 'beginning':
      return { title: STARTING, detail: over };
    case 'writing':
      return { title: SENDING, detail: state.pause === undefined ? over : NO_PAUSE };
    case 'waiting':
      return state.why === 'offline' ? { ...describeActive(state), detail: anew } : describeActive(state);
    case 'retrying':
      return anew === '' ? describeActive(state) : { title: 'Starting over', detail: anew };
    case 'restarting': {
      if (state.settling === true) return { title: SETTLING, detail: MAY_GO_BACK };
      // Only once it has said yes does it have the whole file, and restart by itself.
      const saidYes = state.progress.acknowledged === state.progress.total;
      return saidYes ? describeActive(state) : { title: LOOKING, detail: lookingText(state.patienceMs) };
    }
    case 'detecting':
    case 'finalizing':
    case 'confirming':
      return describeActive(state);
  }
}

/** How it ended. */
export function describeWholeOutcome(state: ToldOutcome, names: Names): Words {
  const { device } = names;
  const title = OUTCOME_WORDS[state.outcome];
  switch (state.outcome) {
    case 'updated':
      return state.by === 'identity' ? { title, detail: updatedText(state, device) } : describeOutcome(state, names);
    case 'accepted':
      return state.by === 'identity' ? { title, detail: acceptedText(state, device) } : describeOutcome(state, names);
    case 'rolled-back':
      return state.by === 'identity' ? { title, detail: rolledBackText(state, device) } : describeOutcome(state, names);
    case 'cancelled': {
      const { begun, leaves = 'nothing', oldFirmware, dialect } = state;
      const isSure = oldFirmware !== 'unknown';
      return {
        title,
        detail: isSure ? cancelledText(device, { begun, leaves, oldFirmware, dialect }) : maybeTakenText(device),
      };
    }
    case 'failed':
      return describeWholeFailed(state, names);
    case 'rejected': {
      const { said } = state;
      return describeOutcome({ ...state, said: said === null ? null : inWords(state.dialect, said) }, names);
    }
    case 'staged':
    case 'not-seen-again':
      return describeOutcome(state, names);
  }
}

function describeWholeFailed(state: Failed, names: Names): Words {
  const { device, onlyChecked = false } = names;
  const { code, said, judgement, leaves = 'nothing', oldFirmware } = state;
  const what = judgement === null ? whyOfWhole(state) : findingInWords(judgement.finding);
  const own = said !== null && judgement === null ? `It said: "${inWords(state.dialect, said)}".` : '';
  const still = onlyChecked ? '' : stillRuns(oldFirmware, device);
  // Where an earlier upload has left it, the reason itself says so.
  const half = code === 'half-left' ? '' : leavesText(leaves, state.dialect);
  const next = nextOfWhole(state, surfaceOf(names));
  return {
    title: OUTCOME_WORDS.failed,
    detail: [what, own, still, half, next].filter(Boolean).join(' '),
    standing: still,
  };
}
