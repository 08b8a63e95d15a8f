/** What a request to a simulated hawkBit server is about, and what its body says. */
import { isRecord } from '../answers.ts';
import type { Feedback } from './actions.ts';
import type { HawkbitRoute } from './faults.ts';

/** What the path of one request names. */
export interface Asked {
  readonly route: HawkbitRoute;
  readonly controllerId: string;
  readonly number: number;
  readonly file: string;
}

/** @param tenant the only one of the server */
export function askedBy(request: Request, tenant: string): Asked {
  const { pathname } = new URL(request.url);
  const [, at, , , controllerId = '', what = '', number = '', more = '', file = ''] = pathname
    .split('/')
    .map(decodeURIComponent);
  const route = at === tenant && controllerId !== '' ? routeOf(request.method, what, more) : 'unknown';
  return { route, controllerId, number: Number(number), file };
}

function routeOf(method: string, what: string, more: string): HawkbitRoute {
  switch (`${method} ${what}${more === '' ? '' : ` ${more}`}`) {
    case 'GET ':
      return 'poll';
    case 'GET deploymentBase':
      return 'deployment';
    case 'POST deploymentBase feedback':
      return 'feedback';
    case 'GET cancelAction':
      return 'cancel';
    case 'POST cancelAction feedback':
      return 'cancel-feedback';
    case 'GET confirmationBase':
      return 'confirmation';
    case 'POST confirmationBase feedback':
      return 'confirmation-feedback';
    case 'GET installedBase':
      return 'installed';
    case 'PUT configData':
      return 'config-data';
    case 'GET softwaremodules artifacts':
      return 'artifact';
    default:
      return 'unknown';
  }
}

/** Null: it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The server answers that it cannot read the body.
    return null;
  }
}

/** Null: it is not feedback. */
export function feedbackIn(body: unknown): Feedback | null {
  if (!isRecord(body) || !isRecord(body['status'])) return null;
  const { execution, result, code, details } = body['status'];
  const { timestamp } = body;
  if (typeof execution !== 'string' || !isRecord(result) || typeof result['finished'] !== 'string') return null;
  return {
    timestamp: typeof timestamp === 'number' ? timestamp : null,
    ...{ execution, finished: result['finished'], code: typeof code === 'number' ? code : null },
    details: Array.isArray(details) ? details.map(String) : [],
  };
}
