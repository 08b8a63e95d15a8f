/** How a device speaks: as its documentation says, or as the published firmware does (docs/protocol.md). */
export type Dialect = 'documented' | 'shipped';
