export interface Config {
  /**
   * Whether this portal is a demo: fixed users sign in without a password, on this machine only.
   * Default false.
   *
   * @visibility frontend
   */
  demo?: boolean;

  auth?: {
    providers?: {
      demo?: {
        /** Entity refs of the users to choose from; the first signs in by itself. */
        users: string[];
      };
    };
  };
}
