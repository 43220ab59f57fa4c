import type { AuditorService } from '@backstage/backend-plugin-api';
import type { RunReceipt } from '@millrace/backstage-plugin-pipelines-common';
import { raw } from 'express';
import Router from 'express-promise-router';
import { audited } from '../http';
import { TooManyCallsError } from './webhooks/TooManyCallsError';
import type { WebhooksService } from './webhooks/WebhooksService';

/** Below this path nobody needs to be signed in: the signature of a call says who it is. */
export const TRIGGERS_PATH = '/triggers';

/** Largest body of a call; what is larger is answered with 413 before it is read. */
const MAX_BODY = '256kb';

/** `POST /triggers/{id}`. */
export function createWebhooksRouter(options: {
  webhooks: WebhooksService;
  auditor: AuditorService;
}) {
  const { webhooks, auditor } = options;
  const router = Router();

  router.post(
    `${TRIGGERS_PATH}/:triggerId`,
    // The signature is over the bytes as they came, so nothing may be undone or parsed before.
    raw({ type: () => true, limit: MAX_BODY, inflate: false }),
    async (req, res) => {
      try {
        const call = webhooks.verify({
          triggerId: req.params.triggerId,
          headers: {
            id: req.get('webhook-id'),
            timestamp: req.get('webhook-timestamp'),
            signature: req.get('webhook-signature'),
          },
          body: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
        });
        // The auditor would refuse the call for a token that is not one of ours.
        delete req.headers.authorization;
        const { id, state, created } = await audited(
          {
            auditor,
            request: req,
            eventId: 'run',
            meta: {
              actionType: 'submit',
              pipelineId: call.trigger.pipelineId,
              actor: `webhook:${call.trigger.id}`,
            },
          },
          () => webhooks.submit(call),
        );
        res
          .status(created ? 201 : 200)
          .json({ id, state } satisfies RunReceipt);
      } catch (error) {
        if (error instanceof TooManyCallsError) {
          res.set('Retry-After', String(error.retryAfterSeconds));
        }
        throw error;
      }
    },
  );

  return router;
}
