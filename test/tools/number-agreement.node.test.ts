/** “1 device is”, “2 devices are”: holds sentences to the functions that know which of the two it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const WORDS = 'src/words';

/** What is counted in sentences, and the verbs that follow it. */
const PLURALS = [
  'addresses|apps|blocks|browsers|bytes|characters|chips|days|devices|failures|fields|files|hours|lines|minutes',
  'notices|others|pages|retries|rollouts|seconds|slots|times|tokens|tries|updates',
  'are|have|were|do|don’t|need|run|match',
].join('|');

/** A value, at most one word, and a plural: `${devices} saved devices`. */
const COUNTED_BY_HAND = new RegExp(String.raw`\$\{((?:[^{}]|\{[^{}]*\})*)\} (?:\p{L}+ )?(?:${PLURALS})\b`, 'gu');

/** What is no number, or more than one whatever happens. */
const FINE: readonly (readonly [value: RegExp, why: string])[] = [
  [/names\.join|^path$|^names\.device$|^device$|^on$|^filling$/, 'names, and what is said before'],
  [/^bytesInWords\(/, 'a size, which people say in the plural: “380 KB are safe”'],
  [/^said$/, 'the most characters that a field may have'],
];

/** Comments are on no screen. Lines stay where they are. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ''));
}

function countedByHand(text: string): readonly string[] {
  return withoutComments(text)
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(COUNTED_BY_HAND)]
        .filter(([, value = '']) => FINE.every(([fine]) => !fine.test(value)))
        // One of the two forms that `plural` is given.
        .filter(({ index }) => !/\bplural\([^()]*$/.test(line.slice(0, index)))
        .map(([found]) => found),
    );
}

describe('numbers in sentences', () => {
  const files = readdirSync(WORDS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

  for (const name of files.toSorted()) {
    it(`are put in by \`counted\` or \`plural\`: ${name}`, () => {
      expect(countedByHand(readFileSync(join(WORDS, name), 'utf8'))).to.deep.equal([]);
    });
  }

  it('are found where they are put in by hand', () => {
    for (const [text, found] of [
      ['`This host runs ${ofHost} simulated devices.`', ['${ofHost} simulated devices']],
      ['`${ended.length} of ${devices.length} devices are done`', ['${devices.length} devices are']],
      ["`${counted(all, 'device', 'devices')} were found`", ["${counted(all, 'device', 'devices')} were"]],
      ["`${counted(all, 'device is', 'devices are')} done`", []],
      ["plural(failed, 'failed device', `${failed} failed devices`)", []],
      ['/** `${devices} devices` */', []],
    ] as const) {
      expect(countedByHand(text), text).to.deep.equal(found);
    }
  });
});
