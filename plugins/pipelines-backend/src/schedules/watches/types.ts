/** A file as it is at one time. */
export interface FileVersion {
  /** Below the watched folder, with `/` between its parts. */
  path: string;
  bytes: number;
  modifiedAt: Date;
}

/** What a watch looks at now. */
export interface WatchedFolder {
  watchId: string;
  /** As it is configured. */
  folder: string;
  /** Where that really is on this host, absolute. */
  root: string;
}
