/** The variables that middleware sets on a request's context. */
import type { Context } from 'hono';
import type { Caller } from '../accounts/accounts.ts';
import type { ErrorCode } from '../errors.ts';

/** Milliseconds by stage, in the order in which the stages ended. */
export type Stages = Map<string, number>;

export interface HttpEnv {
  Variables: {
    requestId: string;
    stages: Stages;
    /** The caller, on routes that need a key. */
    caller: Caller | undefined;
    /** The code of the answered problem, for the access log. */
    problemCode: ErrorCode | undefined;
    /** The decision of the answered run, for the access log. */
    decision: string | null | undefined;
  };
}

export type HttpContext = Context<HttpEnv>;
