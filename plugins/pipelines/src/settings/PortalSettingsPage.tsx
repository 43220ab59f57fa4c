import {
  BreadcrumbEntry,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Container, Header } from '@backstage/ui';
import { pipelinesTranslationRef } from '../translation';
import { usePageLinks } from '../ui/usePageLinks';
import { usePortalAccess } from '../ui/usePortalAccess';
import styles from './PortalSettingsPage.module.css';
import { SettingsEditor } from './SettingsEditor';

/** The settings of the whole portal: limits over all pipelines, slots, watched folders, retention. */
export function PortalSettingsPage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const access = usePortalAccess('configure');
  const title = t('settings.portalTitle');
  return (
    <BreadcrumbEntry entry={{ label: title, href: links.portalSettings }}>
      <Header title={title} />
      <Container className={styles.page}>
        <SettingsEditor scope={undefined} access={access} />
      </Container>
    </BreadcrumbEntry>
  );
}
