/** What a person has to know of the authority when the host has opened it. */
import type { OpenedAuthority } from './authority-file.ts';

/** Sentences; none where it is as it was and all is well. `names`: the machine's. `folder`: where it is kept. */
export function authorityWords(
  { authority, isNew }: OpenedAuthority,
  names: readonly string[],
  folder: string,
): readonly string[] {
  if (isNew) {
    return [
      `A new certificate authority was made in ${folder}. Each phone has to trust it once, also where it trusted an earlier one.`,
    ];
  }
  const another = `For another one, remove authority*.pem in ${folder} and start again; then phones have to trust that.`;
  const words: string[] = [];
  const uncovered = names.filter((name) => name.endsWith('.local') && !authority.covers(name));
  if (uncovered.length > 0) {
    words.push(
      `The certificate authority does not vouch for ${uncovered.join(', ')}, a name that this machine took later: phones reach it by its address. ${another}`,
    );
  }
  if (authority.tooWide.length > 0) {
    words.push(
      `An earlier version made the certificate authority: with its key, somebody could sign for ${authority.tooWide.join(', ')} and all names below. ${another}`,
    );
  }
  return words;
}
