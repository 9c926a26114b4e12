import type { Piece } from './pieces.ts';

export interface Picture {
  /** For those who do not see it. */
  readonly words: string;
  readonly piece: Piece;
}
