/**
 * What a card says of what its device runs, of an update that gets ready or was left half done, and on its button. How an
 * update runs and ends is said in `words/update/`; docs/architecture.md has the whole card, from top to bottom.
 */
import type { RanFirmware } from '../../../model/device/device.ts';
import { RESUME } from '../../kit/buttons.ts';
import type { Words } from '../../update/told.ts';
import { agoInWords } from '../moments.ts';
import { percentOf, shortHash } from '../../kit/quantities.ts';
import { SENDING_TO_HOST } from '../../kit/sending-to-host.ts';

export const UPDATE = 'Update';

/** @param handedOver how much of the file is on its way to the host, in percent; absent: nothing has to go there */
export function preparingWords(handedOver?: number): { readonly title: string; readonly far?: string } {
  if (handedOver === undefined) return { title: 'Getting ready' };
  return { title: SENDING_TO_HOST, far: `, ${handedOver} %` };
}
export const CANCELLING: Words = { title: 'Cancelling', detail: 'Telling the device.' };

/** Of an update that was at its very end when the page was closed. */
export const LOOKING: Words = {
  title: 'Looking for the device',
  detail: 'The update was written in full before this page was closed. Nothing is being sent.',
};

/** Heard after the step that goes on, once the device was lost and found. */
export const CONTINUES = 'The update continues.';

/** What "Resume" would do: go on, start over, or look what became of the end. */
export type Resume = 'on' | 'over' | 'look';

/** Both in bytes. */
interface OfferedEntry {
  readonly acknowledged: number;
  readonly size: number;
  /** The image goes whole, so that it counts what was sent. Absent: it goes in chunks. */
  readonly before?: object;
}

/** The firmware's version stands between the two. */
export const HAD = { before: 'Ran', after: ' before. Its version now is unknown.' };

/** The version that the device itself reports stands between the two. */
export const REPORTS = { before: 'Reports version', after: '.' };

/** Where none of them is known. */
export const RUNS_UNKNOWN = 'Version unknown.';

/** Both in milliseconds since 1970. */
export function seenText(at: number, now: number): string {
  return `seen ${agoInWords(at, now)}`;
}

/** The version that the firmware states, else what else it is known by. */
export function versionText({ version, project, sha256 }: RanFirmware): string {
  return version ?? project ?? shortHash(sha256);
}

/** Stands before the version: what runs is proven, what was taken may not run. */
export function runsLabel({ proven }: RanFirmware): string {
  return proven ? 'Running' : 'Accepted';
}

/** Since when it runs, or when it was taken. */
export function sinceText({ proven }: RanFirmware, day: string): string {
  return proven ? `since ${day}` : `· ${day}`;
}

export function reinstallLabel(ranBefore: RanFirmware): string {
  return `Reinstall previous (${versionText(ranBefore)})`;
}

export function resumeFromLabel(acknowledged: number, total: number): string {
  return acknowledged > 0 ? `Resume from ${percentOf(acknowledged, total)} %` : RESUME;
}

/** What the button says that takes an offer. */
export function resumeLabel(resume: Resume, { acknowledged, size }: OfferedEntry): string {
  switch (resume) {
    case 'on':
      return resumeFromLabel(acknowledged, size);
    case 'over':
      return 'Start over';
    case 'look':
      return 'Check the result';
  }
}

/**
 * What is said of an update that an earlier visit left, or the host. `firmware` is null where its file is no longer kept.
 *
 * @param needsToken the host was started again, and has the device's token no longer
 */
export function offerText(
  resume: Resume,
  { acknowledged, size, before }: OfferedEntry,
  firmware: { readonly name: string; readonly version: string | null } | null,
  needsToken = false,
): Words {
  const isWhole = before !== undefined;
  const share = `${percentOf(acknowledged, size)} % ${isWhole ? 'sent' : 'written'}`;
  const title = resume === 'look' ? 'Result unknown' : share;
  if (firmware === null) {
    return {
      title,
      detail: 'The update stopped there, and its file is no longer kept here. Choose the same file again to continue.',
    };
  }
  const what = `The update to ${firmware.version ?? firmware.name}`;
  if (needsToken) {
    return {
      title,
      detail: `${what} stopped when the host did. To continue, the host needs the device’s token again.`,
    };
  }
  switch (resume) {
    case 'on':
      return { title, detail: `${what} stopped there. It can continue if the device still has that part.` };
    case 'over':
      return {
        title,
        detail: isWhole
          ? `${what} stopped there. The device takes a file in one piece, so the update starts over.`
          : `${what} stopped there. The device doesn’t report how much it has, so the update starts over.`,
      };
    case 'look':
      return { title, detail: `${what} was written in full, but its result wasn’t seen.` };
  }
}
