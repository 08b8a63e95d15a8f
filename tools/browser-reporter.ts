/**
 * Prints what ran in Chromium: one line per file, and every failure in full. Counts and failures are also written to
 * the file that MOULT_COUNTS names.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestResult, TestSession, TestSuiteResult } from '@web/test-runner';

interface Named {
  readonly name: string;
  readonly result: TestResult;
}

export function browserReporter(): Reporter {
  return {
    reportTestFileResults({ logger, sessionsForTestFile, testFile }) {
      for (const session of sessionsForTestFile) logger.log(describeFile(session, relative(process.cwd(), testFile)));
    },
    onTestRunFinished({ sessions }) {
      const counts = { passed: 0, failed: 0, skipped: 0 };
      const failures: string[] = [];
      for (const session of sessions) {
        for (const { name, result } of testsOf(session)) {
          const state = stateOf(result);
          counts[state] += 1;
          if (state === 'failed') failures.push(`${name}: ${result.error?.message ?? 'failed without an error'}`);
        }
        // A file that could not be loaded, or that broke outside of its tests, is a failure of its own.
        if (!brokeOutside(session)) continue;
        counts.failed += 1;
        failures.push(`${relative(process.cwd(), session.testFile)}: ${session.errors[0]?.message ?? 'holds no test'}`);
      }
      const file = process.env['MOULT_COUNTS'];
      if (file !== undefined) writeFileSync(file, JSON.stringify({ ...counts, failures }));
      console.log(`\n  Chromium: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    },
  };
}

function describeFile(session: TestSession, file: string): string {
  const tests = testsOf(session);
  const failed = tests.filter(({ result }) => stateOf(result) === 'failed');
  const good = failed.length === 0 && !brokeOutside(session);
  const lines = [`  ${good ? '✔' : '✘'} ${file} (${tests.length})`];
  for (const { name, result } of failed) {
    const { message = 'failed without an error', stack, expected, actual } = result.error ?? {};
    lines.push('', `    ✘ ${name}`, indent(message));
    if (stack !== undefined && stack !== message) lines.push(indent(stack.replace(message, '').trim()));
    if (expected !== undefined && actual !== undefined) {
      lines.push(indent(`expected: ${expected}`), indent(`actual:   ${actual}`));
    }
  }
  for (const error of session.errors) lines.push('', indent(error.stack ?? error.message));
  for (const missing of session.request404s) lines.push(indent(`404: ${missing}`));
  for (const log of session.logs) lines.push(indent(log.map((part) => printed(part)).join(' ')));
  return lines.join('\n');
}

function printed(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part);
}

function brokeOutside(session: TestSession): boolean {
  return session.errors.length > 0 || testsOf(session).length === 0;
}

function stateOf(result: TestResult): 'passed' | 'failed' | 'skipped' {
  if (result.skipped) return 'skipped';
  return result.passed ? 'passed' : 'failed';
}

function testsOf(session: TestSession): Named[] {
  const found: Named[] = [];
  const walk = (suite: TestSuiteResult, path: readonly string[]): void => {
    for (const result of suite.tests) found.push({ name: [...path, result.name].join(' › '), result });
    for (const inner of suite.suites) walk(inner, [...path, inner.name]);
  };
  if (session.testResults !== undefined) walk(session.testResults, []);
  return found;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '      ');
}
