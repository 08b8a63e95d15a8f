/** Starts the page. What it is made of is made in `compose.ts`; what it does last is `after-first-view.ts`. */
import { atRest, becomeAnApp, loadTheRest, lookForHost, startRest, watchOn } from './after-first-view.ts';
import { PageInstall } from './offline/install.ts';
import { NewVersionState } from './state/new-version.ts';
import { NoticesState } from './state/notices.ts';
import { anyTabHoldsADevice } from './page/lock.ts';
import { MoultApp } from './ui/shell/moult-app.ts';
import { takePlace, trustAddress } from './ui/shell/routes.ts';
import { tokens } from './ui/kit/style/tokens.ts';
import { compose } from './compose.ts';
import { tellSurprises } from './tell-surprises.ts';

// Before anything is awaited: opening the storage can take seconds, and the address is seen by everyone.
const { adding, pairing: pairingCode, job, rollout } = takePlace();

const notices = new NoticesState();
// Made before anything is awaited: the browser offers to install while the page still loads.
const installer = new PageInstall();
const newVersion = new NewVersionState({
  notices,
  busyElsewhere: anyTabHoldsADevice,
  reload: () => window.location.reload(),
});

const tell = tellSurprises(notices);

// Style elements are not allowed by the page's policy; constructed sheets are.
if (tokens.styleSheet !== undefined) document.adoptedStyleSheets = [tokens.styleSheet];

/** Not awaited by the file itself: the bundler then makes a file more for each module of a group (tools/vite/groups.ts). */
async function start(): Promise<void> {
  const app = await compose({ notices, installer, newVersion, trouble: tell });
  const shell = new MoultApp();
  shell.app = app;
  document.body.replaceChildren(shell);
  if (adding !== null) shell.open(adding);
  await Promise.all([app.devices.load(), app.library.load()]);
  await app.tokenLock.load(async () => {
    await app.devices.loadKeeping();
    await app.jobs.load();
    await app.rollouts.follow();
    if (app.host.$offers.get().pairing === 'needed') await app.pairing.look();
  });
  await app.pairing.load(pairingCode);
  if (app.host.$offers.get().lan && notices.$notices.get().some(({ kind }) => kind === 'not-secure')) {
    notices.show({ kind: 'not-secure', trust: true }, () => {
      void app.pairing.renewCode().then((code) => window.location.assign(trustAddress(code)));
    });
  }
  await app.jobs.load();
  // Not awaited: the person is asked before it is followed, and everything else goes on meanwhile.
  if (job !== null) void app.jobs.arrive(job);
  if (rollout !== null) void app.rollouts.arrive(rollout);
  else await app.rollouts.follow();
  await app.updates.offerUnfinished();
  await app.rollouts.offer();
  lookForHost(app.host);
  await atRest();
  watchOn(app.watch).catch(tell);
  startRest(app, shell).catch(tell);
  // The development server gives each file a new address with every change; a worker would keep the old ones.
  if (window.isSecureContext && 'serviceWorker' in navigator && import.meta.env.PROD) {
    await becomeAnApp({ firmware: app.firmware, notices, newVersion, trouble: tell });
  } else {
    // What could not be loaded now is asked for again when it is needed, and missed there.
    await loadTheRest().catch(() => undefined);
  }
}

void start();
