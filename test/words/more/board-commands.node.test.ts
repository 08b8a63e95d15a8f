import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { BOARD_COMMANDS, boardProgram } from '../../../src/words/more/board-commands.ts';
import * as words from '../../../src/words/more/prepare-board.ts';
import { setupLines } from '../../../src/device/viperhttp/device-lines.ts';
import { NEWCOMERS_LINES } from '../../device/viperhttp/newcomers-lines.ts';

const document = readFileSync('docs/prepare-a-board.md', 'utf8');
const blocks = [...document.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({ kind, text }));

describe('docs/prepare-a-board.md', () => {
  it('has each command of the guide in the app, and no other', () => {
    const typed = blocks.map(({ text }) => text);
    const program = boardProgram(words.UNNAMED_BOARD, NEWCOMERS_LINES);
    expect(typed).to.have.members([...Object.values(BOARD_COMMANDS).map((command) => `${command}\n`), program]);
  });

  it('has the steps of the guide in its order', () => {
    const headings = [...document.matchAll(/^## (\d.*)$/gm)].map(([, heading]) => heading);
    expect(headings).to.deep.equal(Object.values(words.STEPS));
  });

  it('marks Python as Python', () => {
    for (const { kind, text } of blocks) expect(kind).to.equal(text.includes('import ') ? 'python' : 'sh');
  });

  it('is linked from the README', () => {
    expect(readFileSync('README.md', 'utf8')).to.contain('(docs/prepare-a-board.md)');
  });
});

describe('the program for a board', () => {
  it('ends in the very lines that the device needs, with its token', () => {
    const lines = setupLines({
      pageOrigin: 'https://moult.test',
      token: 'ab'.repeat(32),
      protocol: 'shipped',
      tokenHeader: 'X-My-Token',
      address: '192.168.1.50:8081',
      prefix: '/my/ota',
    });
    const program = boardProgram('Kitchen', lines);
    expect(program.endsWith(`\n\n${lines}\n`)).to.equal(true);
    expect(program)
      .to.contain(`ota_token="${'ab'.repeat(32)}"`)
      .and.contain('allow_origins=["https://moult.test"]');
  });

  it('makes what the lines use before they use it', () => {
    const program = boardProgram('Kitchen', NEWCOMERS_LINES);
    expect(program.indexOf('import viperhttp')).to.be.below(program.indexOf('app = viperhttp.ViperHTTP('));
    expect(program.indexOf('app = ')).to.be.below(program.indexOf('app.add_middleware('));
    expect(program.indexOf('isconnected')).to.be.below(program.indexOf('app.run('));
  });

  it('keeps a name with quotes in it one Python string', () => {
    expect(boardProgram('The "big" one \\', NEWCOMERS_LINES)).to.contain('title="The \\"big\\" one \\\\")');
  });
});

describe('the words of the guide', () => {
  it('are whole sentences, without the words that say nothing', () => {
    const { LOOK, BACK_UP, FIRMWARE, PROGRAM, STAYS, CHECK_IT, FIRST_UPDATE } = words;
    const said = [LOOK, BACK_UP, FIRMWARE, PROGRAM, STAYS, CHECK_IT, FIRST_UPDATE].flatMap((group) =>
      Object.values(group),
    );
    const sentences = said.filter((text) => text.includes(' ') && text.length > 40);
    expect(sentences.length).to.be.above(15);
    for (const text of sentences) {
      expect(text).to.match(/^[A-Z].*[.:)]$/);
      expect(text).not.to.match(/please|simply|just|easy|!|'| {2}/i);
    }
  });
});
