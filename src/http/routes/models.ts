/** `GET /v1/models` and `/v1/models/{id}`: the tiers, in the shape of OpenAI's models. */

import * as z from 'zod/mini';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Roster, Seat } from '../../reflection/model.ts';
import { type TierName, tierNames } from '../../reflection/request.ts';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';
import { assertScope } from '../middleware/authenticate.ts';
import { modelId, noSuchModel, readModelId } from '../openai/model-id.ts';

const chain = z.array(z.string());

export const model = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.literal('edge-reflection'),
  /** The models of each seat, first choice first. Empty when the tier has no such pass. */
  seats: z.strictObject({ author: chain, critic: chain, reviser: chain, judge: chain, escalation: chain }),
});

export const modelList = z.strictObject({ object: z.literal('list'), data: z.array(model) });

/** The date that OpenAI's shape requires, by which clients sort. */
const definedAt = Date.UTC(2026, 10, 23) / 1000;

interface ModelPorts {
  readonly accounts: Pick<Accounts, 'status'>;
  readonly models: { roster(tier: TierName): Roster };
}

export function modelRoutes({ accounts, models }: ModelPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/v1/models', async (context) => {
      await assertScope(accounts, context, 'read');
      const data = tierNames.map((tier) => describeModel(modelId(tier), models.roster(tier)));
      return context.json({ object: 'list', data } satisfies z.output<typeof modelList>);
    })
    .get('/v1/models/:id', async (context) => {
      await assertScope(accounts, context, 'read');
      const id = context.req.param('id');
      const named = readModelId(id);
      if (!named) throw noSuchModel(id);
      return context.json(describeModel(id, models.roster(named.tier)));
    });
}

function describeModel(id: string, roster: Roster): z.output<typeof model> {
  const ids = (seat: Seat): string[] => roster[seat].map(({ id }) => id);
  return {
    id,
    object: 'model',
    created: definedAt,
    owned_by: 'edge-reflection',
    seats: {
      author: ids('author'),
      critic: ids('critic'),
      reviser: ids('reviser'),
      judge: ids('judge'),
      escalation: ids('escalation'),
    },
  };
}
