/** https://fetch.spec.whatwg.org/#forbidden-request-header */
export const FORBIDDEN = [
  ...['Accept-Charset', 'Accept-Encoding', 'Access-Control-Request-Headers', 'Access-Control-Request-Method'],
  ...['Access-Control-Request-Private-Network', 'Connection', 'Content-Length', 'Cookie', 'Cookie2', 'Date', 'DNT'],
  ...['Expect', 'Host', 'Keep-Alive', 'Origin', 'Referer', 'Set-Cookie', 'TE', 'Trailer', 'Transfer-Encoding'],
  ...['Upgrade', 'Via', 'Proxy-', 'proxy-token', 'SEC-', 'Sec-Token'],
];

/** These have another meaning to a device, to the host, or to a proxy before either. */
export const TAKEN = [
  ...['Accept', 'Accept-Language', 'Content-Type', 'If-None-Match', 'Range', 'User-Agent', 'X-Requested-With'],
  ...['X-HTTP-Method-Override', 'X-Method-Override', 'X-Moult', 'Moult-Job-Key', 'Forwarded', 'X-Forwarded-For'],
  ...['X-Real-IP', 'X-Client-IP', 'Remote-User', 'X-Remote-User', 'X-Original-URL', 'X-Rewrite-URL', 'X-Host'],
];

export const FINE = [
  'X-OTA-Token',
  'Authorization',
  'OTA-Password',
  'Hostname',
  'X-Cookie',
  'Dated',
  'Security',
  'Proxy',
  'Sec',
];
