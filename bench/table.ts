/** Tables in Markdown, and their places in a document. Pure. */

export interface Table {
  readonly name: string;
  readonly title: string;
  /** What one must know to read it; a sentence or two. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The title, the note and the rows. */
export function markdownOf({ title, note, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const parts = [`**${title}**`, note, [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The document with each table between its marks `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. Throws when a table has no place in it. */
export function withTables(document: string, tables: readonly Table[]): string {
  return tables.reduce((text, table) => {
    const [open, close] = [`<!-- bench:${table.name} -->`, `<!-- /bench:${table.name} -->`];
    const start = text.indexOf(open);
    const end = text.indexOf(close, start);
    if (start < 0 || end < 0) throw new Error(`The document has no place for the table ${table.name}.`);
    return `${text.slice(0, start + open.length)}\n${markdownOf(table)}\n${text.slice(end)}`;
  }, document);
}

/** Two digits that mean something: `0.84`, `12.3`, `140`. A dash for what was not measured. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
