/** Processor time of this thread, in milliseconds from anywhere: what others on the machine do does not count. For guards against work without end. */
export function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
