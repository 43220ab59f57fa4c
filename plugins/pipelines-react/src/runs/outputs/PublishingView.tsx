import { Link } from '@backstage/ui';
import { StateIcon } from '../../ui/StateIcon';
import { useText } from '../../translation/useText';
import { isWebAddress } from './DocumentView';
import styles from './outputs.module.css';
import type { PublishedTarget } from './readPublishing';

/** How publishing went, target by target: state, where it is, and what there is to say. @internal */
export function PublishingView({ targets }: { targets: PublishedTarget[] }) {
  const t = useText();
  return (
    <ul className={styles.targets}>
      {targets.map(({ target, word, sign, location, message }) => (
        <li key={target}>
          <StateIcon state={sign} size={18} />
          <span className={styles.target}>
            <strong>{target}</strong>
            <span className={styles.word}>{word ?? t(`ui.state.${sign}`)}</span>
            {location &&
              (isWebAddress(location) ? (
                <Link href={location}>{location}</Link>
              ) : (
                <code className={styles.location}>{location}</code>
              ))}
            {message && <span className={styles.message}>{message}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
