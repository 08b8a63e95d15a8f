import type { AuthorityNotice } from '../../model/host/data-trouble.ts';
import type { OpenedAuthority } from './authority-file.ts';

/**
 * What a person has to know of the authority when the host has opened it; nothing where it is as it was and all is well.
 * `names`: the machine's.
 */
export function authorityNotices(
  { authority, isNew }: OpenedAuthority,
  names: readonly string[],
): readonly AuthorityNotice[] {
  if (isNew) return [{ kind: 'new' }];
  const uncovered = names.filter((name) => name.endsWith('.local') && !authority.covers(name));
  const { tooWide } = authority;
  return [
    ...(uncovered.length > 0 ? [{ kind: 'uncovered', names: uncovered } as const] : []),
    ...(tooWide.length > 0 ? [{ kind: 'too-wide', names: tooWide } as const] : []),
  ];
}
