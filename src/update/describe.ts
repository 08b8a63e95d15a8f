/** What an update is doing, and how it ended, in words: what happened, what it means, what to do. Plain text. */
import type { OutcomeName, ActiveState, Outcome, UpdateState, OldFirmware } from './update-state.ts';
import type { UpdateErrorCode } from './update-error.ts';

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
}

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
  switch (state.phase) {
    case 'detecting':
      return { title: 'Finding out how it speaks', detail: '' };
    case 'checking':
      return { title: begun ? 'Asking how far it is' : 'Checking before anything is erased', detail: '' };
    case 'beginning':
      return { title: 'Beginning', detail: 'The device makes room. This can take half a minute.' };
    case 'writing':
      return { title: 'Writing', detail: '' };
    case 'waiting':
      return describeWaiting(state.why);
    case 'retrying':
      return {
        title: state.startedOver ? 'Starting over' : 'Trying again',
        detail: state.startedOver
          ? `${WHY[state.after]} This device does not tell how much it has, so the upload starts from the beginning.`
          : WHY[state.after],
      };
    case 'finalizing':
      return { title: 'Checking the hash on the device', detail: '' };
    case 'restarting':
      return {
        title: 'Restarting',
        detail: `Looking for the device for up to ${seconds(state.patienceMs)}.`,
      };
    case 'confirming':
      return { title: 'Confirming', detail: 'It runs the new slot; marking it valid.' };
  }
}

function describeWaiting(why: Extract<ActiveState, { phase: 'waiting' }>['why']): Words {
  switch (why) {
    case 'paused':
      return { title: 'Paused', detail: 'Nothing is sent until you resume.' };
    case 'offline':
      return { title: 'Waiting for the network', detail: 'It goes on from where the device is.' };
    case 'device-session':
      return {
        title: 'Waiting for the device',
        detail: 'An earlier session is still open on it and has to run out.',
      };
  }
}

function describeOutcome(state: Outcome, names: Names): Words {
  const image = names.version ?? 'the new firmware';
  const title = OUTCOME_WORDS[state.outcome];
  switch (state.outcome) {
    case 'updated':
      return { title, detail: `${names.device} runs ${image} now, from slot ${state.slot}.` };
    case 'accepted':
      return {
        title,
        detail: `${names.device} checked the hash and took ${image}. It cannot tell which slot it runs: look at the device.`,
      };
    case 'staged':
      return {
        title,
        detail: `${image === names.version ? image : capital(image)} is written and bootable on ${names.device}. It runs its old firmware until its next restart: restart it to run the new one.`,
      };
    case 'rolled-back':
      return {
        title,
        detail: `${names.device} restarted into ${state.slot}, the slot from before: it still runs its old firmware. The new one did not start, or the device lost its power before it took it. Send it again; if this repeats, check that it is built for this board.`,
      };
    case 'rejected':
      return {
        title,
        detail: `${names.device} refused the image at the end${state.said ? `: "${state.said}"` : ''}. It still runs its old firmware. Send the file again; if this repeats, the file may be damaged.`,
      };
    case 'not-seen-again':
      return {
        title,
        detail: `${names.device} took the image and has not answered for ${seconds(state.patienceMs)}, so which firmware it runs is not known. It may have another address now, or need its power. Press Update to look again; nothing is written twice.`,
      };
    case 'cancelled':
      return { title, detail: describeCancelled(state, names) };
    case 'failed':
      return describeFailed(state, names);
  }
}

function describeCancelled(state: Extract<Outcome, { outcome: 'cancelled' }>, names: Names): string {
  if (state.oldFirmware === 'unknown') {
    return `${names.device} already had the whole image and may restart into it. Look at the device.`;
  }
  if (!state.begun) return `Nothing was written to ${names.device}. It runs its old firmware.`;
  const idle =
    state.deviceIdle === true
      ? 'It is idle again'
      : state.deviceIdle === false
        ? 'It holds a session of someone else now'
        : state.dialect === 'documented'
          ? 'Its session ends by itself after a while'
          : 'It could not be told: its session may still be open, and Update goes on from there';
  return `${idle}. ${names.device} runs its old firmware.`;
}

function describeFailed(state: Extract<Outcome, { outcome: 'failed' }>, names: Names): Words {
  const what = state.judgement
    ? state.judgement.message
    : state.code === 'other-session'
      ? describeOtherSession(state, names)
      : WHY[state.code];
  const said = state.said && !state.judgement ? ` It said: "${state.said}".` : '';
  const next = describeNext(state);
  const still = stillRuns(state.oldFirmware, names.device);
  return { title: OUTCOME_WORDS.failed, detail: [what + said, still, next].filter(Boolean).join(' ') };
}

