import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { LeaseLostError, type Lease } from '../../runs';
import type { ArtifactRow } from '../types';

/** An artifact whose bytes are in the store. */
export interface NewArtifact {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  storeKey: string;
}

/**
 * Records an artifact of the attempt, in place of the one that has its name.
 *
 * @returns keys in the store that are no longer named by any row
 * @throws LeaseLostError when the lease is over; ConflictError when the attempt has as many
 * artifacts as it may
 */
export async function replaceArtifact(
  knex: Knex,
  options: { lease: Lease; artifact: NewArtifact; maxArtifacts: number },
): Promise<string[]> {
  const { lease, artifact, maxArtifacts } = options;
  const attempt = { run_id: lease.runId, attempt: lease.attempt };
  return knex.transaction(async trx => {
    const held = await trx('run_attempts')
      .where({ ...attempt, lease_token: lease.token })
      .forNoKeyUpdate()
      .first('attempt');
    if (!held) {
      throw new LeaseLostError(lease);
    }
    const replaced: Array<Pick<ArtifactRow, 'store_key'>> = await trx(
      'run_artifacts',
    )
      .where({ ...attempt, name: artifact.name })
      .delete('store_key');
    const [{ count }] = await trx('run_artifacts').where(attempt).count();
    if (Number(count) >= maxArtifacts) {
      throw new ConflictError(
        `Artifact '${artifact.name}' was not kept: an attempt has at most ${maxArtifacts} artifacts`,
      );
    }
    await trx('run_artifacts').insert({
      ...attempt,
      id: artifact.id,
      name: artifact.name,
      media_type: artifact.mediaType,
      bytes: artifact.bytes,
      sha256: artifact.sha256,
      store_key: artifact.storeKey,
    });
    return replaced.map(row => row.store_key);
  });
}
