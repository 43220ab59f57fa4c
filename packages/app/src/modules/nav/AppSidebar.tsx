import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  NavContentComponentProps,
  NavContentNavItem,
} from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { RiMenuLine, RiUserSettingsLine } from '@remixicon/react';
import { SidebarLogo } from './SidebarLogo';

/** Search, home and the catalog, then every page of a plugin by title, then what is personal. */
export function AppSidebar({ navItems }: NavContentComponentProps) {
  const isDemo = useApi(configApiRef).getOptionalBoolean('demo') ?? false;
  const nav = navItems.withComponent(PageItem);
  // It has an item of its own that counts what is unread.
  navItems.take('page:notifications');
  // It is reached from the relations of an entity.
  navItems.take('page:catalog-graph');
  const search = nav.take('page:search');
  const home = nav.take('page:home');
  const pipelines = nav.take('page:pipelines');
  const catalog = nav.take('page:catalog');
  const switchUser = nav.take('page:switch-user');
  const settings = nav.take('page:user-settings');
  return (
    <Sidebar>
      <SidebarLogo />
      <SidebarGroup label="Menu" icon={<RiMenuLine />}>
        {search}
        <SidebarDivider />
        {home}
        {pipelines}
        {catalog}
        <SidebarScrollWrapper>
          {nav.rest({ sortBy: 'title' })}
        </SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <SidebarGroup label="Personal" icon={<RiUserSettingsLine />}>
        <NotificationsSidebarItem />
        {isDemo && switchUser}
        {settings}
      </SidebarGroup>
    </Sidebar>
  );
}

function PageItem({ href, title, icon }: NavContentNavItem) {
  return <SidebarItem to={href} text={title} icon={() => icon} />;
}
