/** What is measured: whatever answers a request with the record of a reflection. */
import type { Reflection } from '../../src/reflection/record.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';

export interface Subject {
  /** For the report: what answered, and in which version. */
  readonly name: string;
  /** Throws an Error where there is no answer and another try may bring one. */
  answer(body: ReflectionBody, signal: AbortSignal): Promise<Reflection>;
  stop(): Promise<void>;
}
