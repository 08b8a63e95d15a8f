/**
 * What a device asks for besides its token, where its program puts every route behind ViperHTTP's `AuthMiddleware`. It
 * takes the `Authorization` header, so it is for `shipped` alone: as documented, the token is in there.
 */
export interface Login {
  /** Empty: `password` is a bearer token. */
  readonly user: string;
  readonly password: string;
}
