/** What middleware leaves on a request's context for those who come after it. */
import type { Context } from 'hono';
import type { Caller } from '../accounts/accounts.ts';
import type { ErrorCode } from '../errors.ts';
import type { Stages } from './middleware/server-timing.ts';

export interface HttpEnv {
  Variables: {
    requestId: string;
    stages: Stages;
    /** Who asks, on routes behind a key. */
    caller: Caller | undefined;
    /** The code of the problem that was answered, for the access log. */
    problemCode: ErrorCode | undefined;
    /** What the answered run decided, for the access log. */
    decision: string | null | undefined;
  };
}

export type HttpContext = Context<HttpEnv>;
