import type { JsonObject } from '@backstage/types';
import type { DefinitionFields } from './definitionSchema';
import { defaultsOf, propertiesOf } from './parameters';

/** What a definition says of the pipelines that start it, and of its parameters. */
export interface AfterFields {
  after: DefinitionFields['after'];
  /** JSON Schema. */
  parameters: JsonObject;
}

/** Definitions by id; undefined for one that cannot be read. */
type AfterGraph = ReadonlyMap<string, AfterFields | undefined>;

/**
 * What is wrong with the pipelines that start others when they succeed, as sentences by the id
 * of the pipeline that is started: names of none, parameters that it does not have or that it
 * would miss, and circles.
 */
export function checkAfter(definitions: AfterGraph): Map<string, string[]> {
  return new Map(
    [...definitions].map(([id, fields]) => [
      id,
      fields
        ? [
            ...fields.after.flatMap(start =>
              checkStart(definitions, fields, start),
            ),
            ...checkCircle(definitions, id),
          ]
        : [],
    ]),
  );
}

function checkStart(
  definitions: AfterGraph,
  { parameters: schema }: AfterFields,
  { pipeline, parameters }: AfterFields['after'][number],
): string[] {
  if (!definitions.has(pipeline)) {
    return [`after: there is no pipeline '${pipeline}'`];
  }
  const known = propertiesOf(schema);
  const given = Object.keys(parameters);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const defaults = defaultsOf(schema);
  return [
    ...given
      .filter(
        name =>
          schema.additionalProperties === false && !Object.hasOwn(known, name),
      )
      .map(
        name =>
          `after: '${pipeline}' gives the parameter '${name}', which there is not`,
      ),
    ...required
      .map(String)
      .filter(name => !given.includes(name) && !Object.hasOwn(defaults, name))
      .map(
        name =>
          `after: '${pipeline}' does not give the parameter '${name}', which has no default`,
      ),
  ];
}

/** Says it of the one of a circle that comes first in the alphabet, so that it is said once. */
function checkCircle(definitions: AfterGraph, id: string): string[] {
  const circle = findCircle(definitions, id);
  return circle && circle.every(other => id <= other)
    ? [
        `after: ${[...circle, id].join(
          ' is started by ',
        )}, so that it would never end`,
      ]
    : [];
}

/** The shortest way from a pipeline back to it, along those that start it. */
function findCircle(definitions: AfterGraph, id: string): string[] | undefined {
  const seen = new Set([id]);
  let ways = [[id]];
  while (ways.length > 0) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const { pipeline } of definitions.get(way[way.length - 1])?.after ??
        []) {
        if (pipeline === id) {
          return way;
        }
        if (!seen.has(pipeline)) {
          seen.add(pipeline);
          longer.push([...way, pipeline]);
        }
      }
    }
    ways = longer;
  }
  return undefined;
}
