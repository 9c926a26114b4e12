/** A run's events as the server-sent events of a streamed chat completion. */
import type { ReflectionEvent } from '../../reflection/events.ts';
import { type ChatChunk, ChatChunks, type ChatError, isError, type StreamedChat } from './chat-chunks.ts';
import { rewritten } from './event-bytes.ts';

const done = 'data: [DONE]\n\n';

/** Of a run that ended before. */
export function chatFrames(events: readonly ReflectionEvent[], chat: StreamedChat): string {
  const chunks = new ChatChunks(chat);
  return events.map((event) => framesOf(chunks, event)).join('');
}

export function chatStream(bytes: ReadableStream<Uint8Array>, chat: StreamedChat): ReadableStream<Uint8Array> {
  const chunks = new ChatChunks(chat);
  return rewritten(
    bytes,
    (event) => framesOf(chunks, event),
    () => {
      const error = chunks.cutOff();
      return error ? frameOf(error) : '';
    },
  );
}

function framesOf(chunks: ChatChunks, event: ReflectionEvent): string {
  const sent = chunks.of(event);
  const frames = sent.map(frameOf).join('');
  const isEnd = event.type === 'run.completed' || event.type === 'run.cancelled';
  return isEnd && !sent.some(isError) ? frames + done : frames;
}

function frameOf(sent: ChatChunk | ChatError): string {
  return `data: ${JSON.stringify(sent)}\n\n`;
}
