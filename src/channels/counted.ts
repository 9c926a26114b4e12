/** `1 problem found`, `2 problems found`, `no problem found`. */
export function counted(count: number, noun: string, verb = ''): string {
  const amount = count === 0 ? `no ${noun}` : `${count} ${noun}${count === 1 ? '' : 's'}`;
  return verb === '' ? amount : `${amount} ${verb}`;
}
