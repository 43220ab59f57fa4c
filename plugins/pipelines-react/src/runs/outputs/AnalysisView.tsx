import { ReactNode } from 'react';
import { useText } from '../../translation/useText';
import type { Analysis, AnalysisLine, AnalysisTopic } from './readAnalysis';
import { DocumentView } from './DocumentView';
import styles from './outputs.module.css';

/** An analysis: its title, summary sentences, insights, and topics with their weights. @internal */
export function AnalysisView({ analysis }: { analysis: Analysis }) {
  const t = useText();
  const { title, summary, insights, topics, rest } = analysis;
  return (
    <>
      {title && <p className={styles.title}>{title}</p>}
      <Part title={t('runs.output.summary')} isShown={summary.length > 0}>
        <Lines lines={summary} />
      </Part>
      <Part title={t('runs.output.insights')} isShown={insights.length > 0}>
        <Lines lines={insights} />
      </Part>
      <Part title={t('runs.output.topics')} isShown={topics.length > 0}>
        <Topics topics={topics} />
      </Part>
      {Object.keys(rest).length > 0 && (
        <DocumentView json={rest} label={t('runs.output.numbers')} />
      )}
    </>
  );
}

function Part(props: { title: string; isShown: boolean; children: ReactNode }) {
  return props.isShown ? (
    <section className={styles.part} aria-label={props.title}>
      <h4 className={styles.heading}>{props.title}</h4>
      {props.children}
    </section>
  ) : null;
}

function Lines({ lines }: { lines: AnalysisLine[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map(({ text, at, kind }, index) => (
        <li key={index}>
          {kind && <strong className={styles.kind}>{kind}</strong>}
          {text}
          {at !== undefined && <span className={styles.at}>{clock(at)}</span>}
        </li>
      ))}
    </ul>
  );
}

function Topics({ topics }: { topics: AnalysisTopic[] }) {
  return (
    <ul className={styles.topics}>
      {topics.map(({ term, share, weight }) => (
        <li key={term}>
          <span className={styles.term}>{term}</span>
          <span className={styles.track} aria-hidden="true">
            <span
              className={styles.bar}
              style={{ inlineSize: `${Math.round(share * 100)}%` }}
            />
          </span>
          <span className={styles.weight}>
            {weight !== undefined && new Intl.NumberFormat().format(weight)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Seconds as `3:05` or `1:02:03`. @internal */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${pad(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}
