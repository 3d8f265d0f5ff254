/** The HTTP API v1 as typed calls. */
export { Api } from './client';
export type { HttpOptions } from './http';
export { ApiProblem, isSealed, Offline } from './problem';
export type * from './types';
