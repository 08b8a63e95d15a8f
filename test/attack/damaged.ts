import fc from 'fast-check';

/** A good text with something removed, inserted or replaced. */
export function damaged(good: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r\n', '..', '%2e', '@', '#', '?', ' ', '\0', '//', ':', '['),
  );
  const change = fc.record({ at: fc.nat({ max: good.length }), drops: fc.nat({ max: 12 }), piece });
  return fc
    .array(change, { maxLength: 4 })
    .map((changes) =>
      changes.reduce((text, { at, drops, piece: put }) => text.slice(0, at) + put + text.slice(at + drops), good),
    );
}
