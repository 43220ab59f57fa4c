import { EntityName } from './EntityName';

const ENTITY_REF_PATTERN = /^[a-z]+:[^:/]+\/[^:/]+$/i;

/** Who did something: a person as a link to the catalog, a program or trigger as it is called. */
export function ActorName({ actor }: { actor: string }) {
  if (ENTITY_REF_PATTERN.test(actor)) {
    return <EntityName entityRef={actor} hideIcon />;
  }
  return <span>{actorText(actor)}</span>;
}

/** Who did something where only text can stand: the name in an entity ref, or as it is called. */
export function actorText(actor: string): string {
  return ENTITY_REF_PATTERN.test(actor)
    ? actor.replace(/^.*\//, '')
    : actor.replace(/^(service|schedule|folder|webhook|pipeline):/, '');
}
