// Mocha's spec output, and the counts for `npm test` in the file that MOULT_COUNTS names.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

/** Where three tests in a run waited in vain, the next hundred will too, and each takes minutes. */
const MOST_IN_VAIN = 3;

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    let inVain = 0;
    runner.on('fail', (_test, { code, name }) => {
      // Mocha's own limit, and Playwright's.
      if (code !== 'ERR_MOCHA_TIMEOUT' && name !== 'TimeoutError') return;
      inVain += 1;
      if (inVain !== MOST_IN_VAIN) return;
      console.log(`${MOST_IN_VAIN} tests waited in vain. The tests that are left are not run.`);
      runner.abort();
    });
    runner.once('end', () => {
      const file = process.env.MOULT_COUNTS;
      if (file === undefined) return;
      const { passes, failures, pending } = runner.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
