import { createDevApp } from '@backstage/frontend-dev-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import pipelinesPlugin from '../src';
import { devModule } from './devModule';

createDevApp({ features: [catalogPlugin, pipelinesPlugin, devModule] });
