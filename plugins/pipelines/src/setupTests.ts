import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Whole pages are rendered, often on machines that do more than this.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 15_000 });

// jsdom has no screen: pages are laid out as on a wide one.
Object.defineProperty(window, 'matchMedia', {
  writable: true,
  value: (query: string): Partial<MediaQueryList> => ({
    media: query,
    matches: /min-width/.test(query),
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
  }),
});
