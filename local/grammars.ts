/** The grammars that hold a model's answer to JSON, made once for each schema. */
import type { Llama, LlamaGrammar } from 'node-llama-cpp';
import type { AnswerFormat } from './generator.ts';
import { toGrammarSchema } from './grammar-schema.ts';

/** Schemas kept; the one used longest ago goes first. */
const mostKept = 32;

export class Grammars {
  readonly #llama: Llama;
  readonly #kept = new Map<string, LlamaGrammar | undefined>();

  constructor(llama: Llama) {
    this.#llama = llama;
  }

  /** The grammar for a format; undefined for plain text, and where a schema cannot be expressed as a grammar. */
  async for(format: AnswerFormat): Promise<LlamaGrammar | undefined> {
    if (format.kind === 'text') return undefined;
    const key = format.kind === 'json' ? 'json' : JSON.stringify(format.schema);
    const grammar = this.#kept.has(key) ? this.#kept.get(key) : await this.#make(format);
    this.#kept.delete(key);
    this.#kept.set(key, grammar);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return grammar;
  }

  async #make(format: Exclude<AnswerFormat, { readonly kind: 'text' }>): Promise<LlamaGrammar | undefined> {
    if (format.kind === 'json') return this.#llama.getGrammarFor('json');
    const schema = toGrammarSchema(format.schema);
    // llama.cpp refuses some grammars that look well-formed; the answer is then free, which every caller must be ready for anyway.
    // (The library's types want a schema of one known shape, so it stands as the only alternative.)
    return schema && this.#llama.createGrammarForJsonSchema({ oneOf: [schema] }).catch(() => undefined);
  }
}
