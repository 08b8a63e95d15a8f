import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { whoAnswers } from '../../src/offline/who-answers.ts';

const OURS = readFileSync('index.html', 'utf8');

describe('Who answers at the page’s address', () => {
  it('is Moult where the page has its mark, whoever serves it; the answer can be read afterwards', async () => {
    const answer = new Response(OURS);
    expect(await whoAnswers(answer)).to.equal('moult');
    expect(await answer.text()).to.equal(OURS);
  });

  for (const [what, body, init] of [
    ['another page', '<!doctype html><title>other project</title>', {}],
    ['a page that speaks of Moult', '<title>Moult</title> application-name Moult', {}],
    ['nothing', null, { status: 204 }],
    ['a page that is not there, with the mark', OURS, { status: 404 }],
    ['the mark behind very much else', `${' '.repeat(64 * 1024)}${OURS}`, {}],
  ] as const)
    it(`is a stranger where there is ${what}`, async () => {
      expect(await whoAnswers(new Response(body, init))).to.equal('stranger');
    });

  it('is a stranger that sends without end, and nothing waits for that', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4096).fill(0x20)) });
    expect(await whoAnswers(new Response(endless))).to.equal('stranger');
  });

  it('is a stranger that leads elsewhere', async () => {
    const led = new Response(null, { status: 302, headers: { Location: '/login' } });
    expect(await whoAnswers(led)).to.equal('stranger');
  });

  for (const status of [401, 403, 429, 500, 502, 503, 504])
    it(`is not known from a ${status}`, async () => {
      expect(await whoAnswers(new Response(OURS, { status }))).to.equal('unknown');
    });
});
