/** What is kept secret of a device, as the page's state speaks of it. */
export { LONGEST_LOGIN } from '../../../model/device/secrets/login.ts';
export {
  loginKey,
  loginText,
  NO_SECRETS,
  packed,
  readLogin,
  unpacked,
  type Secrets,
} from '../../../model/device/secrets/secrets.ts';
