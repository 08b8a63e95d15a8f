import { expect } from 'chai';
import { inspect } from '../../src/firmware/inspect.ts';
import { SAMPLE_PROJECT, SAMPLE_VERSION, sampleFirmware } from '../../src/simulator/sample-firmware.ts';

describe('the sample firmware', () => {
  it('is a complete app with a name, so that a newcomer sees what a file tells', async () => {
    const inspection = await inspect(sampleFirmware());
    expect(inspection).to.deep.include({
      kind: 'app',
      verdict: 'accept',
      checksumValid: true,
      hashValid: true,
      project: SAMPLE_PROJECT,
      version: SAMPLE_VERSION,
    });
    expect(inspection.chip).to.include({ name: 'ESP32' });
  });
});
