/** Whatever is to be measured, started where it must be. */
import { cacheFolder } from '../../local/cache-folder.ts';
import { startLlama } from '../../local/llama-child.ts';
import { modelLabel } from '../../local/models.ts';
import { obtainModel } from '../../local/obtain-model.ts';
import { ProgressBar } from '../../local/progress.ts';
import type { Session } from '../../local/session.ts';
import { findUpstream } from '../../local/upstream.ts';
import { callStore } from './call-store.ts';
import { endpointSubject } from './endpoint.ts';
import { engineSubject } from './engine.ts';
import type { Subject } from './subject.ts';

export type SubjectChoice =
  | { readonly kind: 'endpoint'; readonly url: string; readonly key: string }
  | {
      readonly kind: 'upstream';
      readonly url: string;
      readonly key: string | undefined;
      readonly model: string | undefined;
      readonly class: 'small' | 'large';
    }
  /** A model on this machine; left out, the usual one. */
  | { readonly kind: 'local'; readonly model: string | undefined };

export interface OpenTools {
  readonly session: Session;
  /** Where answers of models are kept. */
  readonly callsPath: string;
  readonly say: (line: string) => void;
}

const nothingToStop = (): Promise<void> => Promise.resolve();

export async function openSubject(choice: SubjectChoice, tools: OpenTools): Promise<Subject> {
  const { session, callsPath } = tools;
  if (choice.kind === 'endpoint') {
    return endpointSubject({ url: choice.url, key: choice.key, fetch: (url, init) => fetch(url, init) });
  }
  if (choice.kind === 'local') return openLocal(choice.model, tools);
  const { url, model, contextTokens = 8_192 } = await findUpstream(choice, session.signal);
  const calls = await callStore(callsPath, model);
  const { key, class: size } = choice;
  return engineSubject({ name: model, url, key, model, class: size, contextTokens, calls, stop: nothingToStop });
}

async function openLocal(asked: string | undefined, { session, callsPath, say }: OpenTools): Promise<Subject> {
  const bar = new ProgressBar(process.stderr);
  const { choice, path } = await obtainModel(asked, {
    folder: cacheFolder(),
    signal: session.signal,
    say,
    onProgress: (received, total) => bar.update(received, total),
  });
  bar.close();
  const name = modelLabel(choice);
  const { url, contextTokens } = await startLlama(path, name, (child) => session.add(child));
  const calls = await callStore(callsPath, name);
  const facts = { name, url, key: undefined, model: name, class: 'small', contextTokens } as const;
  return engineSubject({ ...facts, calls, stop: nothingToStop });
}
