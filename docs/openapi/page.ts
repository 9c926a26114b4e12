/** The reference page at `/docs`: the OpenAPI document as one static HTML page, which needs no script. */
import { errorKinds } from '../../src/errors.ts';
import { examples } from './examples.ts';
import { type Operation, operations } from './operations.ts';
import type { JsonSchema } from './schemas.ts';

export function referencePage(document: JsonSchema): string {
  const schemas = recordOf(recordOf(document['components'])['schemas']);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const links = tags.map(
    (tag) =>
      `<li><a href="#${tag}">${tag}</a><ul>${operationsOf(tag)
        .map(({ id, summary }) => `<li><a href="#${id}">${escaped(summary)}</a></li>`)
        .join('')}</ul></li>`,
  );
  const sections = tags.map(
    (tag) =>
      `<section aria-labelledby="${tag}"><h2 id="${tag}">${tag}</h2>${operationsOf(tag).map(operationHtml).join('')}</section>`,
  );
  const { title, version } = recordOf(document['info']);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference · edge-reflection</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#main">Skip to the reference</a>
<header><p><a href="/">${escaped(String(title))}</a> <span>${escaped(String(version))}</span></p><p><a href="/openapi.json">openapi.json</a></p></header>
<div class="columns">
<nav aria-label="Operations"><ul>${links.join('')}<li><a href="#errors">Errors</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>
<main id="main">
<h1>API reference</h1>
<p>An API that takes a second look before it answers. Send your key as <code>Authorization: Bearer er_live_…</code>. In bodies <code>null</code> counts as not given.</p>
${sections.join('\n')}
<section aria-labelledby="errors"><h2 id="errors">Errors</h2>${errorsHtml()}</section>
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>${Object.entries(schemas)
    .map(([name, schema]) => schemaHtml(name, recordOf(schema)))
    .join('')}</section>
</main>
</div>
</body>
</html>
`;
}

function operationsOf(tag: Operation['tag']): readonly Operation[] {
  return operations.filter((operation) => operation.tag === tag);
}

function operationHtml(operation: Operation): string {
  const {
    id,
    method,
    path,
    summary,
    description,
    access,
    query = [],
    headers = [],
    body,
    answers,
    refusals,
  } = operation;
  const parameters = [...query, ...headers];
  const parts = [
    `<h3 id="${id}">${escaped(summary)}</h3>`,
    `<p class="route"><span class="method">${method.toUpperCase()}</span> <code>${escaped(path)}</code></p>`,
    description ? `<p>${inline(description)}</p>` : '',
    access === 'anyone' ? '' : `<p class="access">${accessText(access)}</p>`,
    parameters.length === 0
      ? ''
      : `<table><caption>Parameters</caption><tbody>${parameters
          .map(
            ({ name, description: told }) =>
              `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${inline(told)}</td></tr>`,
          )
          .join('')}</tbody></table>`,
    body ? `<p>Body: <a href="#schema-${body.schema}">${body.schema}</a></p>` : '',
    `<p>Answers: ${answers.map(answerText).join('; ')}</p>`,
    refusals.length === 0
      ? ''
      : `<p>Refusals: ${refusals.map((code) => `<a href="#error-${code}"><code>${code}</code></a>`).join(' ')}</p>`,
    `<pre tabindex="0" aria-label="Example of ${escaped(summary)}"><code>${escaped(curlOf(operation))}</code></pre>`,
  ];
  return `<article>${parts.filter((part) => part !== '').join('\n')}</article>`;
}

function accessText(access: Exclude<Operation['access'], 'anyone'>): string {
  return access === 'admin' ? 'Needs the admin token.' : `Needs a key with the scope <code>${access}</code>.`;
}

function answerText({ status, description, content }: Operation['answers'][number]): string {
  const kinds = Object.entries(content).map(([type, schema]) =>
    typeof schema === 'string' ? `<a href="#schema-${schema}">${schema}</a>` : `<code>${escaped(type)}</code>`,
  );
  return `<code>${status}</code> ${kinds.join(' or ')} (${inline(description)})`;
}

function curlOf({ id, method, path, access }: Operation): string {
  const token = access === 'admin' ? '$ADMIN_TOKEN' : '$API_KEY';
  const example = examples[id];
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$BASE_URL${path.replaceAll('{', '$').replaceAll('}', '').replaceAll('$id', '$ID').replaceAll('$kind', 'sft')}"`,
    ...(access === 'anyone' ? [] : [`  -H "authorization: Bearer ${token}"`]),
    ...(example === undefined ? [] : ["  -H 'content-type: application/json'", `  -d '${JSON.stringify(example)}'`]),
  ];
  return lines.join(' \\\n');
}

function errorsHtml(): string {
  const rows = Object.entries(errorKinds).map(
    ([code, { status, title, retryable }]) =>
      `<tr id="error-${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${escaped(title)}</td><td>${retryable ? 'may succeed later' : 'no'}</td></tr>`,
  );
  return `<table><caption>Every refusal has one of these codes</caption><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">Again?</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function schemaHtml(name: string, schema: JsonSchema): string {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const rows = Object.entries(recordOf(schema['properties'])).map(([field, value]) => {
    const told = recordOf(value);
    const description = typeof told['description'] === 'string' ? inline(told['description']) : '';
    return `<tr><th scope="row"><code>${escaped(field)}</code>${required.includes(field) ? ' <span>required</span>' : ''}</th><td><code>${escaped(typeText(told))}</code> ${description}</td></tr>`;
  });
  return `<article><h3 id="schema-${name}">${name}</h3><table><tbody>${rows.join('')}</tbody></table></article>`;
}

/** A schema in a few words. */
function typeText(schema: JsonSchema): string {
  const { type, enum: values, const: value, anyOf, oneOf, items, $ref } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(values)) return values.map((each) => JSON.stringify(each)).join(' | ');
  const either = Array.isArray(anyOf) ? anyOf : oneOf;
  if (Array.isArray(either))
    return either.length > 6 ? `one of ${either.length}` : either.map((each) => typeText(recordOf(each))).join(' | ');
  if (type === 'array') return `list of ${typeText(recordOf(items))}`;
  return typeof type === 'string' ? `${type}${boundsText(schema)}` : 'any';
}

function boundsText({ minimum, maximum, maxLength, default: usual }: JsonSchema): string {
  const low = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const range = low !== undefined || high !== undefined ? ` ${low ?? ''}…${high ?? ''}` : '';
  const length = maxLength === undefined ? '' : ` to ${maxLength} characters`;
  return `${range}${length}${usual === undefined ? '' : `, usually ${JSON.stringify(usual)}`}`;
}

/** Text with its `code` marked. */
function inline(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
