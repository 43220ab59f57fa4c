import { buildOpenApi } from './openapi';
import { API_ROUTES } from './routes';

type Document = {
  paths: Record<string, Record<string, { operationId: string }>>;
  components: { schemas: Record<string, unknown> };
};

describe('buildOpenApi', () => {
  const document = buildOpenApi('1.2.3') as Document;

  it('has one operation for each route of the API', () => {
    const operations = Object.values(document.paths).flatMap(path =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(operations.sort()).toEqual(Object.keys(API_ROUTES).sort());
  });

  it('refers only to shapes that it contains', () => {
    const references = [
      ...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g),
    ].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(document.components.schemas).toHaveProperty([
        reference.replace('#/components/schemas/', ''),
      ]);
    }
  });

  it('shows the bounds of parameters', () => {
    expect(JSON.stringify(document.paths['/runs'].get)).toContain(
      '"maximum":200',
    );
  });
});
