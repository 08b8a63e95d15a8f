import { expect } from 'chai';
import { inspect } from '../../../src/firmware/inspect.ts';
import { PushWarnings } from '../../../src/host/cli/push/push-warnings.ts';
import { MAY_BE_ONLY_UPDATE } from '../../../src/words/device/slots.ts';
import { running } from '../../words/update/states.ts';
import { buildApp } from '../../firmware/image-builder.ts';

const UNKNOWN = { protocol: 'automatic', dialect: null } as const;

describe('what a push says before anything is written', () => {
  it('is every warning of the file, and that an update may be the only one, each once', async () => {
    const told: string[] = [];
    const warnings = new PushWarnings((text) => told.push(text));
    const inspection = {
      ...(await inspect(buildApp({}))),
      warnings: [{ reason: 'no-micropython', text: 'No sign.' }],
    } as const;
    warnings.tellOfFile(inspection, [UNKNOWN]);
    warnings.tellOfFile(inspection, [UNKNOWN]);
    for (let time = 0; time < 2; time += 1) {
      warnings.tellOfState({ ...running, phase: 'writing', mayBeOnlyUpdate: true }, 'Kitchen');
      warnings.tellOfState({ ...running, phase: 'writing' }, 'Hall');
    }
    expect(told).to.deep.equal(['No sign.', `Kitchen: ${MAY_BE_ONLY_UPDATE}`]);
  });

  it('is no word of MicroPython where no device can run it', async () => {
    const told: string[] = [];
    const warnings = new PushWarnings((text) => told.push(text));
    const inspection = await inspect(buildApp({ python: false }));
    expect(inspection.warnings.map(({ reason }) => reason)).to.include('no-micropython');
    const [sketch, lamp] = [{ ...UNKNOWN, protocol: 'espota' } as const, { ...UNKNOWN, dialect: 'wled' } as const];
    warnings.tellOfFile(inspection, [sketch, lamp]);
    expect(told).to.deep.equal([]);
    warnings.tellOfFile(inspection, [sketch, UNKNOWN]);
    expect(told).to.have.length(1);
  });

  it('is said of many devices in one sentence, and not again at their turn', () => {
    const told: string[] = [];
    const warnings = new PushWarnings((text) => told.push(text));
    warnings.tellOfDevices(['Kitchen', 'Hall']);
    for (const name of ['Kitchen', 'Hall'])
      warnings.tellOfState({ ...running, phase: 'writing', mayBeOnlyUpdate: true }, name);
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/^Kitchen and Hall run from their factory slots\. .*the only update over the air/);
  });
});
