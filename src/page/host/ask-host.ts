/** Has the page's host ask a device that no page can speak to what it is. Loaded with the first of them. */
import { boolean, literal, looseObject, nullable, number, picklist, safeParse, string, variant } from 'valibot';
import { DIALECTS } from '../../model/device/dialect.ts';
import type { AskHost } from '../../model/device/whole-image-link.ts';
import type { Identified, IdentifyDevice } from '../../model/jobs/job-requests.ts';
import type { HostFetch } from '../../model/page/page-ports.ts';
import { ERROR_FACTS, type UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';

/** The host asks the device for some seconds; after that it is the host that does not answer. */
const WAIT_MS = 12_000;
/** A device that is not saved has no name. */
const NAMELESS = 'device';

/** Only what the page reads is checked: the page and its host are built together. */
const identified = variant('kind', [
  looseObject({
    kind: literal('found'),
    device: nullable(
      looseObject({
        dialect: picklist(DIALECTS),
        identity: looseObject({ product: string(), keepsHalf: boolean() }),
      }),
    ),
  }),
  looseObject({
    kind: literal('failed'),
    ...{ code: string(), status: nullable(number()), said: nullable(string()) },
  }),
]);

export function askHostBy(ask: HostFetch): AskHost {
  return async (target, { signal }) => {
    const { origin, prefix, protocol, dialect, tokenHeader, token, login = null } = target;
    const asked: IdentifyDevice = {
      device: { name: NAMELESS, origin, prefix, protocol, dialect, tokenHeader, chipId: null },
      secrets: { token: token === '' ? null : token, login },
    };
    const answer = await ask('/jobs/identify', {
      ...{ method: 'POST', cache: 'no-store', body: JSON.stringify(asked) },
      headers: { 'Content-Type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]),
    }).catch((cause: unknown) => {
      throw new UpdateError(signal.aborted ? 'aborted' : 'host-gone', { cause });
    });
    const said: unknown = await answer.json().catch(() => null);
    // It says no: another update is at the device, or the host reaches no such address.
    if (!answer.ok || !safeParse(identified, said).success) throw new UpdateError(codeOf(answer.status));
    const told = said as Identified;
    if (told.kind === 'found') return told.device;
    const { code, status, said: words } = told;
    throw new UpdateError(code in ERROR_FACTS ? code : 'garbled', {
      ...(status === null ? {} : { status }),
      ...(words === null ? {} : { said: words }),
    });
  };
}

function codeOf(status: number): UpdateErrorCode {
  switch (status) {
    case 409:
      return 'busy';
    case 422:
      return 'unreachable';
    default:
      return status >= 500 ? 'host-gone' : 'forbidden';
  }
}
