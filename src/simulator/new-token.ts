/** What ViperHTTP's own documentation suggests: `os.urandom(32).hex()`. */
const TOKEN_BYTES = 32;

/** 64 lower-case hex digits. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
