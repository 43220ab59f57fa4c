import { z } from 'zod';
import type { ApiRoute } from './apiRoute';
import { API_ROUTES } from './routes';

const ErrorSchema = z
  .object({ error: z.object({ name: z.string(), message: z.string() }) })
  .meta({ id: 'Error' });

/** JSON Schema of a shape, with shapes that have an id as references into the components. */
function jsonSchemaOf(
  schema: z.ZodType,
  components: Record<string, unknown>,
): unknown {
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
  }) as Record<string, unknown>;
  Object.assign(components, $defs);
  const id = schema.meta()?.id;
  if (id) {
    delete rest.id;
    components[id] = rest;
    return { $ref: `#/components/schemas/${id}` };
  }
  return rest;
}

function pathParameters(path: string) {
  return [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(
  query: z.ZodType,
  components: Record<string, unknown>,
) {
  const { properties = {}, required = [] } = jsonSchemaOf(
    query,
    components,
  ) as { properties?: Record<string, unknown>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function operationOf(
  operationId: string,
  route: ApiRoute,
  components: Record<string, unknown>,
) {
  const content = route.response
    ? {
        'application/json': {
          schema: jsonSchemaOf(route.response, components),
        },
      }
    : { [route.mediaType ?? 'application/json']: {} };
  return {
    operationId,
    summary: route.summary,
    ...(route.permission
      ? { description: `Needs the permission \`${route.permission.name}\`.` }
      : { security: [] }),
    parameters: [
      ...pathParameters(route.path),
      ...(route.query ? queryParameters(route.query, components) : []),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: jsonSchemaOf(route.body, components) },
        },
      },
    }),
    responses: {
      [route.status ?? 200]: { description: 'Success', content },
      default: {
        description: 'Failure',
        content: {
          'application/json': { schema: jsonSchemaOf(ErrorSchema, components) },
        },
      },
    },
  };
}

/**
 * The OpenAPI 3.1 document of the API, emitted from {@link API_ROUTES}.
 *
 * @public
 */
export function buildOpenApi(version: string): Record<string, unknown> {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries<ApiRoute>(API_ROUTES)) {
    const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [route.method]: operationOf(operationId, route, components),
    };
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Millrace', version },
    servers: [{ url: '/api/pipelines' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: components,
    },
  };
  return JSON.parse(
    JSON.stringify(document).replaceAll('#/$defs/', '#/components/schemas/'),
  );
}
