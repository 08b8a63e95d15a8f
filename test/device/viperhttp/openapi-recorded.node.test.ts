/** The OpenAPI description by published ViperHTTP, where the recordings lie beside the project. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as v from 'valibot';
import { parseAnswer } from '../../../src/device/answer.ts';
import { readOpenApi } from '../../../src/device/viperhttp/openapi.ts';

const FOLDER = new URL('../../../../shared/wire/', import.meta.url);

const steps = v.array(v.object({ step: v.string(), answer: v.optional(v.unknown()) }));

describe('what the published device tells of itself', () => {
  if (!existsSync(FOLDER)) {
    it.skip('is read as it was recorded: skipped, there is no folder ../shared/wire beside this project');
    return;
  }

  for (const file of ['update-two-slots.json', 'update-published-board-first.json']) {
    it(`is read as it was recorded: ${file}`, () => {
      const recorded = v
        .parse(steps, JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))
        .find(({ step }) => step === 'openapi')?.answer;
      const answer = parseAnswer(200, JSON.stringify(recorded), false, 'application/json');
      expect(readOpenApi(answer)).to.deep.equal({
        isViper: true,
        title: 'ViperHTTP AP',
        version: '1.0.0',
        otas: [{ prefix: '/ota', dialect: 'shipped' }],
        hasRestartRoute: false,
      });
    });
  }
});
