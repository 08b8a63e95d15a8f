/** How an update failed, in words: what happened, whether the old firmware still runs, what to do. */
import type { OldFirmware } from '../../model/update/update-state.ts';
import { findingInWords } from '../firmware/findings.ts';
import { plural, whole } from '../kit/locale.ts';
import { exactBytes, shortHash, wholeSeconds } from '../kit/quantities.ts';
import { meaning, nextOf, runsOut, WHY } from './error-words.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';
import { asReadOn, type Surface } from './surface.ts';
import { type Names, surfaceOf, type ToldOutcome, type Words } from './told.ts';

type Failed = Extract<ToldOutcome, { outcome: 'failed' }>;

export function describeFailed(state: Failed, names: Names): Words {
  const what = state.judgement
    ? findingInWords(state.judgement.finding)
    : state.code === 'other-session'
      ? describeOtherSession(state, names)
      : meaning(state.code, state.dialect);
  const said = state.said && !state.judgement ? ` It said: "${state.said}".` : '';
  const asked = describeAskedFor(state);
  const next = describeNext(state, surfaceOf(names));
  const still = names.onlyChecked === true ? '' : stillRuns(state.oldFirmware, names.device);
  return {
    title: OUTCOME_WORDS.failed,
    detail: [what + said, asked, still, next].filter(Boolean).join(' '),
    standing: still,
  };
}

/** A device may ask for a longer wait than the engine keeps by itself; then the person is told. */
function describeAskedFor({ code, retryAfterMs, dialect, progress }: Failed): string {
  if (code !== 'busy' || retryAfterMs === null || retryAfterMs === 0) return '';
  const asks = `It asks to wait for ${inMinutes(retryAfterMs)}.`;
  return runsOut(dialect) && progress.acknowledged > 0
    ? `${asks} Its update times out before that, so the upload will start from the beginning.`
    : asks;
}

function describeNext(state: Failed, surface: Surface): string {
  // No other file would help there, and the judgement itself says what does.
  const reason = state.judgement?.finding.reason;
  if (reason === 'no-update-slot' || reason === 'only-slot-runs') return '';
  // A session without an id cannot be taken over. On a documented device it ends by itself.
  if (state.code === 'other-session' && typeof state.otherSession?.id !== 'string')
    return asReadOn(surface, 'It ends by itself after a while; then {again}.');
  if (!state.resumable || state.progress.acknowledged === 0) return nextOf(state.code, surface);
  // As the button does (`ui/device/primary-action.ts`).
  const resuming = { ...surface, again: surface.resume };
  if (state.code !== 'no-progress') return nextOf(state.code, resuming);
  // A device that said something has power and is on the network.
  const check = state.said ? '' : 'Check its power and its network. ';
  return asReadOn(resuming, `${check}{Again} to continue from there.`);
}

function describeOtherSession(state: Failed, names: Names): string {
  const other = state.otherSession;
  const lost = state.restarted ? `${meaning('session-lost', state.dialect)} ` : '';
  if (!other) return lost + WHY['other-session'];
  const written = other.writtenBytes === null ? '' : writtenText(other.writtenBytes, other.expectedSize);
  const hash = other.expectedSha256 === null ? '' : ` of the firmware ${shortHash(other.expectedSha256)}…`;
  return `${lost}Another update is in progress on ${names.device}${lost && ' now'}.${written && `${written}${hash}.`}`;
}

function writtenText(bytes: number, size: number | null): string {
  return ` It has written ${size === null ? exactBytes(bytes) : `${whole(bytes)} of ${exactBytes(size)}`}`;
}

export function stillRuns(old: OldFirmware, device: string): string {
  switch (old) {
    case 'runs':
      return `${device} still runs its old firmware.`;
    case 'unknown':
      return `Whether ${device} still runs its old firmware is unknown.`;
    case 'set-aside':
      return `${device} waits in safeboot for a file, and its old firmware may be overwritten.`;
    case 'replaced':
      return `${device} runs the new firmware.`;
  }
}

function inMinutes(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return ms < 60_000 ? wholeSeconds(ms) : plural(minutes, 'a minute', `${whole(minutes)} minutes`);
}
