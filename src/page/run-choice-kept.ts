import type { RunChoice, RunChoiceKept } from '../model/page/job-calls.ts';

/** Notes in this browser what a person chose, in words: "page", "host go-on". Absent: the default. */
const KEY = 'moult-updates-run';

const DEFAULT_CHOICE: RunChoice = { where: 'host', goesOnByItself: false };

export const runChoiceKept: RunChoiceKept = {
  read() {
    try {
      const kept = (localStorage.getItem(KEY) ?? '').split(' ');
      return { where: kept.includes('page') ? 'page' : 'host', goesOnByItself: kept.includes('go-on') };
    } catch {
      // Storage is forbidden here.
      return DEFAULT_CHOICE;
    }
  },
  write({ where, goesOnByItself }) {
    try {
      localStorage.setItem(KEY, goesOnByItself ? `${where} go-on` : where);
    } catch {
      // Storage is forbidden here: it holds until the page is closed.
    }
  },
};
