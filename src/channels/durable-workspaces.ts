/** The Workspaces port over Durable Objects: a workspace is an account, and so one object. */
import type { NamedObjects } from '../accounts/durable-key-administration.ts';
import { retryOnReset } from '../accounts/retry-on-reset.ts';
import { AppError } from '../errors.ts';
import { newRunId } from '../runs/run-id.ts';
import type { RunId, Runs } from '../runs/runs.ts';
import type { Question, RoomSettings, Workspace } from './channel.ts';
import { workspaceCaller } from './workspace-caller.ts';
import type { Workspaces } from './workspaces.ts';

/** What is called on an account's object. Every method may be called twice without harm. */
export interface RemoteWorkspace {
  askQuestion(question: Question, run: RunId): Promise<boolean>;
  stopPlace(workspace: Workspace, place: string, member: string | null): Promise<void>;
  stopRunOf(workspace: Workspace, run: string, member: string): Promise<boolean>;
  roomSettings(room: string): Promise<RoomSettings>;
  changeRoomSettings(room: string, change: Partial<RoomSettings>): Promise<RoomSettings>;
  installation(): Promise<string | null>;
  install(installation: string): Promise<void>;
  uninstall(workspace: Workspace, leftAt: number | null): Promise<void>;
}

export interface WorkspacesTools {
  readonly accounts: NamedObjects<RemoteWorkspace> & { idFromName(account: string): { toString(): string } };
  readonly runs: Pick<Runs, 'read' | 'rate'>;
  readonly randomBytes: (count: number) => Uint8Array;
}

const busy = 'The workspace’s account cannot be asked at the moment.';

export function durableWorkspaces({ accounts, runs, randomBytes }: WorkspacesTools): Workspaces {
  const accountOf = (workspace: Workspace) => workspaceCaller(workspace).account;
  const ask = <Answer>(workspace: Workspace, question: (object: RemoteWorkspace) => Promise<Answer>): Promise<Answer> =>
    retryOnReset(() => question(accounts.getByName(accountOf(workspace))), busy);

  return {
    async ask(question) {
      const address = accounts.idFromName(accountOf(question.workspace)).toString();
      const run = newRunId(address, randomBytes);
      if (await ask(question.workspace, (object) => object.askQuestion(question, run))) return;
      throw new AppError('upstream_busy', 'Too many questions of this workspace wait for an answer.', {
        retryAfterSeconds: 60,
      });
    },
    stopPlace: (workspace, place, member) => ask(workspace, (object) => object.stopPlace(workspace, place, member)),
    stop: (workspace, run, member) => ask(workspace, (object) => object.stopRunOf(workspace, run, member)),
    read: (workspace, run) => runs.read(accountOf(workspace), run),
    rate: (workspace, run, feedback) => runs.rate(accountOf(workspace), run, feedback),
    settings: (workspace, room) => ask(workspace, (object) => object.roomSettings(room)),
    changeSettings: (workspace, room, change) => ask(workspace, (object) => object.changeRoomSettings(room, change)),
    installation: (workspace) => ask(workspace, (object) => object.installation()),
    install: (workspace, installation) => ask(workspace, (object) => object.install(installation)),
    uninstall: (workspace, leftAt) => ask(workspace, (object) => object.uninstall(workspace, leftAt)),
  };
}
