/** What a person has to know of the host's certificate authority, and how its certificates are called. */
import type { AuthorityNotice } from '../../model/host/data-trouble.ts';

/** `folder`: where it is kept. */
export function authorityNoticeInWords(notice: AuthorityNotice, folder: string): string {
  const another = `For another one, remove authority*.pem in ${folder} and start again; then phones have to trust that.`;
  switch (notice.kind) {
    case 'new':
      return `A new certificate authority was made in ${folder}. Each phone has to trust it once, even if it trusted an earlier one.`;
    case 'uncovered':
      return `The certificate authority does not cover ${notice.names.join(', ')}, a name that this machine got later: phones reach it by its address. ${another}`;
    case 'too-wide':
      return `An earlier version made the certificate authority: with its key, somebody could sign for ${notice.names.join(', ')} and all names below. ${another}`;
  }
}

/** What a phone's settings call it; the trust page says how it begins. Years later, somebody wants to know what it is. */
export const CERTIFICATE_NAME_BEGINS = 'Moult on';
export const CERTIFICATE_MAKER = 'Moult LAN host, made on this machine';
export const LEAF_NAME = 'Moult LAN host';

/** `machine`: its name; null where it has none. */
export function certificateName(machine: string | null): string {
  return `${CERTIFICATE_NAME_BEGINS} ${machine ?? 'this machine'}`;
}
