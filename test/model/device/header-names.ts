/** https://fetch.spec.whatwg.org/#forbidden-request-header */
export const FORBIDDEN = [
  ...['Accept-Charset', 'Accept-Encoding', 'Access-Control-Request-Headers', 'Access-Control-Request-Method'],
  ...['Access-Control-Request-Private-Network', 'Connection', 'Content-Length', 'Cookie', 'Cookie2', 'Date', 'DNT'],
  ...['Expect', 'Host', 'Keep-Alive', 'Origin', 'Referer', 'Set-Cookie', 'TE', 'Trailer', 'Transfer-Encoding'],
  ...['Upgrade', 'Via', 'Proxy-', 'proxy-token', 'SEC-', 'Sec-Token'],
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
