/** The Worker as it is deployed, on a port of its own, over the answering model: what official clients are pointed at. */
import { type BundledWorker, startBundledWorker } from '../local/bundled-worker.ts';
import { type AnsweringModel, startAnsweringModel } from './answering-model.ts';

export interface ServedWorker {
  readonly worker: BundledWorker;
  readonly model: AnsweringModel;
  /** With the usual scopes. */
  readonly apiKey: string;
  /** What a client is given as its base URL. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

export async function serveWorker(name: string): Promise<ServedWorker> {
  const model = await startAnsweringModel();
  const worker = await startBundledWorker(name, { UPSTREAM_URL: model.baseUrl });
  const { key } = await worker.makeKey();
  return {
    worker,
    model,
    apiKey: key,
    baseUrl: `${worker.address}/v1`,
    async close() {
      await worker.close();
      await model.close();
    },
  };
}
