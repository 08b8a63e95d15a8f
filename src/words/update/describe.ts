/** What an update is doing, and how it ended, in words: what happened, what it means, what to do. Plain text. */
import type {
  OutcomeName,
  ActiveState,
  Outcome,
  Progress,
  UpdateState,
  OldFirmware,
} from '../../model/update/update-state.ts';
import { NEXT, WANTS_PIN, WHOLE_IMAGE_NEXT, WHY } from './error-words.ts';
import { findingInWords } from '../firmware/findings.ts';
import { plural, whole } from '../kit/locale.ts';
import { MAY_BE_ONLY_UPDATE } from '../device/slots.ts';
import { type Dialect, traitsOf } from '../../model/device/dialect.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import * as wholeImage from './whole-image.ts';

export interface Names {
  /** The device's name. */
  readonly device: string;
  /** The version that is sent, null where the file states none. */
  readonly version: string | null;
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

/** The words that stand for an outcome everywhere: screen, history, terminal. */
export const OUTCOME_WORDS: Readonly<Record<OutcomeName, string>> = {
  updated: 'Updated',
  accepted: 'Accepted by the device',
  staged: 'Ready, starts at next restart',
  'rolled-back': 'Rolled back',
  rejected: 'Rejected by the device',
  'not-seen-again': 'Not seen again',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export function describe(state: UpdateState, names: Names): Words {
  return state.phase === 'ended' ? describeOutcome(state, names) : describeActive(state);
}

function describeActive(state: ActiveState): Words {
  const begun = state.progress.acknowledged > 0;
  const over = state.startedOver ? describeStartingOver(state.startedOver, state.dialect) : '';
  const only = state.mayBeOnlyUpdate ? MAY_BE_ONLY_UPDATE : '';
  switch (state.phase) {
    case 'detecting':
      return { title: 'Connecting', detail: '' };
    case 'checking':
      if (goesWhole(state)) return { title: wholeImage.CHECKING, detail: over };
      return { title: begun ? 'Checking how much is written' : 'Checking before anything is erased', detail: '' };
    case 'beginning':
      if (goesWhole(state)) return { title: 'Starting', detail: over };
      return { title: 'Starting', detail: over || only || 'The device is making room. This can take half a minute.' };
    case 'writing':
      if (goesWhole(state)) return { title: wholeImage.SENDING, detail: wholeImage.sendingText(state) || over };
      return { title: 'Writing', detail: over || only };
    case 'waiting':
      return describeWaiting(state, begun ? '' : over);
    case 'retrying':
      return over && !begun
        ? { title: 'Starting over', detail: over }
        : { title: 'Trying again', detail: WHY[state.after] };
    case 'finalizing':
      return { title: 'Verifying on the device', detail: '' };
    case 'restarting':
      return {
        title: 'Restarting',
        detail: `Looking for the device for up to ${seconds(state.patienceMs)}.`,
      };
    case 'confirming':
      return { title: 'Confirming', detail: 'It runs the new firmware; marking it valid.' };
  }
}

function describeWaiting({ why, progress }: Extract<ActiveState, { phase: 'waiting' }>, over: string): Words {
  switch (why) {
    case 'paused':
      return {
        title: 'Paused',
        detail:
          progress.acknowledged === progress.total
            ? 'The device has all of it and may restart into it. Nothing is checked until you resume.'
            : sentences(over, 'Nothing is sent until you resume.'),
      };
    case 'offline':
      return {
        title: 'Waiting for the network',
        detail: over || (progress.counts === 'sent' ? '' : 'It continues from what the device has.'),
      };
    case 'web-page':
      return {
        title: 'Waiting for the device',
        detail: sentences(
          over,
          'A web page answers in its place: this phone or computer may be on another network, or the network needs a sign-in.',
        ),
      };
    case 'device-session':
      return {
        title: 'Waiting for the device',
        detail: sentences(
          over,
          'Another update is in progress on it, from an earlier try or someone else, and has to time out.',
        ),
      };
  }
}

/** What an error means. Only where nothing else ends a session does it run out. */
function meaning(code: UpdateErrorCode, dialect: Dialect | null): string {
  if (code === 'unauthorised' && traitsOf(dialect)?.tokenIn === 'pin') return WANTS_PIN;
  return code === 'session-lost' && runsOut(dialect)
    ? 'The device dropped the update: it restarted, or the update timed out.'
    : WHY[code];
}

/** Whether its sessions end by the device's own time limit alone. */
function runsOut(dialect: Dialect | null): boolean {
  return traitsOf(dialect)?.sessionEndsBy === 'timeout';
}

/** Whether the device takes an image whole. */
function goesWhole({ dialect }: { readonly dialect: Dialect | null }): boolean {
  return traitsOf(dialect)?.sends === 'whole-image';
}

function describeStartingOver(code: UpdateErrorCode, dialect: Dialect | null): string {
  if (goesWhole({ dialect })) return `${meaning(code, dialect)} ${wholeImage.IN_ONE_PIECE}`;
  const told = code === 'session-spoilt' || code === 'not-counted' || code === 'session-lost';
  return `${meaning(code, dialect)} ${told ? 'So' : 'This device doesn’t report how much it has, so'} the upload starts from the beginning again.`;
}

function sentences(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ');
}

/** How an update ended, as far as it is told. */
export function describeOutcome(state: ToldOutcome, names: Names): Words {
  const image = names.version ?? 'the new firmware';
  const title = OUTCOME_WORDS[state.outcome];
  switch (state.outcome) {
    case 'updated':
      if (state.by === 'identity') return { title, detail: wholeImage.updatedText(state, names.device) };
      return { title, detail: `${names.device} runs ${image} now, from slot ${state.slot}.` };
    case 'accepted':
      if (state.by === 'identity') return { title, detail: wholeImage.acceptedText(state, names.device) };
      return {
        title,
        detail: `${names.device} ${state.hashNamed ? 'checked the hash and took' : 'said that it took'} ${image}. It can’t report what it runs: check the device itself.`,
      };
    case 'staged':
      return {
        title,
        detail: `${image === names.version ? image : capital(image)} is written to ${names.device} and starts at its next restart. Until then it runs its old firmware: restart it to run the new one.`,
      };
    case 'rolled-back':
      return {
        title,
        detail:
          state.by === 'identity'
            ? wholeImage.rolledBackText(state, names.device)
            : describeRolledBack(state, names.device),
      };
    case 'rejected':
      return {
        title,
        detail: `${names.device} refused the firmware at the end${state.said ? `: "${state.said}"` : ''}. ${stillRuns(state.oldFirmware, 'It')} Send the file again; if this repeats, the file may be damaged.`,
      };
    case 'not-seen-again':
      return {
        title,
        detail: `${names.device} has the whole firmware, was told to start it, and has not answered for ${seconds(state.patienceMs)}. Which firmware it runs is unknown. It may have a new address, or have lost its power. ${
          traitsOf(state.dialect)?.provesWhatRuns === 'nothing'
            ? 'Check the device; if it runs the old firmware, press Update.'
            : 'Press Update to check again: nothing is written before the result is known.'
        }`,
      };
    case 'cancelled':
      return { title, detail: describeCancelled(state, names) };
    case 'failed':
      return describeFailed(state, names);
  }
}

function describeRolledBack(
  { slot, isPrevious, fellBack }: Extract<ToldOutcome, { outcome: 'rolled-back'; slot: string }>,
  device: string,
): string {
  const what = isPrevious
    ? `${device} restarted into ${slot}, the previous slot: it still runs its old firmware.`
    : `${device} restarted into ${slot}, which is neither the slot that was written nor the one that ran before: which firmware it runs is unknown.`;
  const why = fellBack
    ? 'Its bootloader was set to start the new firmware and went back: the new one does not start there.'
    : 'The new one did not start, or the device lost power before it switched.';
  return `${what} ${why} Send it again; if this repeats, check that it is built for this board.`;
}

function describeCancelled(state: Extract<ToldOutcome, { outcome: 'cancelled' }>, names: Names): string {
  const { begun, leaves } = state;
  if (leaves !== undefined) {
    return state.oldFirmware === 'runs'
      ? wholeImage.cancelledText(names.device, { begun, leaves })
      : wholeImage.maybeTakenText(names.device);
  }
  if (state.oldFirmware === 'unknown') {
    const { acknowledged, total } = state.progress;
    return acknowledged === total
      ? `${names.device} already had the whole firmware and may restart into it. Check the device.`
      : `${names.device} may run the firmware of an earlier try: what it runs is unknown. Check the device.`;
  }
  if (!begun) return `Nothing was written to ${names.device}. It runs its old firmware.`;
  const idle =
    state.deviceIdle === true
      ? 'It is idle again'
      : runsOut(state.dialect)
        ? `${state.deviceIdle === false ? 'An update is still open on it and' : 'The update on it'} ends by itself after a while`
        : state.deviceIdle === false
          ? 'Someone else’s update is in progress on it now'
          : 'It could not be told: the update may still be open on it, and Update continues from there';
  return `${idle}. ${names.device} runs its old firmware.`;
}

function describeFailed(state: Extract<ToldOutcome, { outcome: 'failed' }>, names: Names): Words {
  const what = state.judgement
    ? findingInWords(state.judgement.finding)
    : state.code === 'other-session'
      ? describeOtherSession(state, names)
      : meaning(state.code, state.dialect);
  const said = state.said && !state.judgement ? ` It said: "${state.said}".` : '';
  const asked = describeAskedFor(state);
  const next = describeNext(state);
  const still = stillRuns(state.oldFirmware, names.device);
  return {
    title: OUTCOME_WORDS.failed,
    detail: [what + said, asked, still, leavesText(state), next].filter(Boolean).join(' '),
    standing: still,
  };
}

/** Who asks for longer than anybody waits by itself asks the person. */
function describeAskedFor({
  code,
  retryAfterMs,
  dialect,
  progress,
}: Extract<ToldOutcome, { outcome: 'failed' }>): string {
  if (code !== 'busy' || retryAfterMs === null || retryAfterMs === 0) return '';
  const asks = `It asks to wait for ${inMinutes(retryAfterMs)}.`;
  return runsOut(dialect) && progress.acknowledged > 0
    ? `${asks} Its update times out before that, so the upload will start from the beginning.`
    : asks;
}

function describeNext(state: Extract<ToldOutcome, { outcome: 'failed' }>): string {
  // No file helps there, and the judgement itself says what does.
  const reason = state.judgement?.finding.reason;
  if (reason === 'no-update-slot' || reason === 'only-slot-runs') return '';
  // What cannot be named can neither be agreed to: a documented device lets go of it by itself.
  if (state.code === 'other-session' && typeof state.otherSession?.id !== 'string')
    return 'It ends by itself after a while; then press Update.';
  if (state.resumable && state.code === 'no-progress') return 'Resume continues from there.';
  return (goesWhole(state) ? WHOLE_IMAGE_NEXT[state.code] : undefined) ?? NEXT[state.code];
}

/** The reason itself says it, where an earlier upload has left it. */
function leavesText({ code, leaves = 'nothing' }: Extract<ToldOutcome, { outcome: 'failed' }>): string {
  return code === 'half-left' ? '' : wholeImage.leavesText(leaves);
}

function describeOtherSession(state: Extract<ToldOutcome, { outcome: 'failed' }>, names: Names): string {
  const other = state.otherSession;
  const lost = state.restarted ? `${meaning('session-lost', state.dialect)} ` : '';
  if (!other) return lost + WHY['other-session'];
  const written = other.writtenBytes === null ? '' : ` It has written ${whole(other.writtenBytes)}`;
  const of = other.expectedSize === null ? '' : ` of ${whole(other.expectedSize)}`;
  const hash = other.expectedSha256 === null ? '' : ` of the firmware ${other.expectedSha256.slice(0, 8)}…`;
  return `${lost}Another update is in progress on ${names.device}${lost && ' now'}.${written ? `${written}${of} bytes${hash}.` : ''}`;
}

function stillRuns(old: OldFirmware, device: string): string {
  switch (old) {
    case 'runs':
      return `${device} still runs its old firmware.`;
    case 'unknown':
      return `Whether ${device} still runs its old firmware is unknown.`;
    case 'replaced':
      return `${device} runs the new firmware.`;
  }
}

function inMinutes(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return ms < 60_000 ? seconds(ms) : plural(minutes, 'a minute', `${whole(minutes)} minutes`);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
