/** A stream of bytes that is observed as it passes. */

/** Passes `bytes` on. Calls `onEnd` once: at the end, when `bytes` fails, or when the reader cancels. */
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
