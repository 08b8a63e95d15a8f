/** Whether two answers differ; null where one of them was not given, so that nothing is shown. */
export function differs<T>(said: T | null, told: T | null): boolean | null {
  return said === null || told === null ? null : said !== told;
}
