import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';

/** Rooms that answer with codes and facts, or speak in the words of `src/words`. */
const ROOMS = [
  'src/device',
  'src/firmware',
  'src/host',
  'src/model',
  'src/offline',
  'src/rollout',
  'src/state',
  'src/update',
];

/** Text with words in it that no person is told, by file; each with the reason. */
const NOT_SAID: Readonly<Record<string, readonly (readonly [text: RegExp, why: string])[]>> = {
  'src/device/doctor/diagnosis.ts': [
    [/^connect-src /, 'a security header to copy'],
    [/^npm ci/, 'a command to copy'],
  ],
  'src/device/device-request.ts': [[/^(Bearer|Basic) /, 'schemes of the header Authorization']],
  'src/device/esphome/web-events.ts': [[/^(GET|Host:|Authorization:|Connection:) /, 'a request of HTTP']],
  'src/device/sign-in/digest.ts': [[/^Digest /, 'a scheme of the header Authorization']],
  'src/device/viperhttp/device-lines.ts': [[/^\s*(# |import |from |app|asyncio\b)/, 'Python for the device']],
  'src/device/viperhttp/shipped.ts': [[/^(invalid ota token|Not authenticated)$/, 'what firmware says']],
  'src/firmware/image/esphome.ts': [[/^ESPHome version $/, 'what its files hold']],
  'src/firmware/image/micropython.ts': [[/^ with ESP$/, 'what its files hold']],
  'src/firmware/image/openbeken.ts': [[/^Built on $/, 'what its files hold']],
  'src/firmware/image/tasmota.ts': [[/^Some settings have been reset \(%d\)$/, 'what its files hold']],
  'src/host/data/user-data.ts': [[/^Application Support$/, 'a folder of macOS']],
  'src/device/form/espeasy.ts': [
    [
      /^(Git Build|Unit Number|Binary Filename|ESP Chip Model|Uptime \(ms\)|Unit Name|Build Time)$/,
      'what ESPEasy calls what it tells',
    ],
  ],
  'src/host/jobs/routes/job-streams.ts': [[/^id: /, 'server-sent events']],
  'src/host/jobs/routes/watch-routes.ts': [[/^# (HELP|TYPE) /, 'the text format of Prometheus']],
  'src/host/mqtt/agent-entities.ts': [[/^agent /, 'what an id is made of']],
  'src/host/mqtt/discovery.ts': [[/^install /, 'a command of MQTT']],
  'src/host/serve/headers.ts': [[/^[a-z-]+ '(none|self)'|^trusted-types /, 'security headers']],
  'src/host/serve/listeners.ts': [[/^4\d\d [A-Z]/, 'status lines of HTTP']],
  'src/host/serve/trust-page-style.ts': [[/^\n:root /, 'a style sheet']],
  'src/host/serve/trust-page.ts': [[/^for \(const /, 'a script']],
  'src/model/device/plain-names.ts': [
    [
      /^a file without a name$/,
      'kept in the place of a name that nobody can see, since hosts refuse a job without one',
    ],
  ],
  'src/model/device/secrets/secrets.ts': [[/ login$/, 'a key of the vault']],
  'src/model/device/self-told.ts': [[/^ViperHTTP API?$/, 'what firmware says']],
  'src/offline/install.ts': [[/^\(display-mode: /, 'a media query']],
  'src/offline/manifest.ts': [
    [/^(Firmware updates over the air for|A device while|What is inside|Firmware on the left)/, 'the web manifest'],
  ],
};

/** In place of what a template is filled with. */
const FILLED = '\u0000';
/** Letters, with the marks that stand at the ends of words; "max-age=1" and "text/html" are none. */
const WORD = /^[("“]*\p{Letter}[\p{Letter}’-]+[.,:;!?…”")]*$/u;

/** The texts in this code that read as prose: two words in a row, a word beside what is filled in, or a sentence of one. */
function proseIn(code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isForProgrammers(node)) return;
    const text = textOf(node);
    if (text !== null && isProse(text)) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('some.ts', code, ts.ScriptTarget.Latest, true));
  return found;
}

/** An error that no person is told of, the cause of one that is, and a pattern that other texts are matched against. */
function isForProgrammers(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) return node.name.getText() === 'cause';
  return ts.isNewExpression(node) && /^(Error|TypeError|DOMException|RegExp)$/.test(node.expression.getText());
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(FILLED);
}

function isProse(text: string): boolean {
  if (/^\p{Uppercase}\p{Letter}+[.!?…]$/u.test(text)) return true;
  const lines = text.replace(/<[^>]*>/g, '\n').split('\n');
  return lines.some((line) => {
    const pieces = line.trim().split(/\s+/);
    const [isWord, isFilled] = [(piece = '') => WORD.test(piece), (piece = '') => piece.includes(FILLED)];
    return pieces.some((piece, at) => {
      const next = pieces[at + 1];
      return isWord(piece) ? isWord(next) || isFilled(next) : isFilled(piece) && isWord(next);
    });
  });
}

const files = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name).replaceAll('\\', '/')),
);

describe('the words outside of templates', () => {
  it('are found where they stand in code', () => {
    expect(proseIn("throw new DataError('The disk is full.');")).to.deep.equal(['The disk is full.']);
    expect(proseIn('print(`${file} cannot be read`);')).to.deep.equal([`${FILLED} cannot be read`]);
    expect(proseIn('print(`Stopped ${name}`);')).to.deep.equal([`Stopped ${FILLED}`]);
    expect(proseIn("const said = ['Stopping.'];")).to.deep.equal(['Stopping.']);
    expect(proseIn('send(`<p>\n<b>Trust</b> this host</p>`);')).to.have.length(1);
  });

  it('are told apart from codes, addresses, markup and what only programmers read', () => {
    for (const code of [
      "answer({ kind: 'not-read', type: 'text/html; charset=utf-8' });",
      'const place = `${scheme} ${address} ${port}`;',
      'const page = `<p class="a b">${text}</p>\n<ul>${items}</ul>`;',
      "throw new Error('a listener without a port');",
      "throw new UpdateError('garbled', { cause: 'it answers as another' });",
      "const cached = 'public, max-age=31536000, immutable';",
    ]) {
      expect(proseIn(code), code).to.deep.equal([]);
    }
  });

  for (const file of files) {
    it(`stand in src/words, and not in ${file}`, () => {
      const excused = NOT_SAID[file] ?? [];
      const prose = proseIn(readFileSync(file, 'utf8'));
      expect(prose.filter((text) => !excused.some(([pattern]) => pattern.test(text)))).to.deep.equal([]);
      for (const [pattern, why] of excused) {
        expect(prose, `no ${why} any more`).to.satisfy((texts: readonly string[]) =>
          texts.some((text) => pattern.test(text)),
        );
      }
    });
  }

  it('are excused in files that are there', () => expect(files).to.include.members(Object.keys(NOT_SAID)));
});
