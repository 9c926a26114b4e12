/** The port to workspaces: accounts that people in a channel share. Its routes ask it, and the answers are given by the runs. */
import type { Reflection } from '../reflection/record.ts';
import type { Feedback } from '../runs/runs.ts';
import type { Question, RoomSettings, Workspace } from './channel.ts';

/** Throws `upstream_busy` where the workspace's account cannot be asked. */
export interface Workspaces {
  /** Takes a question, and settles once it would survive a crash. A question that was taken before is not taken again. */
  ask(question: Question): Promise<void>;
  /** Stops what goes on in a place for a member, or for anybody where `member` is null. */
  stopPlace(workspace: Workspace, place: string, member: string | null): Promise<void>;
  /** Stops a run. False where there is none, or another member asked for it. */
  stop(workspace: Workspace, run: string, member: string): Promise<boolean>;
  /** The record as it stands; undefined where there is none. */
  read(workspace: Workspace, run: string): Promise<Reflection | undefined>;
  /** False where there is no such run. */
  rate(workspace: Workspace, run: string, feedback: Feedback): Promise<boolean>;
  settings(workspace: Workspace, room: string): Promise<RoomSettings>;
  changeSettings(workspace: Workspace, room: string, change: Partial<RoomSettings>): Promise<RoomSettings>;
  /** What the channel keeps of its installation in this workspace, as it wrote it. */
  installation(workspace: Workspace): Promise<string | null>;
  install(workspace: Workspace, installation: string): Promise<void>;
  /**
   * Removes the installation, the settings, the stored reflections and the open questions of the workspace. `leftAt`: when it left, in epoch milliseconds, or null
   * where that is not known. One that was installed again after that is left as it is.
   */
  uninstall(workspace: Workspace, leftAt: number | null): Promise<void>;
}
