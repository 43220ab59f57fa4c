import { appThemeApiRef, useApi } from '@backstage/frontend-plugin-api';
import styles from './DevTools.module.css';
import { chooseScenario, Scenario, scenario, SCENARIOS } from './scenarios';

/** Switches the scenario and the theme of the dev app. */
export function DevTools() {
  const themes = useApi(appThemeApiRef);
  return (
    <div className={styles.tools}>
      <select
        aria-label="Scenario"
        value={scenario()}
        onChange={event => chooseScenario(event.target.value as Scenario)}
      >
        {SCENARIOS.map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label="Theme"
        defaultValue={themes.getActiveThemeId()}
        onChange={event => themes.setActiveThemeId(event.target.value)}
      >
        {themes.getInstalledThemes().map(({ id }) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </div>
  );
}
