/** Why a model's file could not be had, in the kinds that the launcher acts on. */

/**
 * - `unreachable`: the server did not answer, or broke off again and again; another source may help.
 * - `refused`: it answered that the file is not to be had there.
 * - `corrupt`: what came is not the file that is pinned.
 * - `no-space`: the disk is full.
 * - `no-tool`: a program that is needed is not on this machine.
 */
export type FetchFailureKind = 'unreachable' | 'refused' | 'corrupt' | 'no-space' | 'no-tool';

export class FetchFailure extends Error {
  readonly kind: FetchFailureKind;

  constructor(kind: FetchFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'FetchFailure';
    this.kind = kind;
  }
}
