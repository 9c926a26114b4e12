/** The port to what an account keeps because it is a workspace: its questions, its rooms' settings, its installation. */
import type { Question, RoomSettings } from './channel.ts';

/** A question that was taken. */
export interface TakenQuestion {
  readonly question: Question;
  /** The run that answers it, or would. */
  readonly run: string;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** The try that is due next, from 1. */
  readonly attempt: number;
}

export interface WorkspaceStore {
  /** Whether a question of this id was taken before, as far as that is remembered. */
  isKnown(id: string): boolean;
  /** Takes one that is not known. */
  take(question: Question, run: string, now: number): void;
  /** A question that is still to be answered or declined; undefined where it is settled, or there is none. */
  open(id: string): TakenQuestion | undefined;
  /** The ids of those that are due, the longest due first. */
  due(now: number, most: number): readonly string[];
  /** Epoch milliseconds; undefined where no question is open. */
  nextDue(): number | undefined;
  openCount(): number;
  /** Of one that is open; one that was settled meanwhile stays so. */
  tryAgain(id: string, attempt: number, at: number): void;
  /** Nothing more is to be done for it: a run answers it, or it was declined, or given up. Its id is remembered. */
  settle(id: string): void;
  /** Runs that were begun in a place since then, for a member, or for anybody where that is null. */
  runsIn(place: string, member: string | null, since: number): readonly string[];
  /** Forgets settled questions that were taken before. */
  sweep(before: number): void;
  settings(room: string): RoomSettings;
  saveSettings(room: string, settings: RoomSettings): void;
  /** What the channel keeps of its installation, as it wrote it. */
  installation(): string | null;
  saveInstallation(installation: string, at: number): void;
  /** When it was saved, in epoch milliseconds; minus infinity where there is none. */
  installedAt(): number;
  /** Whether the workspace's key is listed among all keys. */
  isListed(): boolean;
  saveListed(): void;
  /** Forgets installation and settings, and settles the questions that are open. */
  clear(): void;
}
