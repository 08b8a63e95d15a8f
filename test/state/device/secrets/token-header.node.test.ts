/**
 * The form refuses the same token headers as the gateway and a job, so that nobody learns of it only once a job is
 * made.
 */
import { expect } from 'chai';
import { mayPass } from '../../../../src/host/gateway/headers.ts';
import { readCreate } from '../../../../src/host/jobs/job-shapes.ts';
import { DEFAULT_TOKEN_HEADER } from '../../../../src/model/device/secrets/token-header.ts';
import { formProblemInWords } from '../../../../src/words/device/dialog/form-problem.ts';
import { jobFor } from '../../../host/jobs/job-host.ts';
import { FINE, FORBIDDEN, TAKEN } from '../../../model/device/secrets/header-names.ts';
import { form, givenState } from '../../given.ts';

/** What the form says of it; null where it is saved. */
async function said(tokenHeader: string): Promise<string | null> {
  const result = await givenState().devices.save(form({ tokenHeader }));
  if (result.kind === 'saved') return null;
  const [{ field, problem }] = result.wrongs;
  expect([result.wrongs.length, field]).to.deep.equal([1, 'tokenHeader']);
  return formProblemInWords(problem);
}

function jobTakes(tokenHeader: string): boolean {
  const job = jobFor('http://192.168.1.50:8080', new Uint8Array(1));
  return readCreate({ ...job, device: { ...job.device, tokenHeader } }).kind === 'read';
}

describe('A token header in the form of a device', () => {
  for (const [names, sentence] of [
    [FORBIDDEN, /^Browsers don’t let a page send a header with this name\./],
    [TAKEN, /^A header with this name has another meaning, so no token is sent in it\./],
    [['a b', 'X:OTA'], /^A header name can contain only/],
  ] as const) {
    for (const name of names) {
      it(`is not ${name}, which neither the gateway nor a job takes`, async () => {
        expect([mayPass({ 'x-moult': name }), jobTakes(name)], 'gateway and job').to.deep.equal([false, false]);
        expect(await said(name)).to.match(sentence);
      });
    }
  }

  for (const name of [DEFAULT_TOKEN_HEADER, ...FINE]) {
    it(`may be ${name}, as at the gateway and in a job`, async () => {
      expect([mayPass({ 'x-moult': name }), jobTakes(name)], 'gateway and job').to.deep.equal([true, true]);
      expect(await said(name)).to.equal(null);
    });
  }
});
