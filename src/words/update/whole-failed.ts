/** Why an update of an image that goes whole failed, and what to do, where that differs from an update in chunks. */
import {
  type Dialect,
  hostOnly,
  isHostFirst,
  releasesHalf,
  restartsOnRequest,
  traitsOf,
} from '../../model/device/dialect.ts';
import type { HostOnly, Traits } from '../../model/device/traits.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { nextOf, WHY } from './error-words.ts';
import { asReadOn, type Surface } from './surface.ts';
import type { ToldOutcome } from './told.ts';

type Reason = Pick<Extract<ToldOutcome, { outcome: 'failed' }>, 'code' | 'dialect' | 'during'>;

/** Devices that ask for a PIN have no token. */
const WANTS_PIN = 'The device needs its PIN, or refused the saved one.';

const WANTS_LOGIN = 'The device needs a user name and password, or refused the saved ones.';

const WANTS_PASSWORD = 'The device needs its password for updates, or refused the saved one.';

/** What to enter where it is wanted. */
const ENTER: Readonly<Partial<Record<Traits['tokenIn'], string>>> = {
  pin: 'Enter the PIN of its security settings{underEdit}. It opens the device for everyone on the network for 15 minutes.',
  login: 'Enter those of its web page{underEdit}.',
  password: 'Enter the password{underEdit}, as its configuration (under “ota”) or its sketch has it.',
};

/** What people do about such a device, where it differs from the others. */
const WHOLE_IMAGE_NEXT: Readonly<Partial<Record<UpdateErrorCode, string>>> = {
  garbled: 'Check that the address leads to this device.',
  forbidden: 'Use the address that its own page has.',
  'no-route': 'Check its address and protocol{underEdit}.',
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

/** Why it failed. */
export function whyOfWhole(reason: Reason): string {
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
const RESTART_IT = 'Unplug it for a moment, then {onceRestarted}.';

/** Nobody can tell an upload that still runs from one that was given up. */
const WAIT_OR_RESTART =
  'Wait until whoever sends it a file is done. If nobody does, an earlier upload stopped halfway: unplug it for a moment, then {again}.';

const OPEN_BY_HOST = 'Start Moult on a computer there, and open the page that it serves.';

/** What a person does about it. */
export function nextOfWhole(reason: Reason, surface: Surface): string {
  const own = ownNext(reason);
  return own === undefined ? nextOf(reason.code, surface) : asReadOn(surface, own);
}

/** What is done only about such a device, with marks; undefined: the same as about others. */
function ownNext(reason: Reason): string | undefined {
  const { code, dialect } = reason;
  const [, own] = ofOpenbeken(reason) ?? [];
  if (own !== undefined) return own;
  const secret = code === 'unauthorised' ? traitsOf(dialect)?.tokenIn : undefined;
  if (secret !== undefined) return ENTER[secret];
  // No choice of a route helps.
  if (code === 'needs-host' && keptFromPages(dialect) !== null) return OPEN_BY_HOST;
  if (code === 'half-left' && !restartsOnRequest(dialect)) return RESTART_IT;
  if (code === 'busy' && releasesHalf(dialect)) return WAIT_OR_RESTART;
  return WHOLE_IMAGE_NEXT[code];
}
