import '@backstage/cli/asset-types';
import '@backstage/ui/css/styles.css';
import './contrast.css';
import ReactDOM from 'react-dom/client';
import { app } from './App';

const container = document.getElementById('root');
if (!container) {
  throw new Error("The page has no element with the id 'root' to draw in");
}
ReactDOM.createRoot(container).render(app.createRoot());
