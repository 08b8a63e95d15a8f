import { expect } from 'chai';
import { DIALECTS, PROTOCOLS } from '../../../src/model/device/dialect.ts';
import { DEFAULT_TOKEN_HEADER } from '../../../src/model/device/secrets/token-header.ts';
import { RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';
import { usageText } from '../../../src/words/cli/usage.ts';

describe('what `moult --help` says', () => {
  const serve = { port: 1, httpsPort: 2, devicePort: 3, mostSimulated: 4, logLevels: ['warn'] };
  const said = usageText({ serve, protocols: PROTOCOLS });

  it('tells the patience, the header and the protocols that there are', () => {
    expect(said).to.contain(`after its restart (${RESTART_PATIENCE_MS / 1_000})`);
    expect(said).to.contain(`expects it (${DEFAULT_TOKEN_HEADER})`);
    expect(said.replaceAll(/\s+/g, ' ')).to.contain(`--protocol NAME automatic, ${DIALECTS.join(', ')}`);
  });

  it('fits a terminal', () => {
    expect(said.split('\n').filter((line) => line.length > 120)).to.deep.equal([]);
  });
});
