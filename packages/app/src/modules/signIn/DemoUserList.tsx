import { Avatar, List, ListRow, Text } from '@backstage/ui';
import { DemoUser } from './DemoAuthClient';

/** The demo users to choose from, each with what it may do. */
export function DemoUserList(props: {
  users: DemoUser[];
  /** Marked in the list. */
  currentUserEntityRef?: string;
  onChoose: (userEntityRef: string) => void;
}) {
  return (
    <List aria-label="Demo users" onAction={key => props.onChoose(String(key))}>
      {props.users.map(user => (
        <ListRow
          key={user.userEntityRef}
          id={user.userEntityRef}
          textValue={nameOf(user)}
          icon={
            <Avatar
              src=""
              name={nameOf(user)}
              size="small"
              purpose="decoration"
            />
          }
          description={user.description}
          customActions={
            user.userEntityRef === props.currentUserEntityRef ? (
              <Text variant="body-small" color="secondary">
                Signed in
              </Text>
            ) : undefined
          }
        >
          {nameOf(user)}
        </ListRow>
      ))}
    </List>
  );
}

function nameOf(user: DemoUser): string {
  return user.displayName ?? user.userEntityRef;
}
