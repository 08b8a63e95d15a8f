/** What is said of an update whose image goes whole: what the device told, what a half of it leaves, and why there is no pause. */
import { type Dialect, hostOnly, isHostFirst, restartsOnRequest, traitsOf } from '../../model/device/dialect.ts';
import type { HostOnly, Traits } from '../../model/device/traits.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { ActiveState, ByIdentity, Leaves, Unproven } from '../../model/update/update-state.ts';
import { firmwareText } from '../device/identity.ts';
import { HAS_RESTARTED } from '../kit/buttons.ts';
import { OVERWRITES } from '../device/one-partition.ts';
import { wholeSeconds } from '../kit/quantities.ts';
import { findingInWords } from '../firmware/findings.ts';
import { describeOutcome } from './describe.ts';
import { describeActive } from './describe-active.ts';
import { esphomeSaid } from './esphome-said.ts';
import { stillRuns } from './describe-failed.ts';
import { NEXT, WHY } from './error-words.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';
import type { Names, ToldOutcome, Words } from './told.ts';

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

/** Whether whoever began a half upload on such a device can take it away. */
function releasesHalf(dialect: Dialect | null): boolean {
  const traits = traitsOf(dialect);
  return traits?.sends === 'whole-image' && traits.releasesHalf === true;
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

/** Devices that ask for a PIN have no token. */
const WANTS_PIN = 'The device needs its PIN, or refused the saved one.';

const WANTS_LOGIN = 'The device needs a user name and password, or refused the saved ones.';

const WANTS_PASSWORD = 'The device needs its password for updates, or refused the saved one.';

/** What to enter where it is wanted. */
const ENTER: Readonly<Partial<Record<Traits['tokenIn'], string>>> = {
  pin: 'Enter the PIN of its security settings under Edit. It opens the device for everyone on the network for 15 minutes.',
  login: 'Enter those of its web page under Edit.',
  password: 'Enter the password under Edit, as its configuration (under “ota”) or its sketch has it.',
};

/** What people do about such a device, where it differs from the others. */
const WHOLE_IMAGE_NEXT: Readonly<Partial<Record<UpdateErrorCode, string>>> = {
  garbled: 'Check that the address leads to this device.',
  forbidden: 'Use the address that its own page has.',
  'no-route': 'Check its address and protocol under Edit.',
  unsupported: 'Install a build with updates over the air by cable once.',
  'too-large': 'Choose a smaller build.',
};

/** Why a page leaves such a device to a host. */
const HOST_ONLY: Readonly<Record<HostOnly, string>> = {
  'raw-tcp': 'it speaks a protocol of its own, which browsers don’t',
  'no-cors': 'it doesn’t let pages read its answers',
  'by-host': 'pages don’t carry its protocol',
};

/** Where only some of them let a page read their answers, this one does not. */
function keptFromPages(dialect: Dialect | null): HostOnly | null {
  return hostOnly(dialect) ?? (isHostFirst(dialect) ? 'no-cors' : null);
}

/** What it means that an OpenBeken device gave no answer, or has another maker's chip, and what to do. */
const OPENBEKEN: Readonly<Partial<Record<UpdateErrorCode, readonly [why: string, next: string]>>> = {
  unreachable: [
    'It gave no answer: it doesn’t take the file, or only the answer was lost, and it starts the file at its next restart.',
    'Check that the file is for its chip and flash.',
  ],
  unsupported: ['Its chip is not Espressif’s, and takes other files.', 'Update it from its own web page.'],
};

function ofOpenbeken({ code, dialect, during }: Reason): readonly [why: string, next: string] | undefined {
  const isUnasked = code === 'unreachable' && (during === 'checking' || during === 'beginning');
  return traitsOf(dialect)?.runs === 'OpenBeken' && !isUnasked ? OPENBEKEN[code] : undefined;
}

function why(reason: Reason): string {
  const { code, dialect } = reason;
  const [own] = ofOpenbeken(reason) ?? [];
  if (own !== undefined) return own;
  const because = keptFromPages(dialect);
  if (code === 'needs-host' && because !== null) return `Needs a Moult host on this network: ${HOST_ONLY[because]}.`;
  const secret = code === 'unauthorised' ? traitsOf(dialect)?.tokenIn : undefined;
  if (secret === 'pin') return WANTS_PIN;
  if (secret === 'password') return WANTS_PASSWORD;
  return secret === 'login' ? WANTS_LOGIN : WHY[code];
}

/** For a device that cannot be asked to restart. */
const RESTART_IT = `Unplug it for a moment, then press “${HAS_RESTARTED}”.`;

/** Nobody can tell an upload that still runs from one that was given up. */
const WAIT_OR_RESTART =
  'Wait until whoever sends it a file is done. If nobody does, an earlier upload stopped halfway: unplug it for a moment, then press Update.';

const OPEN_BY_HOST = 'Start Moult on a computer there, and open the page that it serves.';

function nextOf(reason: Reason): string {
  const { code, dialect } = reason;
  const [, own] = ofOpenbeken(reason) ?? [];
  if (own !== undefined) return own;
  const secret = code === 'unauthorised' ? traitsOf(dialect)?.tokenIn : undefined;
  if (secret !== undefined) return ENTER[secret] ?? NEXT[code];
  // No choice of a route helps.
  if (code === 'needs-host' && keptFromPages(dialect) !== null) return OPEN_BY_HOST;
  if (code === 'half-left' && !restartsOnRequest(dialect)) return RESTART_IT;
  if (code === 'busy' && releasesHalf(dialect)) return WAIT_OR_RESTART;
  return WHOLE_IMAGE_NEXT[code] ?? NEXT[code];
}

/** What the device said; a number with what it means. */
function inWords(dialect: Dialect | null, said: string): string {
  return hostOnly(dialect) === 'raw-tcp' ? esphomeSaid(said) : said;
}

type Failed = Extract<ToldOutcome, { outcome: 'failed' }>;
type Reason = Pick<Failed, 'code' | 'dialect' | 'during'>;
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

function describeWholeFailed(state: Failed, { device, onlyChecked = false }: Names): Words {
  const { code, said, judgement, leaves = 'nothing', oldFirmware } = state;
  const what = judgement === null ? why(state) : findingInWords(judgement.finding);
  const own = said !== null && judgement === null ? `It said: "${inWords(state.dialect, said)}".` : '';
  const still = onlyChecked ? '' : stillRuns(oldFirmware, device);
  // Where an earlier upload has left it, the reason itself says so.
  const half = code === 'half-left' ? '' : leavesText(leaves, state.dialect);
  const next = nextOf(state);
  return {
    title: OUTCOME_WORDS.failed,
    detail: [what, own, still, half, next].filter(Boolean).join(' '),
    standing: still,
  };
}
