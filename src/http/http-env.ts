/** What middleware leaves on a request's context for those who come after it. */
import type { Context } from 'hono';
import type { ErrorCode } from '../errors.ts';
import type { Stages } from './middleware/server-timing.ts';

export interface HttpEnv {
  Variables: {
    requestId: string;
    stages: Stages;
    /** The code of the problem that was answered, for the access log. */
    problemCode: ErrorCode | undefined;
  };
}

export type HttpContext = Context<HttpEnv>;
