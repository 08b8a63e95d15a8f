// `prepare` of package.json: builds what `bin` points at where npm takes Moult from git, since the repository holds no dist/.
// In a checkout it does nothing: `npm ci` is followed by `npm start` or `npm test`, and both build.
// It is JavaScript, because it also runs where npm was told to leave out tsx (`npm ci --omit=dev`).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { env, execPath, exit } from 'node:process';

/**
 * npm says which project it was called for. Of a package from git it runs `prepare` twice: while it installs that package's
 * own tools in a folder of its cache, and again for the project that wants the package. By then the tools are there.
 */
const inCheckout = env.npm_config_local_prefix === process.cwd();

// npm 10 and 11 hand `--global` on to where the tools should be installed (https://github.com/npm/cli/issues/6984), and then
// delete what they have just put in place. Nothing that is done here would help.
const NO_TOOLS = `Moult cannot be built here: its tools are not installed. "npm install --global" from git needs npm 12.
With an older one, make the package first: "npm pack ADDRESS", then "npm install --global ./moult-VERSION.tgz".`;

if (!inCheckout) {
  if (!existsSync('node_modules/vite')) {
    console.error(NO_TOOLS);
    exit(1);
  }
  const npm = env.npm_execpath;
  // Another package manager does not always say where npm is: then a shell finds it.
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(execPath, [npm, 'run', 'build'], { stdio: 'inherit' })
    : spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: true });
  if (error !== undefined) throw error;
  exit(status ?? 1);
}
