import { EntityName } from './EntityName';

const ENTITY_REF_PATTERN = /^[a-z]+:[^:/]+\/[^:/]+$/i;

/** Who did something: a person as a link to the catalog, a program or schedule as it is called. */
export function ActorName({ actor }: { actor: string }) {
  if (ENTITY_REF_PATTERN.test(actor)) {
    return <EntityName entityRef={actor} hideIcon />;
  }
  return <span>{actor.replace(/^(service|schedule):/, '')}</span>;
}
