/** A run's server-sent events as those of a streamed chat completion. Heartbeats pass as they are. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ReflectionEvent } from '../../reflection/events.ts';
import { ChatChunks, isError, type StreamedChat } from './chat-chunks.ts';

const done = 'data: [DONE]\n\n';

/** Of a run that ended before. */
export function chatFrames(events: readonly ReflectionEvent[], chat: StreamedChat): string {
  const chunks = new ChatChunks(chat);
  return events.map((event) => framesOf(chunks, event)).join('');
}

/** Cancelling what is returned cancels `bytes`. */
export function chatStream(bytes: ReadableStream<Uint8Array>, chat: StreamedChat): ReadableStream<Uint8Array> {
  const chunks = new ChatChunks(chat);
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let frames = '';
  const parser = createParser({
    onEvent: (message) => {
      frames += framesOf(chunks, eventOf(message));
    },
    onComment: (comment) => {
      frames += `:${comment}\n\n`;
    },
  });
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        if (frames !== '') controller.enqueue(encoder.encode(frames));
        frames = '';
      },
    }),
  );
}

/** The run's own object wrote it. */
function eventOf({ data }: EventSourceMessage): ReflectionEvent {
  return JSON.parse(data);
}

function framesOf(chunks: ChatChunks, event: ReflectionEvent): string {
  const sent = chunks.of(event);
  const frames = sent.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');
  const isEnd = event.type === 'run.completed' || event.type === 'run.cancelled';
  return isEnd && !sent.some(isError) ? frames + done : frames;
}
