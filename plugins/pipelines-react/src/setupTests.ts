import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Large forms are rendered, often on machines that do more than this.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 15_000 });