function describeNext(state: Extract<Outcome, { outcome: 'failed' }>): string {
  // No file helps there, and the judgement itself says what does.
  if (state.judgement?.reason === 'no-update-slot') return '';
  return state.resumable && state.code === 'no-progress' ? 'Resume goes on from there.' : NEXT[state.code];
}

function describeOtherSession(state: Extract<Outcome, { outcome: 'failed' }>, names: Names): string {
  const other = state.otherSession;
  if (!other) return WHY['other-session'];
  const written = other.writtenBytes === null ? '' : ` It has written ${other.writtenBytes.toLocaleString('en')}`;
  const of = other.expectedSize === null ? '' : ` of ${other.expectedSize.toLocaleString('en')}`;
  const hash = other.expectedSha256 === null ? '' : ` of the image ${other.expectedSha256.slice(0, 8)}…`;
  return `Another update is open on ${names.device}.${written ? `${written}${of} bytes${hash}.` : ''}`;
}

function stillRuns(old: OldFirmware, device: string): string {
  switch (old) {
    case 'runs':
      return `${device} still runs its old firmware.`;
    case 'unknown':
      return `Whether ${device} still runs its old firmware is not known.`;
    case 'replaced':
      return `${device} runs the new firmware.`;
  }
}

const WHY: Readonly<Record<UpdateErrorCode, string>> = {
  aborted: 'The request was stopped.',
  unreachable: 'No answer came: the device is off, out of range, or the browser may not reach it.',
  silent: 'The device took the request and then said nothing.',
  garbled: 'The device answered with something that does not fit what was asked.',
  busy: 'The device is busy.',
  'device-fault': 'The device reported a fault of its own.',
  'body-too-large': 'The chunk was too large for the device.',
  conflict: 'The device counts differently from what was sent.',
  'not-finalized': 'The device has every byte, and has not finished the update.',
  'not-counted': 'An answer was lost, and this device does not tell how much it has.',
  'hash-mismatch': 'The hash that the device computed is another one.',
  'bad-request': 'The device refused the request.',
  unauthorised: 'The device refused the token.',
  forbidden: 'The device does not accept requests from this page.',
  'no-route': 'The device answers, but has no update routes there: OTA is off, or the prefix is another one.',
  'wrong-host': 'The device does not accept the name it was called by.',
  unsupported: 'This device cannot update over the air.',
  'too-large': 'The image does not fit the update slot.',
  'other-session': 'Another update is open on this device.',
  'session-lost': 'The device dropped the session, so it has most likely restarted.',
  'session-spoilt': 'The device counts more bytes than were sent, so it took a chunk twice.',
  'no-progress': 'Nothing got through any more, in many tries.',
  'restarts-used-up': 'The upload broke off too often, and this device can only start from the beginning.',
  unconfirmed:
    'The connection broke at the last step, and this device cannot tell afterwards whether it took the image.',
  'not-marked-valid': 'It runs, but could not be marked valid: at its next restart it may go back to the old one.',
  'wrong-image': 'This file is not for this device.',
  'held-elsewhere': 'Another tab is updating this device.',
  'not-allowed': 'The browser keeps this page from devices in your network.',
};

const NEXT: Readonly<Record<UpdateErrorCode, string>> = {
  aborted: 'Press Update to try again.',
  unreachable: 'Check its power, the network and the address.',
  silent: 'Check the device, then press Update.',
  garbled: 'Check that the address leads to a ViperHTTP device.',
  busy: 'Wait a moment, then press Update.',
  'device-fault': 'Restart the device, then press Update.',
  'body-too-large': 'Press Update: smaller chunks are used.',
  conflict: 'Press Update: the device is asked where it is.',
  'not-finalized': 'Press Update: the device is asked to finish.',
  'not-counted': 'Press Update to begin again.',
  'hash-mismatch': 'Send the file again.',
  'bad-request': 'Check prefix and protocol under Edit.',
  unauthorised: 'Check the token under Edit: it must be the ota_token of the device.',
  forbidden: "Put this page's origin on the device's CORS list.",
  'no-route': 'Check address and prefix under Edit, and that the device runs with ota=True.',
  'wrong-host': "Use the address that is on the device's list of hosts.",
  unsupported: 'Flash it once by cable with a partition table that has two OTA slots.',
  'too-large': 'Build a smaller image, or flash a table with larger slots by cable.',
  'other-session': 'Leave it to whoever began it, or take over.',
  'session-lost': 'Press Update to begin again.',
  'session-spoilt': 'Press Update to begin again.',
  'no-progress': 'Press Update when the device is in reach.',
  'restarts-used-up': 'Go nearer to the device or its access point, then press Update.',
  unconfirmed: 'Look at the device; if it runs the old firmware, press Update.',
  'not-marked-valid': 'Press Update to mark it again.',
  'wrong-image': 'Choose another file.',
  'held-elsewhere': 'Finish or cancel it there.',
  'not-allowed': 'Allow it, and it goes on.',
};

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
