// Mocha's spec output; counts, and what failed, go to the file that MOULT_COUNTS names, for `npm test`.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

/** Where three tests in a run waited in vain, the next hundred will too, and each takes minutes. */
const MOST_IN_VAIN = 3;

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    let inVain = 0;
    const failures = [];
    runner.on('fail', (test, { code, name, message }) => {
      failures.push(`${test.fullTitle()}: ${message}`);
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
      const { passes, failures: failed, pending } = runner.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed, skipped: pending, failures }));
    });
  }
};
