/** A stream of bytes that somebody looks at on their way. */

/** Passes on what `bytes` gives. `onEnd` is told once: when all was given, when `bytes` failed, or when nobody reads any more. */
export function tapped(
  bytes: ReadableStream<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = bytes.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        onEnd();
        throw error;
      });
      if (done) {
        onEnd();
        return controller.close();
      }
      onChunk(value);
      controller.enqueue(value);
    },
    cancel(reason) {
      onEnd();
      return reader.cancel(reason);
    },
  });
}
